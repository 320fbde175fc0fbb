"""CLV change: what retention, value delivery and pricing each did to CLV between two periods.

Formula: part of a factor = its mean effect over the orders in which the three can change
In full: Shapley split of the product; for a of a * b * c, with 0 before and 1 after:
    (a1 - a0) * ((b0 c0 + b1 c1) / 3 + (b0 c1 + b1 c0) / 6)
Parts: lifespan (retention), ARPA (value delivery), gross margin (pricing); they sum to the change
Unit: money
Null: the reason of the CLV that is not defined
Source: L. S. Shapley, A value for n-person games (1953): each part is its factor's mean effect over
    the six orders in which the factors can change

>>> one = Fraction(1)
>>> parts = split((Fraction(10), Fraction(100), one), (Fraction(12), Fraction(90), one))
>>> [str(part) for part in parts], 12 * 90 - 10 * 100
(['190', '-110', '0'], 80)
"""

from __future__ import annotations

from fractions import Fraction

from retcalc.metrics.metric import Metric

Factors = tuple[Fraction, Fraction, Fraction]


def split(before: Factors, after: Factors) -> Factors:
    """Parts of the change of a product of three, in the order of the factors."""
    parts = []
    for own in range(3):
        (b0, c0), (b1, c1) = (f[:own] + f[own + 1 :] for f in (before, after))
        weight = (b0 * c0 + b1 * c1) / 3 + (b0 * c1 + b1 * c0) / 6
        parts.append((after[own] - before[own]) * weight)
    return parts[0], parts[1], parts[2]


METRIC = Metric(
    doc=__doc__,
    name="clv_change",
    label="CLV change",
    unit="money",
)
