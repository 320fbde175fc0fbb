"""CLV: gross profit an account brings over its life.

Formula: ARPA * gross margin * lifespan
ARPA: closing MRR / closing accounts, money a month
Lifespan: months, discounted where a rate is given; see ``lifespan`` for its methods
Unit: money
Null: the reason of the factor that is not defined
Source: ChartMogul help: ARPA 100 at 5% churn a month is 2,000; metric templates: ARPU 500, margin
    80%, churn 5% is 8,000

>>> compute(Fraction(500), Fraction(80, 100), Fraction(20))
Fraction(8000, 1)
"""

from __future__ import annotations

from fractions import Fraction

from retcalc.core.result import Product
from retcalc.metrics.metric import Metric, Rate, Undefined


def compute(arpa: Rate, margin: Fraction, lifespan: Rate) -> Rate:
    """Lifetime value from its three factors."""
    if isinstance(arpa, Undefined):
        return arpa
    return lifespan if isinstance(lifespan, Undefined) else arpa * margin * lifespan


def worth_of(months: str) -> Product:
    """The value as a product of columns; ``months`` names that of the life, discounted or not."""
    return Product(({"arpa": 1}, {"gross_margin": 1}, {months: 1}))


METRIC = Metric(
    doc=__doc__,
    name="clv",
    label="CLV",
    unit="money",
    headline=80,
    better="more",
    made_of=lambda _: worth_of("lifespan_months"),
)
