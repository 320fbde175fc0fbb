"""Logo (customer) churn: the share of opening accounts that are gone at the end.

Formula: churned accounts / opening accounts
Numerator: accounts open at the opening and not at the closing month-end
Denominator: accounts with MRR at the opening month-end
Unit: fraction; 0.14 is 14%
Null: no_opening_accounts when nobody paid at the opening
Source: B2B retention guide (Aritic/Albacross): 7 of 50 lost is 14%

>>> from retcalc.kernels import Bridge
>>> compute(Facts(Bridge(opening_accounts=50, churned_accounts=7)))
Fraction(7, 50)
"""

from __future__ import annotations

from retcalc.metrics.metric import Facts, Metric, Rate, share


def compute(facts: Facts) -> Rate:
    """Logo churn of one row."""
    lost = facts.bridge.churned_accounts
    return share(lost, facts.opening_accounts, "no_opening_accounts")


METRIC = Metric(
    name="logo_churn",
    label="Logo churn",
    unit="rate",
    formula="churned accounts / opening accounts",
    source="B2B retention guide (Aritic/Albacross): 7 of 50 lost is 14%",
    compute=compute,
)
