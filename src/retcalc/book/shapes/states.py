"""Logs of states: each row holds from its day until the next row of its account.

A row ends the life of its account where it says so (churned, cancelled, free) or has no amount.
"""

from __future__ import annotations

import shlex
from dataclasses import replace

import polars as pl

from retcalc.book.shapes.common.active_months import active_months, never_active
from retcalc.book.shapes.common.amount_columns import month_share, one_each, read_amounts
from retcalc.book.shapes.common.closing_month import closing_month
from retcalc.book.shapes.common.shape import Shape, Sheet, Spans, row_numbers
from retcalc.book.shapes.common.subscription_dates import days_of
from retcalc.book.shapes.subscriptions import monthly_amounts
from retcalc.book.values.billing_intervals import interval_shares
from retcalc.book.values.dates import Days
from retcalc.book.values.locate import at
from retcalc.book.values.money import Amounts
from retcalc.book.values.words.endings import ends_it
from retcalc.book.values.words.standing import standing
from retcalc.core.findings import Finding, raise_errors
from retcalc.read.wording import count_that, counted


def read(sheet: Sheet) -> Spans:
    """Each row counts from its day to that of the next row of its account, and its subscription."""
    ended = _ended(sheet)
    amounts, findings = _amounts(sheet, ended)
    start, more = days_of(sheet, sheet.found.columns["start"], blank_ok=False)
    findings += more
    raise_errors([*sheet.findings, *findings])
    last, more = closing_month(sheet, start, sheet.found.columns["start"])
    findings += more
    order = _ordered(sheet, start)
    until = replace(start, days=order.sort("row")["next"])
    spans = active_months(start, until, last, sheet.rules.dates)
    frame = spans.with_columns(
        row=row_numbers(spans.height), amount=amounts.units, start=start.days, end=until.days
    )
    paying = ~ended & (amounts.units != 0)
    nothing = int((~paying).sum())
    if nothing:
        text = f"{counted(nothing, 'row')} without MRR end what was in force before"
        findings.append(Finding("RC899", text))
    first = min(int(frame["first"].min() or last), last)  # type: ignore[arg-type]
    kept = frame.filter(paying)
    findings += never_active(kept, last, "state")
    opening, amounts, more = _opening(sheet, amounts, ended, order, frame)
    return Spans(
        pl.concat([kept.with_columns(amount=amounts.units.filter(paying)), opening]),
        amounts.scale,
        first,
        last,
        (*findings, *more),
        parts=amounts.parts,
    )


def _opening(
    sheet: Sheet, amounts: Amounts, ended: pl.Series, order: pl.DataFrame, frame: pl.DataFrame
) -> tuple[pl.DataFrame, Amounts, list[Finding]]:
    """What was in force before the first row of each account, where a column tells it.

    Every other row must say what the one before it left (RC235). Gives the amounts in a unit that
    holds both columns.
    """
    column = sheet.column("before")
    nothing = frame.clear().with_columns(pl.col("amount").cast(pl.Int128))
    if column is None:
        return frame.clear(), amounts, []
    blank = sheet.table.text(column).str.strip_chars() == ""
    columns = {**sheet.found.columns, "mrr": column}
    told = replace(sheet, found=replace(sheet.found, columns=columns))
    before, findings = _amounts(told, blank)
    raise_errors(findings)
    unit = max(amounts.scale, before.scale), max(amounts.parts, before.parts)
    amounts, before = (_in_unit(each, *unit) for each in (amounts, before))
    left = pl.select(pl.when(ended).then(0).otherwise(amounts.units)).to_series()
    rows = order.with_columns(
        before=before.units[order["row"]], blank=blank[order["row"]], left=left[order["row"]]
    ).with_columns(told=pl.col("left").shift(1).over("id", "unit"))
    broken = rows.filter((pl.col("told") != pl.col("before")) & ~pl.col("blank"))
    if broken.height:
        raise_errors([_broken(sheet, column, broken["row"])])
    firsts = rows.filter(pl.col("told").is_null() & (pl.col("before") > 0))
    if firsts.is_empty():
        return nothing, amounts, []
    begin = pl.lit(frame["first"].min(), pl.Int32), pl.lit(frame["start"].min(), pl.Date)
    opening = frame[firsts["row"]].with_columns(
        first=begin[0],
        last=pl.min_horizontal(pl.col("first") - 1, "last"),
        start=begin[1],
        end=pl.col("start"),
        amount=firsts["before"],
    )
    text = f"{count_that(firsts.height, 'account', 'has', 'have')} MRR before their first row"
    note = Finding("RC823", f"{text} ({column}); it counts from the first month of the log")
    return opening, amounts, [note]


