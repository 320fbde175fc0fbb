"""CARR: MRR in force, what is signed and has not begun, less what is cancelled and has not ended.

Beside the MRR of a summary; no rate of retention looks at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from retcalc.answers.base.prepare import Prepared
from retcalc.answers.base.sums import TOTAL, order
from retcalc.book.panel.contracts.signing import Contracts, contracts
from retcalc.book.values.fiscal_months import closing_day
from retcalc.core.findings import Finding
from retcalc.core.months import format_month
from retcalc.core.result import Column, Quotient, Row
from retcalc.kernels.by_account.contracts.contracted import CANCELLING, SIGNED, contracted
from retcalc.read.wording import counted
from retcalc.render.numbers import money_on_screen

CARR = "carr_mrr"
COLUMNS = (
    Column(SIGNED, "Signed, not begun", "money"),
    Column(CANCELLING, "Cancelled, not ended", "money"),
    Column(
        CARR, "CARR", "money", made_of=Quotient({"closing_mrr": 1, SIGNED: 1, CANCELLING: -1}, {})
    ),
)
NAMES = (CARR, SIGNED, CANCELLING)


@dataclass(frozen=True, slots=True)
class Contracted:
    """What changes MRR after the closing month: see ``kernels.by_account.contracts.contracted``."""

    rows: pl.DataFrame
    notes: tuple[Finding, ...]

    def sums(self, segment: int) -> tuple[int, int]:
        """Signed and cancelling MRR of a segment or TOTAL."""
        own = self.rows if segment == TOTAL else self.rows.filter(pl.col("seg") == segment)
        signed, ending = own.select(pl.col(SIGNED, CANCELLING).cast(pl.Int128).sum()).row(0)
        return int(signed), int(ending)


def contracted_at_closing(prepared: Prepared) -> Contracted | None:
    """What is signed and cancelled at the closing; None where the data does not tell days."""
    book, window = prepared.book, prepared.window
    if book.shape != "intervals" or book.intervals is None or not book.revenue:
        return None
    found = contracts(prepared.export, book.intervals)
    day = closing_day(window.closing, prepared.export.rules.dates.weeks)
    ends_tell = found.cancelled is None and not found.ends_are_terms
    rows = contracted(found.rows, day, ends_tell=ends_tell)
    return Contracted(rows, tuple(_notes(rows, found, prepared, ends_tell=ends_tell)))


def with_contracted(rows: Sequence[Row], found: Contracted, prepared: Prepared) -> tuple[Row, ...]:
    """The rows of a summary, a segment each and the total, with NAMES."""
    return tuple(
        replace(row, values={**row.values, **_figures(row.values, found.sums(segment))})
        for segment, row in zip(order(prepared.book), rows, strict=True)
    )


def _figures(values: Mapping[str, object], sums: tuple[int, int]) -> dict[str, int]:
    closing = values["closing_mrr"]
    assert isinstance(closing, int)  # noqa: S101  money of a bridge
    return {SIGNED: sums[0], CANCELLING: sums[1], CARR: closing + sums[0] - sums[1]}


def _notes(
    rows: pl.DataFrame, found: Contracts, prepared: Prepared, *, ends_tell: bool
) -> list[Finding]:
    """Say what counts as signed or cancelled for want of the day it was."""
    month, currency, findings = format_month(prepared.window.closing), prepared.book.currency, []
    for missing, line, what, role in (
        (found.signed is None, SIGNED, f"begin after {month}: they count as signed", "signed"),
        (ends_tell, CANCELLING, f"end after {month}: they count as cancelled", "cancelled"),
    ):
        some = rows.filter(pl.col(line) > 0)
        if missing and not some.is_empty():
            mrr = money_on_screen(int(some[line].cast(pl.Int128).sum()), currency)
            text = f"nothing tells the day on which subscriptions were {role}; in CARR "
            text += f"{counted(some.height, 'row')} of {mrr} a month {what}"
            findings.append(Finding("RC899", text, fix=f"columns: {{{role}: COLUMN}}"))
    return findings
