"""The months that days lie in."""

from __future__ import annotations

from datetime import date

import polars as pl

from retcalc.book.rules import DateRules
from retcalc.book.values.dates.parse import Days
from retcalc.book.values.fiscal_months import fiscal_months


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
