"""The small plot under a table: heights by hand."""

from fractions import Fraction

from retcalc.core.result import Column, Currency, Result, Row
from retcalc.render.screen.small_plot import small_plot


def result(metric, name, values, unit):
    rows = tuple(Row({"month": 24288 + i, name: v}) for i, v in enumerate(values))
    columns = (Column("month", "Month", "month"), Column(name, name, unit))
    return Result(metric, metric, {}, columns, rows, currency=Currency("USD"))


def test_movements_are_shares_of_the_largest_closing():
    title, shares = small_plot(result("movements", "closing_mrr", [5000, 10000], "money"))
    assert title == "closing_mrr, months from 2024-01; 100% is 100.00"
    assert shares == [Fraction(1, 2), Fraction(1)]


def test_survival_is_the_curve_itself():
    _, shares = small_plot(result("survival", "survival", [1.0, 0.5, None], "rate"))
    assert shares == [Fraction(1), Fraction(1, 2), None]


def test_nothing_to_draw():
    assert small_plot(result("movements", "closing_mrr", [0, 0], "money")) is None
    assert small_plot(result("movements", "closing_mrr", [5], "money")) is None
    assert small_plot(result("nrr", "closing_mrr", [5, 6], "money")) is None
