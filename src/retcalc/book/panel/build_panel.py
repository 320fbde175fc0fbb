"""Builds the panel: a cell per account and month where it is dense, else sorted rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from retcalc.book.columns.column_names import unmark
from retcalc.book.ledger.export import AccountLedger
from retcalc.book.ledger.ledger import Ledger
from retcalc.book.ledger.parents_and_mergers import Owners
from retcalc.book.panel.ordered_rows import (
    below_zero,
    in_order,
    missing_months,
    panel_of,
    pauses,
    repeats,
)
from retcalc.book.panel.segment_columns import Asked
from retcalc.book.panel.segments import OUTSIDE, as_of_current, encode, unmatched
from retcalc.book.panel.size_bands import SIZE, amount_bands, number_bands
from retcalc.book.rules import BookRules
from retcalc.book.shapes.common.active_months import account_months
from retcalc.book.shapes.common.shape import Shape
from retcalc.book.tables.customers import Customers, lookup
from retcalc.core.findings import Finding, raise_errors
from retcalc.core.panel import ROW, Panel, panel_of_cells, panel_of_rows
from retcalc.core.speed import dense_panel


@dataclass(frozen=True, slots=True)
class Laid:
    """The panel, the values of its segments by code, and notes."""

    panel: Panel
    segments: tuple[tuple[str, ...], ...]
    notes: list[Finding]
    filtered: bool


def in_cells(
    booked: AccountLedger, asked: Asked, rules: BookRules, shape: Shape, *, current: bool
) -> Laid | None:
    """A dense panel; sorted rows are made of it when needed. None where cells do not serve.

    ``current``: every account-month has the segment of the account's latest one.
    """
    ledger, owners, own = booked.ledger, booked.owners, asked.own
    changed = ledger.exchange or asked.size or asked.static
    if changed or current or (shape.dense and owners.rolled_up):
        return None
    rows = owners.rows.select("account", "first", "last", "amount", *own)
    if shape.dense:
        rows = account_months(rows)
        if own and (rows["amount"] <= 0).any():
            return None
    said = unmatched(rows, asked.by, asked.where)
    coded, segments = encode(rows, asked.by, asked.where)
    if shape.dense:
        dense = dense_panel.make_dense_panel(coded, len(owners.names))
        if dense is None:
            return None
        notes = missing_months(*dense_panel.pauses(dense), rules.missing_months)
    else:
        from retcalc.core.speed.dense_spans import dense_panel_of_spans

        made = dense_panel_of_spans(coded, len(owners.names))
        if made is None:
            return None
        dense, notes = made[0], below_zero(made[1])
    return Laid(panel_of_cells(dense), segments, [*said, *notes], _any_outside(coded, asked))


def _any_outside(rows: pl.DataFrame, asked: Asked) -> bool:
    return bool(asked.where) and bool((rows["seg"] == OUTSIDE).any())


def in_rows(
    booked: AccountLedger, asked: Asked, rules: BookRules, shape: Shape, *, current: bool
) -> Laid:
    """A panel of rows sorted by account and month, with its segments; raises RC219."""
    ledger, owners, own = booked.ledger, booked.owners, asked.own
    ordered = in_order(account_months(owners.rows), "account", own)
    notes = _repeated(ledger, owners, ordered)
    parts = None
    if own and not (ledger.exchange or current) and repeats(ordered, "account"):
        from retcalc.book.panel.segment_parts import parts_of

        parts = parts_of(ordered, own)
    panel, more = panel_of(ordered, own)
    notes += more
    if shape.dense:
        notes += missing_months(*pauses(ordered), rules.missing_months)
    if booked.customers is not None:
        panel = _attributes(panel, owners, booked.customers, asked.static)
    per_major = ledger.currency.per_major
    panel = with_sizes(panel, asked, per_major, "mrr")
    every = panel
    if parts is not None:
        parts = _attributed(parts, panel, asked, per_major)
        every = pl.concat([panel.select(parts.columns), parts])
    notes += unmatched(every, asked.by, asked.where)
    coded, segments = encode(every, asked.by, asked.where)
    if parts is not None:
        parts = (
            coded.tail(parts.height).group_by("account", "month", "seg").agg(pl.col("mrr").sum())
        )
    panel = coded.head(panel.height)
    if current:
        panel = as_of_current(panel)
    panel = panel.select(*ROW)
    return Laid(panel_of_rows(panel, parts), segments, notes, _any_outside(coded, asked))


def _attributed(
    parts: pl.DataFrame, panel: pl.DataFrame, asked: Asked, per_major: int
) -> pl.DataFrame:
    """Parts with what the whole account-month has: attributes, and its size unless each has one."""
    sized = asked.size_column in asked.own
    whole = [c for c in panel.columns if c not in parts.columns and not (sized and c == SIZE)]
    if whole:
        keys = ["account", "month"]
        parts = parts.join(panel.select(*keys, *whole), on=keys, how="inner", validate="m:1")
    return with_sizes(parts, asked, per_major, "mrr") if sized else parts


def _repeated(ledger: Ledger, owners: Owners, ordered: pl.DataFrame) -> list[Finding]:
    """Refuse, or note, several rows of one member and month, in shapes that forbid them."""
    if ledger.repeated is None:
        return []
    if owners.rolled_up:
        twice = repeats(in_order(account_months(ledger.rows), "member", ()), "member")
    else:
        twice = repeats(ordered, "account")
    findings = ledger.repeated() if twice else []
    raise_errors(findings)
    return findings


def _attributes(
    panel: pl.DataFrame, owners: Owners, listed: Customers, columns: Sequence[str]
) -> pl.DataFrame:
    """Attributes from the customers file: of the account itself, else of its largest member."""
    if not columns:
        return panel
    joined = lookup(panel, "account", owners.names, listed, columns)
    if not owners.rolled_up or joined["known"].all():
        return joined.drop("known")
    orphans = joined.filter(~pl.col("known")).select("account").unique()
    rows = account_months(owners.rows.join(orphans, on="account", how="semi"))
    rows = lookup(rows, "member", owners.members, listed, columns)
    members, _ = panel_of(in_order(rows, "account", columns), columns)
    filled = joined.join(
        members.drop("mrr"),
        on=["account", "month"],
        how="left",
        validate="1:1",
        suffix=" member",
        maintain_order="left",
    )
    own = pl.col("known")
    chosen = [pl.when(own).then(c).otherwise(f"{c} member").alias(c) for c in columns]
    return filled.with_columns(chosen).select(*panel.columns, *columns)


def with_sizes(panel: pl.DataFrame, asked: Asked, per_major: int, amount: str) -> pl.DataFrame:
    """Add the size band of each row, where bands are asked for."""
    if asked.size is None:
        return panel
    if asked.size_column is None:
        sizes = amount_bands(panel[amount], asked.size.bounds, per_major)
    else:
        sizes = number_bands(panel[asked.size_column], asked.size.bounds, unmark(asked.size_column))
    return panel.with_columns(sizes.alias(SIZE))
