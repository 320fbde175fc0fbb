"""Headers that are months, in any common spelling: the mark of a wide sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache

from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import month_index

_NAMES = (
    "jan januar january janvier janv enero ene gennaio gen janeiro januari",
    "feb februar february fevrier fevr fev febrero febbraio fevereiro februari",
    "mar marz march mars marzo marco maart mrt maerz mrz",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "jun juni june juin junio giugno giu junho",
    "jul juli july juillet juil julio luglio lug julho",
    "aug august aout agosto ago augustus",
    "sep sept september septembre septiembre settembre set setembro",
    "oct okt october oktober octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec dez december dezember decembre diciembre dic dicembre dezembro",
)
_MONTH_OF = {name: month for month, names in enumerate(_NAMES, 1) for name in names.split()}
_UNACCENTED = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüçñ", "aaaaaeeeeiiiiooooouuuucn")
_AROUND = r"(?:mrr|revenue|amount|recurring|sum|of|usd|eur|gbp|monthly|actuals?)"
_GAP = r"[\s\-_/.,']*"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_NAME = r"(?P<name>[a-z]{3,10})\.?"
_SPELLINGS = (  # each has a digit
    rf"{_YEAR}[-/._ ]?m?(?P<month>0[1-9]|1[0-2])",
    rf"{_YEAR}[-/._ ]{_MONTH}",
    rf"{_YEAR}-(?P<month>\d\d)-\d\d(?:[ t]00:00(?::00(?:\.0+)?)?)?",
    rf"{_YEAR}(?P<month>0[1-9]|1[0-2])[0-3]\d",
    rf"m?{_MONTH}[-/._ ]{_YEAR}",
    rf"{_NAME}{_GAP}{_YEAR}",
    rf"{_YEAR}{_GAP}{_NAME}",
    rf"(?:\d{{1,2}}{_GAP})?{_NAME}{_GAP}{_YEAR}",
    rf"{_NAME}{_GAP}(?P<short>\d\d)",
)
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d{2})", re.ASCII)
_SERIAL = re.compile(r"[345]\d{4}(?:\.0)?", re.ASCII)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(rf"(?:{_AROUND}\b{_GAP})*(?:{spelling})(?:{_GAP}\b{_AROUND})*", re.ASCII)
        for spelling in _SPELLINGS
    )


def month_columns(header: Sequence[str], pattern: str | None = None) -> dict[str, int]:
    """Month index of every header that is a month; ``pattern`` is a strftime one, or excel.

    Raises RC223 for day and month that may stand in either order.
    """
    if pattern is not None:
        return _by_pattern(header, pattern)
    found = {name: _month(name) for name in header}
    days = {name: m for name in header if (m := _DAY.fullmatch(name.strip()))}
    if len(days) > 1:
        found |= _days(days)
    return {name: month for name, month in found.items() if month is not None}


def month_of_text(text: str) -> int | None:
    """Month index of a text such as ``Jan-24``, ``01/2024`` or ``März 2024``; None for others."""
    return None if _DAY.fullmatch(text.strip()) else _month(text)


def _month(header: str) -> int | None:
    if not re.search("[0-9]", header):
        return None
    text = re.sub(r"[_()\[\]]+", " ", header.lower().translate(_UNACCENTED)).strip()
    for pattern in _patterns():
        match = pattern.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        year = int(parts["year"]) if parts.get("year") else 2000 + int(parts["short"])
        name = parts.get("name")
        month = _MONTH_OF.get(name) if name else int(parts["month"])
        if month and 1 <= month <= 12:
            return month_index(year, month)
    return None


def _days(days: dict[str, re.Match[str]]) -> dict[str, int | None]:
    """Days that all mark one month each, read in the one order that makes sense."""
    numbers = {name: tuple(int(g) for g in m.groups()) for name, m in days.items()}
    readings = [
        {name: month_index(parts[2], parts[i]) for name, parts in numbers.items()}
        for i in (1, 0)
        if all(parts[i] <= 12 for parts in numbers.values())
    ]
    readings = [r for r in readings if len(set(r.values())) == len(r)]
    if len(readings) == 1:
        return dict(readings[0])
    if not readings:
        return {}
    name = next(iter(days))
    mark = re.sub(r"\d", "", name.strip())[0]
    ways = [
        f'--date-format "{mark.join(order)}"' for order in (("%d", "%m", "%Y"), ("%m", "%d", "%Y"))
    ]
    value = f'the header "{name}" may be day or month first'
    raise RetcalcError(Finding("RC223", "date is ambiguous", value=value, fix="  or  ".join(ways)))


def _by_pattern(header: Sequence[str], pattern: str) -> dict[str, int]:
    read = _serial if pattern == "excel" else _strptime(pattern)
    found = {name: read(name.strip()) or _month(name) for name in header}
    return {name: month for name, month in found.items() if month is not None}


def _strptime(pattern: str) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        try:
            day = datetime.strptime(text, pattern)
        except ValueError:
            return None
        return month_index(day.year, day.month)

    return read


def _serial(text: str) -> int | None:
    if not _SERIAL.fullmatch(text):
        return None
    day = datetime(1899, 12, 30) + timedelta(days=int(text.removesuffix(".0")))
    return month_index(day.year, day.month)
