"""Cohorts: what accounts that started together pay at each age.

Age is counted per account, from its own start month, in whole periods of months; so an account
is there at age 0 whatever the length of a period. An account belongs to the segment of its first
paid month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

CELL, STARTED = ("accounts", "mrr", "gross_mrr"), ("started_accounts", "started_mrr")


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
        return Cell(*(getattr(self, n) + getattr(other, n) for n in CELL))


@dataclass(frozen=True, slots=True)
class Cohort:
    """Accounts that started in one period: how many, their first MRR, and a cell per observed age.

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
class CohortSums:
    """Sums of a panel by segment, start month and month.

    ``cells``: home (segment code, 0 and up), start_month, month (Int32); then accounts that pay
    in the month, their MRR and their lowest MRR since the start (CELL); and the accounts whose
    first month it is, with their MRR (STARTED). ``undated``: accounts left out because no usable
    date tells their start; ``early``: accounts that paid before it, which is in no cell.
    """

    cells: pl.DataFrame
    undated: int = 0
    early: int = 0


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Cohorts by (segment code, first month of the period); the counts are those of CohortSums."""

    by_segment: Mapping[tuple[int, int], Cohort]
    undated: int = 0
    early: int = 0


def cohorts(sums: CohortSums, last: int, periods: Periods) -> Cohorts:
    """Put sums up to the month-end ``last`` together by period.

    Ages at which nobody pays are cells of zeros; ages not reached are left out.
    """
    starts, months = pl.col("start_month"), periods.months
    period = (starts - (starts - periods.fiscal_start + 1) % months).alias("period")
    aged = sums.cells.select(
        "home", period, (pl.col("month") - starts).alias("age"), *CELL, *STARTED
    )
    started = aged.group_by("home", "period").agg(pl.col(STARTED).sum())
    whole = aged.filter(pl.col("age") % months == 0)
    cells: defaultdict[tuple[int, int], dict[int, Cell]] = defaultdict(dict)
    for home, start, age, *cell in (
        whole.group_by("home", "period", "age").agg(pl.col(CELL).sum()).rows()
    ):
        cells[home, start][age // months] = Cell(*cell)
    by_segment = {}
    for home, start, accounts, mrr in started.sort("home", "period").rows():
        ages = range(periods.observed_ages(start, last))
        own = tuple(cells[home, start].get(age, Cell()) for age in ages)
        by_segment[home, start] = Cohort(accounts, mrr, own)
    return Cohorts(by_segment, sums.undated, sums.early)
