"""Gross revenue retention: the opening MRR that was not lost, growth left aside.

Formula: sum of min(opening, closing) per opening account / opening
Numerator: opening MRR less contraction and churn, which is the sum of min(opening, closing)
    over the opening accounts
Denominator: opening MRR
Unit: fraction; never above 1, never above NRR
Null: no_opening_mrr when nobody paid at the opening
Source: Pulse RevOps: 10.0M opening, 0.6 contraction, 0.9 churn give 85%

>>> METRIC.of(opening_mrr=100, contraction_mrr=6, churn_mrr=9, expansion_mrr=18)
Fraction(17, 20)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric
from retcalc.metrics.rate_formula import Change, RateFormula

METRIC = Metric(
    doc=__doc__,
    name="grr",
    label="GRR",
    unit="rate",
    rate=RateFormula(
        {"opening_mrr": 1, "contraction_mrr": -1, "churn_mrr": -1},
        {"opening_mrr": 1},
        "no_opening_mrr",
        changes={
            "grr_form": {
                "movements": Change(spans="months", words="month by month"),
                "total_level": Change(
                    numerator={
                        "opening_mrr": 1,
                        "expansion_mrr": 1,
                        "contraction_mrr": -1,
                        "churn_mrr": -1,
                    },
                    capped=True,
                ),
            }
        },
    ),
    shown_in=("nrr", "grr", "movements", "summary", "trailing"),
    place=20,
    better="more",
    headline=20,
)
