"""Dates: text or typed columns to calendar days.

ISO is the default. A spelling that can be read in two ways is refused with the option that
settles it; two spellings in one column are refused too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import polars as pl

from retcalc.book.rules import DateRules
from retcalc.book.values.dates.order import Proof
from retcalc.book.values.dates.patterns import Reader, fitting_patterns, reader_of
from retcalc.book.values.dates.spellings import NO_YEAR, reader_for, spelling, zone_note
from retcalc.core.findings import Finding
from retcalc.core.months import first_day
from retcalc.core.months.written import (
    bare_month,
    period_of_text,
)
from retcalc.read import Distinct, distinct

EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
_NUMBERS_AND_TIME = (  # cut before values are told apart: there may be one a row
    r"^(\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d{2}))[ T,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
    r"(?:\s*[AaPp]\.?[Mm]\.?)?$"
)
_STAMP = r"^\d{4}-\d{2}-\d{2}[ T]([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?$"
_TOGETHER = {frozenset({"day", "timestamp"})}


@dataclass(frozen=True, slots=True)
class Days:
    """Parsed days, null where blank or bad; ``problems`` maps each bad value to its finding.

    ``cells`` are what the rows were read from, typed or texts. ``months`` is true when the values
    name months and no days, or the first ones of periods of ``period`` months.
    """

    days: pl.Series
    cells: pl.Series | Distinct
    problems: dict[str, Finding]
    notes: tuple[Finding, ...] = ()
    months: bool = False
    period: int = 1

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


def parse_days(
    raw: pl.Series,
    rules: DateRules,
    *,
    utc: bool = False,
    told: Proof | None = None,
    periods: bool = False,
) -> Days:
    """Read a column of dates; a month alone means its first day.

    ``utc`` tells that timestamps without a zone are of UTC; ``told`` what comes first, day or
    month, where the column does not tell; ``periods``: quarters and years are taken as their first
    month.
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
    read = Distinct(text, cells.codes)
    if periods and values and rules.format is None:
        firsts = [period_of_text(value) for value in values]
        lengths = {first[1] if first else 0 for first in firsts}
        if lengths <= {3} or lengths <= {6} or lengths <= {12}:
            return _of_periods(read, dict(zip(values, firsts, strict=True)))
    parsed, problems, notes = _parse_values(values, rules, told)
    table = pl.DataFrame(
        {"raw": list(parsed), "day": list(parsed.values())},
        schema={"raw": pl.String, "day": pl.Date},
    )
    days = text.to_frame("raw").join(
        table, on="raw", how="left", validate="m:1", maintain_order="left"
    )
    kinds = {spelling(v, rules) for v in values} if rules.format is None else {""}
    months = bool(kinds) and kinds <= {"month", "compact month", "month in words", NO_YEAR}
    return Days(read.spread(days["day"]), read, problems, (*stated, *notes), months)


def _of_periods(cells: Distinct, periods: Mapping[str, tuple[int, int] | None]) -> Days:
    """Periods of one length, each by the first day of its first month."""
    days = {text: first_day(period[0]) for text, period in periods.items() if period}
    texts = cells.values.replace_strict(
        list(days), list(days.values()), default=None, return_dtype=pl.Date
    )
    months = next(period[1] for period in periods.values() if period)
    return Days(cells.spread(texts), cells, {}, months=True, period=months)


def _timestamps(raw: pl.Series, rules: DateRules, *, utc: bool) -> Days:
    zone = cast(pl.Datetime, raw.dtype).time_zone
    if zone is None and not utc:
        return _ranged(raw.dt.date(), raw)
    aware = raw if zone else raw.dt.replace_time_zone("UTC")
    wanted = rules.timezone or zone or "UTC"
    read = _ranged(aware.dt.convert_time_zone(wanted).dt.date(), raw)
    return replace(read, notes=(zone_note(wanted),))


def _cut_times(
    text: pl.Series, rules: DateRules, *, utc: bool
) -> tuple[pl.Series, tuple[Finding, ...]]:
    """Reduce timestamps to their day; those of UTC are marked where another zone's days count."""
    text = text.str.replace(_NUMBERS_AND_TIME, "$1")
    stamps = text.str.contains(_STAMP)
    if not stamps.any():
        return text, ()
    if utc and rules.timezone not in (None, "UTC"):
        return pl.select(pl.when(stamps).then(text + "Z").otherwise(text)).to_series(), ()
    cut = pl.select(pl.when(stamps).then(text.str.slice(0, 10)).otherwise(text)).to_series()
    return cut, (zone_note("UTC"),) if utc else ()


def _ranged(days: pl.Series, raw: pl.Series) -> Days:
    out = ((days < EARLIEST) | (days > LATEST)).fill_null(value=False)
    if not out.any():
        return Days(days, raw, {})
    text = raw.filter(out).cast(pl.String)
    problems = {v: _out_of_range(v) for v in text.unique().sort()}
    return Days(pl.select(pl.when(~out).then(days)).to_series(), raw, problems)


def _parse_values(
    values: list[str], rules: DateRules, told: Proof | None
) -> tuple[dict[str, date], dict[str, Finding], tuple[Finding, ...]]:
    if rules.format:
        return *_each(values, reader_of(rules.format), rules.format), ()
    kinds: dict[str, list[str]] = {}
    for value in values:
        kinds.setdefault(spelling(value, rules), []).append(value)
    unknown = kinds.pop("", [])
    fix = "" if kinds else _way_out(unknown)
    problems = {value: _not_a_date(value, fix=fix) for value in unknown}
    if len(kinds) > 1 and frozenset(kinds) not in _TOGETHER:
        return {}, {**problems, **_mixed(kinds)}, ()
    parsed: dict[str, date] = {}
    notes: list[Finding] = []
    for kind, members in kinds.items():
        reader, refused, note = reader_for(kind, members, rules, told)
        if refused is not None:
            problems.update(dict.fromkeys(members, refused))
        elif reader is not None:
            good, bad = _each(members, reader, "ISO")
            parsed.update(good)
            problems.update(bad)
        notes += [note] if note else []
    return parsed, problems, tuple(notes)


def _way_out(unknown: list[str]) -> str:
    """The option that reads every value of a column none of whose spellings is known."""
    if unknown and all(bare_month(value) is not None for value in unknown):
        return "--year 2025   if these months are of 2025"
    return "  or  ".join(f'--date-format "{pattern}"' for pattern in fitting_patterns(unknown))


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


def _not_a_date(value: str, pattern: str = "ISO", fix: str = "") -> Finding:
    known = "a calendar date" if pattern == "ISO" else f"a date written as {pattern}"
    fix = fix or "--skip-bad-rows   leaves such rows out; else write it as 2026-10-31"
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
