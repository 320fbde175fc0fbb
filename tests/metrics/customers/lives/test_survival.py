"""Kaplan-Meier against lifelines, and published medians of the IBM telco sample."""

import csv
import random
import warnings
from collections import Counter
from fractions import Fraction

import pytest

from helpers import SHARED, needs_shared
from retcalc.kernels.lifetimes import AgeCount
from retcalc.metrics.customers.lives.survival import (
    kaplan_meier,
    life_curve,
    median_life,
)
from retcalc.metrics.metric import Undefined

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import lifelines
    from lifelines.utils import restricted_mean_survival_time

CLOSE = pytest.approx
pytestmark = pytest.mark.filterwarnings("ignore")


def lives(people):
    """Counts by age of (entry, exit, ended)."""
    entered = Counter(entry for entry, _, _ in people)
    churned = Counter(leave for _, leave, ended in people if ended)
    censored = Counter(leave for _, leave, ended in people if not ended)
    ages = sorted({*entered, *churned, *censored})
    return tuple(AgeCount(a, entered[a], churned[a], censored[a]) for a in ages)


def fitted(people, level=0.95):
    entry, leave, ended = zip(*people, strict=True)
    late = entry if any(entry) else None
    return lifelines.KaplanMeierFitter(alpha=1 - level).fit(leave, ended, entry=late)


def random_people(made, *, late):
    people = []
    for _ in range(made.randint(2, 120)):
        leave = min(int(made.expovariate(0.1)) + 1, 30)
        # enough accounts are watched from the start that the risk set never empties early
        entry = made.randrange(leave) if late and made.random() < 0.5 else 0
        people.append((entry, leave, made.random() < 0.6))
    return [*people, *[(0, 30, False)] * 3]


def mean_life(points, horizon=None):
    """The area under the curve."""
    curve = life_curve(points, horizon)
    return curve if isinstance(curve, Undefined) else sum(curve)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("seed", range(15))
def test_curve_and_bounds_equal_lifelines(seed, late):
    made = random.Random(seed)
    people, level = random_people(made, late=late), made.choice([0.8, 0.9, 0.95, 0.99])
    ours, theirs = kaplan_meier(lives(people), level), fitted(people, level)
    ages = [point.age for point in ours]
    rows = theirs.confidence_interval_.reindex(ages, method="pad").to_numpy().tolist()
    survival = theirs.survival_function_.reindex(ages, method="pad").iloc[:, 0].tolist()
    assert [float(point.survival) for point in ours] == CLOSE(survival, abs=1e-9)
    assert [point.lower for point in ours] == CLOSE([low for low, _ in rows], abs=1e-9)
    assert [point.upper for point in ours] == CLOSE([high for _, high in rows], abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_median_and_restricted_mean_equal_lifelines(seed):
    made = random.Random(1000 + seed)
    people = random_people(made, late=False)
    points, theirs = kaplan_meier(lives(people)), fitted(people)
    median = median_life(points)
    if isinstance(median, Undefined):
        assert theirs.median_survival_time_ == float("inf")
    else:
        assert median == theirs.median_survival_time_
    for horizon in (1, 7, 30):
        mean = mean_life(points, horizon)
        assert float(mean) == CLOSE(restricted_mean_survival_time(theirs, t=horizon), abs=1e-9)


def test_at_risk_counts_late_entrants_from_the_next_age():
    people = [(0, 3, True), (0, 5, False), (2, 4, True), (3, 5, True)]
    points = kaplan_meier(lives(people))
    assert [(p.age, p.at_risk, p.events) for p in points] == [
        (0, 2, 0),
        (1, 2, 0),
        (2, 2, 0),
        (3, 3, 1),
        (4, 3, 1),
        (5, 2, 1),
    ]
    assert points[-1].survival == Fraction(2, 3) * Fraction(2, 3) * Fraction(1, 2)


def test_everyone_leaves():
    points = kaplan_meier(lives([(0, 1, True), (0, 2, True)]))
    assert points[-1].survival == 0
    assert (points[-1].lower, points[-1].upper) == (None, None)
    assert median_life(points) == 1
    assert mean_life(points) == Fraction(3, 2)


def test_one_account_still_there():
    points = kaplan_meier(lives([(0, 6, False)]))
    assert {(p.survival, p.lower, p.upper) for p in points} == {(1, 1.0, 1.0)}
    assert median_life(points) == Undefined("median_not_reached")
    assert mean_life(points) == 6


def test_nobody():
    assert kaplan_meier(()) == ()
    assert median_life(()) == mean_life(()) == Undefined("no_lives")
    assert life_curve(kaplan_meier((AgeCount(0, 5, 0, 5),))) == Undefined("no_lives")


def test_an_age_that_nobody_was_watched_at_leaves_the_mean_open():
    points = kaplan_meier(lives([(4, 6, True), (4, 9, False)]))
    assert mean_life(points) == Undefined("ages_without_accounts")
    assert [p.at_risk for p in points][:6] == [0, 0, 0, 0, 0, 2]


@needs_shared
def test_medians_of_the_telco_sample():
    """W22: data set and lifelines; month-to-month 35, the other contracts not reached."""
    people = {}
    path = SHARED / "data/ibm_telco/Telco-Customer-Churn.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            one = (0, int(row["tenure"]), row["Churn"] == "Yes")
            people.setdefault(row["Contract"], []).append(one)
    everyone = [one for group in people.values() for one in group]
    assert len(everyone) == 7043
    assert sum(ended for _, _, ended in everyone) / 7043 == CLOSE(0.265, abs=0.0005)
    medians = {name: median_life(kaplan_meier(lives(group))) for name, group in people.items()}
    not_reached = Undefined("median_not_reached")
    assert medians == {"Month-to-month": 35, "One year": not_reached, "Two year": not_reached}
