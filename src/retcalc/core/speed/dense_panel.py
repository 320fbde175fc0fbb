"""A dense panel: one column with a cell for each account and month, month after month.

Where most accounts pay in most months, cells take less memory than sorted rows, no rows need to
be sorted, and two months are compared by arithmetic on two slices of the column. Gain at
10 million account-months: laying them out and summing the transitions of all months takes 0.26 s
instead of 0.48 s over sorted rows, and the whole process 570 MB instead of 750 MB.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from itertools import accumulate
from operator import or_
from typing import Protocol, TypeVar

import polars as pl

from retcalc.core.speed.threads import map_in_order

MAX_CELLS_PER_ROW = 8  # more would waste memory
ALWAYS_SMALL = 1 << 16  # cells whose waste does not matter
MAX_SEGMENTS = 1 << 12  # two segment codes, a kind and a month must fit into 32 bits
MONTHS_AT_ONCE = 12  # months summed at once; limits the memory of intermediate columns
ROWS_AT_ONCE = 1 << 20  # rows placed at once, for the same reason
MAX_CELLS = 2**32 - 1  # that Polars can count
# MRR in integers, units of the book's currency; segment code, 0 and up, -1 outside the filter
ROW = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}
_SUMS = {"month": pl.Int32, "seg": pl.Int32, "mrr": pl.Int64, "accounts": pl.Int64}
_LARGEST_64, _LARGEST_32 = 2**62, 2**32
Cells = TypeVar("Cells", pl.Series, pl.Expr)


class Months(Protocol):
    """The cells of a panel, a month at a time."""

    @property
    def dtype(self) -> pl.DataType:
        """Type of the cells."""

    def load(self, months: Sequence[int]) -> None:
        """Have these months at hand, in ascending order."""

    def month(self, month: int) -> pl.Series:
        """Cells of a month, one per account."""

    def paid_by(self, month: int) -> pl.Series | None:
        """Whether each account paid in a month or before; None where months tell it as quickly."""


@dataclass(frozen=True, eq=False)
class DensePanel:
    """``cells`` holds the months from ``first``: a cell (UInt32 or UInt64) for each account.

    A cell without a row is 0. Otherwise it is ``mrr * base`` plus, if ``base`` is not 1, the
    segment code + 2, so that rows of MRR 0 stay distinguishable from missing rows. ``base`` is a
    power of two; 1 means that there is a single segment with code 0. ``months`` is their number.
    """

    cells: Months
    accounts: int
    first: int
    months: int
    base: int
    _sums: dict[int, pl.DataFrame] = field(default_factory=dict)

    @property
    def single_segment(self) -> bool:
        """True when there is one segment, which cells then do not hold."""
        return self.base == 1

    @property
    def last(self) -> int:
        """The last month that has cells."""
        return self.first + self.months - 1

    def load(self, months: Iterable[int]) -> None:
        """Have the cells of these months at hand; other months are made when asked for."""
        self.cells.load(sorted({m for m in months if self.first <= m <= self.last}))

    def cells_of(self, month: int) -> pl.Series:
        """Cells of a month, one per account; 0 outside the months of the panel."""
        if not self.first <= month <= self.last:
            return pl.repeat(0, self.accounts, dtype=self.cells.dtype, eager=True)
        return self.cells.month(month)

    def sums(self, months: Iterable[int]) -> pl.DataFrame:
        """Total MRR and paying accounts of months: month, seg, mrr, accounts (see _SUMS)."""
        asked = sorted({m for m in months if self.first <= m <= self.last})
        new = [m for m in asked if m not in self._sums]
        parts = [new[at : at + MONTHS_AT_ONCE] for at in range(0, len(new), MONTHS_AT_ONCE)]
        made = pl.concat([pl.DataFrame(schema=_SUMS), *map_in_order(self._sums_of, parts)])
        self._sums.update((m, made.filter(pl.col("month") == m)) for m in new)
        return pl.concat([pl.DataFrame(schema=_SUMS), *(self._sums[m] for m in asked)])

    def _sums_of(self, months: Sequence[int]) -> pl.DataFrame:
        if not self.single_segment:
            return self._sums_by_segment(months)
        cells = pl.DataFrame({f"{month}": self.cells_of(month) for month in months})
        every = self.mrr(pl.all())
        mrr, accounts = (cells.select(sums).row(0) for sums in (every.sum(), (every > 0).sum()))
        columns = {"month": months, "seg": 0, "mrr": mrr, "accounts": accounts}
        return pl.DataFrame(columns, schema=_SUMS).filter(pl.col("accounts") > 0)

    def _sums_by_segment(self, months: Sequence[int]) -> pl.DataFrame:
        cell = pl.col("cell")
        each = (self.cells_of(month).alias("cell").to_frame().lazy() for month in months)
        paid = pl.concat(
            cells.filter(cell >= self.base).select(
                pl.lit(month, pl.Int32).alias("month"),
                self.seg(cell).alias("seg"),
                self.mrr(cell).alias("mrr"),
            )
            for month, cells in zip(months, each, strict=True)
        )
        sums = (pl.col("mrr").sum(), pl.len().cast(pl.Int64).alias("accounts"))
        return paid.group_by("month", "seg").agg(*sums).collect()

    def rows(self, first: int, last: int) -> pl.DataFrame:
        """Account-months with MRR from ``first`` to ``last``, both included: columns of ROW."""
        months = range(max(first, self.first), min(last, self.last) + 1)
        return pl.concat([pl.DataFrame(schema=ROW), *map(self._rows_of, months)])

    def _rows_of(self, month: int) -> pl.DataFrame:
        cell = pl.col("cell")
        cells = self.cells_of(month).alias("cell").to_frame().with_row_index("account")
        columns = {"month": pl.lit(month), "mrr": self.mrr(cell), "seg": self.seg(cell)}
        return cells.filter(cell >= self.base).select(
            pl.col("account").cast(ROW["account"]),
            *(value.cast(ROW[name]).alias(name) for name, value in columns.items()),
        )

    def paid(self, month: int) -> pl.Series:
        """Whether each account has MRR in a month (Boolean, one per account)."""
        return self.cells_of(month) >= self.base

    def mrr(self, cell: Cells) -> Cells:
        """MRR of cells (Int64)."""
        return (cell if self.single_segment else cell // self.base).cast(pl.Int64)

    @property
    def segment_bits(self) -> int:
        """Bits that a segment takes in a cell."""
        return self.base.bit_length() - 1

    def stored_seg(self, cell: Cells) -> Cells:
        """Segment as cells hold it: code + 2, always 0 if there is a single one."""
        return cell % self.base

    def seg(self, cell: Cells) -> Cells:
        """Segment code of cells (Int32); undefined where there is no MRR."""
        return self.stored_seg(cell).cast(pl.Int32) - (0 if self.single_segment else 2)


def make_dense_panel(rows: pl.DataFrame, accounts: int) -> DensePanel | None:
    """Lay out rows in any order (account, month, amount, seg) as cells; None where that is no gain.

    None where there would be more than MAX_CELLS_PER_ROW cells a row, where two rows share account
    and month, and where an amount is negative or does not fit beside its segment into 62 bits.
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
    base = 1 if plain else base_of(ends["top"])
    largest = ends["most"] * base + base
    if ends["least"] < 0 or not cells_serve(accounts * months, rows.height, largest, base):
        return None
    cell = pl.col("amount") if plain else pl.col("amount") * base + pl.col("seg") + 2
    kind = pl.UInt32 if largest < _LARGEST_32 else pl.UInt64
    columns = rows.lazy().select("account", "month", cell.cast(kind).alias("cell"))
    edges = sorted({first, first + months // 2, first + months})
    parts = map_in_order(partial(_cells, columns, rows.height, accounts, kind), edges, edges[1:])
    cells = pl.concat(parts)  # its chunks hold whole months
    if (cells > 0).sum() != rows.height:
        return None
    return DensePanel(_Laid(cells, accounts, first), accounts, first, months, base)


@dataclass(frozen=True, eq=False)
class _Laid:
    """Cells of all months in one column, month after month, an account at its code in each."""

    cells: pl.Series
    accounts: int
    first: int

    @property
    def dtype(self) -> pl.DataType:
        return self.cells.dtype

    def load(self, months: Sequence[int]) -> None:
        """Nothing: all cells are there."""

    def month(self, month: int) -> pl.Series:
        return self.cells.slice((month - self.first) * self.accounts, self.accounts)

    def paid_by(self, month: int) -> None:
        return None


def base_of(top: int) -> int:
    """The power of two that cells are multiplied by to hold segment codes up to ``top``."""
    return int(2 ** (top + 2).bit_length())


def cells_serve(cells: int, rows: int, largest: int, base: int) -> bool:
    """True where cells waste no memory and the largest fits: for so many account-months."""
    wasteful = cells > max(ALWAYS_SMALL, MAX_CELLS_PER_ROW * rows) or cells > MAX_CELLS
    return not wasteful and largest < _LARGEST_64 and base <= MAX_SEGMENTS


def _cells(
    rows: pl.LazyFrame, height: int, accounts: int, kind: type[pl.DataType], first: int, end: int
) -> pl.Series:
    """Cells of the months from ``first`` to ``end - 1``."""
    month = pl.col("month")
    place = (month - first).cast(pl.UInt32) * accounts + pl.col("account")
    cells = pl.repeat(0, accounts * (end - first), dtype=kind, eager=True)
    for start in range(0, height, ROWS_AT_ONCE):
        here = rows.slice(start, ROWS_AT_ONCE).filter(month.is_between(first, end - 1))
        placed = here.select(place.alias("place"), "cell").collect()
        cells = cells.scatter(placed["place"], placed["cell"])
    return cells


def pauses(panel: DensePanel) -> tuple[int, int]:
    """Accounts that miss months between their first and their last row, and how many months."""
    months = range(panel.first, panel.last + 1)
    here = [panel.cells_of(month) > 0 for month in months]
    before = accumulate(here, or_)
    after = [*accumulate(reversed(here), or_)][::-1]
    missing = [a & b & ~now for a, b, now in zip(before, after, here, strict=True)]
    return int(reduce(or_, missing).sum()), sum(int(part.sum()) for part in missing)


def seen_before(panel: DensePanel, months: Sequence[int]) -> dict[int, pl.Series]:
    """For each of ``months``, whether each account paid in it or before (one Boolean each)."""
    if len(months) == 1:
        told = panel.cells.paid_by(months[0])
        if told is not None:
            return {months[0]: told}
    nobody = pl.repeat(False, panel.accounts, dtype=pl.Boolean, eager=True)
    last = min(max([panel.first - 1, *months]), panel.last)
    panel.load(range(panel.first, last + 1))
    paid = (panel.paid(m) for m in range(panel.first, last + 1))
    seen = dict(enumerate(accumulate(paid, or_, initial=nobody), panel.first - 1))
    return {m: seen[min(max(m, panel.first - 1), last)] for m in months}
