"""Dates and months: text or typed columns to calendar days and month indexes.

ISO is the default. A spelling that can be read in two ways is refused with the option that
settles it; two spellings in one column are refused too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import polars as pl

from retcalc.book.columns.month_headers import month_of_text
from retcalc.book.rules import DateRules
from retcalc.book.values.fiscal_months import fiscal_months
from retcalc.core.findings import Finding
from retcalc.read import Distinct, distinct

EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
_EXCEL_EPOCH = date(1899, 12, 30)
_SPELLINGS = {
    "day": r"\d{4}-\d{2}-\d{2}",
    "month": r"\d{4}-\d{1,2}",
    "compact month": r"(?:19|20)\d{4}",
    "compact day": r"(?:19|20)\d{6}",
    "slashed day": r"\d{4}/\d{1,2}/\d{1,2}",
    "day or month first": r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}",
    "timestamp": r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?",
    "timestamp with zone": r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*"
    r"(Z|UTC|[+-]\d{2}(:?\d{2})?)",
    "spreadsheet serial": r"[345]\d{4}(\.0)?",
    "epoch seconds": r"[12]\d{9}(\.0)?",
    "epoch milliseconds": r"[12]\d{12}(\.0)?",
    "named day": r"\d{1,2}[ ./-]*[^\W\d]{3,10}\.?[ ,./-]*\d{4}|[^\W\d]{3,10}\.? \d{1,2}, ?\d{4}",
}
_SLASHED_TIME = r"^(\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4})[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp][Mm])?$"
_STAMP = r"^\d{4}-\d{2}-\d{2}[ T]([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?$"
_TOGETHER = {frozenset({"day", "timestamp"})}


@dataclass(frozen=True, slots=True)
class Days:
    """Parsed days, null where blank or bad; ``problems`` maps each bad value to its finding.

    ``cells`` are what the rows were read from, typed or texts. ``months`` is true when the values
    name months and no days.
    """

    days: pl.Series
    cells: pl.Series | Distinct
    problems: dict[str, Finding]
    notes: tuple[Finding, ...] = ()
    months: bool = False

    @property
    def text(self) -> pl.Series:
        """What each row was read from, as text."""
        if isinstance(self.cells, Distinct):
            return self.cells.texts
        return self.cells.cast(pl.String).fill_null("")

    @property
    def blank(self) -> pl.Series:
        """True where a row says nothing."""
        if isinstance(self.cells, Distinct):
            return self.cells.spread(self.cells.values == "")
        return self.cells.is_null()


def parse_days(raw: pl.Series, rules: DateRules, *, utc: bool = False) -> Days:
    """Read a column of dates; a month alone means its first day.

    ``utc`` tells that timestamps without a zone are of UTC.
    """
    if raw.dtype == pl.Date:
        return _ranged(raw, raw)
    if isinstance(raw.dtype, pl.Datetime):
        return _timestamps(raw, rules, utc=utc)
    cells = distinct(raw.cast(pl.String).fill_null(""))
    text = cells.values.str.strip_chars(" \t\u00a0")
    stated: tuple[Finding, ...] = ()
    if rules.format is None:
        text, stated = _cut_times(text, rules, utc=utc)
    values = [v for v in text.unique().sort().to_list() if v]
    parsed, problems, notes = _parse_values(values, rules)
    table = pl.DataFrame(
        {"raw": list(parsed), "day": list(parsed.values())},
        schema={"raw": pl.String, "day": pl.Date},
    )
    days = text.to_frame("raw").join(
        table, on="raw", how="left", validate="m:1", maintain_order="left"
    )
    kinds = {_spelling(v) for v in values} if rules.format is None else {""}
    months = bool(kinds) and kinds <= {"month", "compact month", "month in words"}
    read = Distinct(text, cells.codes)
    return Days(read.spread(days["day"]), read, problems, (*stated, *notes), months)


def closing_months(days: Days, rules: DateRules) -> pl.Series:
    """Month each day counts in (Int32): of the calendar, or of the fiscal weeks."""
    if rules.weeks is None or days.months:
        return month_indexes(days.days)
    return fiscal_months(days.days, rules.weeks)


def month_indexes(days: pl.Series) -> pl.Series:
    """Give the calendar month index of each day (Int32, null where null)."""
    first, last = days.min(), days.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return pl.repeat(None, len(days), dtype=pl.Int32, eager=True)
    known = pl.date_range(first, last, eager=True)  # a table to look up, as days repeat
    months = (known.dt.year() * 12 + known.dt.month().cast(pl.Int32) - 1).cast(pl.Int32)
    start = known.to_physical()[0]
    parts = [
        months[(part.to_physical() - start).cast(pl.UInt32, wrap_numerical=True)]
        for part in days.get_chunks()
    ]
    whole: pl.Series = pl.concat(parts)
    return whole.alias("")


def _timestamps(raw: pl.Series, rules: DateRules, *, utc: bool) -> Days:
    zone = cast(pl.Datetime, raw.dtype).time_zone
    if zone is None and not utc:
        return _ranged(raw.dt.date(), raw)
    aware = raw if zone else raw.dt.replace_time_zone("UTC")
    wanted = rules.timezone or zone or "UTC"
    read = _ranged(aware.dt.convert_time_zone(wanted).dt.date(), raw)
    return replace(read, notes=(_zone_note(wanted),))


def _zone_note(zone: str) -> Finding:
    return Finding("RC898", f"timestamps count on the day they have in {zone}")


def _cut_times(
    text: pl.Series, rules: DateRules, *, utc: bool
) -> tuple[pl.Series, tuple[Finding, ...]]:
    """Reduce timestamps to their day; those of UTC are marked where another zone's days count."""
    text = text.str.replace(_SLASHED_TIME, "$1")
    stamps = text.str.contains(_STAMP)
    if not stamps.any():
        return text, ()
    if utc and rules.timezone not in (None, "UTC"):
        return pl.select(pl.when(stamps).then(text + "Z").otherwise(text)).to_series(), ()
    cut = pl.select(pl.when(stamps).then(text.str.slice(0, 10)).otherwise(text)).to_series()
    return cut, (_zone_note("UTC"),) if utc else ()


