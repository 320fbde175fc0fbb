"""Net revenue churn: lost MRR less expansion, against opening MRR.

Formula: (churn + contraction - expansion) / opening
Numerator: churn plus contraction less expansion (less reactivation when the definition
    says ``reactivation_in_nrr``); negative when growth outweighs losses
Denominator: opening MRR
Unit: fraction; 1 - NRR
Null: no_opening_mrr when nobody paid at the opening
Source: ChartMogul help: 100 opening, 10 churn, 10 contraction, 10 expansion give 10%

>>> METRIC.of(opening_mrr=100, churn_mrr=10, contraction_mrr=10, expansion_mrr=10)
Fraction(1, 10)
"""

from __future__ import annotations

from retcalc.metrics.metric import complement
from retcalc.metrics.revenue import nrr

METRIC = complement(
    nrr.METRIC,
    doc=__doc__,
    name="net_revenue_churn",
    label="Net revenue churn",
    shown_in=("churn", "summary"),
    place=60,
    better="less",
)
