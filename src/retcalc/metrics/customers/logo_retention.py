"""Logo retention: the share of opening accounts that are still there at the end.

Formula: (closing accounts - new - reactivated) / opening accounts
Numerator: opening accounts less churned accounts
Denominator: accounts with MRR at the opening month-end
Unit: fraction; 1 - logo churn
Null: no_opening_accounts when nobody paid at the opening
Source: B2B retention guide (Aritic/Albacross): 43 of 50 kept is 86%

>>> from retcalc.kernels import Bridge
>>> compute(Facts(Bridge(opening_accounts=50, churned_accounts=7)))
Fraction(43, 50)
"""

from __future__ import annotations

from retcalc.metrics.metric import Facts, Metric, Rate, share


def compute(facts: Facts) -> Rate:
    """Logo retention of one row."""
    kept = facts.opening_accounts - facts.bridge.churned_accounts
    return share(kept, facts.opening_accounts, "no_opening_accounts")


METRIC = Metric(
    name="logo_retention",
    label="Logo retention",
    unit="rate",
    formula="(closing accounts - new - reactivated) / opening accounts",
    source="B2B retention guide (Aritic/Albacross): 43 of 50 kept is 86%",
    compute=compute,
)
