"""Yearly rates at their edges, by hand."""

from fractions import Fraction

import pytest

from retcalc.metrics.customers.annualised_logo_churn import yearly
from retcalc.metrics.metric import Undefined


@pytest.mark.parametrize("months", [1, 2, 3, 4, 6, 12])
def test_spans_that_divide_the_year_stay_exact(months):
    lost = Fraction(1, 20)
    assert yearly(lost, months) == 1 - Fraction(19, 20) ** (12 // months)


def test_all_and_none_and_more_than_all():
    assert yearly(Fraction(1), 1) == 1
    assert yearly(Fraction(0), 5) == 0
    assert yearly(Fraction(1), 24) == 1
    assert yearly(Fraction(21, 20), 1) == Undefined("churn_above_one")
    assert float(yearly(Fraction(3, 4), 24)) == pytest.approx(0.5)  # type: ignore[arg-type]
