"""The conformal quantile between errors, by hand and by simulation."""

import random

import pytest

from retcalc.metrics.metric import Undefined
from retcalc.metrics.value.forecasts.intervals import conformal, least_errors


@pytest.mark.parametrize(
    ("count", "level", "half"),
    [
        (4, 0.8, 4),  # the place is 5 * 0.8 = 4, of errors 1, 2, 3, 4
        (5, 0.8, 4.8),
        (9, 0.8, 8),
        (10, 0.8, 8.8),
        (19, 0.95, 19),
        (9, 0.9, 9),
    ],
)
def test_the_place_of_the_quantile(count, level, half):
    errors = [(-1) ** n * n for n in range(1, count + 1)]
    assert conformal(errors, level) == pytest.approx(half)


@pytest.mark.parametrize(("level", "least"), [(0.8, 4), (0.9, 9), (0.95, 19), (0.5, 1)])
def test_fewer_errors_give_no_interval(level, least):
    assert least_errors(level) == least
    assert conformal([1.0] * (least - 1), level) == Undefined("too_few_origins")


def test_older_errors_than_the_last_24_do_not_count_unless_the_level_needs_them():
    old, recent = [100.0] * 30, [1.0] * 24
    assert conformal([*old, *recent], 0.8) == 1
    assert conformal([*old, *recent], 0.98) == 100  # needs 49


@pytest.mark.parametrize("count", [4, 5, 7, 8, 13, 24])
def test_errors_of_one_kind_are_held_as_often_as_the_level_says(count):
    """Normal errors: the next one is inside in about 80%; with the place rounded up, 89% of 8."""
    chance = random.Random(count)
    runs, held = 20_000, 0
    for _ in range(runs):
        *errors, came = (chance.gauss(0, 1) for _ in range(count + 1))
        held += abs(came) <= conformal(errors, 0.8)
    assert held / runs == pytest.approx(0.8, abs=0.025)
