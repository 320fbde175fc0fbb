"""The ledger: one row per source row and month, whatever the shape of the export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from retcalc.book.cells import read_amounts, read_currency, read_days, text_of
from retcalc.book.dates import Days, month_indexes
from retcalc.book.headers import Recognised
from retcalc.book.ids import clean_ids, is_total
from retcalc.book.intervals import active_months, explode, last_complete_month
from retcalc.book.money import minor_digits
from retcalc.book.places import at, spots
from retcalc.book.rules import BookRules
from retcalc.findings import Finding, RetcalcError, raise_errors
from retcalc.months import format_month
from retcalc.read import FILE, LINE, Table
from retcalc.result import Currency

START, END = "__start", "__end"  # no header of an export's


@dataclass(frozen=True, slots=True)
class Ledger:
    """Source rows by account and month, up to the last month, and the months they cover.

    ``rows``: account (UInt32 code), month (Int32), amount (integer, units of 10**-scale), FILE,
    LINE and the wanted attributes under their own headers (String). ``accounts`` are the sorted
    ids, ``totals`` the sum of amounts per source file. ``intervals``: the rows of dated
    subscriptions before they become months, with START and END (Date, null while running).
    """

    rows: pl.DataFrame
    accounts: pl.Series
    currency: Currency
    first: int
    last: int
    totals: tuple[int, ...]
    findings: tuple[Finding, ...]
    intervals: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class _Dated:
    rows: pl.DataFrame
    first: int
    last: int
    findings: list[Finding]
    intervals: pl.DataFrame | None = None


def read_ledger(
    table: Table, found: Recognised, rules: BookRules, attributes: Sequence[str]
) -> Ledger:
    """Turn a table of a recognised shape into a ledger; raises every cell error at once."""
    table, findings = _without_totals(table, found.columns["customer"], rules)
    ids, more = clean_ids(table, found.columns["customer"])
    findings += more
    code, more = read_currency(table, found, rules)
    findings += more
    amounts, more = read_amounts(table, found, rules, code)
    findings += more
    accounts = ids.unique().sort().alias("id")
    rows = table.frame.select(FILE, LINE, *(text_of(table.frame[a]) for a in attributes))
    rows = rows.with_columns(
        ids.cast(pl.Enum(accounts)).to_physical().cast(pl.UInt32).alias("account"),
        amounts.units.alias("amount"),
    )
    dated = (_intervals if found.shape == "intervals" else _long)(
        table, found, rules, rows, findings
    )
    sums = rows.group_by(FILE).agg(pl.col("amount").cast(pl.Int128).sum()).rows()
    totals = tuple(dict(sums).get(i, 0) for i in range(len(table.sources)))
    currency = Currency(code, minor_digits(code), amounts.scale)
    return Ledger(
        _narrow(dated.rows.filter(pl.col("month") <= dated.last)),
        accounts,
        currency,
        dated.first,
        dated.last,
        totals,
        tuple(dated.findings),
        dated.intervals,
    )


def _narrow(rows: pl.DataFrame) -> pl.DataFrame:
    """Use 64 bits for amounts where no sum can leave them, 128 where one could."""
    total = rows.select(pl.col("amount").cast(pl.Int128).abs().sum()).item()
    return rows.with_columns(pl.col("amount").cast(pl.Int64 if total < 2**62 else pl.Int128))


def _long(
    table: Table, found: Recognised, rules: BookRules, rows: pl.DataFrame, findings: list[Finding]
) -> _Dated:
    days, more = read_days(table, found.columns["month"], rules)
    findings = findings + more
    rows = rows.with_columns(month_indexes(days.days).alias("month"))
    findings += _duplicates(table, found, rules, rows)
    raise_errors(findings)
    first, last, more = _span(table, rows, rules, found.columns["month"])
    return _Dated(rows, first, last, findings + more)


def _intervals(
    table: Table, found: Recognised, rules: BookRules, rows: pl.DataFrame, findings: list[Finding]
) -> _Dated:
    start, more = read_days(table, found.columns["start"], rules)
    findings = findings + more
    end: Days | None = None
    if "end" in found.columns:
        end, more = read_days(table, found.columns["end"], rules, blank_ok=True)
        findings += [*more, *_backwards(table, found.columns["end"], start, end)]
    else:
        findings.append(Finding("RC836", "no end column: every subscription is taken as running"))
    raise_errors(findings)
    last = last_complete_month(start.days) if rules.as_of is None else rules.as_of
    if last is None:
        raise RetcalcError(Finding("RC203", f"{table.sources[0].path} has no dated rows"))
    spans = active_months(start, end, last)
    exploded = explode(pl.concat([rows, spans], how="horizontal"))
    first = min(spans.select(pl.col("first").min()).item(), last)
    ends = pl.lit(None, pl.Date) if end is None else end.days
    dated = rows.with_columns(start.days.alias(START), ends.alias(END))
    return _Dated(exploded, first, last, findings + _never_active(spans, last), dated)


def _without_totals(table: Table, column: str, rules: BookRules) -> tuple[Table, list[Finding]]:
    ids = text_of(table.frame[column])
    mask = is_total(ids)
    if not mask.any():
        return table, []
    if rules.drop_total_rows:
        note = at(table, mask, column, Finding("RC837", "total rows are left out"))
        return Table(table.frame.filter(~mask), table.header, table.sources), [note]
    value = f'"{ids.filter(mask)[0]}" reads like a total, not like an account'
    error = Finding("RC212", "total row among the accounts", value=value, fix="--drop-total-rows")
    return table, [at(table, mask, column, error)]


def _duplicates(
    table: Table, found: Recognised, rules: BookRules, rows: pl.DataFrame
) -> list[Finding]:
    """Two rows for one account and month are an error or, when asked, a sum."""
    key = rows.select(pl.col("account").cast(pl.Int64) * 10**6 + pl.col("month")).to_series()
    if key.n_unique() == key.len():
        return []
    twice = key.is_duplicated() & key.is_not_null()
    if not twice.any():
        return []
    column = found.columns["customer"]
    if rules.duplicates == "sum":
        note = Finding("RC844", "rows that share account and month are summed")
        return [at(table, twice, column, note)]
    name, month = table.frame[column].filter(twice)[0], rows["month"].filter(twice)[0]
    value = f'"{name}" has more than one row in {format_month(month)}'
    fix = "--duplicates sum   adds them up; else correct the export"
    return [
        at(
            table,
            twice,
            column,
            Finding("RC219", "duplicate account and month", value=value, fix=fix),
        )
    ]


def _backwards(table: Table, column: str, start: Days, end: Days) -> list[Finding]:
    mask = (end.days < start.days).fill_null(value=False)
    if not mask.any():
        return []
    value = f'"{text_of(table.frame[column].filter(mask))[0]}" lies before the start'
    fix = "correct the dates in the export"
    error = Finding("RC232", "subscription ends before it starts", value=value, fix=fix)
    return [at(table, mask, column, error)]


def _never_active(spans: pl.DataFrame, last: int) -> list[Finding]:
    within = int(((spans["last"] < spans["first"]) & (spans["first"] <= last)).sum())
    later = int((spans["first"] > last).sum())
    findings = []
    if within:
        text = f"{within} subscriptions start and end between two month-ends and are in no month"
        findings.append(Finding("RC841", text))
    if later:
        text = f"{later} subscriptions start after {format_month(last)} and are left out"
        findings.append(Finding("RC842", text))
    return findings


def _span(
    table: Table, rows: pl.DataFrame, rules: BookRules, column: str
) -> tuple[int, int, list[Finding]]:
    """First and last month of a panel; a hole between them is an error or, when asked, zero."""
    months = rows["month"].unique().sort().to_list()
    if not months:
        raise RetcalcError(Finding("RC203", f"{table.sources[0].path} has no dated rows"))
    first, last, findings = months[0], months[-1], []
    empty = sorted(set(range(first, last)) - set(months))
    if empty and not rules.allow_empty_months:
        raise RetcalcError(_hole(table, rows["month"], column, empty))
    if empty:
        findings.append(Finding("RC843", f"{len(empty)} months without any row count as zero"))
    if rules.as_of is not None and first <= rules.as_of < last:
        later = int((rows["month"] > rules.as_of).sum())
        text = f"{later} rows after {format_month(rules.as_of)} are left out"
        findings.append(Finding("RC842", text))
        last = rules.as_of
    return first, last, findings


def _hole(table: Table, month: pl.Series, column: str, empty: list[int]) -> Finding:
    before = empty[0] - 1
    after = int(month.filter(month > before).min())  # type: ignore[arg-type]
    # One mistyped date leaves few rows on its side of the hole: that side is named first.
    sides = (after, before) if 2 * int((month > before).sum()) <= month.len() else (before, after)
    beside = [spots(table, month == m, column)[0] for m in sides]
    more = f" and {len(empty) - 1} other months" if len(empty) > 1 else ""
    value = f"nobody has a row in {format_month(empty[0])}{more}; the next is {format_month(after)}"
    fix = "correct the date or complete the export; --allow-empty-months  counts them as zero"
    message, position = "a month without any row", table.header.index(column) + 1
    return Finding("RC233", message, tuple(beside), position, column, value, fix)
