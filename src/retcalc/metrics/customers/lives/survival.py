"""Survival: the share of accounts still there at each age (Kaplan-Meier).

Formula: product over ages of (1 - churned / at risk)
In full: S(t) = product over ages a up to t of (1 - churned(a) / at risk(a))
Numerator: lives that end at age a, the first day without MRR
Denominator: accounts observed at age a; who is still there at the as-of month is counted up to
    the age reached, who was there before the data begins from the age reached then
Grain: days where rows are dated, so that a life between two month-ends counts; months else, and
    the first month without MRR ends a life. A month is 30.4375 days
Unit: fraction; lifespans are months
Interval: log-log, exp(-exp(log(-log S) -+ z * sqrt(sum churned / (at risk * stayed)) / log S))
Null: the interval has no bounds when nobody survives; no_lives when there is nobody to watch;
    median_not_reached when more than half survive; ages_without_accounts when an age inside the
    horizon has nobody at risk
Source: E. L. Kaplan, P. Meier, JASA 53 (1958); J. D. Kalbfleisch, R. L. Prentice (1980)

Four accounts: churned after 1, 2 and 3 months, one still there after 3.

>>> from retcalc.kernels.lifetimes import AgeCount
>>> lives = (AgeCount(0, 4), AgeCount(1, 0, 1), AgeCount(2, 0, 1), AgeCount(3, 0, 1, 1))
>>> [str(point.survival) for point in kaplan_meier(lives)]
['1', '3/4', '1/2', '1/4']
>>> median_life(kaplan_meier(lives)), sum(life_curve(kaplan_meier(lives)))
(Fraction(2, 1), Fraction(9, 4))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, inf, log, sqrt
from statistics import NormalDist

from retcalc.core.result import ABOVE, Product
from retcalc.kernels.lifetimes import Lifetimes
from retcalc.metrics.metric import Metric, Rate, Undefined

_BITS = 256


@dataclass(frozen=True, slots=True)
class Point:
    """The curve at one age; the bounds are None where nobody survives."""

    age: int
    at_risk: int
    events: int
    survival: Fraction
    lower: float | None
    upper: float | None


def kaplan_meier(lives: Lifetimes, level: float = 0.95) -> tuple[Point, ...]:
    """Curve at every age from 0 to the last one observed; empty without lives."""
    counts = {count.age: count for count in lives}
    z = NormalDist().inv_cdf(0.5 + level / 2)
    points: list[Point] = []
    survival, spread, present = Fraction(1), 0.0, 0
    bounds = _bounds(survival, spread, z)
    for age in range(max(counts, default=-1) + 1):
        count = counts.get(age)
        at_risk = present if age or count is None else count.entered
        churned = count.churned if count else 0
        if churned:
            survival = _kept(survival * Fraction(at_risk - churned, at_risk))
            stayed = at_risk - churned
            spread += churned / (at_risk * stayed) if stayed else inf
            bounds = _bounds(survival, spread, z)
        points.append(Point(age, at_risk, churned, survival, *bounds))
        present += count.entered - churned - count.censored if count else 0
    return tuple(points)


def _kept(product: Fraction) -> Fraction:
    """A product as it is, or to 256 binary places where it would fill pages of digits."""
    if product.denominator.bit_length() <= _BITS:
        return product
    return Fraction(round(product * (1 << _BITS)), 1 << _BITS)


def _bounds(survival: Fraction, spread: float, z: float) -> tuple[float | None, float | None]:
    if survival == 1:
        return 1.0, 1.0
    if survival == 0:
        return None, None
    depth = log(survival)
    middle, half = log(-depth), z * sqrt(spread) / -depth
    return exp(-exp(middle + half)), exp(-exp(middle - half))


def median_life(points: Sequence[Point]) -> Rate:
    """Age by which half of the accounts have left."""
    if not points:
        return Undefined("no_lives")
    half = (Fraction(point.age) for point in points if 2 * point.survival <= 1)
    return next(half, Undefined("median_not_reached"))


def life_curve(points: Sequence[Point], horizon: int | None = None) -> list[Fraction] | Undefined:
    """S(0), S(1), … up to the horizon, at most to the last age observed; its sum is a mean life."""
    curve = [point.survival for point in points[:-1]][:horizon]
    if not curve:
        return Undefined("no_lives")
    alive = zip(points[1:], curve, strict=False)
    if any(point.at_risk == 0 and before > 0 for point, before in alive):
        return Undefined("ages_without_accounts")
    return curve


METRIC = Metric(
    doc=__doc__,
    name="survival",
    label="Survival",
    unit="rate",
    better="more",
    made_of=lambda _: Product(
        ({f"{ABOVE}survival": 1}, {"at_risk": 1, "events": -1}), ({"at_risk": 1},)
    ),
)
