"""Beta-discrete-Weibull life (BdW): as sBG, but the chance of one account may change with its age.

Formula: S(t) = B(gamma, delta + t^c) / B(gamma, delta), B the beta function
In full: hazard(t) = 1 - S(t) / S(t - 1); c = 1 is sBG, c above 1 is an account whose own chance to
    leave grows with its age, below 1 one whose chance falls
Fit: maximum likelihood on at risk n(t) and churned d(t) by age, as for sBG, from the sBG fit on
Unit: gamma, delta and c are plain
Null: the reasons of sBG; too_few_ages when fewer than three ages were seen
Source: P. Fader, B. Hardie, Y. Liu, J. Davin, T. Steenburgh, "How to project customer retention"
    revisited: the role of duration dependence, J. Interactive Marketing 43 (2018): the High End
    segment below has gamma 0.259, delta 1.722, c 1.584, log-likelihood -1222.7

>>> from retcalc.metrics.value.lifespans.sbg import survival_curve
>>> alive = [1000, 869, 743, 653, 593]
>>> fitted = fit([(t, alive[t - 1], alive[t - 1] - alive[t]) for t in range(1, 5)])
>>> [round(x, 2) for x in (fitted.gamma, fitted.delta, fitted.c, fitted.log_likelihood)]
[0.26, 1.72, 1.58, -1222.75]
>>> round(survival_curve(fitted, 13)[12], 3)
0.389
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import exp, expm1, inf, lgamma, log

from retcalc.metrics.metric import Metric, Undefined
from retcalc.metrics.value.lifespans import sbg
from retcalc.metrics.value.lifespans.sbg import AgeRisk

Point = tuple[float, float, float]  # logarithms of gamma, delta and c

_WIDEST = log(1e6)  # of a logarithm of gamma or delta: beyond it the model is a limit of itself
_STEEPEST = log(20)  # of that of c
_LARGE = 1e9


@dataclass(frozen=True, slots=True)
class Fit:
    """The fitted model."""

    gamma: float
    delta: float
    c: float
    log_likelihood: float

    @property
    def endless(self) -> bool:
        """Whether the mean life is infinite: S(t) falls as t^(-gamma c) in the end."""
        return self.gamma * self.c <= 1

    def retention(self, age: int) -> float:
        """Chance to stay from ``age - 1`` to ``age``."""
        return exp(self._log_survival(age) - self._log_survival(age - 1))

    def _log_survival(self, age: int) -> float:
        return _log_survival(self.gamma, self.delta, age**self.c)


def _log_survival(gamma: float, delta: float, grown: float) -> float:
    """Logarithm of B(gamma, delta + grown), up to a term that no age changes."""
    if grown > _LARGE:  # lgamma has no digits left for the difference; its limit is exact here
        return -gamma * log(grown + delta + (gamma - 1) / 2)
    return lgamma(delta + grown) - lgamma(gamma + delta + grown)


def fit(ages: Iterable[AgeRisk], likelihood_within: float = 1e-11) -> Fit | Undefined:
    """Maximise the likelihood by the simplex method, begun at the sBG fit.

    It ends where the corners of the simplex are so near each other in log-likelihood.
    """
    seen = [row for row in ages if row[1] > 0]
    simple = sbg.fit(seen)
    if isinstance(simple, Undefined):
        return simple
    if len(seen) < 3:
        return Undefined("too_few_ages")
    spread = max(simple.spread, 1e-3)  # an endless gamma and delta give the search no direction
    start = log(simple.mean / spread), log((1 - simple.mean) / spread), 0.0
    found = _least(lambda at: -_likelihood(at, seen), start, likelihood_within)
    gamma, delta, c = map(exp, found)
    return Fit(gamma, delta, c, _likelihood(found, seen))


def _likelihood(at: Point, seen: Iterable[AgeRisk]) -> float:
    if max(abs(at[0]), abs(at[1])) > _WIDEST or abs(at[2]) > _STEEPEST:
        return -inf
    gamma, delta, c = map(exp, at)
    total, known, before = 0.0, 0, _log_survival(gamma, delta, 0.0)
    for age, at_risk, churned in seen:
        if age != known + 1:
            before = _log_survival(gamma, delta, (age - 1) ** c)
        known, now = age, _log_survival(gamma, delta, age**c)
        step, before = now - before, now
        if step >= 0:
            return -inf
        total += churned * log(-expm1(step)) + (at_risk - churned) * step
    return total


def _least(of: Callable[[Point], float], start: Point, within: float) -> Point:
    """Where a function is least: Nelder and Mead's simplex, begun anew until that gains nothing."""
    best = start
    for size in (0.5, 0.25, 0.1, 0.1, 0.1):
        before, best = of(best), _simplex(of, best, size, within)
        if before - of(best) < max(1e-6, within):
            break
    return best


def _simplex(of: Callable[[Point], float], start: Point, size: float, within: float) -> Point:
    corners = [(of(start), start)]
    for axis in range(3):
        moved = tuple(x + size * (k == axis) for k, x in enumerate(start))
        corners.append((of(_point(moved)), _point(moved)))
    for _ in range(1000):
        corners.sort()
        worst, worst_at = corners[-1]
        gap = max(abs(a - b) for _, c in corners[1:] for a, b in zip(c, corners[0][1], strict=True))
        if gap < 1e-7 or worst - corners[0][0] < within:
            break
        middle = [sum(axis) / 3 for axis in zip(*(c for _, c in corners[:-1]), strict=True)]

        def along(
            by: float, middle: list[float] = middle, end: Point = worst_at
        ) -> tuple[float, Point]:
            at = _point(m + by * (m - w) for m, w in zip(middle, end, strict=True))
            return of(at), at

        new = along(1.0)
        if new[0] < corners[0][0]:
            new = min(new, along(2.0))
        elif new[0] >= corners[-2][0]:
            new = min(along(0.5), along(-0.5))
        if new[0] < worst:
            corners[-1] = new
        else:
            best = corners[0][1]
            shrunk = [
                _point((b + x) / 2 for b, x in zip(best, at, strict=True)) for _, at in corners[1:]
            ]
            corners[1:] = [(of(at), at) for at in shrunk]
    return min(corners)[1]


def _point(numbers: Iterable[float]) -> Point:
    gamma, delta, c = numbers
    return gamma, delta, c


METRIC = Metric(
    doc=__doc__,
    name="bdw",
    label="BdW expected life",
    unit="number",
)
