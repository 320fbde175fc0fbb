"""Annualised logo churn: the yearly churn that the rate of this span would compound to.

Formula: 1 - (1 - logo churn) ^ (12 / months)
Numerator: as logo churn
Denominator: as logo churn
Unit: fraction a year; an extrapolation, and labelled so
Null: no_opening_accounts when nobody paid at the opening; churn_above_one when more left than
    were there
Source: ChartMogul help: 5% a month is 46% a year

>>> round(float(METRIC.of(opening_accounts=100, churned_accounts=5)), 4)
0.4596
"""

from __future__ import annotations

from fractions import Fraction

from retcalc.core.result import Compounded
from retcalc.metrics.customers import logo_churn
from retcalc.metrics.metric import Metric, Rate, Undefined


def yearly(churn: Rate, months: int) -> Rate:
    """Yearly churn that the churn of ``months`` compounds to."""
    if isinstance(churn, Undefined):
        return churn
    if churn > 1:
        return Undefined("churn_above_one")
    years, rest = divmod(12, months)
    if rest == 0:
        return 1 - (1 - churn) ** years
    return Fraction(1 - float(1 - churn) ** (12 / months))


METRIC = Metric(
    doc=__doc__,
    name="annualised_logo_churn",
    label="Logo churn, annualised",
    unit="rate",
    made_from=logo_churn.METRIC,
    convert=yearly,
    made_of=lambda months: Compounded("logo_churn", Fraction(12, months)),
    shown_in=("churn", "summary"),
    place=70,
    better="less",
)
