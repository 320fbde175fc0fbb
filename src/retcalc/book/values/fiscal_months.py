"""Fiscal months made of weeks (4-4-5 and its kin): which fiscal month a day lies in.

The fiscal year ends on one weekday, the last of its final calendar month or the one nearest to
that month's end, so its quarters are 13 weeks and now and then the last month has a week more.
A fiscal month keeps the name of the calendar month in the same place of the fiscal year.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from functools import cache

import polars as pl

from retcalc.book.rules import Weeks
from retcalc.core.months import last_day, month_index

_FIRST_YEAR, _LAST_YEAR = 1989, 2100
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def fiscal_months(days: pl.Series, weeks: Weeks) -> pl.Series:
    """Month index of the fiscal month each day lies in (Int32, null where null)."""
    ends = closing_days(weeks)
    unique = days.drop_nulls().unique().sort()
    table = pl.DataFrame(
        {"day": unique, "month": [_month(day, weeks, ends) for day in unique]},
        schema={"day": pl.Date, "month": pl.Int32},
    )
    found = days.to_frame("day").join(
        table, on="day", how="left", validate="m:1", maintain_order="left"
    )
    return found["month"]


def closing_day(month: int, weeks: Weeks | None) -> date:
    """The last day of a month: of the calendar, or of the fiscal pattern."""
    return last_day(month) if weeks is None else closing_days(weeks)[month - _origin(weeks)]


@cache
def closing_days(weeks: Weeks) -> tuple[date, ...]:
    """Last day of every fiscal month, from the first month of _FIRST_YEAR's fiscal year on."""
    origin, days = _origin(weeks), []
    for year in range(_LAST_YEAR - _FIRST_YEAR):
        begin = _year_end(origin + 12 * year - 1, weeks)
        end = _year_end(origin + 12 * year + 11, weeks)
        lengths = [w for _ in range(4) for w in weeks.pattern]
        for length in lengths[:-1]:
            begin += timedelta(weeks=length)
            days.append(begin)
        days.append(end)
    return tuple(days)


def _origin(weeks: Weeks) -> int:
    return month_index(_FIRST_YEAR, weeks.fiscal_start)


def _month(day: date, weeks: Weeks, ends: tuple[date, ...]) -> int:
    return _origin(weeks) + bisect_left(ends, day)


def _year_end(month: int, weeks: Weeks) -> date:
    """The weekday that ends a fiscal year whose final calendar month is ``month``."""
    end = last_day(month)
    last = end - timedelta(days=(end.weekday() - weeks.weekday) % 7)
    late = weeks.year_end == "nearest" and (end - last).days > 3
    return last + timedelta(weeks=1) if late else last
