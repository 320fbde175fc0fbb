"""ARR: the closing MRR over a year.

Formula: 12 * closing MRR
Numerator: twelve times the closing MRR
Denominator: none
Unit: money a year
Null: never
Source: definitions of retcalc, section 2

>>> METRIC.of(closing_mrr=50)
Fraction(600, 1)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric
from retcalc.metrics.rate_formula import RateFormula

METRIC = Metric(
    doc=__doc__,
    name="arr",
    label="ARR",
    unit="money",
    rate=RateFormula({"closing_mrr": 12}),
    shown_in=("summary",),
    place=100,
    better="more",
    everyone=True,
)