def _in_unit(amounts: Amounts, scale: int, parts: int) -> Amounts:
    """The same amounts in a finer unit."""
    finer = 10 ** (scale - amounts.scale) * (parts // amounts.parts)
    units = pl.select(pl.lit(amounts.units).cast(pl.Int128) * finer).to_series()
    return replace(amounts, units=units, scale=scale, parts=parts)


def _broken(sheet: Sheet, column: str, rows: pl.Series) -> Finding:
    """Refuse a log whose rows do not begin where the ones before them ended."""
    mask = row_numbers(sheet.table.frame.height).is_in(rows.implode())
    value = f'"{sheet.table.text(column).filter(mask)[0]}" is not what the row before it left'
    fix = f"complete the log; --ignore {shlex.quote(column)}   reads it without this check"
    error = Finding("RC235", "the log does not add up to its own total", value=value, fix=fix)
    return at(sheet.table, mask, column, error)


def _ended(sheet: Sheet) -> pl.Series:
    """Rows that say that nothing is paid any more, or not yet."""
    ended = pl.repeat(value=False, n=sheet.table.frame.height, dtype=pl.Boolean, eager=True)
    for role in ("kind", "plan"):
        column = sheet.column(role)
        if column is not None:
            ended = ended | ends_it(sheet.table.text(column), sheet.rules.words)
    status = standing(sheet.tellings())
    return ended if status is None else ended | status.is_in(sheet.stopped)


def _amounts(sheet: Sheet, ended: pl.Series) -> tuple[Amounts, list[Finding]]:
    """The MRR of each row; what ends a life needs no amount."""
    column = sheet.column("mrr")
    if column is None:
        return one_each(sheet), []
    blank = sheet.table.text(column).str.strip_chars() == ""
    if (blank & ended).any():
        cleaned = pl.when(blank & ended).then(pl.lit("0")).otherwise(sheet.table.text(column))
        frame = sheet.table.frame.with_columns(pl.select(cleaned.alias(column)).to_series())
        sheet = replace(sheet, table=replace(sheet.table, frame=frame))
    if sheet.column("interval") is not None or sheet.column("plan") is None:
        return monthly_amounts(sheet)
    plans = sheet.table.text(sheet.found.columns["plan"])
    share, silent = interval_shares(plans, within=True)
    if silent.all():
        return monthly_amounts(sheet)
    amounts, findings = read_amounts(sheet, column)
    words = plans.filter(~silent).unique().sort()
    text = f"{sheet.column('plan')} tells the billing interval: {', '.join(words)}"
    return month_share(amounts, share), [*findings, Finding("RC899", text)]


def _ordered(sheet: Sheet, start: Days) -> pl.DataFrame:
    """The rows of each account and subscription in the order of time, with the day of the next.

    A file that begins with its latest day is read from its end.
    """
    unit, days = sheet.column("subscription"), start.days
    rows = pl.DataFrame(
        {
            "id": sheet.ids.codes,
            "unit": sheet.table.text(unit) if unit else pl.repeat("", len(days), eager=True),
            "day": days,
            "moment": sheet.table.text(sheet.found.columns["start"]),
            "row": row_numbers(len(days)),
        }
    )
    descending = rows.height > 1 and rows["day"][0] > rows["day"][-1]
    place = pl.col("row").cast(pl.Int64) * (-1 if descending else 1)
    rows = rows.with_columns(place=place).sort("id", "unit", "day", "moment", "place")
    return rows.with_columns(next=pl.col("day").shift(-1).over("id", "unit"))


SHAPE = Shape("states", read, starts_known=True, open_ended=True)
