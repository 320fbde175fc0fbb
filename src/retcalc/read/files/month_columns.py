"""Files of one month each whose amounts stand under the month itself, such as ``Jan 2025``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from retcalc.core.findings import Finding, RetcalcError, Spot
from retcalc.core.months import format_month
from retcalc.core.months.written import month_of_header
from retcalc.read.files.month_names import MONTH
from retcalc.read.text.dialect import Dialect
from retcalc.read.wording import note

AMOUNT = "mrr"  # what the column is called, so that the files go below one another
_NOTHING = ("", "-", "–", "—")

Accepts = Callable[[Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """The one column of a table that is a month: its header and month, as YYYY-MM."""

    title: str
    month: str

    def named(self, header: Sequence[str]) -> tuple[str, ...]:
        """The header with the column called by what it holds."""
        return tuple(AMOUNT if title == self.title else title for title in header)

    def renamed(self, dialect: Dialect) -> Dialect:
        """The layout with the column called by what it holds."""
        return replace(dialect, header=self.named(dialect.header))

    def filled(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Rows where an empty cell or a dash is no MRR, as in a sheet of several months."""
        nothing = pl.col(AMOUNT).str.strip_chars().is_in(_NOTHING)
        return frame.with_columns(
            pl.when(nothing).then(pl.lit("0")).otherwise(AMOUNT).alias(AMOUNT)
        )

    def of_one_file(self, file: str, known: dict[str, str]) -> Finding:
        """Say how the file was read; raises RC207 where another one is ``known`` by its month."""
        other = known.setdefault(self.month, file)
        if other == file:
            return note("RC891", "the column of the month is its MRR, one file a month", file)
        message = f"more than one file is the month {self.month}"
        both = Spot(other), Spot(file)
        raise RetcalcError(Finding("RC207", message, both, fix="leave one of the files out"))


def month_column(header: Sequence[str], accepts: Accepts) -> MonthColumn | None:
    """The one month among the columns of a table that has no other month or amount, else None."""
    found = [(t, m) for t in header if (m := month_of_header(t)) is not None]
    if len(found) != 1 or {MONTH, AMOUNT} & set(header) or accepts(header):
        return None
    column = MonthColumn(found[0][0], format_month(found[0][1]))
    return column if accepts((*column.named(header), MONTH)) else None
