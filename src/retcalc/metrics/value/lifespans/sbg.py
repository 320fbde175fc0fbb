"""Shifted beta-geometric life (sBG): every account has its own chance to leave, beta-distributed.

Formula: S(t) = product of (beta + k - 1) / (alpha + beta + k - 1), k = 1 to t
In full: hazard(t) = alpha / (alpha + beta + t - 1), S(t) = product of (1 - hazard)
Fit: maximum likelihood on at risk n(t) and churned d(t) by age, cohorts pooled, late entry and
    censoring included: sum of d log hazard + (n - d) log(1 - hazard)
Unit: alpha and beta are plain; lives are months
Null: no_lives; zero_churn without an end of life; no_survivors when all leave at once;
    too_few_ages when fewer than two ages were seen; no_later_churn when lives end at the first
    age only; infinite_lifespan for a mean life with alpha <= 1 and neither horizon nor discount
Limit: where the hazard does not fall with age there is no heterogeneity to find; alpha and beta
    are infinite (None here) and the life is geometric with chance ``mean``
Source: P. Fader, B. Hardie, How to project customer retention, J. Interactive Marketing 21 (2007):
    the Regular segment below has alpha 0.704, beta 1.182, log-likelihood -1680.27, S(12) 17.0%

>>> alive = [1000, 631, 468, 382, 326, 289, 262, 241]
>>> fitted = fit([(t, alive[t - 1], alive[t - 1] - alive[t]) for t in range(1, 8)])
>>> [round(x, 3) for x in (fitted.alpha, fitted.beta, fitted.log_likelihood)]
[0.704, 1.182, -1680.265]
>>> round(survival_curve(fitted, 13)[12], 3), expected_life(fitted)
(0.17, Undefined(reason='infinite_lifespan'))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import isclose, log, sqrt
from typing import Protocol

from retcalc.metrics.metric import Metric, Rate, Undefined

AgeRisk = tuple[int, int, int]  # age >= 1, at risk, churned


class Model(Protocol):
    """A fitted model of lives."""

    def retention(self, age: int) -> float:
        """Chance to stay from ``age - 1`` to ``age``."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The fitted model by the mean chance to leave and its spread, 1 / (alpha + beta).

    hazard(t) = mean / (1 + spread * (t - 1)); spread 0 is the geometric limit.
    """

    mean: float
    spread: float
    log_likelihood: float

    @property
    def alpha(self) -> float | None:
        """First parameter of the beta distribution; None in the geometric limit."""
        return self.mean / self.spread if self.spread else None

    @property
    def beta(self) -> float | None:
        """Second parameter of the beta distribution; None in the geometric limit."""
        return (1 - self.mean) / self.spread if self.spread else None

    def retention(self, age: int) -> float:
        """Chance to stay from ``age - 1`` to ``age``."""
        grown = self.spread * (age - 1)
        return (1 - self.mean + grown) / (1 + grown)


# 1 / (alpha + beta) is searched over this range, beyond it the model is its limit
_SPREADS = [10.0 ** (k / 4) for k in range(-24, 25)]


def fit(ages: Iterable[AgeRisk]) -> Fit | Undefined:
    """Maximise the likelihood; needs no start values.

    For a given spread the likelihood is concave in the mean, so the mean follows by bisection;
    what is left is one dimension, searched on a grid and refined where its slope changes sign.
    """
    seen = [row for row in ages if row[1] > 0]
    churned, exposed = sum(row[2] for row in seen), sum(row[1] for row in seen)
    if not churned:
        return Undefined("zero_churn" if seen else "no_lives")
    if churned == exposed:
        return Undefined("no_survivors")
    if len(seen) < 2:
        return Undefined("too_few_ages")
    if churned == sum(d for age, _, d in seen if age == 1):
        return Undefined("no_later_churn")
    rows = [(age - 1, n - d, n) for age, n, d in seen]

    def at(spread: float) -> Fit:
        mean = _best_mean(rows, churned, spread)
        likelihood = churned * log(mean)
        for k, stayed, n in rows:
            likelihood += stayed * log(1 - mean + spread * k) - n * log(1 + spread * k)
        return Fit(mean, spread, likelihood)

    def slope(spread: float) -> float:
        mean = _best_mean(rows, churned, spread)
        return sum(
            k * (stayed / (1 - mean + spread * k) - n / (1 + spread * k)) for k, stayed, n in rows
        )

    slopes = [slope(spread) for spread in _SPREADS]
    peaks = [
        _root(slope, low, high)
        for low, high, rising, falling in zip(
            _SPREADS, _SPREADS[1:], slopes, slopes[1:], strict=False
        )
        if rising > 0 >= falling
    ]
    return max(map(at, [0.0, *peaks]), key=lambda found: found.log_likelihood)


def _best_mean(rows: Iterable[tuple[int, int, int]], churned: int, spread: float) -> float:
    """By Newton's steps, kept between the bounds that the sign of the slope gives."""
    stays = [(1 + spread * k, stayed) for k, stayed, _ in rows if stayed]
    low, high, mean = 0.0, 1.0, 0.5
    for _ in range(100):
        shares = [(stayed / (size - mean), size - mean) for size, stayed in stays]
        slope = churned / mean - sum(share for share, _ in shares)
        low, high = (mean, high) if slope > 0 else (low, mean)
        bend = churned / mean**2 + sum(share / left for share, left in shares)
        step = mean + slope / bend
        before, mean = mean, step if low < step < high else (low + high) / 2
        if abs(mean - before) <= 1e-16 + 4e-16 * mean:
            break
    return mean


