"""Logs of states: each row holds from its day until the next row of its account.

A row ends the life of its account where it says so (churned, cancelled, free) or has no amount.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from retcalc.book.shapes.common.active_months import active_months, never_active
from retcalc.book.shapes.common.amount_columns import month_share, read_amounts
from retcalc.book.shapes.common.closing_month import closing_month
from retcalc.book.shapes.common.shape import Shape, Sheet, Spans, row_numbers
from retcalc.book.shapes.common.subscription_dates import days_of
from retcalc.book.shapes.subscriptions import monthly_amounts
from retcalc.book.values.billing_intervals import interval_shares
from retcalc.book.values.dates import Days
from retcalc.book.values.money import Amounts
from retcalc.core.findings import Finding, raise_errors
from retcalc.read.wording import counted

_ENDS = (
    r"(?i)^(churn(ed)?|cancel(l?ed|lation)?|terminated|ended|end|expired|inactive|deactivated|"
    r"lost|free|freemium|none|no plan|unsubscribed|deleted)$|"
    r"(?i)[_ -](churn|cancel(l?ed|lation)?)$|(?i)^(churn|cancel(l?ed|lation)?)[_ -]"
)
_TRIAL = r"(?i)^(free[ _-])?trial(ing)?$|^in[ _-]trial$"


def ends_it(words: pl.Series) -> pl.Series:
    """Mark words of a kind, plan or status that say that nothing is paid from here on."""
    return words.str.strip_chars().str.contains(_ENDS)


def read(sheet: Sheet) -> Spans:
    """Each row counts from its day to that of the next row of its account, and its subscription."""
    ended = _ended(sheet)
    amounts, findings = _amounts(sheet, ended)
    start, more = days_of(sheet, sheet.found.columns["start"], blank_ok=False)
    findings += more
    raise_errors([*sheet.findings, *findings])
    last, more = closing_month(sheet, start, sheet.found.columns["start"])
    findings += more
    until = replace(start, days=_next_days(sheet, start))
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
    return Spans(kept, amounts.scale, first, last, tuple(findings), parts=amounts.parts)


def _ended(sheet: Sheet) -> pl.Series:
    """Rows that say that nothing is paid any more, or not yet."""
    ended = pl.repeat(value=False, n=sheet.table.frame.height, dtype=pl.Boolean, eager=True)
    for role in ("kind", "plan", "status"):
        column = sheet.column(role)
        if column is not None:
            words = sheet.table.text(column)
            ended = ended | ends_it(words) | words.str.strip_chars().str.contains(_TRIAL)
    return ended


def _amounts(sheet: Sheet, ended: pl.Series) -> tuple[Amounts, list[Finding]]:
    """The MRR of each row; what ends a life needs no amount."""
    column = sheet.found.columns["mrr"]
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


def _next_days(sheet: Sheet, start: Days) -> pl.Series:
    """The day of the next row of the same account and subscription; null for the last one."""
    unit = sheet.column("subscription")
    rows = pl.DataFrame(
        {
            "id": sheet.ids.codes,
            "unit": sheet.table.text(unit) if unit else pl.repeat("", len(start.days), eager=True),
            "day": start.days,
            "moment": sheet.table.text(sheet.found.columns["start"]),
            "row": row_numbers(len(start.days)),
        }
    ).sort("id", "unit", "day", "moment", "row")
    following = rows.with_columns(next=pl.col("day").shift(-1).over("id", "unit"))
    return following.sort("row")["next"]


SHAPE = Shape("states", read, starts_known=True, open_ended=True)
