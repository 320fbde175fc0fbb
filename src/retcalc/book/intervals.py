"""Subscription intervals to account-months.

A subscription is active at month t if it starts on or before the last day of t and its end is
empty or after the last day of t. Several subscriptions of one account add up.
"""

from __future__ import annotations

import polars as pl

from retcalc.book.dates import Days, month_indexes
from retcalc.findings import Finding
from retcalc.months import first_day

# (numerator, denominator) turning the price of one interval into a month's
_PER_MONTH: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("month", "monthly", "months", "m", "mo", "1 month", "every month"), (1, 1)),
    **dict.fromkeys(("year", "yearly", "annual", "annually", "years", "y", "yr"), (1, 12)),
    **dict.fromkeys(("quarter", "quarterly", "q", "3 months", "every 3 months"), (1, 3)),
    **dict.fromkeys(("semiannual", "semi-annual", "half-year", "6 months", "biannual"), (1, 6)),
    **dict.fromkeys(("week", "weekly", "weeks", "w"), (52, 12)),
    **dict.fromkeys(("day", "daily", "days"), (365, 12)),
    **dict.fromkeys(("biennial", "2 years", "24 months", "every 2 years"), (1, 24)),
}


def last_complete_month(days: pl.Series) -> int | None:
    """The last calendar month that ends on or before the latest of the days."""
    latest = days.max()
    if latest is None:
        return None
    month = int(month_indexes(pl.Series([latest]))[0])
    return month if first_day(month + 1).toordinal() - 1 == latest.toordinal() else month - 1  # type: ignore[union-attr]


def interval_factors(raw: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """Numerator and denominator per row from billing-interval words, and a mask of unknown ones."""
    words = raw.cast(pl.String).fill_null("").str.strip_chars().str.to_lowercase()
    known = pl.DataFrame(
        {
            "word": list(_PER_MONTH),
            "times": [n for n, _ in _PER_MONTH.values()],
            "over": [d for _, d in _PER_MONTH.values()],
        }
    )
    joined = words.to_frame("word").join(
        known, on="word", how="left", validate="m:1", maintain_order="left"
    )
    return joined.select("times", "over").fill_null(1), joined["times"].is_null()


def unknown_interval(value: str) -> Finding:
    """Say that a billing interval is not known."""
    return Finding(
        "RC231",
        "billing interval is not known",
        value=f'"{value}" is none of month, quarter, year, week, day',
        fix="spell the interval in the export as month, quarter, year, week or day",
    )


def active_months(start: Days, end: Days | None, last: int) -> pl.DataFrame:
    """First and last active month of each row, ``last`` at most (Int32; last < first if never)."""
    first = month_indexes(start.days)
    if end is None:
        until = pl.repeat(last, start.days.len(), dtype=pl.Int32, eager=True)
    else:
        until = (month_indexes(end.days) - 1).fill_null(last)
    until = pl.select(pl.min_horizontal(until, pl.lit(last, pl.Int32))).to_series()
    return pl.DataFrame({"first": first, "last": until})


def explode(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per active month of each row with ``first`` and ``last``; adds ``month``."""
    active = rows.filter(pl.col("last") >= pl.col("first"))
    months = pl.int_ranges("first", pl.col("last") + 1, dtype=pl.Int32).alias("month")
    return active.with_columns(months).explode("month").drop("first", "last")
