"""The months in which rows are active, and the last that is complete; by hand."""

import polars as pl
import pytest

from retcalc.book.rules import DateRules
from retcalc.book.shapes.common.active_months import last_complete_month, never_active
from retcalc.book.values.dates import parse_days
from retcalc.core.months import parse_month


def test_rows_of_no_month_are_counted():
    ends = [(9, 8), (10, 9), (11, 11), (12, 15), (13, 12), (14, 12), (15, 12), (16, 17)]
    spans = pl.DataFrame(ends, schema=["first", "last"], orient="row")
    notes = {n.code: n.message for n in never_active(spans, 12, "subscription")}
    assert notes == {
        "RC841": "2 subscriptions start and end between two month-ends and are in no month",
        "RC842": "4 subscriptions start after 0001-01 and are left out",
    }


@pytest.mark.parametrize(
    ("days", "last"),
    [
        (["2024-01-31", "2024-02-28"], "2024-01"),  # February 2024 has 29 days
        (["2024-02-29", "2024-01-31"], "2024-02"),
        (["2024-03-01"], "2024-02"),
        (["2024-01-01"], "2023-12"),
        (["2024-02", "2024-01"], "2024-02"),  # months, not days
    ],
)
def test_the_last_complete_month_ends_with_the_latest_day(days, last):
    rules = DateRules()
    assert last_complete_month(parse_days(pl.Series(days), rules), rules) == parse_month(last)


def test_without_days_there_is_no_last_month():
    rules = DateRules()
    assert last_complete_month(parse_days(pl.Series([""]), rules), rules) is None
