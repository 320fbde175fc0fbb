"""Whether the rows of an export pay, as its columns of statuses and of yes and no say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import polars as pl

from retcalc.book.values.words.flags import Flag, flag_of, flagged, is_flag
from retcalc.book.values.words.statuses import UNKNOWN, classes, listed
from retcalc.read import Distinct, Table

_WORST_FIRST = ("none", "ended", "paused", "past_due")


@dataclass(frozen=True, slots=True)
class Telling:
    """One column that tells whether rows pay, and the class of each of its different cells."""

    column: str
    cells: Distinct
    classes: pl.Series

    def of_rows(self) -> pl.Series:
        """The class of every row."""
        return self.cells.spread(self.classes)

    def are(self, wanted: Collection[str]) -> pl.Series:
        """Mark the rows of some classes."""
        return self.cells.spread(self.classes.is_in([*wanted]))

    def words(self, wanted: Collection[str]) -> str:
        """The cells of some classes, for a message."""
        return listed(self.cells.values.filter(self.classes.is_in([*wanted])))


def tellings(
    table: Table,
    status: str | None,
    flags: Sequence[str],
    given: Mapping[str, str],
    *,
    payments: bool = False,
) -> list[Telling]:
    """What each of the columns says, the status first."""
    told = []
    for column in (*([status] if status else []), *flags):
        cells = table.coded(column).used()
        words = cells.values.to_list()
        flag = flag_of(column)
        if column == status:  # 1 and 0 of a status
            flag = Flag(no="ended") if is_flag(words) and not given else None
        said = flagged(words, flag) if flag else classes(words, given, payments=payments)
        told.append(Telling(column, cells, pl.Series("class", said, pl.String)))
    return told


def standing(told: Sequence[Telling]) -> pl.Series | None:
    """The class of every row by all that is told: the worst of it; None where nothing is."""
    if not told:
        return None
    return reduce(_worse, (telling.of_rows() for telling in told)).alias("status")


def told_by(told: Sequence[Telling], name: str, rows: pl.Series) -> str:
    """The first column that says of some of the rows that they are of a class."""
    return next((t.column for t in told if (t.are([name]) & rows).any()), told[0].column)


def _worse(one: pl.Series, other: pl.Series) -> pl.Series:
    """Row by row the class that says more: none, ended, paused, past due, live, unknown."""
    a, b = pl.lit(one), pl.lit(other)
    both = pl.when(a == UNKNOWN).then(b).otherwise(a)
    for name in reversed(_WORST_FIRST):
        both = pl.when((a == name) | (b == name)).then(pl.lit(name)).otherwise(both)
    return pl.select(both).to_series()
