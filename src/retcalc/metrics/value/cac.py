"""CAC: sales and marketing spend behind one new account.

Formula: spend / new accounts
Numerator: spend of the window's months, ``lag`` months earlier where a lag is given
Denominator: accounts that are new in one of the window's months, also when they left within it
Unit: money
Null: no_new_accounts without a new account; no_segment_spend where the spend of a segment is not
    known; start_of_data where the window holds the first month, whose new accounts are a stock
Source: metric templates: 50,000 for 25 new accounts is 2,000

>>> compute(50_000, 25)
Fraction(2000, 1)
>>> compute(50_000, 0)
Undefined(reason='no_new_accounts')
"""

from __future__ import annotations

from fractions import Fraction

from retcalc.core.result import Quotient
from retcalc.metrics.metric import Metric, Rate, Undefined


def compute(spend: Fraction | int, new_accounts: int) -> Rate:
    """Acquisition cost of an account."""
    if new_accounts <= 0:
        return Undefined("no_new_accounts")
    return Fraction(spend) / new_accounts


METRIC = Metric(
    doc=__doc__,
    name="cac",
    label="CAC",
    unit="money",
    better="less",
    made_of=lambda _: Quotient({"spend": 1}, {"new_accounts": 1}),
)
