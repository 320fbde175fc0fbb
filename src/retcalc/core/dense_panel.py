"""A dense panel as one column: the MRR of every account, month after month.

Where most accounts are there in many months, a cell for each account and month takes less room than
rows in order, and comparing two months is plain arithmetic on two stretches of the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from itertools import accumulate
from operator import or_
from typing import TypeVar

import polars as pl

from retcalc.core.speed.threads import each

_THINNEST = 8  # cells for each row at the most
_MOST = 1 << 12  # segments; two of them, a kind and months together make a number of 32 bits
TOGETHER = 12  # months summed at once; keeps what is in between small
_PART = 1 << 20  # rows placed at once, likewise
_SMALL = 1 << 16  # cells that are always few enough
_SUMS = {"month": pl.Int32, "seg": pl.Int32, "mrr": pl.Int64, "accounts": pl.Int64}
_SAFE, _SMALL_CELL = 2**62, 2**32
Cells = TypeVar("Cells", pl.Series, pl.Expr)
_MOST_CELLS = 2**32 - 1  # that Polars can count


@dataclass(frozen=True, eq=False)
class Grid:
    """``cells``, unsigned: month ``first + i`` of account ``a`` is at ``i * accounts + a``.

    A cell without a row is 0; another one is ``mrr * base`` and, where ``base`` is not 1, the
    segment code + 2, so that a row of nothing is there too. ``base`` is a power of two.
    """

    cells: pl.Series
    accounts: int
    first: int
    months: int
    base: int

    @property
    def of_one(self) -> bool:
        """True when there is one segment, which no cell names."""
        return self.base == 1

    @property
    def last(self) -> int:
        """The last month there is a cell for."""
        return self.first + self.months - 1

    def cells_of(self, month: int) -> pl.Series:
        """The cell of each account in a month; 0 before the first and after the last one."""
        if not self.first <= month <= self.last:
            return pl.repeat(0, self.accounts, dtype=self.cells.dtype, eager=True)
        return self.cells.slice((month - self.first) * self.accounts, self.accounts)

    @cached_property
    def sums(self) -> pl.DataFrame:
        """month, seg, mrr and accounts: what is paid and by how many, a row where anybody pays."""
        parts = self._sums_of_one if self.of_one else self._sums
        return pl.concat(each(parts, range(self.first, self.last + 1, TOGETHER)))

    def _sums_of_one(self, first: int) -> pl.DataFrame:
        months = range(first, min(first + TOGETHER, self.last + 1))
        cells = pl.DataFrame({f"{month}": self.cells_of(month) for month in months})
        every = self.mrr(pl.all())
        mrr, accounts = (cells.select(sums).row(0) for sums in (every.sum(), (every > 0).sum()))
        columns = {"month": months, "seg": 0, "mrr": mrr, "accounts": accounts}
        return pl.DataFrame(columns, schema=_SUMS).filter(pl.col("accounts") > 0)

    def _sums(self, first: int) -> pl.DataFrame:
        cell, row = pl.col("cell"), pl.col("row")
        start, size = (first - self.first) * self.accounts, TOGETHER * self.accounts
        cells = self.cells.slice(start, size).alias("cell").to_frame().lazy().with_row_index("row")
        month = (row // self.accounts).cast(pl.Int32) + first
        paid = cells.filter(cell >= self.base)
        paid = paid.select(
            month.alias("month"), self.seg(cell).alias("seg"), self.mrr(cell).alias("mrr")
        )
        sums = (pl.col("mrr").sum(), pl.len().cast(pl.Int64).alias("accounts"))
        return paid.group_by("month", "seg").agg(*sums).collect()

    def paid(self, month: int) -> pl.Series:
        """Whether each account has MRR in a month."""
        return self.cells_of(month) >= self.base

    def mrr(self, cell: Cells) -> Cells:
        """MRR of cells."""
        return (cell if self.of_one else cell // self.base).cast(pl.Int64)

    def seg(self, cell: Cells) -> Cells:
        """Segment code of cells (Int32), whatever where there is no MRR."""
        return (cell % self.base).cast(pl.Int32) - (0 if self.of_one else 2)


def make_grid(rows: pl.DataFrame, accounts: int) -> Grid | None:
    """The grid of rows in any order: account, month, amount, seg; None where it does not pay.

    It does not where cells would be many more than rows, or where rows share account and month;
    amounts below zero, and those that 64 bits cannot hold, are for the panel too.
    """
    if rows.is_empty() or rows.schema["amount"] != pl.Int64:
        return None
    ends = rows.select(
        first=pl.col("month").min(),
        last=pl.col("month").max(),
        least=pl.col("amount").min(),
        most=pl.col("amount").max(),
        bottom=pl.col("seg").min(),
        top=pl.col("seg").max(),
    ).row(0, named=True)
    first, months = ends["first"], ends["last"] - ends["first"] + 1
    plain = ends["least"] > 0 and ends["bottom"] == ends["top"] == 0
    base = 1 if plain else 2 ** (ends["top"] + 2).bit_length()
    size = accounts * months
    largest = ends["most"] * base + base
    thin = size > max(_SMALL, _THINNEST * rows.height) or size > _MOST_CELLS
    if thin or ends["least"] < 0 or largest >= _SAFE or base > _MOST:
        return None
    cell = pl.col("amount") if plain else pl.col("amount") * base + pl.col("seg") + 2
    kind = pl.UInt32 if largest < _SMALL_CELL else pl.UInt64
    columns = rows.lazy().select("account", "month", cell.cast(kind).alias("cell"))
    edges = sorted({first, first + months // 2, first + months})
    parts = each(partial(_cells, columns, rows.height, accounts, kind), edges, edges[1:])
    cells = pl.concat(parts)  # in pieces, each of whole months
    if (cells > 0).sum() != rows.height:
        return None
    return Grid(cells, accounts, first, months, base)


def _cells(
    rows: pl.LazyFrame, height: int, accounts: int, kind: type[pl.DataType], first: int, end: int
) -> pl.Series:
    """The cells of the months from ``first`` up to ``end``, that one not."""
    month = pl.col("month")
    place = (month - first).cast(pl.UInt32) * accounts + pl.col("account")
    cells = pl.repeat(0, accounts * (end - first), dtype=kind, eager=True)
    for start in range(0, height, _PART):
        here = rows.slice(start, _PART).filter(month.is_between(first, end - 1))
        placed = here.select(place.alias("place"), "cell").collect()
        cells = cells.scatter(placed["place"], placed["cell"])
    return cells


def pauses(grid: Grid) -> tuple[int, int]:
    """Accounts that miss months between their first and their last row, and those months."""
    months = range(grid.first, grid.last + 1)
    here = [grid.cells_of(month) > 0 for month in months]
    before = accumulate(here, or_)
    after = [*accumulate(reversed(here), or_)][::-1]
    missing = [a & b & ~now for a, b, now in zip(before, after, here, strict=True)]
    return int(reduce(or_, missing).sum()), sum(int(part.sum()) for part in missing)


def seen_before(grid: Grid, months: Sequence[int]) -> dict[int, pl.Series]:
    """Whether each account had paid in a month or before, for each of ``months``."""
    nobody = pl.repeat(False, grid.accounts, dtype=pl.Boolean, eager=True)
    last = min(max([grid.first - 1, *months]), grid.last)
    paid = (grid.paid(m) for m in range(grid.first, last + 1))
    seen = dict(enumerate(accumulate(paid, or_, initial=nobody), grid.first - 1))
    return {m: seen[min(max(m, grid.first - 1), last)] for m in months}
