"""CAC payback: months until a new account's gross profit has paid for winning it.

Formula: CAC / (ARPA of new accounts * gross margin)
ARPA of new accounts: their MRR at the end of their first month / new accounts
Unit: months
Null: the reason of CAC; no_new_mrr when new accounts bring nothing
Source: CAC 2,000 at ARPU 500 and margin 80% is 2,000 / 400 = 5 months (inputs of the metric
    templates' LTV example)

>>> compute(Fraction(2_000), Fraction(500), Fraction(80, 100))
Fraction(5, 1)
"""

from __future__ import annotations

from fractions import Fraction

from retcalc.core.result import Product
from retcalc.metrics.metric import Metric, Rate, Undefined


def compute(cac: Rate, new_arpa: Rate, margin: Fraction) -> Rate:
    """Months to earn the acquisition cost back."""
    if isinstance(cac, Undefined) or isinstance(new_arpa, Undefined):
        return cac if isinstance(cac, Undefined) else new_arpa
    monthly = new_arpa * margin
    return cac / monthly if monthly > 0 else Undefined("no_new_mrr")


METRIC = Metric(
    doc=__doc__,
    name="payback_months",
    label="CAC payback",
    unit="number",
    better="less",
    headline=100,
    made_of=lambda _: Product(({"cac": 1},), ({"new_arpa": 1}, {"gross_margin": 1})),
)
