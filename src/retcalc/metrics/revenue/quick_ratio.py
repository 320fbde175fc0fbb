"""Quick ratio: MRR gained for every unit of MRR lost.

Formula: (new + expansion + reactivation) / (churn + contraction)
Numerator: new, expansion and reactivation MRR
Denominator: churn plus contraction MRR
Unit: ratio; 4.0 gains four for one lost
Null: nothing_lost when there is neither churn nor contraction
Source: ProfitWell docs: 24k gained against 4k lost is 6

>>> from retcalc.kernels import Bridge
>>> compute(Facts(Bridge(new_mrr=20, expansion_mrr=4, churn_mrr=3, contraction_mrr=1)))
Fraction(6, 1)
"""

from __future__ import annotations

from retcalc.metrics.metric import Facts, Metric, Rate, share


def compute(facts: Facts) -> Rate:
    """Quick ratio of one row."""
    b = facts.bridge
    gained = b.new_mrr + b.expansion_mrr + b.reactivation_mrr
    return share(gained, b.churn_mrr + b.contraction_mrr, "nothing_lost")


METRIC = Metric(
    name="quick_ratio",
    label="Quick ratio",
    unit="ratio",
    formula="(new + expansion + reactivation) / (churn + contraction)",
    source="ProfitWell docs: 24k gained against 4k lost is 6",
    compute=compute,
)
