"""Account retention of a cohort: the share of its accounts that pay at an age.

Formula: accounts paying at the age / initial accounts
Numerator: accounts of the cohort with MRR at the month-end of that age; returned ones count
Denominator: all accounts of the cohort
Unit: fraction; 0.75 is 75%
Null: no_initial_accounts for a cohort of nobody
Source: B2B retention guide (Aritic/Albacross): 50 accounts at the start, 7 leave, 86% stay

>>> METRIC.of(accounts=43, initial_accounts=50)
Fraction(43, 50)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric
from retcalc.metrics.rate_formula import RateFormula

METRIC = Metric(
    doc=__doc__,
    name="account_retention",
    label="Account retention",
    unit="rate",
    rate=RateFormula({"accounts": 1}, {"initial_accounts": 1}, "no_initial_accounts"),
    better="more",
)
