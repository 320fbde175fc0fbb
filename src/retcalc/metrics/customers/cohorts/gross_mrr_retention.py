"""Gross MRR retention of a cohort: what is left of its first MRR when nothing ever grows back.

Formula: sum of each account's lowest MRR up to the age / initial MRR
Numerator: running minimum per account since its first paid month; a month without MRR is 0
Denominator: their first MRR, each account's own first paid month
Unit: fraction, at most 1 and at most net MRR retention
Null: no_initial_mrr for a cohort of nobody
Source: Pulse RevOps: 10.0M at the start, 0.6 contraction, 0.9 churn give 85%

>>> METRIC.of(gross_mrr=85, initial_mrr=100)
Fraction(17, 20)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric
from retcalc.metrics.rate_formula import RateFormula

METRIC = Metric(
    doc=__doc__,
    name="gross_mrr_retention",
    label="Gross MRR retention",
    unit="rate",
    rate=RateFormula({"gross_mrr": 1}, {"initial_mrr": 1}, "no_initial_mrr"),
    better="more",
)
