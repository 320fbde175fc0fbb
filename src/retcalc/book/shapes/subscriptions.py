"""Subscription intervals: one row a subscription, from its start to its end."""

from __future__ import annotations

import polars as pl

from retcalc.book.columns.column_names import ARR, MRR, is_named
from retcalc.book.shapes.common.active_months import (
    active_months,
    last_complete_month,
    never_active,
)
from retcalc.book.shapes.common.amount_columns import (
    annual_share,
    month_share,
    read_amounts,
    read_counts,
)
from retcalc.book.shapes.common.shape import Shape, Sheet, Spans, row_numbers
from retcalc.book.shapes.common.subscription_dates import days_of, read_life
from retcalc.book.values.billing_intervals import interval_shares, read_periods, unknown_interval
from retcalc.book.values.day_columns import text_of
from retcalc.book.values.locate import at
from retcalc.book.values.money import Amounts
from retcalc.core.findings import Finding, RetcalcError, raise_errors


def read(sheet: Sheet) -> Spans:
    """Each row counts in the months whose last day it is running on, at its monthly price."""
    amounts, findings = monthly_amounts(sheet)
    life, more = read_life(sheet)
    findings += more
    raise_errors([*sheet.findings, *findings])
    rules = sheet.rules
    latest = last_complete_month(life.start, rules.dates)
    last = latest if sheet.as_of is None else sheet.as_of
    if last is None:
        raise RetcalcError(Finding("RC203", f"{sheet.file} has no dated rows"))
    spans = active_months(life.paying, life.end, last, rules.dates)
    shortened = pl.when(life.stopped).then(pl.min_horizontal("last", pl.lit(last - 1)))
    spans = spans.with_columns(shortened.otherwise("last").cast(pl.Int32).alias("last"))
    findings += never_active(spans, last, "subscriptions")
    first = min(spans.select(pl.col("first").min()).item(), last)
    frame = spans.with_columns(row=row_numbers(spans.height), amount=amounts.units)
    days = pl.DataFrame({"start": life.paying.days, "end": life.end.days})
    return Spans(frame, amounts.scale, first, last, tuple(findings), days)


def monthly_amounts(sheet: Sheet) -> tuple[Amounts, list[Finding]]:
    """The month's share of each price."""
    column = sheet.column("mrr")
    if column is None:  # an export without amounts: one unit an account that is there
        one = pl.repeat(1, sheet.table.frame.height, dtype=pl.Int64, eager=True)
        none = pl.repeat(value=False, n=len(one), dtype=pl.Boolean, eager=True)
        return Amounts(one, 0, none, none, none), []
    amounts, findings = read_amounts(sheet, column)
    if sheet.column("quantity") is not None:
        quantity = sheet.found.columns["quantity"]
        units, more = read_counts(sheet, quantity, blank=1)
        findings += more
        amounts = month_share(amounts, units)
        findings.append(Finding("RC899", f"{column} is multiplied by {quantity}"))
    if is_named(column, MRR):
        return amounts, findings
    if is_named(column, ARR):
        amounts, more = annual_share(amounts, column)
        return amounts, [*findings, *more]
    share, more = _share(sheet)
    return month_share(amounts, share), [*findings, *more]


def _share(sheet: Sheet) -> tuple[pl.DataFrame, list[Finding]]:
    """What part of a price is a month's: by its billing interval, or by the period it paid."""
    table, interval = sheet.table, sheet.column("interval")
    month = pl.DataFrame({"times": [1], "over": [1]})
    if interval is not None:
        share, unknown = interval_shares(table.frame[interval])
        if unknown.any():
            example = text_of(table.frame[interval].filter(unknown))[0]
            return month, [at(table, unknown, interval, unknown_interval(example))]
        count = sheet.column("interval_count")
        if count is None:
            return share, []
        counts, findings = read_counts(sheet, count, blank=1)
        times, over = share["times"] * counts["over"], share["over"] * counts["times"]
        return pl.DataFrame({"times": times, "over": over}), findings
    paid_from, paid_until = sheet.column("paid_from"), sheet.column("paid_until")
    if paid_from is None or paid_until is None:
        text = "nothing tells the billing interval: prices are taken as monthly"
        return month, [Finding("RC817", text)]
    begin, findings = days_of(sheet, paid_from, blank_ok=False)
    until, more = days_of(sheet, paid_until, blank_ok=False)
    findings += more
    periods = read_periods(begin.days, until.days, sheet.rules.billing.period_end)
    empty = periods.share["over"] <= 0
    if empty.any() and not any(f.is_error for f in findings):
        value = "the period between them has no length, so the price has no month's share"
        error = Finding("RC206", "nothing tells how long a price is for", value=value)
        findings.append(at(table, empty, paid_until, error))
    text = f"prices are for the time from {paid_from} to {paid_until}"
    return periods.share, [*findings, Finding("RC899", text)]


SHAPE = Shape("intervals", read, starts_known=True, open_ended=True)
