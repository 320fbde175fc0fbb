"""What-if: life, CLV, ARR and profit of today's accounts under another churn or expansion.

Formula: ARR * (1 - churn + expansion)^12; ARPA * gross margin / churn
In full: lifespan = period / churn; CLV = ARPA * gross margin * lifespan;
    ARR after 12 months = ARR * (1 - churn + expansion)^(12 / period);
    profit = margin * revenue of every month to come, discounted (NPV)
Period: a month for monthly rates, 12 months for a yearly renewal (churn = 1 - renewal)
Scope: today's accounts, without new ones; a leaving account takes the average MRR with it
Unit: months, money
Null: zero_churn for an endless life without a horizon; infinite_profit when the base grows faster
    than the discount; churn_below_zero and churn_above_one when a change leads there
Source: arithmetic: a renewal of 80% is 1/0.20 = 5.00 years, of 85% 1/0.15 = 6.67 years, +33%
    (a popular article has it doubled)

>>> lives = [lifespan(Plan(1 - Fraction(renewal, 100), months=12)).months for renewal in (80, 85)]
>>> lives, lives[1] / lives[0] - 1
([Fraction(60, 1), Fraction(80, 1)], Fraction(1, 3))
>>> arr_after_a_year(Fraction(1000), Plan(Fraction(20, 100), months=12))
Fraction(800, 1)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from retcalc.metrics.discounting import MONTHS_A_YEAR, Terms
from retcalc.metrics.metric import Metric, Rate, Undefined
from retcalc.metrics.value.lifespans.lifespan import NO_TERMS, Lifespan, annuity, geometric


@dataclass(frozen=True, slots=True)
class Plan:
    """Rates of one scenario per period of ``months`` (1 or 12)."""

    churn: Fraction
    expansion: Fraction = Fraction(0)
    months: int = 1

    @property
    def growth(self) -> Fraction:
        """Revenue of the base at the end of a period against its beginning."""
        return 1 - self.churn + self.expansion

    @property
    def impossible(self) -> Undefined | None:
        """Why the rates cannot be, if they cannot."""
        if self.churn < 0:
            return Undefined("churn_below_zero")
        return Undefined("churn_above_one") if self.churn > 1 or self.growth < 0 else None


def lifespan(plan: Plan, terms: Terms = NO_TERMS) -> Lifespan:
    """Mean months an account stays."""
    if plan.impossible:
        return Lifespan(plan.impossible, plan.impossible)
    return geometric(plan.churn, terms, plan.months)


def arr_after_a_year(arr: Fraction, plan: Plan) -> Rate:
    """ARR of today's accounts twelve months on."""
    return plan.impossible or arr * plan.growth ** (MONTHS_A_YEAR // plan.months)


def profit(mrr: Fraction, margin: Fraction, plan: Plan, terms: Terms = NO_TERMS) -> Rate:
    """Net present value of the gross profit of today's accounts."""
    if plan.impossible:
        return plan.impossible
    worth = annuity(plan.growth, terms, plan.months)
    return Undefined("infinite_profit") if isinstance(worth, Undefined) else mrr * margin * worth


METRIC = Metric(
    doc=__doc__,
    name="whatif",
    label="What-if",
    unit="money",
)
