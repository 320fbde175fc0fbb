"""Cohorts: what accounts that began together pay at each age, in one pass over the panel.

Age is counted per account, from its own first month, in whole periods of months; so an account
is there at age 0 whatever the length of a period. An account belongs to the segment of its first
paid month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from retcalc.core.dense_panel import Grid
from retcalc.core.speed.threads import each

_WIDE = 2**62  # above it, 64 bits could overflow
_CELL, _BEGUN = ("accounts", "mrr", "gross_mrr"), ("begun", "begun_mrr")
_CHANGES = ("key", *_CELL)
_COUNTED = (
    pl.len().cast(pl.Int64).alias("accounts"),
    pl.col("mrr").sum(),
    pl.col("gross_mrr").sum(),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cohort at one age: paying accounts, their MRR, and the sum of their lowest MRR so far.

    The lowest MRR of an account is that since its first paid month; a month without MRR is 0.
    """

    accounts: int = 0
    mrr: int = 0
    gross_mrr: int = 0

    def __add__(self, other: Cell) -> Cell:
        """Join the accounts of two segments."""
        return Cell(*(getattr(self, n) + getattr(other, n) for n in _CELL))


@dataclass(frozen=True, slots=True)
class Cohort:
    """Accounts that began in one period: how many, their first MRR, and a cell per observed age.

    ``cells`` holds age 0, 1, …; it is empty while the period itself is not complete.
    """

    initial_accounts: int
    initial_mrr: int
    cells: tuple[Cell, ...]

    def __add__(self, other: Cohort) -> Cohort:
        """Join two segments of one period."""
        cells = (a + b for a, b in zip(self.cells, other.cells, strict=True))
        accounts = self.initial_accounts + other.initial_accounts
        return Cohort(accounts, self.initial_mrr + other.initial_mrr, tuple(cells))


