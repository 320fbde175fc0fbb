"""Gross revenue churn: the share of opening MRR lost to churn and downgrades.

Formula: (churn + contraction) / opening
Numerator: churn plus contraction
Denominator: opening MRR
Unit: fraction; 1 - GRR
Null: no_opening_mrr when nobody paid at the opening
Source: ChartMogul help: 100 opening, 10 churn, 10 contraction give 20%

>>> from retcalc.kernels import Bridge
>>> compute(Facts(Bridge(opening_mrr=100, churn_mrr=10, contraction_mrr=10)))
Fraction(1, 5)
"""

from __future__ import annotations

from retcalc.metrics.metric import Facts, Metric, Rate, share


def compute(facts: Facts) -> Rate:
    """Gross revenue churn of one row."""
    lost = facts.bridge.churn_mrr + facts.bridge.contraction_mrr
    return share(lost, facts.opening_mrr, "no_opening_mrr")


METRIC = Metric(
    name="gross_revenue_churn",
    label="Gross revenue churn",
    unit="rate",
    formula="(churn + contraction) / opening",
    source="ChartMogul help: 100 opening, 10 churn, 10 contraction give 20%",
    compute=compute,
)
