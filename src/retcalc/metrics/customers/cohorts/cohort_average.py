"""The average row of a cohort triangle: one retention per age over several cohorts.

``weighted``: cells over initial sizes, both summed over the cohorts old enough for the age.
``simple``: the mean of the cohorts' retentions, every cohort old enough counting the same.
``constant``: weighted, over the same cohorts at every age: those that have reached the oldest age
shown. So no step of the row comes from a cohort dropping out, and where cohorts begin with the
first paid month the gross curve never rises, as no account's lowest MRR does.

>>> from retcalc.kernels.cohort import Cell
>>> old = Cohort(4, 40, (Cell(4, 40, 40), Cell(3, 30, 30), Cell(2, 20, 20)))
>>> young = Cohort(2, 10, (Cell(2, 10, 10), Cell(1, 20, 10)))
>>> for how in ("weighted", "simple", "constant"):
...     print(how, *(line.rates[0] for line in averages([old, young], 3, how)))
weighted 1 2/3 1/2
simple 1 5/8 1/2
constant 1 3/4 1/2
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from retcalc.core.choices import CohortAverage
from retcalc.kernels.cohort import Cell, Cohort
from retcalc.metrics.customers.cohorts import (
    account_retention,
    gross_mrr_retention,
    net_mrr_retention,
)
from retcalc.metrics.metric import Rate, Undefined

Rates = tuple[Rate, Rate, Rate]


@dataclass(frozen=True, slots=True)
class AverageLine:
    """The average at one age: account, net MRR and gross MRR retention.

    ``cohorts`` stand behind it, which began with ``accounts`` accounts.
    """

    age: int
    cohorts: int
    accounts: int
    rates: Rates


def retention(cell: Cell, accounts: int, mrr: int) -> Rates:
    """Account, net MRR and gross MRR retention of a cell against initial accounts and MRR."""
    kept = {"accounts": cell.accounts, "mrr": cell.mrr, "gross_mrr": cell.gross_mrr}
    lines = {**kept, "initial_accounts": accounts, "initial_mrr": mrr}
    metrics = (account_retention, net_mrr_retention, gross_mrr_retention)
    found = (metric.METRIC.value(lines, 1) for metric in metrics)
    return next(found), next(found), next(found)


def averages(cohorts: Sequence[Cohort], ages: int, how: CohortAverage) -> list[AverageLine]:
    """Average lines of the ages below ``ages`` that some cohort has reached."""
    if how == "constant":
        cohorts = [c for c in cohorts if len(c.cells) >= ages]
    combine: Callable[[int, Sequence[Cohort]], Rates] = _mean if how == "simple" else _pooled
    lines = []
    for age in range(ages):
        reached = [c for c in cohorts if len(c.cells) > age]
        if reached:
            accounts = sum(c.initial_accounts for c in reached)
            lines.append(AverageLine(age, len(reached), accounts, combine(age, reached)))
    return lines


def _pooled(age: int, reached: Sequence[Cohort]) -> Rates:
    cell = sum((c.cells[age] for c in reached), Cell())
    accounts = sum(c.initial_accounts for c in reached)
    return retention(cell, accounts, sum(c.initial_mrr for c in reached))


def _mean(age: int, reached: Sequence[Cohort]) -> Rates:
    each = [retention(c.cells[age], c.initial_accounts, c.initial_mrr) for c in reached]
    accounts, net, gross = (_middle(rates) for rates in zip(*each, strict=True))
    return accounts, net, gross


def _middle(rates: Sequence[Rate]) -> Rate:
    known = [rate for rate in rates if isinstance(rate, Fraction)]
    return sum(known, Fraction(0)) / len(known) if known else Undefined("no_initial_mrr")
