"""Segment churn: the share of a segment's opening accounts that are not in it at the end.

They left altogether, or stay with another segment, such as a customer that drops one of two
products. Beside it logo churn counts only those that left altogether.

Formula: (churned accounts + accounts out) / opening accounts
Numerator: accounts of the segment at the opening and not at the closing month-end
Denominator: accounts with MRR in the segment at the opening month-end
Unit: fraction; of the total, where nobody changes to outside a filter, it is logo churn
Null: no_opening_accounts when nobody paid at the opening
Source: arithmetic: of 20 accounts with an add-on 1 left and 3 dropped it, 4 / 20 is 20%

>>> METRIC.of(opening_accounts=20, churned_accounts=1, segment_out_accounts=3)
Fraction(1, 5)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric
from retcalc.metrics.rate_formula import RateFormula

METRIC = Metric(
    doc=__doc__,
    name="segment_churn",
    label="Segment churn",
    unit="rate",
    rate=RateFormula(
        {"churned_accounts": 1, "segment_out_accounts": 1},
        {"opening_accounts": 1},
        "no_opening_accounts",
    ),
    shown_in=("churn",),
    place=35,
    better="less",
)
