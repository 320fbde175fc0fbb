"""Subscriptions with the days on which they were signed and cancelled, where rows tell them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from retcalc.book.columns.recognise import Recognised
from retcalc.book.ledger.export import Export
from retcalc.book.values.day_columns import read_days
from retcalc.read import FILE, LINE


@dataclass(frozen=True, slots=True)
class Contracts:
    """Dated subscriptions and what is known of their signing and cancelling.

    ``rows``: account, seg, amount, start and end (those of the revenue, end exclusive and null
    while running), begun (the start as written), signed_on, cancelled_on, FILE, LINE.
    ``signed`` and ``cancelled`` name the columns of these days, None where the export has none.
    ``ends_are_terms``: an end may be that of a term, so that it does not tell of a cancelling.
    """

    rows: pl.DataFrame
    signed: str | None
    cancelled: str | None
    ends_are_terms: bool


def contracts(export: Export, intervals: pl.DataFrame) -> Contracts:
    """The subscriptions of an export of intervals; ``intervals`` are those of its book."""
    found = export.found
    end, cancelled = found.columns.get("end"), found.columns.get("cancelled")
    cancelled = None if cancelled == end else cancelled
    signed = found.columns.get("signed")
    # only these move the start of the revenue away from the one that is written
    moves = not {"trial_end", "paused"}.isdisjoint(found.columns)
    wanted = {
        "begun": found.columns["start"] if moves else None,
        "signed_on": signed,
        "cancelled_on": cancelled,
    }
    days = [_days(export, c).alias(name) for name, c in wanted.items() if c is not None]
    rows = intervals
    if days:
        told = export.table.frame.select(FILE, LINE).with_columns(days)
        rows = intervals.join(told, on=[FILE, LINE], how="left", validate="m:1")
    none = pl.lit(None, pl.Date)
    unknown = [none.alias(name) for name in wanted if name not in rows.columns]
    rows = rows.with_columns(unknown).with_columns(begun=pl.coalesce("begun", "start"))
    return Contracts(rows, signed, cancelled, _ends_are_terms(found, intervals))


def _ends_are_terms(found: Recognised, intervals: pl.DataFrame) -> bool:
    """True where rows state terms, or where every row has an end."""
    renews = found.preset is not None and found.preset.renews
    return renews or "term" in found.columns or not intervals["end"].has_nulls()


def _days(export: Export, column: str) -> pl.Series:
    """The days of a column, null where a cell holds none."""
    preset = export.found.preset
    utc = preset is not None and preset.zone == "UTC"
    return read_days(export.table, column, export.rules, blank_ok=True, utc=utc)[0].days
