"""Gross revenue churn: the share of opening MRR lost to churn and downgrades.

Formula: (churn + contraction) / opening
Numerator: churn plus contraction
Denominator: opening MRR
Unit: fraction; 1 - GRR
Null: no_opening_mrr when nobody paid at the opening
Source: ChartMogul help: 100 opening, 10 churn, 10 contraction give 20%

>>> METRIC.of(opening_mrr=100, churn_mrr=10, contraction_mrr=10)
Fraction(1, 5)
"""

from __future__ import annotations

from retcalc.metrics.metric import complement
from retcalc.metrics.revenue import grr

METRIC = complement(
    grr.METRIC,
    doc=__doc__,
    name="gross_revenue_churn",
    label="Gross revenue churn",
    shown_in=("churn", "summary"),
    place=50,
    better="less",
)
