"""Gross renewal rate: the share of the MRR up for renewal that was renewed, growth left aside.

Formula: sum of min(renewed MRR, due MRR) per account / (due MRR - open MRR)
Numerator: for each end of an account's terms the renewed MRR, at most as much as was due
Denominator: MRR of the terms that ended in the window; what can still renew is left out
Unit: fraction; never above 1, never above the net renewal rate
Null: nothing_due when no term has come to its end
Source: opexengine: 200 renewed against 100 due is 100% gross, 200% net

>>> compute(100, 100, 0), compute(85, 110, 10)
(Fraction(1, 1), Fraction(17, 20))
"""

from __future__ import annotations

from retcalc.core.result import Quotient
from retcalc.metrics.metric import Metric, Rate, share


def compute(kept_mrr: int, due_mrr: int, open_mrr: int) -> Rate:
    """The share of the MRR that is decided."""
    return share(kept_mrr, due_mrr - open_mrr, "nothing_due")


METRIC = Metric(
    doc=__doc__,
    name="gross_renewal_rate",
    label="Gross renewal rate",
    unit="rate",
    made_of=lambda _: Quotient({"kept_mrr": 1}, {"due_mrr": 1, "open_mrr": -1}),
    better="more",
)
