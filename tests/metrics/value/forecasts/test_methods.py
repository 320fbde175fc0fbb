"""The methods of a forecast, on triangles worked by hand and on the published BdW parameters."""

from math import exp

import pytest
from scipy.special import betaln

from retcalc.metrics.metric import Undefined
from retcalc.metrics.value.forecasts.methods import METHODS, Past, forecast, life_curve

HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]  # survivors by age; Fader and others 2018
GAMMA, DELTA, C = 0.2143, 1.4266, 1.7236  # published for these seven renewals


def alive(age):
    return exp(betaln(GAMMA, DELTA + age**C) - betaln(GAMMA, DELTA))


def cohorts(by_age, months, stock=0.0):
    """A cohort a month, each with the same figures by age; the stock of the first month stays."""
    first = [[stock] * months]
    return first + [[by_age[age] for age in range(months - start)] for start in range(1, months)]


def test_the_curve_is_the_published_fit():
    fitted = life_curve(cohorts(HIGH_END, 9))
    # cohorts of all ages weigh young ages more than one cohort does; the curve is the same
    for age in range(1, 8):
        assert fitted.retention(age) == pytest.approx(alive(age) / alive(age - 1), rel=5e-3)


def test_bdw_carries_a_cohort_on_by_its_curve():
    """What an account pays does not change, so MRR falls as accounts do."""
    accounts = cohorts(HIGH_END, 9)
    past = Past([[10 * n for n in row] for row in accounts], accounts)
    ahead = forecast("bdw", past, 12)
    oldest = [10 * 491 * alive(7 + h) / alive(7) for h in range(1, 13)]
    assert ahead.mrr.cohorts[1] == pytest.approx(oldest, rel=2e-2)
    youngest = [1000 * alive(h) for h in range(1, 13)]
    assert ahead.accounts.cohorts[8] == pytest.approx(youngest, rel=2e-2)


def test_bdw_counts_what_an_account_that_stays_pays_more():
    """Nobody leaves and all pay 2% more every month."""
    accounts = [[10.0] * (20 - start) for start in range(20)]
    mrr = [[100 * 1.02 ** (start + age) for age in range(20 - start)] for start in range(20)]
    ahead = forecast("bdw", Past(mrr, accounts), 3)
    now = sum(row[-1] for row in mrr)
    assert ahead.mrr.existing == pytest.approx([now * 1.02**h for h in (1, 2, 3)])
    assert ahead.accounts.existing == pytest.approx([200] * 3)


def test_the_stock_goes_on_at_its_own_rate():
    """It keeps 99% a month; the cohorts beside it lose more."""
    stock = [100 * 0.99**month for month in range(9)]
    accounts = [stock, *cohorts(HIGH_END, 9)[1:]]
    ahead = forecast("bdw", Past(accounts, accounts), 2)
    assert ahead.accounts.cohorts[0] == pytest.approx([stock[-1] * 0.99, stock[-1] * 0.99**2])


def test_without_churn_there_is_no_curve():
    assert life_curve([[5.0] * (9 - start) for start in range(9)]) == Undefined("zero_churn")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_sees_nothing_later(method):
    """Figures after the eighth month change; what was known then forecasts the same."""
    accounts = cohorts(HIGH_END, 9)
    changed = [
        row[: max(0, 8 - start)] + [7.0] * (len(row) - max(0, 8 - start))
        for start, row in enumerate(accounts)
    ]
    first, second = (forecast(method, Past(rows, rows).as_of(8), 5) for rows in (accounts, changed))
    assert first == second
