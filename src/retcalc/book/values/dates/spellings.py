"""The spellings of a date in a cell, and what reads each of them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from retcalc.book.rules import DateRules
from retcalc.book.values.dates.order import Proof, read_in_order
from retcalc.book.values.dates.patterns import Reader, excel_day
from retcalc.core.findings import Finding
from retcalc.core.months.written import (
    bare_month,
    month_of_text,
    named_day,
    numeric_day,
    without_time,
)

_SPELLINGS = {
    "day": r"\d{4}-\d{1,2}-\d{1,2}",
    "month": r"\d{4}-\d{1,2}",
    "compact month": r"(?:19|20)\d{4}",
    "compact day": r"(?:19|20)\d{6}",
    "slashed day": r"\d{4}[/.]\d{1,2}[/.]\d{1,2}",
    "timestamp": r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?",
    "timestamp with zone": r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*"
    r"(Z|UTC|[+-]\d{2}(:?\d{2})?)",
    "spreadsheet serial": r"[345]\d{4}(\.0)?",
    "epoch seconds": r"[12]\d{9}(\.0)?",
    "epoch milliseconds": r"[12]\d{12}(\.0)?",
}
NO_YEAR = "month without a year"


def spelling(value: str, rules: DateRules) -> str:
    """The name of the way a value is written; empty where it is none of a date."""
    known = next((k for k, p in _SPELLINGS.items() if re.fullmatch(p, value)), "")
    if known:
        return known
    if (day := numeric_day(value)) is not None:
        return "day and month with a short year" if day.short else "day or month first"
    if month_of_text(value) is not None:
        return "month in words"
    if rules.year is not None and bare_month(value) is not None:
        return NO_YEAR
    return "named day" if _is_named_day(value) else ""


def _is_named_day(value: str) -> bool:
    try:
        return named_day(without_time(value)) is not None
    except ValueError:  # a day that its month does not have
        return True


def reader_for(
    kind: str, members: list[str], rules: DateRules, told: Proof | None
) -> tuple[Reader | None, Finding | None, Finding | None]:
    """A reader of values of one spelling, or what to ask first, and a note of how they are read."""
    if kind.startswith("day "):
        return read_in_order(members, told)
    if kind == "spreadsheet serial":
        value = f'"{members[0]}" looks like a spreadsheet serial ({excel_day(members[0])})'
        return (
            None,
            Finding("RC223", "date is ambiguous", value=value, fix="--date-format excel"),
            None,
        )
    if kind == "timestamp with zone":
        return _zoned_reader(members, rules)
    readers: dict[str, Reader] = {
        "day": lambda v: date(*(int(p) for p in v.split("-"))),
        "month": lambda v: date(int(v[:4]), int(v[5:]), 1),
        "compact month": lambda v: date(int(v[:4]), int(v[4:6]), 1),
        "compact day": lambda v: date(int(v[:4]), int(v[4:6]), int(v[6:8])),
        "slashed day": lambda v: date(*(int(p) for p in re.split("[/.]", v))),
        "timestamp": _timestamp,
        "month in words": _month_in_words,
        "named day": _named_day,
        NO_YEAR: lambda v: date(rules.year or 0, bare_month(v) or 0, 1),
    }
    if kind.startswith("epoch"):
        return _epoch_reader(kind, rules)
    return readers[kind], None, None


def _timestamp(value: str) -> date:
    day, hour, minute = value[:10], *re.split(r"[ T:]", value)[1:3]
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError(value)
    return date.fromisoformat(day)


def _month_in_words(value: str) -> date:
    index = month_of_text(value)
    if index is None:
        raise ValueError(value)
    return date(index // 12, index % 12 + 1, 1)


def _named_day(value: str) -> date:
    day = named_day(without_time(value))
    if day is None:
        raise ValueError(value)
    return day


def _epoch_reader(
    kind: str, rules: DateRules
) -> tuple[Reader | None, Finding | None, Finding | None]:
    zone = ZoneInfo(rules.timezone) if rules.timezone else UTC
    unit = 1000 if kind == "epoch milliseconds" else 1

    def read(value: str) -> date:
        return datetime.fromtimestamp(int(value.removesuffix(".0")) / unit, zone).date()

    return read, None, zone_note(rules.timezone or "UTC")


def _zoned_reader(
    members: list[str], rules: DateRules
) -> tuple[Reader | None, Finding | None, Finding | None]:
    utc = all(re.search(r"(Z|UTC|[+-]00(:?00)?)$", v) for v in members)
    if not utc and rules.timezone is None:
        value = f'"{members[0]}" carries a time zone, which can move it into another month'
        fix = "--timezone UTC   or in retcalc.yaml  dates: {timezone: UTC}"
        return None, Finding("RC225", "timestamp needs a time zone", value=value, fix=fix), None
    zone = ZoneInfo(rules.timezone) if rules.timezone else UTC

    def read(value: str) -> date:
        text = re.sub(r"\s*(Z|UTC)$", "+00:00", value.replace(",", "."))
        text = re.sub(r"([ T])(\d):", r"\g<1>0\2:", text)
        return datetime.fromisoformat(text.replace(" +", "+")).astimezone(zone).date()

    return read, None, zone_note(rules.timezone or "UTC")


def zone_note(zone: str) -> Finding:
    """Say the zone whose days count."""
    return Finding("RC898", f"timestamps count on the day they have in {zone}")
