"""Net revenue churn: lost MRR less expansion, against opening MRR.

Formula: (churn + contraction - expansion) / opening
Numerator: churn plus contraction less expansion (less reactivation when the definition
    says ``reactivation_in_nrr``); negative when growth outweighs losses
Denominator: opening MRR
Unit: fraction; 1 - NRR
Null: no_opening_mrr when nobody paid at the opening
Source: ChartMogul help: 100 opening, 10 churn, 10 contraction, 10 expansion give 10%

>>> from retcalc.kernels import Bridge
>>> compute(Facts(Bridge(opening_mrr=100, churn_mrr=10, contraction_mrr=10, expansion_mrr=10)))
Fraction(1, 10)
"""

from __future__ import annotations

from retcalc.metrics.metric import Facts, Metric, Rate, share


def compute(facts: Facts) -> Rate:
    """Net revenue churn of one row."""
    b = facts.bridge
    lost = b.churn_mrr + b.contraction_mrr - b.expansion_mrr - facts.returned_mrr
    return share(lost, facts.opening_mrr, "no_opening_mrr")


METRIC = Metric(
    name="net_revenue_churn",
    label="Net revenue churn",
    unit="rate",
    formula="(churn + contraction - expansion) / opening",
    source="ChartMogul help: 100 opening, 10 churn, 10 contraction, 10 expansion give 10%",
    compute=compute,
)
