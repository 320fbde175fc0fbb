"""ARR: the closing MRR over a year.

Formula: 12 * closing MRR
Numerator: twelve times the closing MRR
Denominator: none
Unit: money a year
Null: never
Source: definitions of retcalc, section 2

>>> from retcalc.kernels import Bridge
>>> compute(Facts(Bridge(closing_mrr=50)))
Fraction(600, 1)
"""

from __future__ import annotations

from fractions import Fraction

from retcalc.metrics.metric import Facts, Metric, Rate


def compute(facts: Facts) -> Rate:
    """Annual recurring revenue of one row."""
    return Fraction(12 * facts.bridge.closing_mrr)


METRIC = Metric(
    name="arr",
    label="ARR",
    unit="money",
    formula="12 * closing MRR",
    source="definitions of retcalc, section 2",
    compute=compute,
)
