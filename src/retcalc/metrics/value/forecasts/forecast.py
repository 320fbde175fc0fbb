"""What comes next: today's accounts and new business carried forward, judged on the past.

Formula: MRR of a month to come = today's accounts by the method used + new business
In full: nothing_changes keeps every cohort as it is; blended_rate multiplies all MRR by one rate,
    the MRR kept from month to month over the last 12; chain_ladder multiplies a cohort by the
    factor of its age; bdw by the share of accounts that a BdW curve keeps at its age, and by what
    an account that stays pays more or less. The first month of the data is a stock of unknown ages:
    it is in no factor and no curve, and goes on at what it kept over the last 12 months
Back-test: each method is run as of every past month-end with 12 months behind it, the BdW curve
    fitted anew every third month; an error is (seen - forecast) / MRR at that month-end; the method
    with the least mean absolute error of today's accounts is used, nothing_changes unless another
    is better
Interval: forecast -+ q * sqrt(MRR now); q is the conformal quantile at the place (n + 1) * level
    among the last n = 24 absolute errors of the same horizon in money, each over the square root of
    the MRR it began with: chance among many accounts grows with the square root of their number
Unit: money
Null: too_few_origins where (n + 1) * level exceeds n
Source: T. Mack, ASTIN Bulletin 23 (1993) for the factors; P. Fader and others, J. Interactive
    Marketing 43 (2018) for the curve; V. Vovk, A. Gammerman, G. Shafer, Algorithmic learning in a
    random world (2005) for the quantile

>>> months_needed(12, 0.8)
27
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from retcalc.metrics.metric import Metric
from retcalc.metrics.value.forecasts.intervals import least_errors
from retcalc.metrics.value.forecasts.methods import (
    METHODS,
    RECENT_MONTHS,
    Method,
    Past,
    forecast,
    life_curve,
    new_pace,
    total_at,
)

FIT_EVERY = 3  # past month-ends


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors of one method by horizon, 1 first, of each past month-end in their order.

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


def back_test(past: Past, months: int) -> dict[Method, Errors]:
    """Run every method as of every past month-end that has 12 months behind it."""
    found = {method: _no_errors(months) for method in METHODS}
    curve = None
    for seen in range(RECENT_MONTHS, past.months):
        known, now = past.as_of(seen), total_at(past.mrr, seen - 1)
        if curve is None or (seen - RECENT_MONTHS) % FIT_EVERY == 0:
            curve = life_curve(known.accounts)
        if not now:
            continue
        pace = new_pace(known.mrr)
        for method, errors in found.items():
            ahead = forecast(method, known, min(months, past.months - seen), curve).mrr
            new = ahead.new(pace)
            for h, existing in enumerate(ahead.existing):
                kept = total_at(past.mrr, seen + h, started_before=seen)
                errors.shares[h].append((kept - existing) / now)
                errors.existing[h].append((kept - existing) / sqrt(now))
                total = total_at(past.mrr, seen + h)
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


def months_needed(months: int, level: float) -> int:
    """Months of history for an interval at every horizon."""
    return RECENT_MONTHS + months + least_errors(level) - 1


METRIC = Metric(
    doc=__doc__,
    name="forecast",
    label="Forecast MRR",
    unit="money",
)
