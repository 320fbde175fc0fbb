"""The first and last days of fiscal months, and the weekdays a fiscal year may end on."""

from datetime import date

import polars as pl
import pytest

from retcalc.book.rules import Weeks
from retcalc.book.values.fiscal_months import closing_day, fiscal_months
from retcalc.core.months import parse_month


@pytest.mark.parametrize(
    ("day", "month"),
    [
        ("2023-12-30", "2023-12"),
        ("2023-12-31", "2024-01"),
        ("2024-01-27", "2024-01"),
        ("2024-01-28", "2024-02"),
        ("2024-02-24", "2024-02"),
        ("2024-02-25", "2024-03"),
        ("2024-03-30", "2024-03"),
        ("2024-03-31", "2024-04"),
        ("2024-12-28", "2024-12"),
        ("2024-12-29", "2025-01"),
    ],
)
def test_fiscal_months_of_four_four_and_five_weeks(day, month):
    """The year ends on the last Saturday of December: 30 December 2023, 28 December 2024."""
    weeks = Weeks((4, 4, 5))
    found = fiscal_months(pl.Series([date.fromisoformat(day), None]), weeks)
    assert found.to_list() == [parse_month(month), None]
    assert closing_day(parse_month("2024-02"), weeks) == date(2024, 2, 24)
    assert closing_day(parse_month("2024-02"), None) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("year_end", "weekday", "last"),
    [
        ("last", 5, "2023-12-30"),
        ("nearest", 5, "2023-12-30"),
        ("nearest", 2, "2024-01-03"),  # three days after the end; the one before is four
        ("last", 2, "2023-12-27"),
        ("nearest", 3, "2023-12-28"),  # three days before the end
        ("last", 6, "2023-12-31"),
        ("nearest", 6, "2023-12-31"),
        ("last", 0, "2023-12-25"),
        ("nearest", 0, "2024-01-01"),
    ],
)
def test_fiscal_years_end_on_a_weekday(year_end, weekday, last):
    """31 December 2023 was a Sunday."""
    weeks = Weeks((4, 4, 5), year_end=year_end, weekday=weekday)
    assert closing_day(parse_month("2023-12"), weeks) == date.fromisoformat(last)
