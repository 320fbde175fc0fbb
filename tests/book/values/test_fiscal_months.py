"""Fiscal months of weeks: against calendars that companies publish, and by hand."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from book.books import book, mrr_of
from retcalc.book.rules import Weeks
from retcalc.book.values.fiscal_months import closing_day, fiscal_months
from retcalc.core.months import WindowRule, format_month, month_index, parse_month, resolve_window

# The retail calendar: 4-5-4 weeks from February, a year ends on the Saturday nearest 31 January
# (National Retail Federation: fiscal 2023 has 53 weeks and ends on 3 February 2024).
RETAIL = Weeks((4, 5, 4), 2, "nearest", 5)

# A year that ends on the last Saturday of September (Apple: 28 September 2024, 27 September 2025).
SEPTEMBER = Weeks((4, 4, 5), 10, "last", 5)


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ("2023-01", "2023-01-28"),
        ("2023-02", "2023-02-25"),
        ("2023-03", "2023-04-01"),
        ("2023-04", "2023-04-29"),
        ("2024-01", "2024-02-03"),
        ("2024-02", "2024-03-02"),
        ("2025-01", "2025-02-01"),
    ],
)
def test_the_retail_calendar(month: str, day: str) -> None:
    assert str(closing_day(parse_month(month), RETAIL)) == day


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ("2023-09", "2023-09-30"),
        ("2023-12", "2023-12-30"),
        ("2024-03", "2024-03-30"),
        ("2024-06", "2024-06-29"),
        ("2024-09", "2024-09-28"),
        ("2025-09", "2025-09-27"),
    ],
)
def test_a_year_that_ends_on_the_last_saturday_of_september(month: str, day: str) -> None:
    """The quarter ends as Apple's reports name them."""
    assert str(closing_day(parse_month(month), SEPTEMBER)) == day


def test_a_day_belongs_to_the_month_that_closes_next() -> None:
    days = pl.Series([date(2024, 9, 28), date(2024, 9, 29), None, date(2024, 10, 26)])
    found = [None if m is None else format_month(m) for m in fiscal_months(days, SEPTEMBER)]
    assert found == ["2024-09", "2024-10", None, "2024-10"]


def test_months_follow_each_other_without_a_gap() -> None:
    first = month_index(1995, 1)
    ends = [closing_day(first + i, RETAIL) for i in range(600)]
    weeks = [(b - a).days for a, b in pairwise(ends)]
    assert set(weeks) == {28, 35}


def test_subscriptions_count_on_the_last_day_of_the_fiscal_month(tmp_path: Path) -> None:
    """From 29 September on is October; an end on 26 October is before its last day."""
    config = "calendar: {pattern: 4-4-5, fiscal_year_start: 10}"
    made = book(
        tmp_path,
        """
        account,start,end,mrr
        a,2024-09-29,2024-11-24,10
        b,2024-09-28,2024-10-26,10
        c,2024-11-23,,10
        """,
        config,
    )
    assert {name: sorted(table) for name, table in mrr_of(made).items()} == {
        "a": ["2024-10", "2024-11"],
        "b": ["2024-09"],
        "c": ["2024-11"],
    }


def test_panels_of_named_months_keep_their_names(tmp_path: Path) -> None:
    config = "calendar: {pattern: 4-4-5, fiscal_year_start: 10}"
    named = book(tmp_path, "account,month,mrr\na,2024-10,1\na,2024-11,1\n", config)
    assert sorted(mrr_of(named)["a"]) == ["2024-10", "2024-11"]
    dated = book(tmp_path, "account,month,mrr\na,2024-10-26,1\na,2024-11-23,1\n", config)
    assert sorted(mrr_of(dated)["a"]) == ["2024-10", "2024-11"]


@pytest.mark.parametrize(
    ("text", "start", "opening"),
    [
        ("1q", 1, "2024-07"),
        ("2q", 1, "2024-04"),
        ("qtd", 1, "2024-09"),
        ("fqtd", 2, "2024-07"),
        ("fytd", 2, "2024-01"),
        ("ytd", 2, "2023-12"),
    ],
)
def test_quarters_and_fiscal_years_to_october(text: str, start: int, opening: str) -> None:
    first, last = parse_month("2022-01"), parse_month("2024-10")
    window, _ = resolve_window(WindowRule(text, start), first, last, None, open_ended=False)
    assert format_month(window.opening) == opening


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
