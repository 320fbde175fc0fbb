"""Percentile intervals at their edges, by hand."""

from fractions import Fraction

import pytest

from retcalc.metrics.confidence import percentile_interval


@pytest.mark.parametrize(
    ("count", "level", "low", "high"),
    [
        (5, 0.5, 1, 3),  # a quarter of four steps at each end
        (9, 0.5, 2, 6),
        (4, 0.5, 0, 3),  # three quarters of a step: outward
        (5, 0.75, 0, 4),
        (1, 0.5, 0, 0),
        (7, 1.0, 0, 6),
    ],
)
def test_the_middle_of_sorted_values_outward(count, level, low, high):
    values = [Fraction(n) for n in reversed(range(count))]
    assert percentile_interval(values, level) == (low, high)
