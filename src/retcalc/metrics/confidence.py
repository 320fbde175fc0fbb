"""Confidence intervals: Wilson's for shares of counts, percentiles of a bootstrap for money.

Source: E. B. Wilson, Probable inference, JASA 22 (1927); B. Efron, Bootstrap methods (1979).

>>> low, high = wilson(7, 50, 0.95)
>>> round(low, 4), round(high, 4)
(0.0695, 0.2619)
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, sqrt
from statistics import NormalDist


def wilson(successes: int, trials: int, level: float) -> tuple[float, float]:
    """Wilson score interval of a share of counts; ``trials`` > 0, ``level`` in (0, 1)."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share, spread = successes / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def percentile_interval(values: Sequence[Fraction], level: float) -> tuple[Fraction, Fraction]:
    """Middle ``level`` of sorted replicates, outward nearest ranks; ``values`` not empty."""
    ranked = sorted(values)
    tail = (1 - level) / 2 * (len(ranked) - 1)
    return ranked[floor(tail)], ranked[ceil(len(ranked) - 1 - tail)]
