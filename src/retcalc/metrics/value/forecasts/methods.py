"""The methods of a forecast: how today's cohorts go on, and what new business becomes.

nothing_changes keeps every cohort as it is. blended_rate multiplies all MRR by one rate, the MRR
kept from month to month over the last 12. chain_ladder multiplies a cohort by the factor of its
age. bdw multiplies it by the share of accounts that the BdW curve keeps at its age, and by what all
cohorts kept beside that over the last 12 months: what an account that stays pays more or less.

The first month of the data is a stock of unknown ages: it is in no factor and in no curve, and what
it kept over the last 12 months is its own rate; chain_ladder takes that for every age older than
the cohorts seen as well.

>>> rows = [[100.0, 90.0, 81.0], [50.0, 45.0], [50.0]]
>>> [round(x, 2) for x in forecast("chain_ladder", Past(rows, rows), 2).mrr.existing]
[158.4, 142.56]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from retcalc.metrics.metric import Undefined
from retcalc.metrics.value.forecasts.chain_ladder import factors
from retcalc.metrics.value.lifespans import bdw

Method = Literal["nothing_changes", "blended_rate", "chain_ladder", "bdw"]
METHODS: tuple[Method, ...] = ("nothing_changes", "blended_rate", "chain_ladder", "bdw")
RECENT_MONTHS = 12  # behind the blended rate and the pace of new business
NEAR = 1e-5  # log-likelihood: a curve nearer to the best one forecasts the same
Rows = Sequence[Sequence[float]]  # a row a start month, an age a figure; one shorter each month


@dataclass(frozen=True, slots=True)
class Past:
    """MRR and paying accounts of every cohort by age."""

    mrr: Rows
    accounts: Rows

    @property
    def months(self) -> int:
        """Months of history."""
        return len(self.mrr)

    def as_of(self, months: int) -> Past:
        """What was known after so many months: nothing later is in it."""
        return Past(*([r[: months - s] for s, r in enumerate(rows[:months])] for rows in self.both))

    @property
    def both(self) -> tuple[Rows, Rows]:
        """MRR, then accounts."""
        return self.mrr, self.accounts


@dataclass(frozen=True, slots=True)
class Ahead:
    """Figures of the months to come: a list a cohort, and what one unit of new business becomes.

    ``kept``: share of a new account's figure that is there at age 0, 1, …
    """

    cohorts: list[list[float]]
    kept: list[float]

    @property
    def existing(self) -> list[float]:
        """Today's accounts in every month to come."""
        return [sum(month) for month in zip(*self.cohorts, strict=True)]

    def new(self, pace: float) -> list[float]:
        """New business of ``pace`` a month, in every month to come."""
        return [pace * sum(self.kept[: month + 1]) for month in range(len(self.kept))]


@dataclass(frozen=True, slots=True)
class Forecast:
    """MRR and accounts of the months to come."""

    mrr: Ahead
    accounts: Ahead


@dataclass(frozen=True, slots=True)
class _Steps:
    """What a cohort's figure is multiplied by from each age to the next, and the stock's."""

    by_age: Sequence[float]
    older: float
    stock: float

    def at(self, age: int) -> float:
        return self.by_age[age] if age < len(self.by_age) else self.older


def total_at(rows: Rows, month: int, started_before: int | None = None) -> float:
    """Figure of all cohorts in a month, counted from 0; of those started before one, if given."""
    last = month + 1 if started_before is None else started_before
    return sum(rows[start][month - start] for start in range(last))


def new_pace(rows: Rows) -> float:
    """Mean of what began in the last 12 months; the first month of the data is a stock."""
    recent = [row[0] for row in rows[1:]][-RECENT_MONTHS:]
    return sum(recent) / len(recent) if recent else 0.0


def blended_rate(rows: Rows) -> float:
    """What is kept of a month's figure in the next, pooled over the last 12; 1 if nothing was."""
    months = range(max(0, len(rows) - 1 - RECENT_MONTHS), len(rows) - 1)
    before = sum(total_at(rows, m) for m in months)
    after = sum(total_at(rows, m + 1, started_before=m + 1) for m in months)
    return after / before if before else 1.0


def life_curve(accounts: Rows) -> bdw.Fit | Undefined:
    """The BdW fit to what cohorts kept at each age; who comes back offsets who leaves."""
    ages = []
    for age in range(1, len(accounts) - 1):
        rows = [row for row in accounts[1:] if len(row) > age]
        at_risk, left = (int(sum(row[a] for row in rows)) for a in (age - 1, age))
        ages.append((age, at_risk, max(0, at_risk - left)))
    return bdw.fit(ages, NEAR)


def forecast(
    method: Method, past: Past, months: int, curve: bdw.Fit | Undefined | None = None
) -> Forecast:
    """Carry the last figure of every cohort forward by so many months.

    ``curve``: that of accounts, for bdw; fitted where none is given.
    """
    if method == "bdw":
        fitted = life_curve(past.accounts) if curve is None else curve
        steps = [_bdw_steps(fitted, rows, months) for rows in past.both]
    else:
        steps = [_steps(method, rows) for rows in past.both]
    mrr, accounts = (
        _carried(rows, own, months) for rows, own in zip(past.both, steps, strict=True)
    )
    return Forecast(mrr, accounts)


def _carried(rows: Rows, steps: _Steps, months: int) -> Ahead:
    cohorts = []
    for start, row in enumerate(rows):
        figure, ahead = row[-1], []
        for age in range(len(row) - 1, len(row) - 1 + months):
            figure *= steps.at(age) if start else steps.stock
            ahead.append(figure)
        cohorts.append(ahead)
    kept = [1.0]
    for age in range(months - 1):
        kept.append(kept[-1] * steps.at(age))
    return Ahead(cohorts, kept)


def _steps(method: Method, rows: Rows) -> _Steps:
    if method == "nothing_changes":
        return _Steps((), 1.0, 1.0)
    if method == "blended_rate":
        rate = blended_rate(rows)
        return _Steps((), rate, rate)
    old = _kept_by_stock(rows)
    by_age = [old if factor is None else factor for factor in factors(rows[1:])]
    return _Steps(by_age, old, old)


def _bdw_steps(curve: bdw.Fit | Undefined, rows: Rows, months: int) -> _Steps:
    """The curve's retention by age, times what a figure kept beside it over the last 12 months.

    Without a curve all go on at their blended rate.
    """
    stock = _kept_by_stock(rows)
    if isinstance(curve, Undefined):
        return _Steps((), blended_rate(rows), stock)
    stay = [curve.retention(age + 1) for age in range(len(rows) + months)]
    recent = range(max(1, len(rows) - 1 - RECENT_MONTHS), len(rows) - 1)
    cohorts = [(start, month) for month in recent for start in range(1, month + 1)]
    told = sum(rows[start][month - start] * stay[month - start] for start, month in cohorts)
    kept = sum(rows[start][month - start + 1] for start, month in cohorts)
    beside = kept / told if told else 1.0
    by_age = [share * beside for share in stay]
    return _Steps(by_age, by_age[-1], stock)


def _kept_by_stock(rows: Rows) -> float:
    """What the first month's accounts kept from month to month over the last 12."""
    stock = rows[0][-RECENT_MONTHS - 1 :]
    before = sum(stock[:-1])
    return sum(stock[1:]) / before if before else blended_rate(rows)
