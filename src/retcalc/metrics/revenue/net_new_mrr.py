"""Net new MRR: what the movements of the window added to MRR.

Formula: new + reactivation + expansion - contraction - churn
Numerator: every movement with its sign; changes of exchange rates are none
Unit: money a month
Null: never; 0 when nothing moved
Source: Baremetrics academy: net new MRR is new plus expansion plus reactivation, less churn and
    contraction

>>> METRIC.of(new_mrr=50, reactivation_mrr=5, expansion_mrr=20, contraction_mrr=10, churn_mrr=30)
Fraction(35, 1)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric
from retcalc.metrics.rate_formula import RateFormula

METRIC = Metric(
    doc=__doc__,
    name="net_new_mrr",
    label="Net new MRR",
    unit="money",
    rate=RateFormula(
        {
            "new_mrr": 1,
            "reactivation_mrr": 1,
            "expansion_mrr": 1,
            "contraction_mrr": -1,
            "churn_mrr": -1,
        }
    ),
    shown_in=("summary",),
    place=100,
    better="more",
)