def _root(slope: Callable[[float], float], low: float, high: float) -> float:
    """Where a slope that starts positive reaches zero, to the last bit."""
    while low < (middle := (low + high) / 2) < high:
        if slope(middle) > 0:
            low = middle
        else:
            high = middle
    return middle


def survival_curve(fitted: Model, ages: int) -> list[float]:
    """S(0), S(1), … for so many ages."""
    curve = [1.0]
    for age in range(1, ages):
        curve.append(curve[-1] * fitted.retention(age))
    return curve[:ages]


def expected_life(
    fitted: Fit, *, reached: int = 0, discount: float = 1.0, horizon: int | None = None
) -> Rate:
    """Mean months still to come, the current one included, for an account of age ``reached``.

    ``discount``: worth of the next month's money against this one's, at most 1.
    ``horizon``: months counted from now.
    """
    if horizon is not None:
        total, value = 0.0, 1.0
        for month in range(1, horizon + 1):
            total += value
            value *= fitted.retention(reached + month) * discount
        return Fraction(total)
    mean = fitted.mean / (1 + fitted.spread * reached)
    spread = fitted.spread / (1 + fitted.spread * reached)
    if discount < 1:
        return Fraction(_discounted(mean, spread, discount))
    if mean <= spread:
        return Undefined("infinite_lifespan")
    return Fraction((1 - spread) / (mean - spread))


def _discounted(mean: float, spread: float, discount: float) -> float:
    """Sum of S(t) discount^t over all t: 2F1(1, beta; alpha + beta; discount).

    By Gauss's continued fraction, multiplied through by the spread so that 0 is no exception.
    """

    def size(k: int) -> float:
        return 1 + spread * k

    def fraction(terms: int) -> float:
        tail = (1 + sqrt(1 - discount)) / 2
        for k in range(terms, 1, -1):
            j = k // 2
            odd, even = (
                size(j - 1) * (1 - mean + j * spread),
                (mean + (j - 1) * spread) * j * spread,
            )
            tail = 1 - discount * (odd if k % 2 else even) / (size(k - 2) * size(k - 1)) / tail
        return 1 / (1 - discount * (1 - mean) / tail)

    terms, before, now = 64, 0.0, fraction(32)
    while not isclose(before, now, rel_tol=1e-13) and terms < 1 << 24:
        before, now, terms = now, fraction(terms), terms * 2
    return now


METRIC = Metric(
    doc=__doc__,
    name="sbg",
    label="sBG expected life",
    unit="number",
)
