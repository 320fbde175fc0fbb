"""What comes next: today's accounts and new business carried forward, judged on the past.

Formula: MRR of a month to come = today's accounts by the method used + new business
In full: nothing_changes keeps every cohort as it is; blended_rate multiplies all MRR by one rate,
    the MRR kept from month to month over the last 12; chain_ladder multiplies a cohort by the
    factor of its age. The first month of the data is a stock of unknown ages: it is in no factor,
    and what it kept over the last 12 months stands for every age older than the cohorts seen
Back-test: each method is run as of every past month-end with 12 months behind it; an error is
    (seen - forecast) / MRR at that month-end; the method with the least mean absolute error of
    today's accounts is used, nothing_changes unless another is better
Interval: forecast -+ q * sqrt(MRR now); q is the ceil((n + 1) * level)-th smallest among the n
    absolute errors of the same horizon in money, each over the square root of the MRR it began
    with: chance among many accounts grows with the square root of their number
Unit: money
Null: too_few_origins where ceil((n + 1) * level) exceeds n
Source: T. Mack, ASTIN Bulletin 23 (1993) for the factors; V. Vovk, A. Gammerman, G. Shafer,
    Algorithmic learning in a random world (2005) for the quantile

>>> rows = [[100.0, 90.0, 81.0], [50.0, 45.0], [50.0]]
>>> [round(x, 2) for x in forecast("chain_ladder", rows, 2).existing]
[158.4, 142.56]
>>> conformal([0.1, 0.4, 0.2, 0.3], 0.8), least_errors(0.8)
(0.4, 4)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, sqrt
from typing import Literal

from retcalc.metrics.metric import Metric, Undefined
from retcalc.metrics.value.forecasts.chain_ladder import factors

Method = Literal["nothing_changes", "blended_rate", "chain_ladder"]
METHODS: tuple[Method, ...] = ("nothing_changes", "blended_rate", "chain_ladder")
RECENT_MONTHS = 12  # behind the blended rate, the pace of new business, and every back-test
Rows = Sequence[Sequence[float]]  # a row a start month, an age a figure; one shorter each month


@dataclass(frozen=True, slots=True)
class Forecast:
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
class Errors:
    """Errors of one method by horizon, 1 first.

    ``shares``: of today's accounts, over their MRR. ``existing`` and ``total``: of today's accounts
    and of those with new business, over the square root of that MRR, for intervals.
    """

    shares: list[list[float]]
    existing: list[list[float]]
    total: list[list[float]]

    @property
    def mean_absolute(self) -> list[float | None]:
        """Mean absolute error of today's accounts by horizon."""
        return [sum(map(abs, e)) / len(e) if e else None for e in self.shares]


def as_of(rows: Rows, months: int) -> list[Sequence[float]]:
    """The triangle as it was after so many months: nothing later is in it."""
    return [row[: months - start] for start, row in enumerate(rows[:months])]


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


def forecast(method: Method, rows: Rows, months: int) -> Forecast:
    """Carry the last figure of every cohort forward by so many months."""
    rate = 1.0 if method == "nothing_changes" else blended_rate(rows)
    steps = _steps_by_age(rows, rate) if method == "chain_ladder" else []
    steps += [steps[-1] if steps else rate] * (len(rows) + months)
    cohorts = []
    for row in rows:
        figure, ahead = row[-1], []
        for age in range(len(row) - 1, len(row) - 1 + months):
            figure *= steps[age]
            ahead.append(figure)
        cohorts.append(ahead)
    kept = [1.0]
    for step in steps[: months - 1]:
        kept.append(kept[-1] * step)
    return Forecast(cohorts, kept)


def _steps_by_age(rows: Rows, rate: float) -> list[float]:
    """The factor of every age; the last one stands for all older ages."""
    stock = rows[0][-RECENT_MONTHS - 1 :]
    before = sum(stock[:-1])
    old = sum(stock[1:]) / before if before else rate
    return [*(old if factor is None else factor for factor in factors(rows[1:])), old]


def back_test(rows: Rows, months: int) -> dict[Method, Errors]:
    """Run every method as of every past month-end that has 12 months behind it."""
    found = {method: _no_errors(months) for method in METHODS}
    for seen in range(RECENT_MONTHS, len(rows)):
        past = as_of(rows, seen)
        now, pace = total_at(rows, seen - 1), new_pace(past)
        if not now:
            continue
        for method, errors in found.items():
            ahead = forecast(method, past, min(months, len(rows) - seen))
            new = ahead.new(pace)
            for h, existing in enumerate(ahead.existing):
                kept = total_at(rows, seen + h, started_before=seen)
                errors.shares[h].append((kept - existing) / now)
                errors.existing[h].append((kept - existing) / sqrt(now))
                total = total_at(rows, seen + h)
                errors.total[h].append((total - existing - new[h]) / sqrt(now))
    return found


def _no_errors(months: int) -> Errors:
    shares, existing, total = ([list[float]() for _ in range(months)] for _ in range(3))
    return Errors(shares, existing, total)


def best_method(errors: Mapping[Method, Errors]) -> Method:
    """The method with the least mean absolute error; nothing_changes unless one is better."""
    scores = {method: _score(found) for method, found in errors.items()}
    return min(METHODS, key=lambda method: scores[method])


def _score(errors: Errors) -> float:
    means = [mean for mean in errors.mean_absolute if mean is not None]
    return sum(means) / len(means) if means else 0.0


def conformal(errors: Sequence[float], level: float) -> float | Undefined:
    """Half the width of the interval: a quantile of the absolute errors."""
    place = _place(len(errors), level)
    if place > len(errors):
        return Undefined("too_few_origins")
    return sorted(map(abs, errors))[place - 1]


def least_errors(level: float) -> int:
    """How many errors an interval of this level needs."""
    return next(n for n in range(1, 10_000) if _place(n, level) <= n)


def _place(count: int, level: float) -> int:
    # the level as it is written: 0.8 as a binary fraction would round one place too far
    return ceil((count + 1) * Fraction(str(round(level, 6))))


def months_needed(months: int, level: float) -> int:
    """Months of history for an interval at every horizon."""
    return RECENT_MONTHS + months + least_errors(level) - 1


METRIC = Metric(
    doc=__doc__,
    name="forecast",
    label="Forecast MRR",
    unit="money",
)
