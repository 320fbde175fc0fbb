"""The last day of dated rows: words for "no end", and whether the day named still belongs to a row.

Exports write the end of a row in two ways: as its last day (31 March, and the next row starts on
1 April) or as the first day without it (both on 1 April). The rows themselves mostly tell which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import polars as pl

from retcalc.book.shapes.common.shape import Sheet
from retcalc.book.values.billing_intervals import calendar, whole_months
from retcalc.book.values.dates import LATEST, Days
from retcalc.book.values.day_columns import read_days, text_of
from retcalc.book.values.locate import at
from retcalc.core.findings import Finding
from retcalc.core.speed.threads import map_in_order
from retcalc.read import Table
from retcalc.read.wording import counted

_OPEN = (
    r"^(0|0000-00-00.*|null|none|nil|nat|nan|\\n|n/?a|#n/a|-+|–|—|\?|tbd|open|open[- ]?ended|"
    r"ongoing|current|currently|present|now|today|active|running|never|no end|none yet|infinity|"
    r"inf|indefinite|forever|evergreen|until cancell?ed|offen|laufend|unbefristet|en cours|actuel|"
    r"vigente|activo|attivo|in corso|lopend|perpetual|permanent|unlimited|continuing|"
    r"auto[- ]?renews?|still active|not (?:yet|ended)|aktiv|aktuell|bestehend|"
    r"bis auf weiteres|unk[uü]ndigbar|"
    r"(?:nicht |un)gek[uü]ndigt|kein ende|illimit[eé]e?|ind[eé]termin[eé]e?|sans fin|en curso|"
    r"sin fin|indefinid[oa]|ilimitad[oa]|indeterminad[oa]|illimitat[oa]|indeterminat[oa]|"
    r"senza fine|"
    r"em (?:curso|aberto)|sem fim|onbepaald|onbeperkt|doorlopend|l[oø]pende|l[oö]pande|"
    r"tills vidare|bezterminowo|nieokre[sś]lony)$"
)
# what an empty day becomes in programs that count days from there
_NEVER = (date(1, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1970, 1, 1))
_NEVER_WRITTEN = (
    r"^(?:0001|1900|1970)-0?1-0?1\b|^1899-12-3[01]\b|^0?1[/.]0?1[/.](?:0001|1900|1970)\b|"
    r"^(?:12/3[01]|3[01][/.]12)[/.]1899\b"
)
_YEAR = r"(?:[3-9]\d{3}|2[1-9]\d{2})"  # one that no contract reaches
_FAR = (
    rf"^{_YEAR}(?:(?:0[1-9]|1[0-2])(?:[0-3]\d)?)?(?:\.0)?$|^{_YEAR}[-/.]|^2099-12-31|"
    rf"^[1-9]\d{{4,}}-|^\d{{1,2}}[-/. ]\w{{1,9}}[-/. ]{_YEAR}\b|"
    # the same as seconds or milliseconds since 1970, and the last day of a spreadsheet
    r"^(?:(?:4[1-9]|[5-9]\d)\d{8}(?:\d{3})?|[1-9]\d{10}|2534\d{8}(?:\d{3})?|2958465)(?:\.0)?$"
)
_LAST_MINUTE = r"[ T]23:59(:\d{2}([.,]\d+)?)?\s*(Z|UTC|[+-]\d{2}(:?\d{2})?)?$"
_DAYS = 1 << 23  # more than there are from year 1 to 9999
_ENOUGH = 3  # ends that tell a habit where no row follows another

How = Literal["inclusive", "exclusive"]


def read_ends(
    sheet: Sheet, column: str, *, utc: bool = False
) -> tuple[Days, pl.Series, list[Finding]]:
    """The days of an end column, null where it says that there is no end yet.

    An end at 23:59 is the whole of that day, so it gives the day after. The mask marks the rows
    that are settled so.
    """
    table, words, findings = _without_words(sheet.table, column)
    read, more = read_days(table, column, sheet.rules, blank_ok=True, utc=utc)
    late = _at_the_last_minute(table.frame[column])
    if late.any():
        after = pl.when(late).then(read.days.dt.offset_by("1d")).otherwise(read.days)
        read = replace(read, days=pl.select(after).to_series())
        text = f"{counted(int(late.sum()), 'row')} end at 23:59: that day belongs to them"
        findings.append(at(table, late, column, Finding("RC899", text)))
    if words.any():
        said = ", ".join(
            f'"{w}"' for w in sheet.table.text(column).filter(words).unique().sort()[:4]
        )
        text = f"{said} in {column} means no end: {counted(int(words.sum()), 'row')} run on"
        findings.append(at(sheet.table, words, column, Finding("RC863", text)))
    return read, late, findings + more


def _without_words(table: Table, column: str) -> tuple[Table, pl.Series, list[Finding]]:
    """The table with nothing where the column says that there is no end, and a mask of those."""
    raw = table.column(column)
    if raw.dtype == pl.Date or isinstance(raw.dtype, pl.Datetime):
        day = raw.dt.date()
        words = ((day >= LATEST) | day.is_in(_NEVER)).fill_null(value=False)
        cleaned = pl.select(pl.when(~words).then(raw)).to_series()
    else:
        text = text_of(raw).str.strip_chars(" \t\u00a0").str.to_lowercase()
        words = text.str.contains(f"{_OPEN}|{_FAR}|{_NEVER_WRITTEN}")
        cleaned = pl.select(pl.when(words).then(pl.lit("")).otherwise(text_of(raw))).to_series()
    if not words.any():
        return table, words, []
    return replace(table, frame=table.frame.with_columns(cleaned.alias(column))), words, []


def _at_the_last_minute(raw: pl.Series) -> pl.Series:
    if isinstance(raw.dtype, pl.Datetime):
        return ((raw.dt.hour() == 23) & (raw.dt.minute() == 59)).fill_null(value=False)
    if raw.dtype != pl.String:
        return pl.repeat(value=False, n=len(raw), dtype=pl.Boolean, eager=True)
    return raw.str.strip_chars().str.contains(_LAST_MINUTE).fill_null(value=False)


@dataclass(frozen=True, slots=True)
class Votes:
    """What the rows say of the day that ends them, in rows.

    ``followed`` have a later row of their account behind them: ``followed_after`` one that starts
    the day after their end (so it is their last day), ``followed_on`` one on that day.
    ``whole_in`` and ``whole_out`` make whole months with and without that day, or end on the last
    or the first day of a month. ``ended`` have an end, ``decisive`` end on the last day of a month,
    where it matters which.
    """

    followed: int
    followed_after: int
    followed_on: int
    whole_in: int
    whole_out: int
    ended: int
    decisive: int


def settle_ends(
    sheet: Sheet, column: str, start: Days, end: Days, settled: pl.Series
) -> tuple[How, list[Finding]]:
    """Whether the day of an end belongs to its row: as the rules say, else as the rows tell.

    ``settled`` rows say it themselves. Where the rows vote both ways it is a question (RC253).
    """
    rule = sheet.period_end
    belongs = f"the day of {column} belongs to the row"
    if rule != "auto":
        return rule, [Finding("RC899", belongs)] if rule == "inclusive" else []
    votes = count_votes(sheet.ids.codes, start.days, end.days, settled)
    how = decide(votes)
    if how == "ask":
        tell = f"followed the day after their end: {counted(votes.followed_after, 'row')}, "
        tell += f"on that day: {votes.followed_on:,}; whole months: {votes.whole_in:,} with it, "
        tell += f"{votes.whole_out:,} without"
        fix = "--period-end inclusive  or  --period-end exclusive"
        error = Finding(
            "RC253", "the last day of a row can be read in two ways", value=tell, fix=fix
        )
        mask = end.days.is_not_null() & ~settled
        return "exclusive", [at(sheet.table, mask, column, error)]
    if how == "inclusive":
        why = (
            "the next row starts the day after" if votes.followed_after else "they fit whole months"
        )
        text = f"{belongs}: {why}"
        return how, [Finding("RC899", text, fix="--period-end exclusive  if it does not")]
    if not votes.decisive:
        return how, []
    rows = counted(votes.decisive, "row")
    text = f"{rows} with {column} on the last day of a month counted as gone in that month"
    return how, [Finding("RC899", text, fix="--period-end inclusive  if they still pay on it")]


def count_votes(ids: pl.Series, start: pl.Series, end: pl.Series, settled: pl.Series) -> Votes:
    """Count what the rows of each account say; see ``Votes``."""
    starts = _place(ids, start).drop_nulls().unique().sort()
    ended = (end > start).fill_null(value=False) & ~settled
    ids, start, end = (column.filter(ended) for column in (ids, start, end))
    place, after = _place(ids, end), end.dt.offset_by("1d")
    met = map_in_order(lambda days: int((place + days).is_in(starts.implode()).sum()), (0, 1))
    of_id = starts // _DAYS
    newest = starts.filter((of_id != of_id.shift(-1)).fill_null(value=True))
    accounts = int(of_id[-1]) + 1 if len(of_id) else 0
    latest: pl.Series = pl.repeat(-1, accounts, dtype=pl.Int64, eager=True)
    latest = latest.scatter(newest // _DAYS, newest)
    out, within = map_in_order(lambda until: whole_months(start, until)[0] > 0, (end, after))
    rows = calendar(end, "end").with_columns(out=out, within=within)
    last, first = pl.col("day end") == pl.col("length end"), pl.col("day end") == 1
    told = rows.select(
        (pl.col("within") | last).and_(~pl.col("out") | last, ~first).sum().alias("in"),
        ((pl.col("out") | first) & ~last).sum().alias("out"),
        last.sum().alias("last"),
    )
    followed = int((latest.gather(ids) >= place).sum())
    whole_in, whole_out, decisive = (int(n or 0) for n in told.row(0))
    return Votes(followed, met[1], met[0], whole_in, whole_out, rows.height, decisive)


def _place(ids: pl.Series, days: pl.Series) -> pl.Series:
    """Account and day as one number, accounts first."""
    return ids.cast(pl.Int64) * _DAYS + days.to_physical().cast(pl.Int64) + _DAYS // 2


def decide(votes: Votes) -> Literal["inclusive", "exclusive", "ask"]:
    """Settle the vote: rows that follow each other first, then whole months and month-ends.

    Both ways is a question where a third or more speak against the rest. What is not told is
    exclusive. Rows of one account that meet by chance tell nothing: a quarter of them must meet.
    """
    after, on = votes.followed_after, votes.followed_on
    if after + on and 4 * (after + on) >= votes.followed:
        if 3 * min(after, on) >= after + on and votes.decisive:
            return "ask"
        return "inclusive" if after > on else "exclusive"
    within, out = votes.whole_in, votes.whole_out
    if within < _ENOUGH or 5 * (within + out) < 4 * votes.ended:
        return "exclusive"
    if 10 * out <= within:
        return "inclusive"
    return "ask" if out >= _ENOUGH and votes.decisive and 10 * within > out else "exclusive"
