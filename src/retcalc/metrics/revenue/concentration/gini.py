"""Gini coefficient of closing MRR: 0 when all accounts pay the same, near 1 when one pays all.

Formula: (2 * sum of rank * MRR - (n + 1) * closing MRR) / (n * closing MRR)
In full: (2 * sum of rank * MRR - (n + 1) * closing MRR) / (n * closing MRR), rank 1 the smallest
Numerator: twice the area between equality and the Lorenz curve, exact
Denominator: accounts times closing MRR
Unit: number from 0 to (n - 1) / n
Null: no_closing_mrr when nobody pays at the closing
Source: C. Gini, Variabilità e mutabilità (1912): half the mean difference of all pairs over the
    mean; of 1, 2, 3 it is (8 / 9) / 2 / 2 = 2/9

>>> compute(1 * 1 + 2 * 2 + 3 * 3, 3, 6)
Fraction(2, 9)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric, Rate, share


def compute(ranked: int, accounts: int, closing_mrr: int) -> Rate:
    """Gini coefficient; ``ranked`` is the sum of rank times MRR."""
    area = 2 * ranked - (accounts + 1) * closing_mrr
    return share(area, accounts * closing_mrr, "no_closing_mrr")


METRIC = Metric(
    doc=__doc__,
    name="gini",
    label="Gini",
    unit="number",
    better="less",
)
