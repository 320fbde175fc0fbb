"""CLV, CAC, payback, magic number, what-if as published; the Shapley split against its words."""

import random
from fractions import Fraction
from itertools import permutations
from math import prod

import pytest

from retcalc.metrics.discounting import Terms
from retcalc.metrics.metric import Undefined
from retcalc.metrics.value import (
    cac,
    clv,
    clv_cac,
    clv_change,
    magic_number,
    payback_months,
    whatif,
)
from retcalc.metrics.value.lifespans.lifespan import geometric
from retcalc.metrics.value.whatif import Plan

GONE = Undefined("zero_churn")


def test_w5_ltv():
    """ChartMogul help: ARPA 100, mean churn 5% a month: 2,000."""
    assert clv.compute(Fraction(100), Fraction(1), geometric(Fraction(1, 20)).months) == 2000


def test_w15_cac_and_ltv():
    """Metric templates: 50k for 25 new; ARPU 500, margin 80%, churn 5%: 2,000 and 8,000."""
    assert cac.compute(50_000, 25) == 2000
    life = geometric(Fraction(5, 100)).months
    assert clv.compute(Fraction(500), Fraction(80, 100), life) == 8000


def test_w16_ltv_to_cac():
    """MonetizationHQ: ARPU 500, margin 75%, churn 2.5%, CAC 6,000: 15,000 and 2.5."""
    value = clv.compute(Fraction(500), Fraction(75, 100), geometric(Fraction(25, 1000)).months)
    assert value == 15_000
    ratio = clv_cac.compute(value, Fraction(6000))
    assert ratio == Fraction(5, 2)
    assert clv_cac.flag(ratio, Fraction(3)) == "below_target"
    assert clv_cac.flag(Fraction(3), Fraction(3)) == "ok"
    assert clv_cac.flag(GONE, Fraction(3)) == GONE


def test_w18_magic_number():
    """Two calculators: ARR 4.5M to 5.0M, prior-quarter spend 400k: 1.25, annualised once."""
    assert magic_number.compute(4_500_000, 5_000_000, 400_000) == Fraction(125, 100)


def test_reasons_travel():
    assert clv.compute(Fraction(1), Fraction(1), GONE) == GONE
    assert clv.compute(Undefined("no_closing_accounts"), Fraction(1), GONE).reason[:2] == "no"
    assert cac.compute(1000, 0) == Undefined("no_new_accounts")
    assert clv_cac.compute(Fraction(1), Undefined("no_new_accounts")).reason == "no_new_accounts"
    assert clv_cac.compute(Fraction(1), Fraction(0)) == Undefined("zero_cac")
    margin = Fraction(1, 2)
    assert payback_months.compute(Fraction(5), Fraction(0), margin) == Undefined("no_new_mrr")
    assert payback_months.compute(GONE, Fraction(1), margin) == GONE
    assert magic_number.compute(1, 2, None) == Undefined("no_prior_spend")
    assert magic_number.compute(1, 2, 0) == Undefined("zero_spend")


def test_split_is_the_mean_over_the_orders_of_change():
    made = random.Random(7)
    for _ in range(50):
        before, after = (
            tuple(Fraction(made.randint(0, 50), made.randint(1, 9)) for _ in range(3))
            for _ in range(2)
        )
        expected = [Fraction(0)] * 3
        for order in permutations(range(3)):
            now = list(before)
            for factor in order:
                was = prod(now)
                now[factor] = after[factor]
                expected[factor] += (prod(now) - was) / 6
        parts = clv_change.split(before, after)
        assert list(parts) == expected
        assert sum(parts) == prod(after) - prod(before)


def test_whatif_monthly():
    now, after = Plan(Fraction(5, 100)), Plan(Fraction(4, 100), Fraction(1, 200))
    assert (whatif.lifespan(now).months, whatif.lifespan(after).months) == (20, 25)
    arr = whatif.arr_after_a_year(Fraction(1_000_000), now)
    assert float(arr) == pytest.approx(1_000_000 * 0.95**12)
    arr = whatif.arr_after_a_year(Fraction(1_000_000), after)
    assert float(arr) == pytest.approx(1_000_000 * 0.965**12)


def test_whatif_renewal():
    """W24, arithmetic: 80% to 85% is 5.00 to 6.67 years, +33%."""
    before, after = (Plan(1 - Fraction(r, 100), months=12) for r in (80, 85))
    assert whatif.lifespan(before).months / 12 == 5
    assert whatif.lifespan(after).months / 12 == Fraction(20, 3)
    assert whatif.arr_after_a_year(Fraction(100), after) == 85


def test_whatif_profit():
    plan, margin = Plan(Fraction(1, 10), Fraction(1, 20)), Fraction(1, 2)
    v = 1.1 ** (-1 / 12)
    worth = whatif.profit(Fraction(100), margin, plan, Terms(Fraction(1, 10), 60))
    assert float(worth) == pytest.approx(sum(50 * 0.95**t * v**t for t in range(60)))
    assert whatif.profit(Fraction(100), margin, plan) == 1000
    growing = Plan(Fraction(1, 100), Fraction(2, 100))
    assert whatif.profit(Fraction(1), margin, growing) == Undefined("infinite_profit")
    assert whatif.profit(Fraction(1), margin, growing, Terms(horizon=1)) == margin


def test_whatif_impossible():
    below, above = Plan(Fraction(-1, 100)), Plan(Fraction(3, 2))
    for plan, reason in ((below, "churn_below_zero"), (above, "churn_above_one")):
        assert whatif.lifespan(plan).months == Undefined(reason)
        assert whatif.arr_after_a_year(Fraction(1), plan) == Undefined(reason)
        assert whatif.profit(Fraction(1), Fraction(1), plan) == Undefined(reason)
    assert whatif.lifespan(Plan(Fraction(0))).months == Undefined("zero_churn")
    assert whatif.lifespan(Plan(Fraction(0)), Terms(horizon=60)).months == 60
