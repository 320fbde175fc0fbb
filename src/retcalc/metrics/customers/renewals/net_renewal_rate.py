"""Net renewal rate: the MRR that renewals brought for each unit of MRR that was up for renewal.

Formula: renewed MRR / (due MRR - open MRR)
Numerator: MRR of the terms that follow those that came to their end
Denominator: MRR of the terms that ended in the window; what can still renew is left out
Unit: fraction; above 1 where renewals grew more than others were lost
Null: nothing_due when no term has come to its end
Source: opexengine: 200 renewed with the upsell against 100 due is 200%

>>> compute(200, 100, 0)
Fraction(2, 1)
"""

from __future__ import annotations

from retcalc.core.result import Quotient
from retcalc.metrics.metric import Metric, Rate, share


def compute(renewed_mrr: int, due_mrr: int, open_mrr: int) -> Rate:
    """What was renewed over the MRR that is decided."""
    return share(renewed_mrr, due_mrr - open_mrr, "nothing_due")


METRIC = Metric(
    doc=__doc__,
    name="net_renewal_rate",
    label="Net renewal rate",
    unit="rate",
    made_of=lambda _: Quotient({"renewed_mrr": 1}, {"due_mrr": 1, "open_mrr": -1}),
    better="more",
)
