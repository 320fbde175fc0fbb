"""Chain ladder: how cohorts develop from age to age, carried forward, with Mack's error.

Formula: f_j = sum of C(i, j+1) / sum of C(i, j), over the cohorts i seen at both ages
In full: C(i, j+1) = f_j * C(i, j) from the last age seen; the error of the total follows from the
    spread of single cohorts around f_j (sigma_j squared) and from the error of f_j itself
Unit: that of the triangle; factors are plain
Null: an age that no cohort with a figure has left behind has no factor, None; the error is
    empty_cohort where a cohort has no figure left, too_few_ages with fewer than four
Source: T. Mack, Distribution-free calculation of the standard error of chain ladder reserve
    estimates, ASTIN Bulletin 23 (1993)

>>> triangle = [[100, 150, 165], [100, 130], [120]]
>>> [round(f, 2) for f in factors(triangle)]
[1.4, 1.1]
>>> [round(row[-1], 1) for row in completed(triangle, factors(triangle))]
[165, 143.0, 184.8]
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from retcalc.metrics.metric import Undefined

Triangle = Sequence[Sequence[float]]  # a row a cohort, oldest first; a figure an age from 0 on


def factors(triangle: Triangle) -> list[float | None]:
    """The development factor of every age but the last; None where nothing was there."""
    found: list[float | None] = []
    for age in range(max((len(row) for row in triangle), default=0) - 1):
        rows = [row for row in triangle if len(row) > age + 1]
        start = sum(row[age] for row in rows)
        found.append(sum(row[age + 1] for row in rows) / start if start else None)
    return found


def completed(triangle: Triangle, by_age: Sequence[float | None]) -> list[list[float]]:
    """Every cohort carried forward to the oldest age; an age without a factor changes nothing."""
    rows = []
    for row in triangle:
        whole = list(row)
        for factor in by_age[len(row) - 1 :]:
            whole.append(whole[-1] * (1.0 if factor is None else factor))
        rows.append(whole)
    return rows


def mack_error(triangle: Triangle) -> float | Undefined:
    """Standard error of the sum of all cohorts at the oldest age.

    For cohorts seen up to one month: each is shorter than the one before, as it is younger.
    """
    if len(triangle) < 4:
        return Undefined("too_few_ages")
    if not all(all(row) for row in triangle):
        return Undefined("empty_cohort")
    by_age = [factor or 0.0 for factor in factors(triangle)]
    spreads, sums = _spreads(triangle, by_age)
    ends = completed(triangle, by_age)
    total = 0.0
    for i, row in enumerate(ends):
        ages = range(len(triangle[i]) - 1, len(by_age))
        own = sum(spreads[k] / by_age[k] ** 2 * (1 / row[k] + 1 / sums[k]) for k in ages)
        shared = sum(2 * spreads[k] / by_age[k] ** 2 / sums[k] for k in ages)
        total += row[-1] ** 2 * own + row[-1] * sum(r[-1] for r in ends[i + 1 :]) * shared
    return sqrt(total)


def _spreads(triangle: Triangle, by_age: Sequence[float]) -> tuple[list[float], list[float]]:
    """Mack's sigma squared of every age, and the sum each factor rests on."""
    spreads, sums = [], []
    for age, factor in enumerate(by_age):
        rows = [row for row in triangle if len(row) > age + 1]
        sums.append(sum(row[age] for row in rows))
        if len(rows) > 1:
            squares = sum(row[age] * (row[age + 1] / row[age] - factor) ** 2 for row in rows)
            spreads.append(squares / (len(rows) - 1))
        else:  # a single cohort shows no spread: Mack's extrapolation of the ages before
            older, last = spreads[-2], spreads[-1]
            spreads.append(min(last**2 / older if older else 0.0, older, last))
    return spreads, sums
