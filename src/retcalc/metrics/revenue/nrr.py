"""Net revenue retention: what the opening accounts pay at the end, against what they paid.

Formula: (opening + expansion - contraction - churn) / opening
Numerator: closing MRR of the accounts that were open at the opening month-end
    (plus reactivation when the definition says ``reactivation_in_nrr``)
Denominator: opening MRR
Unit: fraction; 1.03 is 103%
Null: no_opening_mrr when nobody paid at the opening
Source: Pulse RevOps: 10.0M opening, 0.6 contraction, 0.9 churn, 1.8 expansion give 103%

>>> METRIC.of(opening_mrr=100, contraction_mrr=6, churn_mrr=9, expansion_mrr=18)
Fraction(103, 100)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric
from retcalc.metrics.rate_formula import Change, RateFormula

METRIC = Metric(
    doc=__doc__,
    name="nrr",
    label="NRR",
    unit="rate",
    rate=RateFormula(
        {"opening_mrr": 1, "expansion_mrr": 1, "contraction_mrr": -1, "churn_mrr": -1},
        {"opening_mrr": 1},
        "no_opening_mrr",
        changes={
            "nrr_form": {
                "lazy": Change(
                    more={"reactivation_mrr": 1}, spans="months", words="month by month"
                ),
                "survivors_only": Change(
                    denominator={"opening_mrr": 1, "churn_mrr": -1},
                    reason="no_survivors",
                    spans="ends",
                ),
                "cohort_12m_ago": Change(spans="year", words="over 12 months"),
                "trailing_average": Change(
                    spans="twelve_years",
                    how="mean",
                    words="mean of 12 month-ends over 12 months each",
                ),
                "monthly_average": Change(
                    spans="each_month", how="mean", words="mean of the one-month rates"
                ),
                "monthly_average_annualised": Change(
                    spans="each_month",
                    how="mean_to_the_12th",
                    words="mean of the one-month rates, ^ 12",
                ),
                "compounded_monthly": Change(
                    spans="each_month", words="product of the one-month rates"
                ),
            },
            "reactivation_in_nrr": {True: Change(more={"reactivation_mrr": 1})},
        },
    ),
    shown_in=("nrr", "grr", "movements", "summary", "trailing"),
    place=10,
    better="more",
    headline=10,
)
