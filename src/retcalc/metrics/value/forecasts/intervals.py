"""Conformal intervals: how far a forecast may be off, by how far it was off before.

Formula: the quantile of the n absolute errors at the place (n + 1) * level, from the smallest on
Errors: the last 24 of a horizon, or as many as the level needs: older ones were made on less
    history and of a smaller business
In full: between two errors it lies as far between them as the place does; so what comes next is
    inside with the chance ``level`` if it is like the past, not more often for want of errors
Null: too_few_origins where the place is beyond the largest error
Source: V. Vovk, A. Gammerman, G. Shafer, Algorithmic learning in a random world (2005)

>>> conformal([0.1, 0.4, 0.2, 0.3], 0.8), least_errors(0.8)
(0.4, 4)
>>> round(conformal([0.1, 0.5, 0.2, 0.3, 0.4], 0.8), 2)  # the place is 4.8
0.48
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from retcalc.metrics.metric import Undefined

RECENT_ERRORS = 24


def conformal(errors: Sequence[float], level: float) -> float | Undefined:
    """Half the width of the interval: a quantile of the absolute errors, given oldest first."""
    recent = errors[-max(RECENT_ERRORS, least_errors(level)) :]
    place = _place(len(recent), level)
    if place > len(recent):
        return Undefined("too_few_origins")
    ordered = sorted(map(abs, recent))
    below, part = int(place), float(place % 1)
    low = ordered[below - 1] if below else 0.0
    return low + part * (ordered[below] - low) if part else low


def least_errors(level: float) -> int:
    """How many errors an interval of this level needs."""
    return next(n for n in range(1, 10_000) if _place(n, level) <= n)


def _place(count: int, level: float) -> Fraction:
    # the level as it is written: 0.8 as a binary fraction would lie a little off
    return (count + 1) * Fraction(str(round(level, 6)))
