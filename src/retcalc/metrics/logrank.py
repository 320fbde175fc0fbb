"""Log-rank test of the segments: whether they lose their accounts at the same ages.

Formula: u' V^-1 u, u = churned - expected by segment, expected(a) = at risk * churned / at risk of
    all at age a, V its hypergeometric covariance; chi-square with segments - 1 degrees of freedom
Null: too_few_segments when fewer than two segments were ever at risk; zero_churn when no life ended
    where two segments were at risk
Source: N. Mantel, Cancer Chemotherapy Reports 50 (1966)

>>> round(chi_square_tail(3.841459, 1), 6), round(chi_square_tail(5.991465, 2), 6)
(0.05, 0.05)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, lgamma, log, sqrt

from retcalc.metrics.customers.lives.survival import Point
from retcalc.metrics.metric import Undefined


@dataclass(frozen=True, slots=True)
class LogRank:
    """The statistic, its degrees of freedom and the chance of one at least as large."""

    chi_square: float
    degrees_of_freedom: int
    p_value: float


def log_rank(curves: Sequence[Sequence[Point]]) -> LogRank | Undefined:
    """Compare the curves of segments, late entry included."""
    tables = [{p.age: (p.at_risk, p.events) for p in curve} for curve in curves]
    tables = [table for table in tables if any(n for age, (n, _) in table.items() if age)]
    if len(tables) < 2:
        return Undefined("too_few_segments")
    size = len(tables) - 1
    gap, spread = [0.0] * size, [[0.0] * size for _ in range(size)]
    for age in sorted(set().union(*tables)):
        cells = [table.get(age, (0, 0)) for table in tables]
        n, d = sum(c[0] for c in cells), sum(c[1] for c in cells)
        if n < 2 or not d:
            continue
        scale = d * (n - d) / (n * n * (n - 1))
        for i, (at_risk, events) in enumerate(cells[:-1]):
            gap[i] += events - at_risk * d / n
            for j, (other, _) in enumerate(cells[:-1]):
                spread[i][j] += scale * at_risk * ((n if i == j else 0) - other)
    solved = _solve(spread, gap)
    if solved is None:
        return Undefined("zero_churn")
    statistic = sum(u * x for u, x in zip(gap, solved, strict=True))
    return LogRank(statistic, size, chi_square_tail(statistic, size))


def chi_square_tail(value: float, degrees: int) -> float:
    """Chance that a chi-square variable of whole ``degrees`` exceeds ``value`` >= 0.

    The regularised upper gamma function by its recurrence from one half or one.
    """
    x, shape = value / 2, 1.0 if degrees % 2 == 0 else 0.5
    tail = exp(-x) if degrees % 2 == 0 else erfc(sqrt(x))
    while x > 0 and shape < degrees / 2:
        tail += exp(shape * log(x) - x - lgamma(shape + 1))
        shape += 1
    return min(tail, 1.0)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float] | None:
    """Solve by Gauss elimination with pivots; None for a singular matrix."""
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    size, largest = len(rows), max(abs(v) for line in matrix for v in line)
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        if abs(rows[pivot][i]) <= 1e-12 * largest:
            return None
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for r in range(size):
            if r != i:
                rows[r] = [v - rows[r][i] * w for v, w in zip(rows[r], rows[i], strict=True)]
    return [line[-1] for line in rows]
