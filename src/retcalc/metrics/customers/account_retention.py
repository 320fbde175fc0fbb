"""Account retention of a cohort: the share of its accounts that pay at an age.

Formula: accounts paying at the age / initial accounts
Numerator: accounts of the cohort with MRR at the month-end of that age; returned ones count
Denominator: all accounts of the cohort
Unit: fraction; 0.75 is 75%
Null: no_initial_accounts for a cohort of nobody
Source: B2B retention guide (Aritic/Albacross): 50 accounts at the start, 7 leave, 86% stay

>>> compute(43, 50)
Fraction(43, 50)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric, Rate, share


def compute(accounts: int, initial_accounts: int) -> Rate:
    """Account retention of one cohort at one age."""
    return share(accounts, initial_accounts, "no_initial_accounts")


METRIC = Metric(
    name="account_retention",
    label="Account retention",
    unit="rate",
    formula="accounts paying at the age / initial accounts",
    source="B2B retention guide (Aritic/Albacross): 50 accounts at the start, 7 leave, 86% stay",
    compute=compute,
)
