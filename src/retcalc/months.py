"""Calendar months as plain integers (year * 12 + month - 1), and windows of them.

A leaf: imports nothing of retcalc. An MRR "at t" is the MRR in force at the end of month t, so
a month index names a month-end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_YYYY_MM = re.compile(r"(\d{4})-(\d{2})\Z", re.ASCII)


def month_index(year: int, month: int) -> int:
    """Give the integer index of a calendar month."""
    return year * 12 + month - 1


def parse_month(text: str) -> int:
    """Read ``YYYY-MM``; raises ValueError for anything else."""
    match = _YYYY_MM.match(text)
    if match is None or not 1 <= int(match[2]) <= 12:
        raise ValueError(f"{text!r} is not a month like 2026-10")
    return month_index(int(match[1]), int(match[2]))


def format_month(index: int) -> str:
    """Write a month index as ``YYYY-MM``."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def month_of(day: date) -> int:
    """Give the month a day lies in."""
    return month_index(day.year, day.month)


def first_day(index: int) -> date:
    """Give the first day of a month."""
    return date(index // 12, index % 12 + 1, 1)


def last_day(index: int) -> date:
    """Give the last day of a month."""
    return first_day(index + 1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The months after ``opening`` up to and including ``closing``, both month-end indexes."""

    opening: int
    closing: int

    @property
    def months(self) -> int:
        """Length in months."""
        return self.closing - self.opening

    def __str__(self) -> str:
        return f"{format_month(self.opening)} to {format_month(self.closing)}"
