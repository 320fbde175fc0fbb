"""Subscription intervals: one row a subscription, from its start to its end."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from retcalc.book.columns.column_names import ROLES, amount_meaning, is_named
from retcalc.book.rules import DateRules
from retcalc.book.shapes.common.active_months import active_months, never_active
from retcalc.book.shapes.common.amount_columns import (
    annual_share,
    month_share,
    one_each,
    read_amounts,
    read_counts,
    times_quantity,
)
from retcalc.book.shapes.common.closing_month import all_ended, closing_month
from retcalc.book.shapes.common.shape import Shape, Sheet, Spans, row_numbers
from retcalc.book.shapes.common.subscription_dates import Life, days_of, read_life
from retcalc.book.values.billing_intervals import interval_shares, read_periods, unknown_interval
from retcalc.book.values.dates import closing_months
from retcalc.book.values.day_columns import text_of
from retcalc.book.values.fiscal_months import closing_day
from retcalc.book.values.locate import at
from retcalc.book.values.money import Amounts
from retcalc.book.values.words.statuses import listed
from retcalc.core.findings import Finding, raise_errors
from retcalc.read.wording import counted


def read(sheet: Sheet) -> Spans:
    """Each row counts in the months whose last day it is running on, at its monthly price."""
    amounts, findings = monthly_amounts(sheet)
    life, more = read_life(sheet)
    findings += more
    raise_errors([*sheet.findings, *findings])
    rules = sheet.rules
    last, more = closing_month(sheet, life.start, sheet.found.columns["start"])
    findings += [*more, *all_ended(sheet, life.end, last)]
    spans = active_months(life.paying, life.end, last, rules.dates)
    shortened = pl.when(life.stopped).then(pl.min_horizontal("last", pl.lit(last - 1)))
    spans = spans.with_columns(shortened.otherwise("last").cast(pl.Int32).alias("last"))
    findings += never_active(spans, last, "subscription")
    first = min(spans.select(pl.col("first").min()).item(), last)
    frame = spans.with_columns(
        row=row_numbers(spans.height), amount=amounts.units, **_days(life, last, rules.dates)
    )
    frame = frame if life.away is None else _without_pauses(frame, life, rules.dates)
    frame = _without_unpaid(frame, life)
    return Spans(frame, amounts.scale, first, last, tuple(findings), parts=amounts.parts)


def _days(life: Life, last: int, rules: DateRules) -> dict[str, pl.Series]:
    """First day and exclusive end; who stopped on a day that is not told has by the closing day."""
    closing = pl.lit(closing_day(last, rules.weeks))
    stopped = pl.when(life.stopped).then(pl.min_horizontal(life.end.days, closing))
    end = pl.select(stopped.otherwise(life.end.days).alias("end")).to_series()
    return {"start": life.paying.days, "end": end}


def _without_unpaid(frame: pl.DataFrame, life: Life) -> pl.DataFrame:
    """Let rows end before they start where a trial or a pause has left them no day at all.

    Else they would look like those that are written to end on the day they start, which are lives.
    """
    written = (life.start.days == life.end.days).gather(frame["row"])
    none = (pl.col("start") == pl.col("end")) & ~pl.lit(written)
    before = pl.col("end").dt.offset_by("-1d")
    return frame.with_columns(pl.when(none).then(before).otherwise("end").alias("end"))


def _without_pauses(frame: pl.DataFrame, life: Life, rules: DateRules) -> pl.DataFrame:
    """Split the rows with a pause that is over into what was before it and what came after."""
    if life.away is None:
        return frame
    pause = life.away.with_columns(
        leaves=closing_months(replace(life.start, days=life.away["paused"]), rules),
        returns=closing_months(replace(life.start, days=life.away["resumed"]), rules),
    )
    both = frame.hstack(pause)
    away = pl.col("paused").is_not_null()
    before = both.with_columns(
        last=pl.when(away).then(pl.min_horizontal("last", pl.col("leaves") - 1)).otherwise("last"),
        end=pl.when(away).then(pl.min_horizontal("end", "paused")).otherwise("end"),
    )
    after = both.filter(away).with_columns(
        first=pl.max_horizontal("first", "returns"), start=pl.max_horizontal("start", "resumed")
    )
    return pl.concat([before, after]).select(frame.columns)


def monthly_amounts(sheet: Sheet) -> tuple[Amounts, list[Finding]]:
    """The month's share of each price."""
    column = sheet.column("mrr")
    if column is None:
        return one_each(sheet), []
    amounts, findings = read_amounts(sheet, column)
    amounts, more = times_quantity(sheet, column, amounts)
    findings += more
    grain, interval = amount_meaning(column).grain, sheet.column("interval")
    if grain == "price":
        share, more = _share(sheet)
        return month_share(amounts, share), [*findings, *more]
    if interval is not None:
        what = {"month": "monthly", "year": "annual"}.get(grain, "of the whole term")
        text = f"{column} is {what} by its name, whatever {interval} says"
        findings.append(Finding("RC899", text, fix="--mrr-column COLUMN where it is not"))
    amounts, more = annual_share(amounts, column)
    return amounts, [*findings, *more]


