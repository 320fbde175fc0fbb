"""Gross revenue retention: the opening MRR that was not lost, growth left aside.

Formula: sum of min(opening, closing) per opening account / opening
Numerator: opening MRR less contraction and churn, which is the sum of min(opening, closing)
    over the opening accounts
Denominator: opening MRR
Unit: fraction; never above 1, never above NRR
Null: no_opening_mrr when nobody paid at the opening
Source: Pulse RevOps: 10.0M opening, 0.6 contraction, 0.9 churn give 85%

>>> from retcalc.kernels import Bridge
>>> compute(Facts(Bridge(opening_mrr=100, contraction_mrr=6, churn_mrr=9, expansion_mrr=18)))
Fraction(17, 20)
"""

from __future__ import annotations

from retcalc.metrics.metric import Facts, Metric, Rate, share


def compute(facts: Facts) -> Rate:
    """Gross revenue retention of one row."""
    lost = facts.bridge.contraction_mrr + facts.bridge.churn_mrr
    return share(facts.opening_mrr - lost, facts.opening_mrr, "no_opening_mrr")


METRIC = Metric(
    name="grr",
    label="GRR",
    unit="rate",
    formula="sum of min(opening, closing) per opening account / opening",
    source="Pulse RevOps: 10.0M opening, 0.6 contraction, 0.9 churn give 85%",
    compute=compute,
)
