"""Logo retention: the share of opening accounts that are still there at the end.

Formula: (closing accounts - new - reactivated) / opening accounts
Numerator: opening accounts less churned accounts
Denominator: accounts with MRR at the opening month-end
Unit: fraction; 1 - logo churn
Null: no_opening_accounts when nobody paid at the opening
Source: B2B retention guide (Aritic/Albacross): 43 of 50 kept is 86%

>>> METRIC.of(opening_accounts=50, churned_accounts=7)
Fraction(43, 50)
"""

from __future__ import annotations

from retcalc.metrics.customers import logo_churn
from retcalc.metrics.metric import complement

METRIC = complement(
    logo_churn.METRIC,
    doc=__doc__,
    name="logo_retention",
    label="Logo retention",
    shown_in=("retention", "summary"),
    place=40,
    better="more",
)
