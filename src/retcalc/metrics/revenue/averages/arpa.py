"""ARPA: average MRR of an account at the closing month-end.

Formula: closing MRR / closing accounts
Numerator: closing MRR
Denominator: accounts with MRR at the closing month-end
Unit: money a month
Null: no_closing_accounts when nobody pays at the closing
Source: definitions of retcalc, section 2

>>> METRIC.of(closing_mrr=12_500, closing_accounts=150)
Fraction(250, 3)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric
from retcalc.metrics.rate_formula import RateFormula

METRIC = Metric(
    doc=__doc__,
    name="arpa",
    label="ARPA",
    unit="money",
    rate=RateFormula({"closing_mrr": 1}, {"closing_accounts": 1}, "no_closing_accounts"),
    shown_in=("summary",),
    place=90,
    better="more",
    everyone=True,
    headline=60,
)
