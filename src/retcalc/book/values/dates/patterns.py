"""Days read by a pattern that the user names, and the pattern to offer for a rare spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from retcalc.core.months.written import english, without_time

Reader = Callable[[str], date]

_EXCEL_EPOCH = date(1899, 12, 30)
_MARKED = ("%y-%b", "%y %b", "%m/%y", "%y/%m", "%m-%y", "%y-%m", "%m.%y", "%y.%m", "%Y-%d-%m")
_SOLID = ("%d%m%Y", "%m%d%Y", "%Y%d%m", "%y%m%d", "%d%m%y", "%d%b%y")


def reader_of(pattern: str) -> Reader:
    """A reader by a pattern of strptime, or of the serials of a spreadsheet (``excel``).

    Months may be named in any language; a time of day that the pattern does not name is cut.
    """
    if pattern == "excel":
        return excel_day
    timed = re.search("%[HIXcTR]", pattern) is not None
    short = pattern.replace("%B", "%b")

    def read(value: str) -> date:
        text = value if timed else without_time(value)
        return datetime.strptime(english(text), short).date()

    return read


def excel_day(value: str) -> date:
    """The day of a serial number of a spreadsheet."""
    return _EXCEL_EPOCH + timedelta(days=int(value.removesuffix(".0")))


def fitting_patterns(values: Sequence[str]) -> list[str]:
    """The patterns for spellings that are read under no other name, which read every value."""
    if values and all(re.fullmatch(r"[345]\d{4}(?:\.0)?", value) for value in values):
        return ["excel"]
    marked = [pattern for pattern in _MARKED if _reads_all(pattern, values)]
    lengths = {len(value) for value in values}
    solid = [p for p in _SOLID if lengths == {len(date(2024, 1, 31).strftime(p))}]
    return marked + [pattern for pattern in solid if _reads_all(pattern, values)]


def _reads_all(pattern: str, values: Sequence[str]) -> bool:
    read = reader_of(pattern)
    try:
        return bool(values) and all(1990 <= read(value).year <= 2099 for value in values)
    except ValueError:
        return False
