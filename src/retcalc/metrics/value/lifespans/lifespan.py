"""Lifespan: mean months an account stays, by one of five named methods.

Formula: sum of the share of accounts still there after t months, t = 0, 1, …
In full: sum of S(t), t = 0, 1, …, with S the share of accounts still there after t months
    inverse-churn: S(t) = (1 - c)^t, so 1 / c, with c the mean monthly logo churn of the window
    observed: S over completed lives alone; too short, as it ignores who is still there
    survival: Kaplan-Meier, up to the longest life observed (restricted mean)
Grain: observed and survival by the day where rows are dated: the sum is over days then, and
    30.4375 of them make a month
    sbg: shifted beta-geometric fit
    bdw: beta-discrete-Weibull fit, up to 1,200 months
Discount: sum of S(t) v^t with v = (1 + yearly rate)^(-1/12); payments at the start of a month
Horizon: months beyond it do not count
Few: fewer than 5 churned accounts leave a churn rate open by a factor of nine (95% of a Poisson
    count of 4 is 1.1 to 10.2), so inverse-churn, sbg and bdw make no life of more than 60 months of
    them; what was seen is a lower bound then. A horizon that is given counts all the same
Unit: months
Null: zero_churn when no life ended, unless a horizon is given: the horizon then;
    lifespan_beyond_a_century for an sBG mean of more than 1,200 months without a horizon;
    no_monthly_churn without a month to take a rate from; no_completed_lives; infinite_lifespan
    for a BdW mean without an end; and the reasons of ``survival``, ``sbg`` and ``bdw``
Source: ChartMogul help: churn of 5% a month is a life of 20 months; arithmetic: a renewal of 80%
    a year is a life of 1 / 0.20 = 5 years, of 85% one of 6.67 years, a third more

>>> inverse_churn([Fraction(4, 100), Fraction(6, 100)]).months
Fraction(20, 1)
>>> inverse_churn([Fraction(0)]).months, inverse_churn([Fraction(0)], Terms(horizon=60)).months
(Undefined(reason='zero_churn'), Fraction(60, 1))
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from retcalc.kernels.lifetimes import Lifetimes
from retcalc.metrics.customers.lives.survival import Point, kaplan_meier, life_curve
from retcalc.metrics.discounting import Terms
from retcalc.metrics.metric import Metric, Rate, Undefined
from retcalc.metrics.value.lifespans import bdw as beta_weibull
from retcalc.metrics.value.lifespans.sbg import AgeRisk, Fit, expected_life, fit, survival_curve

LONGEST_MONTHS = 1200  # a longer mean comes of an alpha just above 1 and is not trustworthy
FEW_CHURNED, FEW_MONTHS = 5, 60  # fewer accounts tell of no longer life
NOBODY = 5e-5  # a share that 0.0% is written for


@dataclass(frozen=True, slots=True)
class Lifespan:
    """Mean months, the same discounted, and the horizon that cut them (None: they are whole).

    ``alive``: share still there at that horizon.
    """

    months: Rate
    discounted: Rate
    horizon: int | None = None
    alive: Fraction | None = None

    def at_least(self, terms: Terms) -> bool:
        """Whether it is a lower bound: cut earlier than at a horizon that was asked for."""
        return self.horizon is not None and self.horizon != terms.horizon


def is_too_long(life: Lifespan, churned: int, terms: Terms) -> bool:
    """Whether so few churned accounts cannot tell so long a life; with a horizon they need not."""
    if terms.horizon is not None or not 0 < churned < FEW_CHURNED:
        return False
    if isinstance(life.months, Undefined):
        return life.months.reason in ("infinite_lifespan", "lifespan_beyond_a_century")
    return life.months > FEW_MONTHS


def believed(life: Lifespan, churned: int, terms: Terms) -> Lifespan:
    """The life, or too_few_churned where so few cannot tell one so long."""
    return _undefined("too_few_churned") if is_too_long(life, churned, terms) else life


NO_TERMS = Terms()
MONTHLY = Fraction(1)  # ages are months


def inverse_churn(rates: Sequence[Fraction], terms: Terms = NO_TERMS) -> Lifespan:
    """Lifespan under the mean of monthly churn rates."""
    if not rates:
        return _undefined("no_monthly_churn")
    return geometric(sum(rates, Fraction(0)) / len(rates), terms)


def geometric(churn: Fraction, terms: Terms = NO_TERMS, period: int = 1) -> Lifespan:
    """Lifespan when every ``period`` months take the same share ``churn``, in [0, 1]."""
    keep = 1 - churn
    if terms.horizon is not None:
        return _cut(_falling(keep, terms.horizon, period), terms, keep ** (terms.horizon // period))
    if not churn:
        return _undefined("zero_churn")
    return Lifespan(period / churn, annuity(keep, terms, period))


def annuity(keep: Fraction, terms: Terms = NO_TERMS, period: int = 1) -> Rate:
    """Worth of 1 a month that is multiplied by ``keep`` >= 0 every ``period`` months."""
    if terms.horizon is not None:
        return _cut(_falling(keep, terms.horizon, period), terms).discounted
    if not terms.discount_rate:
        return period / (1 - keep) if keep < 1 else Undefined("endless")
    monthly = terms.monthly
    kept = float(keep) * monthly**period
    first = math.fsum(monthly**month for month in range(period))
    return Fraction(first / (1 - kept)) if kept < 1 else Undefined("endless")


def _falling(keep: Fraction, horizon: int, period: int) -> list[Fraction]:
    return [keep ** (month // period) for month in range(horizon)]


def observed(lives: Lifetimes, terms: Terms = NO_TERMS, per_month: Fraction = MONTHLY) -> Lifespan:
    """Mean of the lives that have ended, counted by ages of which ``per_month`` make a month."""
    total = sum(count.churned for count in lives)
    if not total:
        return _no_churn(terms) if lives else _undefined("no_completed_lives")
    ended = {count.age: count.churned for count in lives}
    curve, left = list[Fraction](), total
    for age in range(max(1, *ended)):
        left -= ended.get(age, 0)
        curve.append(Fraction(left, total))
    end = Fraction(len(curve))
    if terms.horizon is None or terms.horizon * per_month >= end:
        return _cut(curve, terms, None, end, per_month)
    end = terms.horizon * per_month
    return _cut(curve[: ceil(end)], terms, curve[floor(end)], end, per_month)


def survival(
    points: Sequence[Point],
    terms: Terms = NO_TERMS,
    limit: int | None = None,
    per_month: Fraction = MONTHLY,
) -> Lifespan:
    """Kaplan-Meier mean, restricted to the horizon, ``limit`` months and the months observed.

    ``points`` are by ages of which ``per_month`` make a month; a month that nobody was watched to
    the end of does not count, unless nobody is left by then.
    """
    if points and not any(point.events for point in points):
        return _no_churn(terms)
    if points and not points[0].survival:  # all left on the day they came
        return Lifespan(Fraction(0), Fraction(0))
    last = Fraction(max(len(points) - 1, 0))
    ends = [end * per_month for end in (terms.horizon, limit) if end is not None]
    if points and points[-1].survival:
        ends.append(last // per_month * per_month)
    end = min([last, *ends])
    curve = life_curve(points, ceil(end))
    if isinstance(curve, Undefined):
        return Lifespan(curve, curve)
    return _cut(curve, terms, points[floor(end)].survival, end, per_month)


def sbg(fitted: Fit | Undefined, terms: Terms = NO_TERMS) -> Lifespan:
    """Mean life of the fitted model."""
    if isinstance(fitted, Undefined):
        return _no_churn(terms) if fitted.reason == "zero_churn" else Lifespan(fitted, fitted)
    months = expected_life(fitted, horizon=terms.horizon)
    if not isinstance(months, Undefined) and months > LONGEST_MONTHS:
        months = Undefined("lifespan_beyond_a_century")
    discounted = months
    if terms.discount_rate:
        discounted = expected_life(fitted, discount=terms.monthly, horizon=terms.horizon)
    if terms.horizon is None:
        return Lifespan(months, discounted)
    alive = survival_curve(fitted, terms.horizon + 1)[-1]
    return Lifespan(months, discounted, terms.horizon, Fraction(alive))


def bdw(fitted: beta_weibull.Fit | Undefined, terms: Terms = NO_TERMS) -> Lifespan:
    """Mean life of the fitted model, up to the horizon or 1,200 months."""
    if isinstance(fitted, Undefined):
        return _no_churn(terms) if fitted.reason == "zero_churn" else Lifespan(fitted, fitted)
    *curve, alive = survival_curve(fitted, (terms.horizon or LONGEST_MONTHS) + 1)
    cut = _cut([Fraction(share) for share in curve], terms, Fraction(alive))
    if terms.horizon is None and alive < NOBODY:
        return Lifespan(cut.months, cut.discounted)
    if terms.horizon is None and fitted.endless:
        endless = Undefined("infinite_lifespan")
        return Lifespan(endless, cut.discounted if terms.discount_rate else endless)
    return cut


def fit_lives(lives: Lifetimes) -> Fit | Undefined:
    """Fit the sBG model to lives by age."""
    return fit(_by_age(lives))


def fit_lives_by_bdw(lives: Lifetimes) -> beta_weibull.Fit | Undefined:
    """Fit the BdW model to lives by age."""
    return beta_weibull.fit(_by_age(lives))


def _by_age(lives: Lifetimes) -> list[AgeRisk]:
    points = kaplan_meier(lives)
    return [(point.age, point.at_risk, point.events) for point in points if point.age]


def _undefined(reason: str) -> Lifespan:
    return Lifespan(Undefined(reason), Undefined(reason))


def _no_churn(terms: Terms) -> Lifespan:
    if terms.horizon is None:
        return _undefined("zero_churn")
    return _cut([Fraction(1)] * terms.horizon, terms, Fraction(1))


def _cut(
    curve: Sequence[Fraction],
    terms: Terms,
    alive: Fraction | None = None,
    end: Fraction | None = None,
    per_month: Fraction = MONTHLY,
) -> Lifespan:
    """The mean under a curve up to the age ``end``, its last step counted as far as that."""
    until = Fraction(len(curve)) if end is None else end
    missing = (len(curve) - until) * curve[-1]
    months = (_sum(curve) - missing) / per_month
    discounted = months
    if terms.discount_rate:
        discounted = Fraction(_worth(curve, terms, missing, per_month))
    return Lifespan(months, discounted, int(until / per_month) if alive else None, alive)


def _sum(shares: Sequence[Fraction]) -> Fraction:
    """The exact sum; shares of one denominator are added first, which is most of a long curve."""
    numerators: defaultdict[int, int] = defaultdict(int)
    for share in shares:
        numerators[share.denominator] += share.numerator
    return sum((Fraction(n, d) for d, n in numerators.items()), Fraction(0))


def _worth(
    curve: Sequence[Fraction], terms: Terms, missing: Fraction, per_month: Fraction
) -> float:
    """Discounted months under a curve, less what is ``missing`` of its last step."""
    steps = [float(share) for share in curve]
    steps[-1] -= float(missing)
    worth = math.pow(terms.monthly, 1 / float(per_month))
    return math.fsum(step * worth**age for age, step in enumerate(steps)) / float(per_month)


METRIC = Metric(
    doc=__doc__,
    name="lifespan",
    label="Lifespan",
    unit="number",
)
