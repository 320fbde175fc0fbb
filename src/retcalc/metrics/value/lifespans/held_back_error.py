"""Held-back error: how far a model fitted on the first ages misses the ages after them.

Formula: mean of |S fitted / S seen - 1| over the ages held back, the last third of those seen
S seen: Kaplan-Meier; an age that nobody reached is left out
Unit: fraction
Null: too_few_ages when fewer than two ages are left to hold back or no survivor is among them; the
    reason of the fit on the first ages
Source: P. Fader and others, J. Interactive Marketing 43 (2018): on the High End segment below, four
    of twelve ages known, sBG misses the other eight by 13.21%

>>> from retcalc.metrics.value.lifespans.sbg import fit
>>> alive = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
>>> rows = [(t, alive[t - 1], alive[t - 1] - alive[t]) for t in range(1, 5)]
>>> round(100 * error(fit(rows), [a / 1000 for a in alive], 5), 2)
13.21
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from retcalc.metrics.customers.lives.survival import Point
from retcalc.metrics.metric import Metric, Undefined
from retcalc.metrics.value.lifespans.sbg import AgeRisk, Model, survival_curve

LEAST_AGES = 6  # seen, so that four are fitted and two held back


def error(fitted: Model, seen: Sequence[float], first: int) -> float | Undefined:
    """Mean miss from age ``first`` on of the shares seen, that of age 0 first."""
    curve = survival_curve(fitted, len(seen))
    misses = [abs(curve[t] / seen[t] - 1) for t in range(first, len(seen)) if seen[t]]
    return sum(misses) / len(misses) if misses else Undefined("too_few_ages")


def first_held_back(ages: int) -> int:
    """The first age held back when 1 to ``ages`` were seen."""
    return ages - ages // 3 + 1


def of_model(
    fit: Callable[[Sequence[AgeRisk]], Model | Undefined], points: Sequence[Point]
) -> float | Undefined:
    """Fit on the first ages of a curve and judge on the others."""
    last = points[-1].age if points else 0
    if last < LEAST_AGES:
        return Undefined("too_few_ages")
    first = first_held_back(last)
    fitted = fit([(p.age, p.at_risk, p.events) for p in points if 0 < p.age < first])
    if isinstance(fitted, Undefined):
        return fitted
    return error(fitted, [float(p.survival) for p in points], first)


METRIC = Metric(
    doc=__doc__,
    name="held_back_error",
    label="Error on held-back ages",
    unit="rate",
    better="less",
)
