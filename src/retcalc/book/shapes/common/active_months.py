"""Dated rows to account-months, by one rule.

A row is active at month t if it starts on or before the last day of t and its end is empty or
after the last day of t.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from retcalc.book.rules import DateRules
from retcalc.book.values.dates import Days, closing_months
from retcalc.book.values.fiscal_months import closing_day
from retcalc.core.findings import Finding
from retcalc.core.months import format_month
from retcalc.read.wording import counted


def last_complete_month(days: Days, rules: DateRules, aside: pl.Series | None = None) -> int | None:
    """The last month that ends on or before the latest of the days; None where there are none.

    Rows of the mask ``aside`` do not count.
    """
    if aside is not None:
        days = replace(days, days=days.days.filter(~aside))
    latest, month = days.days.max(), closing_months(days, rules).max()
    if not isinstance(latest, date) or not isinstance(month, int):
        return None
    return month if days.months or closing_day(month, rules.weeks) == latest else month - 1


def active_months(start: Days, end: Days, last: int, rules: DateRules) -> pl.DataFrame:
    """First and last active month of each row, ``last`` at most (Int32; last < first if never)."""
    until = (closing_months(end, rules) - 1).fill_null(last)
    until = pl.select(pl.min_horizontal(until, pl.lit(last, pl.Int32))).to_series()
    return pl.DataFrame({"first": closing_months(start, rules), "last": until})


def account_months(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by ``month`` instead of ``first`` and ``last``: one for each month a row counts in."""
    if (rows["last"] == rows["first"]).all():
        return rows.rename({"first": "month"}).drop("last")
    active = rows.filter(pl.col("last") >= pl.col("first"))
    months = pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int32).alias("month")
    return active.with_columns(months).explode("month").drop("first", "last")


def single_months(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by month, as rows with ``first`` and ``last`` again."""
    month = pl.col("month")
    return rows.with_columns(first=month, last=month).drop("month")


def never_active(spans: pl.DataFrame, last: int, what: str) -> list[Finding]:
    """Note the rows that are in no month: too short, or later than the closing month."""
    within = int(((spans["last"] < spans["first"]) & (spans["first"] <= last)).sum())
    later = int((spans["first"] > last).sum())
    findings = []
    if within:
        verbs = "starts and ends" if within == 1 else "start and end"
        be = "is" if within == 1 else "are"
        text = f"{counted(within, what)} {verbs} between two month-ends and {be} in no month"
        findings.append(Finding("RC841", text))
    if later:
        verb, be = ("starts", "is") if later == 1 else ("start", "are")
        text = f"{counted(later, what)} {verb} after {format_month(last)} and {be} left out"
        findings.append(Finding("RC842", text))
    return findings
