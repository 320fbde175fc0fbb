"""The BdW fit: published figures, scipy as a second opinion, and its limits."""

from math import exp, log

import pytest
from scipy.optimize import minimize
from scipy.special import betaln

from retcalc.metrics.discounting import Terms
from retcalc.metrics.metric import Undefined
from retcalc.metrics.value.lifespans import lifespan, sbg
from retcalc.metrics.value.lifespans.bdw import fit
from retcalc.metrics.value.lifespans.held_back_error import error, first_held_back
from retcalc.metrics.value.lifespans.sbg import survival_curve

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


@pytest.mark.parametrize(
    ("alive", "bdw_error", "sbg_error"), [(REGULAR, 1.31, 5.40), (HIGH_END, 1.68, 13.21)]
)
def test_the_error_on_held_back_ages_is_the_published_one(alive, bdw_error, sbg_error):
    seen, shares = ages(alive[:5]), [n / 1000 for n in alive]
    assert round(100 * error(fit(seen), shares, 5), 2) == bdw_error
    assert round(100 * error(sbg.fit(seen), shares, 5), 2) == sbg_error


@pytest.mark.parametrize(("last", "first"), [(6, 5), (7, 6), (12, 9), (24, 17)])
def test_the_last_third_of_the_ages_is_held_back(last, first):
    assert first_held_back(last) == first


def test_a_bdw_life_up_to_a_horizon_is_the_sum_of_its_curve():
    found = fit(ages(HIGH_END[:8]))
    gamma, delta, c = 0.2143, 1.4266, 1.7236  # as published
    curve = [exp(betaln(gamma, delta + t**c) - betaln(gamma, delta)) for t in range(37)]
    life = lifespan.bdw(found, Terms(horizon=36))
    assert float(life.months) == pytest.approx(sum(curve[:36]), rel=1e-3)
    assert (life.horizon, float(life.alive)) == (36, pytest.approx(curve[36], rel=2e-3))


def test_a_bdw_mean_without_an_end_is_not_defined():
    endless = lifespan.bdw(fit(ages(HIGH_END[:8])))  # gamma times c is 0.37
    assert endless.months == Undefined("infinite_lifespan")


def test_a_bdw_life_is_cut_at_a_century_and_says_so_or_is_whole():
    def hazards(of, months):
        alive = [1_000_000.0]
        for age in range(1, months):
            alive.append(alive[-1] * (1 - of(age)))
        return fit(ages(alive))

    # a geometric life of 1 / 0.05 months, and an sBG life of alpha 1.5 and beta 10
    whole = lifespan.bdw(hazards(lambda _: 0.05, 60))
    assert (whole.horizon, float(whole.months)) == (None, pytest.approx(20, rel=1e-3))
    cut = lifespan.bdw(hazards(lambda t: 1.5 / (11.5 + t - 1), 60))
    curve = [exp(betaln(1.5, 10 + t) - betaln(1.5, 10)) for t in range(1201)]
    assert (cut.horizon, float(cut.alive)) == (1200, pytest.approx(curve[1200], rel=1e-2))
    assert float(cut.months) == pytest.approx(sum(curve[:1200]), rel=1e-3)
