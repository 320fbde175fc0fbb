"""The log-rank test against lifelines, scipy and a table worked by hand."""

import random
import warnings

import pytest
from scipy.stats import chi2

from retcalc.kernels.lifetimes import AgeCount
from retcalc.metrics.customers.lives.survival import kaplan_meier
from retcalc.metrics.logrank import chi_square_tail, log_rank
from retcalc.metrics.metric import Undefined

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines.statistics import multivariate_logrank_test

pytestmark = pytest.mark.filterwarnings("ignore")


def curve(people):
    """Curve of (exit, ended)."""
    ages = sorted({0, *(leave for leave, _ in people)})
    counts = [
        AgeCount(
            age,
            len(people) if age == 0 else 0,
            sum(leave == age and ended for leave, ended in people),
            sum(leave == age and not ended for leave, ended in people),
        )
        for age in ages
    ]
    return kaplan_meier(tuple(counts))


@pytest.mark.parametrize("groups", [2, 3, 6])
@pytest.mark.parametrize("seed", range(8))
def test_equals_lifelines(seed, groups):
    made = random.Random(seed)
    people = [
        [
            (int(made.expovariate(0.1 + 0.03 * group)) + 1, made.random() < 0.7)
            for _ in range(made.randint(5, 80))
        ]
        for group in range(groups)
    ]
    ours = log_rank([curve(group) for group in people])
    flat = [(leave, ended, n) for n, group in enumerate(people) for leave, ended in group]
    leave, ended, names = zip(*flat, strict=True)
    theirs = multivariate_logrank_test(leave, names, ended)
    assert ours.chi_square == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert ours.p_value == pytest.approx(theirs.p_value, rel=1e-9)
    assert ours.degrees_of_freedom == groups - 1


def test_late_entry_by_hand():
    """One event among 2 + 1 at age 2, one among 1 + 2 at age 3, where the third account entered.

    First group: 1 churned, expected 2/3 + 1/3 = 1; variance 2/9 + 2/9; chi-square 0.
    """
    first = (AgeCount(0, 2), AgeCount(2, 0, 1), AgeCount(3, 0, 0, 1))
    second = (AgeCount(0, 1), AgeCount(2, 1), AgeCount(3, 0, 1, 1))
    found = log_rank([kaplan_meier(first), kaplan_meier(second)])
    assert found.chi_square == pytest.approx(0, abs=1e-12)
    assert found.p_value == pytest.approx(1)


def test_without_two_segments_or_without_churn():
    lively = curve([(3, False), (4, False)])
    assert log_rank([lively]) == Undefined("too_few_segments")
    assert log_rank([lively, ()]) == Undefined("too_few_segments")
    assert log_rank([lively, lively]) == Undefined("zero_churn")


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 10, 25])
@pytest.mark.parametrize("value", [0.0, 1e-6, 0.3, 1.0, 3.84, 12.5, 60.0, 900.0])
def test_tail_equals_scipy(value, degrees):
    assert chi_square_tail(value, degrees) == pytest.approx(chi2.sf(value, degrees), rel=1e-12)
