"""Quick ratio: MRR gained for every unit of MRR lost.

Formula: (new + expansion + reactivation) / (churn + contraction)
Numerator: new, expansion and reactivation MRR
Denominator: churn plus contraction MRR
Unit: ratio; 4.0 gains four for one lost
Null: nothing_lost when there is neither churn nor contraction
Source: ProfitWell docs: 24k gained against 4k lost is 6

>>> METRIC.of(new_mrr=20, expansion_mrr=4, churn_mrr=3, contraction_mrr=1)
Fraction(6, 1)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric
from retcalc.metrics.rate_formula import RateFormula

METRIC = Metric(
    doc=__doc__,
    name="quick_ratio",
    label="Quick ratio",
    unit="ratio",
    rate=RateFormula(
        {"new_mrr": 1, "expansion_mrr": 1, "reactivation_mrr": 1},
        {"churn_mrr": 1, "contraction_mrr": 1},
        "nothing_lost",
    ),
    shown_in=("summary",),
    place=80,
    better="more",
    everyone=True,
    headline=120,
)
