"""CLV:CAC: lifetime value for each unit of money spent on winning an account.

Formula: CLV / CAC
Unit: ratio; 3.0x is the usual target, below it the row is flagged; a ratio that is a lower bound
    is flagged where even that reaches the target, and is undecided below it
Null: zero_cac when nothing was spent; else the reason of the part that is not defined; of the
    flag: lower_bound_below_target
Source: MonetizationHQ: ARPU 500, margin 75%, churn 2.5% and CAC 6,000 give 15,000 / 6,000 = 2.5

>>> compute(Fraction(15_000), Fraction(6_000))
Fraction(5, 2)
"""

from __future__ import annotations

from fractions import Fraction

from retcalc.core.result import Quotient
from retcalc.metrics.metric import Metric, Rate, Undefined


def compute(clv: Rate, cac: Rate) -> Rate:
    """Value over cost of an account."""
    if isinstance(clv, Undefined) or isinstance(cac, Undefined):
        return clv if isinstance(clv, Undefined) else cac
    return clv / cac if cac > 0 else Undefined("zero_cac")


def flag(ratio: Rate, target: Fraction, *, at_least: bool = False) -> str | Undefined:
    """``below_target`` or ``ok``; a ratio ``at_least`` so large may still reach the target."""
    if isinstance(ratio, Undefined):
        return ratio
    if ratio >= target:
        return "ok"
    return Undefined("lower_bound_below_target") if at_least else "below_target"


METRIC = Metric(
    doc=__doc__,
    name="clv_cac",
    label="CLV:CAC",
    unit="ratio",
    headline=90,
    better="more",
    made_of=lambda _: Quotient({"clv": 1}, {"cac": 1}),
)
