"""CARR: MRR in force, what is signed and has not begun, less what is cancelled and has not ended.

Beside the MRR of a summary; no rate of retention looks at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from retcalc.answers.base.prepare import Prepared
from retcalc.answers.base.sums import TOTAL, order
from retcalc.book.panel.contracts.signing import contracts
from retcalc.book.values.fiscal_months import closing_day
from retcalc.core.findings import Finding
from retcalc.core.months import format_month
from retcalc.core.result import Column, Quotient, Row
from retcalc.kernels.by_account.contracts.contracted import CANCELLING, SIGNED, contracted
from retcalc.read.wording import count_that
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


_FEW, _SHARE = 20, 50  # rows that may be plans: so many, or one in so many


@dataclass(frozen=True, slots=True)
class Contracted:
    """What changes MRR after the closing month: see ``kernels.by_account.contracts.contracted``.

    ``unknown``: why there is no figure, by the name of a figure that the data does not tell.
    """

    rows: pl.DataFrame
    unknown: Mapping[str, str]
    notes: tuple[Finding, ...]

    def sums(self, segment: int) -> tuple[int, int]:
        """Signed and cancelling MRR of a segment or TOTAL."""
        own = self.rows if segment == TOTAL else self.rows.filter(pl.col("seg") == segment)
        signed, ending = own.select(pl.col(SIGNED, CANCELLING).cast(pl.Int128).sum()).row(0)
        return int(signed), int(ending)


def contracted_at_closing(prepared: Prepared) -> Contracted | None:
    """What is signed and cancelled at the closing; None where the data does not tell days.

    A few rows that begin or end later without a day of signing or cancelling are plans; many are
    what came after the closing month, of which nobody knew then.
    """
    book, window = prepared.book, prepared.window
    if book.shape != "intervals" or book.intervals is None or not book.revenue:
        return None
    found = contracts(prepared.export, book.intervals)
    day = closing_day(window.closing, prepared.export.rules.dates.weeks)
    ends_tell = found.cancelled is None and not found.ends_are_terms
    rows = contracted(found.rows, day, ends_tell=ends_tell)
    later = contracted(found.rows.with_columns(seg=pl.lit(0)), day, ends_tell=ends_tell)
    unknown: dict[str, str] = {}
    notes = []
    for missing, line, does, role in (
        (found.signed is None, SIGNED, ("begins", "begin"), "signed"),
        (ends_tell, CANCELLING, ("ends", "end"), "cancelled"),
    ):
        some = later.filter(pl.col(line) > 0)
        if not missing or some.is_empty():
            continue
        if some.height > max(_FEW, book.intervals.height // _SHARE):
            unknown[line] = unknown[CARR] = f"days_of_being_{role}_unknown"
        notes.append(_note(some, line, does, role, prepared, known=line not in unknown))
    return Contracted(rows, unknown, tuple(notes))


def with_contracted(rows: Sequence[Row], found: Contracted, prepared: Prepared) -> tuple[Row, ...]:
    """The rows of a summary, a segment each and the total, with NAMES."""
    return tuple(
        replace(
            row,
            values={**row.values, **_figures(row.values, found, segment)},
            reasons={**row.reasons, **found.unknown},
        )
        for segment, row in zip(order(prepared.book), rows, strict=True)
    )


def _figures(
    values: Mapping[str, object], found: Contracted, segment: int
) -> dict[str, int | None]:
    closing, (signed, ending) = values["closing_mrr"], found.sums(segment)
    assert isinstance(closing, int)  # noqa: S101  money of a bridge
    figures = {SIGNED: signed, CANCELLING: ending, CARR: closing + signed - ending}
    return {n: None if n in found.unknown else figure for n, figure in figures.items()}


def _note(
    some: pl.DataFrame,
    line: str,
    does: tuple[str, str],
    role: str,
    prepared: Prepared,
    *,
    known: bool,
) -> Finding:
    """Say what counts as signed or cancelled, or does not, for want of the day it was."""
    month = format_month(prepared.window.closing)
    mrr = money_on_screen(int(some[line].cast(pl.Int128).sum()), prepared.book.currency)
    text = f"nothing tells the day on which subscriptions were {role}: "
    text += f"{count_that(some.height, 'row', *does)} after {month}, {mrr} a month, "
    text += f"and {'counts' if some.height == 1 else 'count'} as {role}"
    if not known:
        text = text.rpartition(", and ")[0] + "; that many are no plans, so there is no CARR"
    return Finding("RC899", text, fix=f"columns: {{{role}: COLUMN}}")
