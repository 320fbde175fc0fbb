"""The BdW fit: published figures, scipy as a second opinion, and its limits."""

from math import exp, log

import pytest
from scipy.optimize import minimize
from scipy.special import betaln

from retcalc.metrics.metric import Undefined
from retcalc.metrics.value import sbg
from retcalc.metrics.value.bdw import fit
from retcalc.metrics.value.sbg import survival_curve

REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]


def ages(alive):
    return [(t, alive[t - 1], alive[t - 1] - alive[t]) for t in range(1, len(alive))]


@pytest.mark.parametrize(
    ("alive", "renewals", "gamma", "delta", "c", "likelihood"),
    [
        (REGULAR, 4, 0.5231, 0.8944, 1.1963, -1401.3831),
        (HIGH_END, 4, 0.2593, 1.7225, 1.5844, -1222.7493),
        (REGULAR, 7, 0.4556, 0.7793, 1.2835, -1679.6028),
        (HIGH_END, 7, 0.2143, 1.4266, 1.7236, -1605.3142),
    ],
)
def test_the_published_parameters(alive, renewals, gamma, delta, c, likelihood):
    found = fit(ages(alive[: renewals + 1]))
    assert [found.gamma, found.delta, found.c] == pytest.approx([gamma, delta, c], abs=2e-4)
    assert round(found.log_likelihood, 4) == likelihood


@pytest.mark.parametrize(
    ("alive", "bdw_error", "sbg_error"), [(REGULAR, 1.31, 5.40), (HIGH_END, 1.68, 13.21)]
)
def test_the_published_errors_on_the_ages_held_back(alive, bdw_error, sbg_error):
    def error(curve):
        return sum(abs(1000 * curve[t] / alive[t] - 1) for t in range(5, 13)) / 8 * 100

    seen = ages(alive[:5])
    assert round(error(survival_curve(fit(seen), 13)), 2) == bdw_error
    assert round(error(sbg.survival_curve(sbg.fit(seen), 13)), 2) == sbg_error


@pytest.mark.parametrize(("alive", "last"), [(REGULAR, 0.177), (HIGH_END, 0.404)])
def test_the_published_projection(alive, last):
    assert round(survival_curve(fit(ages(alive[:8])), 13)[12], 3) == last


@pytest.mark.parametrize("alive", [REGULAR, HIGH_END])
@pytest.mark.parametrize("start", [(0.0, 0.0, 0.0), (1.0, 2.0, 0.5), (-2.0, 1.0, -0.5)])
def test_scipy_finds_nothing_better(alive, start):
    rows = ages(alive)

    def loss(at):
        g, d, c = map(exp, at)
        curve = [exp(betaln(g, d + t**c) - betaln(g, d)) for t in range(len(alive))]
        by_age = ((n, k, curve[t] / curve[t - 1]) for t, n, k in rows)
        return -sum(k * log(1 - stay) + (n - k) * log(stay) for n, k, stay in by_age)

    best = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-10})
    assert fit(rows).log_likelihood >= -best.fun - 1e-6


def test_it_is_never_less_likely_than_sbg_which_is_one_of_its_cases():
    for hazards in ([0.02] * 40, [0.01 * k for k in range(1, 30)], [0.3 / k for k in range(1, 60)]):
        alive = [10_000.0]
        for hazard in hazards:
            alive.append(alive[-1] * (1 - hazard))
        simple, found = sbg.fit(ages(alive)), fit(ages(alive))
        assert found.log_likelihood >= simple.log_likelihood - 1e-4


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "no_lives"),
        ([(1, 10, 0), (2, 10, 0), (3, 10, 0)], "zero_churn"),
        ([(1, 10, 10)], "no_survivors"),
        ([(1, 10, 1), (2, 9, 1)], "too_few_ages"),
    ],
)
def test_what_cannot_be_fitted(rows, reason):
    assert fit(rows) == Undefined(reason)
