"""Headers that are months, in any common spelling: the mark of a wide sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import month_index
from retcalc.core.months.written import (
    NumericDay,
    bare_month,
    english,
    month_of_header,
    numeric_day,
    period_of_text,
)

_SERIAL = re.compile(r"[345]\d{4}(?:\.0)?", re.ASCII)


def month_columns(
    header: Sequence[str], pattern: str | None = None, year: int | None = None
) -> dict[str, int]:
    """Month index of every header that is a month; ``pattern`` is a strftime one, or excel.

    ``year`` is that of the first month where months have none; behind a December the next begins.
    Raises RC223 for day and month that may stand in either order.
    """
    if year is not None and (names := bare_months(header)):
        return _in_year(names, year)
    if pattern is not None:
        return _by_pattern(header, pattern)
    found = {name: month_of_header(name) for name in header}
    days = {name: day for name in header if (day := _day(name)) is not None}
    if len(days) > 1:
        found |= _days(days)
    return {name: month for name, month in found.items() if month is not None}


def bare_months(header: Sequence[str]) -> dict[str, int]:
    """Headers that name different months without a year, with their numbers; else none."""
    found = {name: number for name in header if (number := bare_month(name)) is not None}
    return found if 1 < len(found) == len(set(found.values())) else {}


def period_columns(header: Sequence[str]) -> tuple[dict[str, int], int]:
    """First month of every header that is a quarter, half-year or year, and the months of each.

    Of different lengths the shortest counts, as the longer ones are its sums. Nothing and 0 where
    fewer than two are.
    """
    found = {name: period for name in header if (period := period_of_text(name)) is not None}
    shortest = min((months for _, months in found.values()), default=0)
    first = {name: month for name, (month, months) in found.items() if months == shortest}
    return (first, shortest) if len(first) > 1 else ({}, 0)


def longer_periods(header: Sequence[str], months: Mapping[str, int]) -> list[str]:
    """Quarters and years beside the columns that count."""
    return [name for name in header if name not in months and period_of_text(name) is not None]


def _in_year(names: dict[str, int], year: int) -> dict[str, int]:
    months, before = {}, 0
    for name, number in names.items():
        year += number < before
        months[name], before = month_index(year, number), number
    return months


def _day(name: str) -> NumericDay | None:
    """A header that is a day; with hyphens and two digits the year may stand first: none."""
    day = numeric_day(name)
    return None if day is None or (day.short and day.mark == "-") else day


def _days(days: dict[str, NumericDay]) -> dict[str, int | None]:
    """Days that all mark one month each, read in the one order that makes sense."""
    orders = [{name: (day.year, day.second) for name, day in days.items()}]
    orders += [{name: (day.year, day.first) for name, day in days.items()}]
    readings = [
        {name: month_index(year, month) for name, (year, month) in order.items()}
        for order in orders
        if all(1 <= month <= 12 for _, month in order.values())
    ]
    readings = [r for r in readings if len(set(r.values())) == len(r)]
    if len(readings) == 1:
        return dict(readings[0])
    if not readings:
        return {}
    name, day = next(iter(days.items()))
    year = "%y" if day.short else "%Y"
    ways = [
        f'--date-format "{day.mark.join(order)}"'
        for order in (("%d", "%m", year), ("%m", "%d", year))
    ]
    value = f'the header "{name}" may be day or month first'
    raise RetcalcError(Finding("RC223", "date is ambiguous", value=value, fix="  or  ".join(ways)))


def _by_pattern(header: Sequence[str], pattern: str) -> dict[str, int]:
    read = _serial if pattern == "excel" else _strptime(pattern)
    found = {name: read(name.strip()) or month_of_header(name) for name in header}
    return {name: month for name, month in found.items() if month is not None}


def _strptime(pattern: str) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        try:
            day = datetime.strptime(english(text), pattern.replace("%B", "%b"))
        except ValueError:
            return None
        return month_index(day.year, day.month)

    return read


def _serial(text: str) -> int | None:
    if not _SERIAL.fullmatch(text):
        return None
    day = datetime(1899, 12, 30) + timedelta(days=int(text.removesuffix(".0")))
    return month_index(day.year, day.month)