@dataclass(frozen=True, slots=True)
class Periods:
    """Length of a period in months (1, 3 or 12) and the month, 1 to 12, a fiscal year starts in."""

    months: int = 1
    fiscal_start: int = 1

    def start(self, month: int) -> int:
        """The first month of the period a month lies in."""
        return month - (month - self.fiscal_start + 1) % self.months

    def observed_ages(self, start: int, last: int) -> int:
        """How many ages every account of a period has reached by the month-end ``last``."""
        return max(0, (last - start + 1) // self.months)


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Cohorts by (segment code, first month of the period).

    ``undated``: accounts left out because no usable date tells their period; ``early``: accounts
    that paid before their date, which is in no cell.
    """

    by_segment: Mapping[tuple[int, int], Cohort]
    undated: int = 0
    early: int = 0


def cohorts(
    panel: pl.DataFrame, last: int, periods: Periods, births: pl.DataFrame | None = None
) -> Cohorts:
    """Cohorts of the panel up to the month-end ``last``.

    ``panel``: account, month, mrr > 0, seg; sorted by account and month. An account begins in its
    first paid month; or, with ``births`` (a row per account code: account, born: month index or
    null), in that month, and its first MRR is then the first one paid from there on.
    """
    rows = panel.filter(pl.col("month") <= last)
    rows = rows.with_columns(_carried("seg").alias("home")).filter(pl.col("home") >= 0)
    undated = early = 0
    if births is None:
        rows = rows.with_columns(_carried("month").alias("born"))
    else:
        everyone = rows.select(_begins().cast(pl.Int64).sum()).item()
        born = births.sort("account")["born"].gather(rows["account"])
        rows = rows.with_columns(born)
        early = rows.filter(pl.col("month") < pl.col("born"))["account"].n_unique()
        rows = rows.filter(pl.col("month") >= pl.col("born"))
        undated = everyone - rows.select(_begins().cast(pl.Int64).sum()).item()
    cells = (
        _with_lowest(rows)
        .group_by("home", "born", "month")
        .agg(
            *_COUNTED,
            pl.col("begins").cast(pl.Int64).sum().alias("begun"),
            pl.col("mrr").filter("begins").sum().alias("begun_mrr"),
        )
    )
    return Cohorts(_assemble(cells, last, periods), undated, early)


def grid_cohorts(grid: Grid, last: int, periods: Periods) -> Cohorts:
    """The same from a grid: an account begins in its first paid month.

    Only cells that differ from those of the month before are looked at: what a month changes is
    added to the sums of all before it.
    """
    span = max(last + 1 - grid.first, 1)
    half = grid.accounts // 2
    parts = each(partial(_changes, grid, last), (0, half), (half, grid.accounts))
    month, cohort = pl.col("key") % span, pl.col("key") // span
    named = {"home": cohort // span - 1, "born": cohort % span + grid.first}
    keys = [
        e.cast(pl.Int32).alias(name) for name, e in {**named, "month": month + grid.first}.items()
    ]
    summed = pl.concat(parts).group_by("key").agg(pl.col(_CELL).sum()).select(*keys, *_CELL)
    cells = _added_up(summed.filter(pl.col("home") >= 0), last)
    fresh = pl.when(pl.col("month") == pl.col("born"))
    firsts = zip(_BEGUN, ("accounts", "mrr"), strict=True)
    begun = [fresh.then(sums).otherwise(0).alias(name) for name, sums in firsts]
    return Cohorts(_assemble(cells.with_columns(*begun), last, periods))


def _changes(grid: Grid, last: int, start: int, end: int) -> pl.DataFrame:
    """What every month up to ``last`` changes in the sums of cohorts.

    By the accounts from ``start`` up to ``end``, that one not. Segment and first month make the
    number of a cohort, which is below zero before an account begins; cohort and month make a key.
    """
    span, accounts = max(last + 1 - grid.first, 1), end - start
    number = pl.int_range(accounts, dtype=pl.UInt32, eager=True)
    cohort = pl.repeat(-1, accounts, dtype=pl.Int32, eager=True)
    lowest = pl.repeat(0, accounts, dtype=pl.Int64, eager=True)
    parts = [pl.DataFrame(schema=dict.fromkeys(_CHANGES, pl.Int64))]
    for month in range(grid.first, last + 1):
        was, now = (grid.cells_of(m).slice(start, accounts) for m in (month - 1, month))
        differ = was != now
        who, begun, low = (c.filter(differ) for c in (number, cohort, lowest))
        before, after = (grid.mrr(cells.filter(differ)) for cells in (was, now))
        begins = (begun < 0) & (after > 0)
        own = (grid.seg(now.filter(differ)) + 1) * span + month - grid.first
        mine = own.zip_with(begins, begun)
        least = after.zip_with(begins | (after < low), low)
        cohort, lowest = cohort.scatter(who, mine), lowest.scatter(who, least)
        paying = (after > 0).cast(pl.Int64) - (before > 0).cast(pl.Int64)
        key = mine.cast(pl.Int64) * span + month - grid.first
        changes = (key, paying, after - before, least - low)
        parts.append(pl.DataFrame(dict(zip(_CHANGES, changes, strict=True))))
    return pl.concat(parts).group_by("key").agg(pl.col(_CELL).sum())


def _added_up(changes: pl.DataFrame, last: int) -> pl.DataFrame:
    """The sums of every cohort and month up to ``last``, from what each month changes."""
    of_cohort = ["home", "born"]
    keys = [*of_cohort, "month"]
    ages = pl.int_ranges("born", last + 1, dtype=pl.Int32).alias("month")
    every = changes.select(of_cohort).unique().with_columns(ages).explode("month")
    dense = every.join(changes, on=keys, how="left", validate="1:1").sort(keys)
    dense = dense.with_columns(pl.col(_CELL).fill_null(0))
    return dense.with_columns(pl.col(_CELL).cum_sum().over(of_cohort))


def _begins() -> pl.Expr:
    """True on the first row of each account."""
    account = pl.col("account")
    return (account != account.shift(1)).fill_null(value=True)


def _carried(name: str) -> pl.Expr:
    """The value of the account's first row on each of its rows."""
    return pl.when(_begins()).then(name).forward_fill()


def _with_lowest(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``begins`` and ``gross_mrr``, the lowest MRR since the first row, 0 after a gap.

    The running minimum starts anew with each account without a window function: each account is
    shifted down by more than any amount, below all accounts before it. Amounts get a type that
    holds the last shift, and so every sum of them.
    """
    step = (rows.select(pl.col("mrr").max()).item() or 0) + 1
    width = pl.Int64 if step * (rows.height + 1) < _WIDE else pl.Int128
    row = pl.int_range(pl.len(), dtype=pl.Int32)
    rows = rows.with_columns(
        pl.col("mrr").cast(width),
        _begins().alias("begins"),
        (_begins().cast(width).cum_sum() * step).alias("shift"),
        (pl.col("month") - row).alias("run"),  # the same on all rows until a month is missed
    )
    lowest = (pl.col("mrr") - pl.col("shift")).cum_min() + pl.col("shift")
    unbroken = pl.col("run") == _carried("run")
    return rows.with_columns(
        pl.when(unbroken).then(lowest).otherwise(pl.lit(0, width)).alias("gross_mrr")
    )


def _assemble(cells: pl.DataFrame, last: int, periods: Periods) -> dict[tuple[int, int], Cohort]:
    """Put sums by home, born and month together by period.

    Ages that nobody pays at are cells of nothing, ages not reached are none.
    """
    born, months = pl.col("born"), periods.months
    start = (born - (born - periods.fiscal_start + 1) % months).alias("start")
    aged = cells.select("home", start, (pl.col("month") - born).alias("age"), *_CELL, *_BEGUN)
    begun = aged.group_by("home", "start").agg(pl.col(_BEGUN).sum())
    whole = aged.filter(pl.col("age") % months == 0)
    sums: defaultdict[tuple[int, int], dict[int, Cell]] = defaultdict(dict)
    for home, at, age, *cell in (
        whole.group_by("home", "start", "age").agg(pl.col(_CELL).sum()).rows()
    ):
        sums[home, at][age // months] = Cell(*cell)
    return {
        (home, at): Cohort(
            accounts,
            mrr,
            tuple(sums[home, at].get(k, Cell()) for k in range(periods.observed_ages(at, last))),
        )
        for home, at, accounts, mrr in begun.sort("home", "start").rows()
    }
