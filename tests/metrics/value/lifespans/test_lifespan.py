"""Lifespans by method, with horizon and discount; published and hand-worked values."""

from fractions import Fraction

import pytest

from retcalc.kernels.lifetimes import AgeCount
from retcalc.metrics.customers.lives.survival import kaplan_meier
from retcalc.metrics.discounting import Terms
from retcalc.metrics.metric import Undefined
from retcalc.metrics.value.lifespans import lifespan
from retcalc.metrics.value.lifespans.sbg import Fit

FIVE_YEARS, TEN_PERCENT = Terms(horizon=60), Terms(discount_rate=Fraction(1, 10))
V = 1.1 ** (-1 / 12)
# churned after 1, 2 and 3 months, one still there after 3
FOUR = (AgeCount(0, 4), AgeCount(1, 0, 1), AgeCount(2, 0, 1), AgeCount(3, 0, 1, 1))
NO_CHURN = (AgeCount(0, 2), AgeCount(9, 0, 0, 2))


def test_w5_five_percent_a_month_is_twenty_months():
    """ChartMogul help: ARPA 100 at a mean churn of 5% is 2,000, so 20 months."""
    assert lifespan.inverse_churn([Fraction(1, 20)]).months == 20
    assert lifespan.inverse_churn([Fraction(4, 100), Fraction(6, 100)]).months == 20


def test_w24_renewal_of_80_and_85_percent():
    """Arithmetic: 5.00 and 6.67 years, +33%, not a doubling."""
    before, after = (lifespan.geometric(Fraction(c, 100), period=12).months for c in (20, 15))
    assert before == 60
    assert after == 80


def test_geometric_horizon_and_discount():
    cut = lifespan.geometric(Fraction(1, 2), Terms(horizon=3))
    assert (cut.months, cut.horizon, cut.alive) == (Fraction(7, 4), 3, Fraction(1, 8))
    whole = lifespan.geometric(Fraction(1, 20), TEN_PERCENT)
    assert whole.months == 20
    assert float(whole.discounted) == pytest.approx(sum((0.95 * V) ** t for t in range(3000)))


def test_yearly_periods_keep_everybody_inside_a_year():
    cut = lifespan.geometric(Fraction(1, 2), Terms(horizon=18), period=12)
    assert cut.months == 12 + 6 * Fraction(1, 2)
    discounted = lifespan.geometric(Fraction(1, 5), TEN_PERCENT, period=12).discounted
    paid = sum(0.8 ** (t // 12) * V**t for t in range(6000))
    assert float(discounted) == pytest.approx(paid)


def test_zero_churn_is_undefined_or_the_horizon():
    zero = Undefined("zero_churn")
    for life in (
        lifespan.inverse_churn([Fraction(0)]),
        lifespan.observed(NO_CHURN),
        lifespan.survival(kaplan_meier(NO_CHURN)),
        lifespan.sbg(lifespan.fit_lives(NO_CHURN)),
    ):
        assert life.months == life.discounted == zero
    for life in (
        lifespan.inverse_churn([Fraction(0)], FIVE_YEARS),
        lifespan.observed(NO_CHURN, FIVE_YEARS),
        lifespan.survival(kaplan_meier(NO_CHURN), FIVE_YEARS),
        lifespan.sbg(lifespan.fit_lives(NO_CHURN), FIVE_YEARS),
    ):
        assert (life.months, life.horizon, life.alive) == (60, 60, 1)


def test_observed_is_the_mean_of_completed_lives():
    assert lifespan.observed(FOUR).months == 2
    assert lifespan.observed(FOUR, Terms(horizon=2)).months == Fraction(1 + 2 + 2, 3)
    discounted = lifespan.observed(FOUR, TEN_PERCENT).discounted
    assert float(discounted) == pytest.approx((1 + (1 + V) + (1 + V + V * V)) / 3)


def test_survival_stops_at_the_longest_life_observed():
    life = lifespan.survival(kaplan_meier(FOUR))
    assert (life.months, life.horizon, life.alive) == (Fraction(9, 4), 3, Fraction(1, 4))
    assert lifespan.survival(kaplan_meier(FOUR), FIVE_YEARS).months == Fraction(9, 4)
    assert lifespan.survival(kaplan_meier(FOUR), limit=1).months == 1
    over = kaplan_meier((AgeCount(0, 1), AgeCount(4, 0, 1)))
    assert lifespan.survival(over).horizon is None


def test_nothing_to_go_by():
    assert lifespan.inverse_churn([]).months == Undefined("no_monthly_churn")
    assert lifespan.observed(()).months == Undefined("no_completed_lives")
    assert lifespan.survival(()).months == Undefined("no_lives")
    assert lifespan.sbg(lifespan.fit_lives(())).months == Undefined("no_lives")


def test_a_life_beyond_a_century_asks_for_a_horizon_or_a_discount():
    """alpha 1.001, beta 40: (alpha + beta - 1) / (alpha - 1) is 40,001 months."""
    fitted = Fit(1.001 / 41.001, 1 / 41.001, 0.0)
    assert lifespan.sbg(fitted).months == Undefined("lifespan_beyond_a_century")
    assert lifespan.sbg(fitted).discounted == Undefined("lifespan_beyond_a_century")
    # at alpha 1 the curve is beta / (beta + t)
    cut = sum(40 / (40 + t) for t in range(60))
    assert float(lifespan.sbg(fitted, FIVE_YEARS).months) == pytest.approx(cut, rel=1e-3)
    assert isinstance(lifespan.sbg(fitted, TEN_PERCENT).discounted, Fraction)


def test_annuity_of_a_growing_base():
    assert lifespan.annuity(Fraction(3, 2), Terms(horizon=3)) == Fraction(19, 4)
    assert lifespan.annuity(Fraction(3, 2)) == Undefined("endless")
    assert lifespan.annuity(Fraction(101, 100), TEN_PERCENT) == Undefined("endless")
    forever = lifespan.annuity(Fraction(1), TEN_PERCENT)
    assert float(forever) == pytest.approx(1 / (1 - V))


MONTH = Fraction("30.4375")


def test_ages_in_days_are_told_in_months():
    """One life of 40 days, one that still runs after 100: of 100 days 3 months are whole."""
    lives = (AgeCount(0, 2), AgeCount(40, 0, 1), AgeCount(100, 0, 0, 1))
    life = lifespan.survival(kaplan_meier(lives), per_month=MONTH)
    assert life.months == (40 + (3 * MONTH - 40) / 2) / MONTH
    assert (life.horizon, life.alive) == (3, Fraction(1, 2))
    cut = lifespan.survival(kaplan_meier(lives), Terms(horizon=2), per_month=MONTH)
    assert cut.months == (40 + (2 * MONTH - 40) / 2) / MONTH
    assert cut.horizon == 2
    assert lifespan.observed(lives, per_month=MONTH).months == 40 / MONTH
    within = lifespan.observed(lives, Terms(horizon=1), MONTH)
    assert (within.months, within.horizon, within.alive) == (1, 1, 1)


def test_lives_of_no_days():
    """Two of three left on the day they came, or all did."""
    lives = (AgeCount(0, 3, 2), AgeCount(61, 0, 1))
    assert lifespan.survival(kaplan_meier(lives), per_month=MONTH).months == Fraction(61, 3) / MONTH
    assert lifespan.observed(lives, per_month=MONTH).months == Fraction(61, 3) / MONTH
    none = (AgeCount(0, 3, 3),)
    assert lifespan.survival(kaplan_meier(none), per_month=MONTH).months == 0
    assert lifespan.observed(none, per_month=MONTH).months == 0
