"""The sBG fit: published figures, scipy from many starts as a second opinion, and its limits."""

import random
from math import exp, lgamma, log

import pytest
from scipy.optimize import minimize
from scipy.special import hyp2f1

from retcalc.metrics.metric import Undefined
from retcalc.metrics.value.lifespans.sbg import expected_life, fit, survival_curve

REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
YEAR = 1 / 1.1


def ages(alive):
    return [(t, alive[t - 1], alive[t - 1] - alive[t]) for t in range(1, len(alive))]


def pooled(cohorts):
    """At risk and churned by age of several cohorts of survivor counts."""
    found = {}
    for alive in cohorts:
        for age, n, d in ages(alive):
            found[age] = [a + b for a, b in zip(found.get(age, (0, 0)), (n, d), strict=True)]
    return [(age, n, d) for age, (n, d) in sorted(found.items())]


def log_survival(alpha, beta, t):
    """log S(t) = log of Beta(alpha, beta + t) / Beta(alpha, beta)."""
    return lgamma(beta + t) + lgamma(alpha + beta) - lgamma(beta) - lgamma(alpha + beta + t)


def log_likelihood(alpha, beta, cohorts):
    """As Fader & Hardie write it: losses by P(T = t), the rest by S."""
    total = 0.0
    for alive in cohorts:
        for t in range(1, len(alive)):
            lost = alive[t - 1] - alive[t]
            if lost:
                chance = exp(log_survival(alpha, beta, t - 1)) * alpha / (alpha + beta + t - 1)
                total += lost * log(chance)
        total += alive[-1] * log_survival(alpha, beta, len(alive) - 1)
    return total


@pytest.mark.parametrize(
    ("alive", "alpha", "beta", "likelihood", "later"),
    [
        (REGULAR, 0.704, 1.182, -1680.27, {12: 0.170}),
        (HIGH_END, 0.668, 3.806, None, {8: 0.460, 9: 0.436, 10: 0.414, 11: 0.395, 12: 0.378}),
    ],
)
def test_published_figures(alive, alpha, beta, likelihood, later):
    """Fader & Hardie 2007, Regular (W21) and High End; projections as published and replicated."""
    found = fit(ages(alive))
    assert found.alpha == pytest.approx(alpha, abs=0.0005)
    assert found.beta == pytest.approx(beta, abs=0.0005)
    if likelihood is not None:
        assert found.log_likelihood == pytest.approx(likelihood, abs=0.005)
    curve = survival_curve(found, 13)
    assert {t: round(curve[t], 3) for t in later} == later


def test_published_residual_lifetime():
    """A public sBG implementation prints 7.530 for High End after 7 years at 10%.

    There the account has yet to renew, so the first payment to come counts with its chance.
    """
    found = fit(ages(HIGH_END))
    renewed = expected_life(found, reached=8, discount=YEAR)
    assert found.retention(8) * float(renewed) == pytest.approx(7.530, abs=0.0005)


def scipy_best(cohorts, starts):
    def loss(logs):
        return -log_likelihood(exp(logs[0]), exp(logs[1]), cohorts)

    options = {"xatol": 1e-10, "fatol": 1e-10, "maxiter": 4000, "maxfev": 8000}
    found = [minimize(loss, s, method="Nelder-Mead", options=options) for s in starts]
    return max((-f.fun, exp(f.x[0]), exp(f.x[1])) for f in found)


def falling_cohorts(seed):
    """Cohorts whose accounts differ, so that there is a finite optimum."""
    made = random.Random(seed)
    alpha, beta = 10 ** made.uniform(-0.5, 0.5), 10 ** made.uniform(-0.3, 1)
    cohorts = []
    for _ in range(made.randint(1, 4)):
        people = [made.betavariate(alpha, beta) for _ in range(made.randint(200, 600))]
        alive = [len(people)]
        for _ in range(made.randint(4, 14)):
            people = [p for p in people if made.random() > p]
            alive.append(len(people))
        cohorts.append(alive)
    return cohorts


