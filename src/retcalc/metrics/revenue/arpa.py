"""ARPA: average MRR of an account at the closing month-end.

Formula: closing MRR / closing accounts
Numerator: closing MRR
Denominator: accounts with MRR at the closing month-end
Unit: money a month
Null: no_closing_accounts when nobody pays at the closing
Source: definitions of retcalc, section 2

>>> from retcalc.kernels import Bridge
>>> compute(Facts(Bridge(closing_mrr=12_500, closing_accounts=150)))
Fraction(250, 3)
"""

from __future__ import annotations

from retcalc.metrics.metric import Facts, Metric, Rate, share


def compute(facts: Facts) -> Rate:
    """Average revenue per account of one row."""
    b = facts.bridge
    return share(b.closing_mrr, b.closing_accounts, "no_closing_accounts")


METRIC = Metric(
    name="arpa",
    label="ARPA",
    unit="money",
    formula="closing MRR / closing accounts",
    source="definitions of retcalc, section 2",
    compute=compute,
)