def _ranged(days: pl.Series, raw: pl.Series) -> Days:
    out = ((days < EARLIEST) | (days > LATEST)).fill_null(value=False)
    if not out.any():
        return Days(days, raw, {})
    text = raw.filter(out).cast(pl.String)
    problems = {v: _out_of_range(v) for v in text.unique().sort()}
    return Days(pl.select(pl.when(~out).then(days)).to_series(), raw, problems)


def _parse_values(
    values: list[str], rules: DateRules
) -> tuple[dict[str, date], dict[str, Finding], tuple[Finding, ...]]:
    if rules.format:
        return *_each(values, _reader_of(rules.format), rules.format), ()
    kinds: dict[str, list[str]] = {}
    for value in values:
        kinds.setdefault(_spelling(value), []).append(value)
    unknown = kinds.pop("", [])
    problems = {value: _not_a_date(value) for value in unknown}
    if len(kinds) > 1 and frozenset(kinds) not in _TOGETHER:
        return {}, {**problems, **_mixed(kinds)}, ()
    parsed: dict[str, date] = {}
    notes: list[Finding] = []
    for kind, members in kinds.items():
        reader, refused, note = _reader_for(kind, members, rules)
        if refused is not None:
            problems.update(dict.fromkeys(members, refused))
        elif reader is not None:
            good, bad = _each(members, reader, "ISO")
            parsed.update(good)
            problems.update(bad)
        notes += [note] if note else []
    return parsed, problems, tuple(notes)


def _spelling(value: str) -> str:
    known = next((k for k, p in _SPELLINGS.items() if re.fullmatch(p, value)), "")
    return known or ("month in words" if month_of_text(value) is not None else "")


Reader = Callable[[str], date]


