"""Net revenue retention: what the opening accounts pay at the end, against what they paid.

Formula: (opening + expansion - contraction - churn) / opening
Numerator: closing MRR of the accounts that were open at the opening month-end
    (plus reactivation when the definition says ``reactivation_in_nrr``)
Denominator: opening MRR
Unit: fraction; 1.03 is 103%
Null: no_opening_mrr when nobody paid at the opening
Source: Pulse RevOps: 10.0M opening, 0.6 contraction, 0.9 churn, 1.8 expansion give 103%

>>> from retcalc.kernels import Bridge
>>> compute(Facts(Bridge(opening_mrr=100, contraction_mrr=6, churn_mrr=9, expansion_mrr=18)))
Fraction(103, 100)
"""

from __future__ import annotations

from retcalc.metrics.metric import Facts, Metric, Rate, share


def compute(facts: Facts) -> Rate:
    """Net revenue retention of one row."""
    b = facts.bridge
    kept = facts.opening_mrr + b.expansion_mrr - b.contraction_mrr - b.churn_mrr
    return share(kept + facts.returned_mrr, facts.opening_mrr, "no_opening_mrr")


METRIC = Metric(
    name="nrr",
    label="NRR",
    unit="rate",
    formula="(opening + expansion - contraction - churn) / opening",
    source="Pulse RevOps: 10.0M opening, 0.6 contraction, 0.9 churn, 1.8 expansion give 103%",
    compute=compute,
)
