"""The ledger: one row per source row and month, whatever the shape of the export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import polars as pl

from retcalc.book.columns.recognise import Recognised
from retcalc.book.ledger.bad_rows import readable_rows
from retcalc.book.ledger.currency_rows import chosen_currency
from retcalc.book.ledger.repeated_rows import settle_repeated
from retcalc.book.ledger.revenue_rows import (
    check_totals,
    doubtful_account,
    revenue_rows,
    split_totals,
)
from retcalc.book.rules import BookRules
from retcalc.book.shapes import shape_of
from retcalc.book.shapes.common.active_months import account_months, single_months
from retcalc.book.shapes.common.amount_columns import read_amounts
from retcalc.book.shapes.common.month_checks import duplicates
from retcalc.book.shapes.common.shape import Sheet, Spans, scales
from retcalc.book.tables.exchange_rates import Currencies, Exchange, Rates, read_currencies
from retcalc.book.values.account_ids import code_ids, look_alikes
from retcalc.book.values.dates.grace import TERM_END, with_grace
from retcalc.book.values.left_out import settle
from retcalc.book.values.money import Minor, minor_digits
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.months import format_month
from retcalc.core.result import Currency
from retcalc.core.speed.threads import start
from retcalc.read import FILE, LINE, Table

_SAFE = 2**62
START, END = "__start", "__end"  # no header of an export's


@dataclass(frozen=True, slots=True)
class Ledger:
    """Source rows by member, up to the last month, and the months they cover.

    ``rows``: member (UInt32 code into ``members``, the ids as the rows name them, sorted), first
    and last (Int32, the months a row counts in, both included), amount (integer, units of the
    currency), FILE, LINE and the wanted attributes under their own headers (String); with several
    currencies under monthly rates, month by month, also native and currency. ``totals`` is the sum
    of the amount column as each file writes it, in major units.
    ``intervals``: the rows of dated subscriptions before they become months, with START and END
    (Date, null while running); where a grace lets them run on also TERM_END, as it is written.
    ``repeated`` makes the finding on several rows of one member and month, where the shape forbids
    them and they were not checked yet.
    """

    rows: pl.DataFrame
    members: pl.Series
    currency: Currency
    first: int
    last: int
    totals: tuple[Fraction, ...]
    findings: tuple[Finding, ...]
    intervals: pl.DataFrame | None = None
    exchange: Exchange | None = None
    repeated: Callable[[], list[Finding]] | None = None


def read_ledger(
    table: Table,
    found: Recognised,
    rules: BookRules,
    attributes: Sequence[str],
    *,
    as_of: int | None = None,
    rates: Rates | None = None,
) -> Ledger:
    """Turn a table of a recognised shape into a ledger; raises every cell error at once.

    ``as_of`` is the month that cuts the data, None for the last complete one.
    """
    column, rows_read = found.columns["customer"], table.frame.height
    raw = table.coded(column)
    named, alike = raw.values, start(partial(look_alikes, raw.values))
    table, printed, findings = split_totals(table, found, rules, raw)
    whole, weights = table, scales(found, rules)
    table, more = revenue_rows(table, found, rules, weights)
    findings += more
    table, more = settle_repeated(table, found, rules, weights)
    findings += [*more, *doubtful_account(table, found, rules)]
    if table.frame.is_empty():
        raise RetcalcError([*findings, Finding("RC203", f"{table.sources[0].path} has no revenue")])
    table, more = chosen_currency(table, found, rules, weights)
    findings += more
    if rules.skip_bad_rows:
        table, more = readable_rows(table, partial(_sheet, found=found, rules=rules), weights)
        findings += more
    if table.frame.is_empty():
        raise_errors(settle(findings, weights, whole, rules.left_out))
        raise RetcalcError([*findings, Finding("RC203", f"{table.sources[0].path} has no revenue")])
    if table.frame.height < rows_read:
        raw = table.coded(column)
    ids, more = code_ids(table, column, raw)
    findings += more
    currencies, more = read_currencies(table, found, rules, rates=rates is not None)
    findings += more
    sheet = Sheet(table, found, rules, ids, currencies.minor, as_of, tuple(findings))
    spans = shape_of(found.shape).read(sheet)
    frame, more = with_grace(spans.frame, ids.codes, rules.grace, spans.last, rules.dates)
    spans = replace(spans, frame=frame, findings=(*spans.findings, *more))
    findings += alike.result() if ids.values is named else look_alikes(ids.values)
    findings = settle([*findings, *spans.findings], weights, whole, rules.left_out)
    raise_errors(findings)
    findings += check_totals(sheet, printed, spans)
    totals = _totals(sheet, spans, whole)
    rows = _gathered(table, ids.codes, spans, attributes, currencies)
    counted = _counted(rows, spans.last)
    exchange, digits = None, currencies.minor.digits
    if currencies.convert and rates is not None:
        exchange = Exchange(rates, currencies.report or "", spans.scale)
        counted, rows, more = _in_one_currency(counted, rows, exchange, rules, spans.last)
        findings += more
        digits = minor_digits(currencies.report)
    scale = exchange.out_scale if exchange is not None else spans.scale
    constant = exchange is None or rules.fx.policy == "constant"
    return Ledger(
        _narrow(counted),
        ids.values,
        Currency(currencies.report, digits, scale, spans.parts),
        spans.first,
        spans.last,
        totals,
        tuple(findings),
        rows.drop("first", "last") if START in rows.columns and constant else None,
        exchange if not constant else None,
        partial(duplicates, sheet, spans.frame["first"]) if spans.once else None,
    )


def _counted(rows: pl.DataFrame, closing: int) -> pl.DataFrame:
    """The rows that count in any month up to the closing one, and until when they do."""
    rows = rows.drop(START, END, TERM_END, strict=False)
    last = pl.col("last")
    if rows.select((last > closing).any()).item():
        rows = rows.with_columns(last.clip(upper_bound=closing))
    if rows.select((pl.col("first") > last).any()).item():
        rows = rows.filter(pl.col("first") <= last)
    return rows


def _sheet(table: Table, found: Recognised, rules: BookRules) -> Sheet:
    """The table as a sheet, without currencies, to test which of its rows can be read."""
    column = found.columns["customer"]
    ids, _ = code_ids(table, column, table.coded(column))
    return Sheet(table, found, rules, ids, Minor(minor_digits(rules.currency)))


def _gathered(
    table: Table,
    codes: pl.Series,
    spans: Spans,
    attributes: Sequence[str],
    currencies: Currencies,
) -> pl.DataFrame:
    """Give every span the account, the place and the attributes of its row."""
    columns = [table.frame[FILE], table.frame[LINE]]
    columns += [table.coded(a).as_enum().alias(a) for a in attributes]
    columns.append(codes.alias("member"))
    if currencies.codes is not None:
        columns.append(currencies.codes.alias("currency"))
    source = pl.DataFrame(columns)
    picked = source[spans.frame["row"]] if "row" in spans.frame.columns else source
    placed = spans.frame.drop("row", strict=False).rename(
        {"start": START, "end": END}, strict=False
    )
    return picked.hstack(placed)


def _in_one_currency(
    counted: pl.DataFrame,
    rows: pl.DataFrame,
    exchange: Exchange,
    rules: BookRules,
    last: int,
) -> tuple[pl.DataFrame, pl.DataFrame, list[Finding]]:
    """Convert the rows that count, month by month if need be, and all rows, as the rules say."""
    counted, rows = (f.rename({"amount": "native"}) for f in (counted, rows))
    findings = []
    if rules.fx.policy == "constant":
        month = last if rules.fx.at is None else rules.fx.at
        text = f"all months at the rates of {format_month(month)}"
        counted = counted.with_columns(exchange.converted(counted, month))
        rows = rows.with_columns(exchange.converted(rows, month))
    else:
        text = "each month at its own rates; what the rates change is on the line fx"
        monthly = account_months(counted)
        monthly = monthly.with_columns(exchange.converted(monthly, "month"))
        counted = single_months(monthly)
        closing = rows.with_columns(at=pl.min_horizontal(pl.col("first"), pl.lit(last)))
        rows = rows.with_columns(exchange.converted(closing, "at"))
    findings.append(Finding("RC899", f"amounts are converted to {exchange.report}: {text}"))
    if not exchange.exact:
        text = f"converted amounts are rounded half-up to {exchange.out_scale} decimals"
        findings.append(Finding("RC828", text))
    return counted, rows, findings


def _narrow(rows: pl.DataFrame) -> pl.DataFrame:
    """Use 64 bits for amounts where no sum can leave them, 128 where one could."""
    return rows.with_columns(pl.col("amount").cast(_wide(rows)))


def _totals(sheet: Sheet, spans: Spans, whole: Table) -> tuple[Fraction, ...]:
    """The sum of the amounts of each file as written, whether or not a row counts."""
    if spans.as_written and spans.frame.height == whole.frame.height:
        rows = pl.DataFrame([spans.frame["amount"], whole.frame[FILE]])
        return _by_file(rows, spans.per_major, len(whole.sources))
    columns = [*sheet.found.months] or [
        c for r in ("mrr", "change") if (c := sheet.column(r)) is not None
    ]
    minor = (
        sheet.minor if whole.frame.height == sheet.table.frame.height else Minor(sheet.minor.digits)
    )
    read = replace(sheet, table=whole, minor=minor)
    sums = [Fraction(0)] * len(whole.sources)
    for column in columns:
        amounts, _ = read_amounts(read, column, signed=True, blank_is_zero=True)
        rows = pl.DataFrame([amounts.units.alias("amount"), whole.frame[FILE]])
        found = _by_file(rows, amounts.per_major, len(whole.sources))
        sums = [a + b for a, b in zip(sums, found, strict=True)]
    return tuple(sums)


def _by_file(rows: pl.DataFrame, per_major: int, files: int) -> tuple[Fraction, ...]:
    total = pl.col("amount").cast(_wide(rows)).sum()
    by_file = (
        {0: rows.select(total).item()}
        if files == 1
        else dict(rows.group_by(FILE).agg(total).rows())
    )
    return tuple(Fraction(int(by_file.get(i) or 0), per_major) for i in range(files))


def _wide(rows: pl.DataFrame) -> type[pl.DataType]:
    """64 bits where no sum of amounts, whatever their signs, can leave them, else 128."""
    amount = pl.col("amount")
    ends = rows.select(low=amount.min(), high=amount.max()).row(0)
    months = (pl.col("last") - pl.col("first") + 1) if "last" in rows.columns else pl.lit(1)
    most = rows.select(months.max()).item() or 0
    bound = max(abs(int(end or 0)) for end in ends) * rows.height * most
    if bound >= _SAFE:
        bound = rows.select((amount.cast(pl.Int128).abs() * months).sum()).item()
    return pl.Int64 if bound < _SAFE else pl.Int128
