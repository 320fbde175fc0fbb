"""Logo (customer) churn: the share of opening accounts that are gone at the end.

Formula: churned accounts / opening accounts
Numerator: accounts open at the opening and not at the closing month-end
Denominator: accounts with MRR at the opening month-end
Unit: fraction; 0.14 is 14%
Null: no_opening_accounts when nobody paid at the opening
Source: B2B retention guide (Aritic/Albacross): 7 of 50 lost is 14%

>>> METRIC.of(opening_accounts=50, churned_accounts=7)
Fraction(7, 50)
"""

from __future__ import annotations

from retcalc.kernels.by_account.churn_events import LATE, RETURNED
from retcalc.metrics.metric import Metric
from retcalc.metrics.rate_formula import Change, RateFormula

METRIC = Metric(
    doc=__doc__,
    name="logo_churn",
    label="Logo churn",
    unit="rate",
    rate=RateFormula(
        {"churned_accounts": 1},
        {"opening_accounts": 1},
        "no_opening_accounts",
        changes={
            "churn_numerator": {
                "returns_count": Change(more={RETURNED: 1}, spans="ends", by_day=True),
                "all_events": Change(more={RETURNED: 1, LATE: 1}, spans="ends", by_day=True),
            },
            "churn_denominator": {
                "opening_plus_new": Change(denominator={"opening_accounts": 1, "new_accounts": 1})
            },
        },
    ),
    shown_in=("churn", "retention", "movements", "summary"),
    place=30,
    better="less",
    headline=30,
)