def _share(sheet: Sheet) -> tuple[pl.DataFrame, list[Finding]]:
    """What part of a price is a month's: by its billing interval, or by the period it paid."""
    table, interval = sheet.table, sheet.column("interval")
    month = pl.DataFrame({"times": [1], "over": [1]})
    if interval is not None:
        named = is_named(interval, ROLES["interval"]) or interval in sheet.rules.columns.values()
        share, unknown = interval_shares(table.frame[interval], within=not named)
        count, findings = sheet.column("interval_count"), list[Finding]()
        if unknown.any():
            if named:
                example = text_of(table.frame[interval].filter(unknown))[0]
                return month, [at(table, unknown, interval, unknown_interval(example))]
            findings.append(_taken_as_monthly(sheet, interval, unknown))
        if count is not None:
            counts, findings = read_counts(sheet, count, blank=1)
            times, over = share["times"] * counts["over"], share["over"] * counts["times"]
            share = pl.DataFrame({"times": times, "over": over})
        return share, [*findings, *_divided(sheet, share)]
    paid_from, paid_until = sheet.column("paid_from"), sheet.column("paid_until")
    if paid_from is None or paid_until is None:
        asked = _for_a_term(sheet)
        if asked:
            return month, asked
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


def _for_a_term(sheet: Sheet) -> list[Finding]:
    """Ask whether a price beside a term of several months is a month's or that of the term."""
    term, rules = sheet.column("term"), sheet.rules
    if term is None or rules.shape != "auto" or sheet.found.preset is not None:
        return []
    counts, findings = read_counts(sheet, term, blank=1)
    several = counts["times"] > counts["over"]
    if findings or not several.any():  # what is wrong in it is said where it ends rows
        return []
    price = sheet.found.columns["mrr"]
    value = f"nothing tells whether {price} is for a month or for the whole {term}"
    fix = "--shape invoices   if it is for the whole term   or  --shape intervals   if for a month"
    error = Finding("RC206", "nothing tells how long a price is for", value=value, fix=fix)
    return [at(sheet.table, several, term, error)]


def _taken_as_monthly(sheet: Sheet, plan: str, silent: pl.Series) -> Finding:
    """Say how many plans tell no interval where others do."""
    names = listed(sheet.table.text(plan).filter(silent).to_list())
    text = f"prices without a billing interval are taken as monthly: {plan} is {names}"
    note = at(sheet.table, silent, plan, Finding("RC817", text))
    return sheet.scales.without(sheet.table, silent, note, limited=False)


def _divided(sheet: Sheet, share: pl.DataFrame) -> list[Finding]:
    """Say how many prices are for another time than a month."""
    other = int((share["times"] != share["over"]).sum())
    if not other:
        return []
    price, interval = sheet.found.columns["mrr"], sheet.found.columns["interval"]
    text = f"{price} is divided by its {interval}: {counted(other, 'row')} for other than a month"
    return [Finding("RC899", text)]


SHAPE = Shape("intervals", read, starts_known=True, open_ended=True)
