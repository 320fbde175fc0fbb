"""Net MRR retention of a cohort (NDR): its MRR at an age against its first MRR.

Formula: MRR at the age / initial MRR
Numerator: MRR of the cohort's accounts at the month-end of that age, expansion included
Denominator: their first MRR, each account's own first paid month
Unit: fraction; 1.1 is 110%
Null: no_initial_mrr for a cohort of nobody
Source: Kellogg's note on NRR: A goes from 100 to 80 over the year; later joiners are no part
    of its cohort, which keeps 80%

>>> METRIC.of(mrr=80, initial_mrr=100)
Fraction(4, 5)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric
from retcalc.metrics.rate_formula import RateFormula

METRIC = Metric(
    doc=__doc__,
    name="net_mrr_retention",
    label="Net MRR retention",
    unit="rate",
    rate=RateFormula({"mrr": 1}, {"initial_mrr": 1}, "no_initial_mrr"),
    better="more",
)