@pytest.mark.parametrize("seed", range(6))
def test_scipy_from_many_starts_finds_nothing_better(seed):
    cohorts = falling_cohorts(seed)
    starts = [(-3, -3), (3, 3), (-3, 3), (3, -3), (0, 0)]
    best, alpha, beta = scipy_best(cohorts, starts)
    found = fit(pooled(cohorts))
    assert found.log_likelihood == pytest.approx(best, abs=1e-7)
    assert log_likelihood(found.alpha, found.beta, cohorts) == pytest.approx(best, abs=1e-6)
    assert found.alpha == pytest.approx(alpha, rel=1e-3)
    assert found.beta == pytest.approx(beta, rel=1e-3)


@pytest.mark.parametrize("cohorts", [[REGULAR], [HIGH_END], [REGULAR, HIGH_END[:5]]])
def test_the_slope_is_flat_at_the_optimum(cohorts):
    found, step = fit(pooled(cohorts)), 1e-5
    for move in ((step, 0), (0, step)):
        up = log_likelihood(found.alpha * exp(move[0]), found.beta * exp(move[1]), cohorts)
        down = log_likelihood(found.alpha * exp(-move[0]), found.beta * exp(-move[1]), cohorts)
        assert (up - down) / (2 * step) == pytest.approx(0, abs=2e-3)


def test_late_entry_is_a_condition_on_the_age_reached():
    """Watching High End from age 3 only: the likelihood is that of the lives given S(3)."""
    seen = [row for row in ages(HIGH_END) if row[0] > 3]
    found = fit(seen)

    def given(alpha, beta):
        whole = log_likelihood(alpha, beta, [HIGH_END])
        return whole - log_likelihood(alpha, beta, [HIGH_END[:4]])

    best = given(found.alpha, found.beta)
    for factor in (0.9, 1.1):
        assert best > given(found.alpha * factor, found.beta)
        assert best > given(found.alpha, found.beta * factor)


def test_a_constant_hazard_has_no_heterogeneity():
    found = fit([(1, 1000, 100), (2, 900, 90), (3, 810, 81)])
    assert (found.alpha, found.beta) == (None, None)
    assert found.mean == pytest.approx(0.1)
    assert float(expected_life(found)) == pytest.approx(10)
    assert float(expected_life(found, discount=YEAR)) == pytest.approx(1 / (1 - 0.9 * YEAR))


def test_a_rising_hazard_is_geometric_too():
    found = fit([(1, 1000, 10), (2, 990, 100), (3, 890, 300)])
    assert found.alpha is None
    assert found.mean == pytest.approx(410 / 2880)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([(1, 10, 0), (2, 10, 0)], "zero_churn"),
        ([], "no_lives"),
        ([(1, 10, 10)], "no_survivors"),
        ([(1, 10, 3)], "too_few_ages"),
        ([(1, 10, 3), (2, 7, 0), (3, 7, 0)], "no_later_churn"),
    ],
)
def test_what_cannot_be_fitted_says_why(rows, reason):
    assert fit(rows) == Undefined(reason)


def test_an_infinite_life_asks_for_a_discount_or_a_horizon():
    found = fit(ages(REGULAR))
    assert expected_life(found) == Undefined("infinite_lifespan")
    horizon = sum(survival_curve(found, 60))
    assert float(expected_life(found, horizon=60)) == pytest.approx(horizon, rel=1e-12)


@pytest.mark.parametrize("discount", [0.5, 0.9, 0.99, 0.999])
@pytest.mark.parametrize("alive", [REGULAR, HIGH_END])
def test_discounted_life_is_the_hypergeometric_function(alive, discount):
    found = fit(ages(alive))
    for reached in (0, 7):
        b = found.beta + reached
        exact = hyp2f1(1, b, found.alpha + b, discount)
        ours = expected_life(found, reached=reached, discount=discount)
        assert float(ours) == pytest.approx(exact, rel=1e-9)


def test_a_finite_life_without_discount():
    """alpha 2, beta 3: the mean of a shifted beta-geometric is (alpha + beta - 1) / (alpha - 1)."""
    alive = [10**9]
    for t in range(1, 12):
        alive.append(round(alive[-1] * (3 + t - 1) / (2 + 3 + t - 1)))
    found = fit(ages(alive))
    assert found.alpha == pytest.approx(2, rel=1e-5)
    assert float(expected_life(found)) == pytest.approx(4, rel=1e-4)