def _reader_for(
    kind: str, members: list[str], rules: DateRules
) -> tuple[Reader | None, Finding | None, Finding | None]:
    if kind == "day or month first":
        return _day_or_month_first(members)
    if kind == "spreadsheet serial":
        value = f'"{members[0]}" looks like a spreadsheet serial ({_excel(members[0])})'
        return (
            None,
            Finding("RC223", "date is ambiguous", value=value, fix="--date-format excel"),
            None,
        )
    if kind == "timestamp with zone":
        return _zoned_reader(members, rules)
    readers: dict[str, Reader] = {
        "day": date.fromisoformat,
        "month": lambda v: date(int(v[:4]), int(v[5:]), 1),
        "compact month": lambda v: date(int(v[:4]), int(v[4:6]), 1),
        "compact day": lambda v: date(int(v[:4]), int(v[4:6]), int(v[6:8])),
        "slashed day": lambda v: date(*(int(p) for p in v.split("/"))),
        "timestamp": _timestamp,
        "month in words": _month_in_words,
        "named day": _named_day,
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
    year = value[-4:]
    word = next(iter(re.findall(r"[^\W\d]{3,}", value)))
    number = next(iter(re.findall(r"\d{1,2}", value)))
    index = month_of_text(f"{word} {year}")
    if index is None:
        raise ValueError(value)
    return date(index // 12, index % 12 + 1, int(number))


def _epoch_reader(
    kind: str, rules: DateRules
) -> tuple[Reader | None, Finding | None, Finding | None]:
    zone = ZoneInfo(rules.timezone) if rules.timezone else UTC
    unit = 1000 if kind == "epoch milliseconds" else 1

    def read(value: str) -> date:
        return datetime.fromtimestamp(int(value.removesuffix(".0")) / unit, zone).date()

    return read, None, _zone_note(rules.timezone or "UTC")


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

    return read, None, _zone_note(rules.timezone or "UTC")


def _day_or_month_first(
    members: list[str],
) -> tuple[Reader | None, Finding | None, Finding | None]:
    parts = [tuple(int(p) for p in re.split(r"[/.\-]", v)) for v in members]
    day_first, month_first = any(p[0] > 12 for p in parts), any(p[1] > 12 for p in parts)
    mark = re.sub(r"\d", "", members[0])[0]
    patterns = f"%d{mark}%m{mark}%Y", f"%m{mark}%d{mark}%Y"
    if day_first == month_first:
        why = "contradicts others in the column" if day_first else "may be day or month first"
        value = f'"{members[0]}" {why}'
        fix = f'--date-format "{patterns[0]}"  or  --date-format "{patterns[1]}"'
        return None, Finding("RC223", "date is ambiguous", value=value, fix=fix), None
    pattern = patterns[0] if day_first else patterns[1]
    proof = next(v for v, p in zip(members, parts, strict=True) if max(p[0], p[1]) > 12)
    words = "day" if day_first else "month"
    text = f'dates are read {words} first ({pattern}), as "{proof}" proves'
    note = Finding("RC832", text, fix=f'--date-format "{pattern}"')
    order = (2, 1, 0) if day_first else (2, 0, 1)

    def read(value: str) -> date:
        numbers = [int(p) for p in re.split(r"[/.\-]", value)]
        return date(*(numbers[i] for i in order))

    return read, None, note


def _reader_of(pattern: str) -> Reader:
    if pattern == "excel":
        return _excel
    return lambda value: datetime.strptime(value, pattern).date()


def _excel(value: str) -> date:
    return _EXCEL_EPOCH + timedelta(days=int(value.removesuffix(".0")))


def _each(
    values: Iterable[str], read: Reader, pattern: str
) -> tuple[dict[str, date], dict[str, Finding]]:
    parsed: dict[str, date] = {}
    problems: dict[str, Finding] = {}
    for value in values:
        try:
            day = read(value)
        except (ValueError, OverflowError):
            problems[value] = _not_a_date(value, pattern)
            continue
        if EARLIEST <= day <= LATEST:
            parsed[value] = day
        else:
            problems[value] = _out_of_range(value)
    return parsed, problems


def _not_a_date(value: str, pattern: str = "ISO") -> Finding:
    known = "a calendar date" if pattern == "ISO" else f"a date written as {pattern}"
    fix = "--skip-bad-rows   leaves such rows out; else write it as 2026-10-31, or "
    fix += "name the spelling with --date-format, such as %d.%m.%Y"
    return Finding("RC221", "date is not a date", value=f'"{value}" is not {known}', fix=fix)


def _out_of_range(value: str) -> Finding:
    reason = f"lies outside {EARLIEST.year} to {LATEST.year}"
    fix = "correct the year in the export"
    return Finding("RC222", "date is out of range", value=f'"{value}" {reason}', fix=fix)


def _mixed(kinds: dict[str, list[str]]) -> dict[str, Finding]:
    """Blame the rarer spellings."""
    ranked = sorted(kinds, key=lambda k: (-len(kinds[k]), k))
    examples = ", ".join(f'"{kinds[k][0]}" ({k})' for k in ranked)
    finding = Finding(
        "RC224",
        "dates are written in more than one way",
        value=f"the column holds {examples}",
        fix="export the column in one format, best as 2026-10-31",
    )
    return {value: finding for kind in ranked[1:] for value in kinds[kind]}
