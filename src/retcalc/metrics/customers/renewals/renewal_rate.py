"""Renewal rate: the share of accounts up for renewal that renewed.

Formula: renewed accounts / (due accounts - open accounts)
Numerator: accounts with a term that follows the one that came to its end
Denominator: accounts whose term ended in the window; those that can still renew are left out
Unit: fraction; an account is due once for each day on which terms of it end
Null: nothing_due when no term has come to its end
Source: opexengine: none of 0 due in January, 100 of February's 100 renewed in January, is n/a and
    100%, and 100% for the quarter

>>> compute(100, 100, 0), compute(3, 5, 1)
(Fraction(1, 1), Fraction(3, 4))
"""

from __future__ import annotations

from retcalc.core.result import Quotient
from retcalc.metrics.metric import Metric, Rate, share


def compute(renewed_accounts: int, due_accounts: int, open_accounts: int) -> Rate:
    """The share of the accounts that are decided."""
    return share(renewed_accounts, due_accounts - open_accounts, "nothing_due")


METRIC = Metric(
    doc=__doc__,
    name="renewal_rate",
    label="Renewal rate",
    unit="rate",
    made_of=lambda _: Quotient({"renewed_accounts": 1}, {"due_accounts": 1, "open_accounts": -1}),
    better="more",
)
