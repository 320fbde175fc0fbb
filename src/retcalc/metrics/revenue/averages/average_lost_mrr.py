"""Average lost MRR: what an account that left had paid a month.

Formula: churn / churned accounts
Numerator: MRR at the opening month-end of the accounts that left
Denominator: accounts of the opening set that left
Unit: money a month
Null: no_churned_accounts when nobody left
Source: arithmetic: 120 of churned MRR over 3 accounts that left are 40 each

>>> METRIC.of(churn_mrr=12_000, churned_accounts=3)
Fraction(4000, 1)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric
from retcalc.metrics.rate_formula import RateFormula

METRIC = Metric(
    doc=__doc__,
    name="average_lost_mrr",
    label="Avg lost MRR",
    unit="money",
    rate=RateFormula({"churn_mrr": 1}, {"churned_accounts": 1}, "no_churned_accounts"),
    shown_in=("summary",),
    place=110,
    better="less",
)
