"""Churn events by the day, from subscription intervals.

A spell is a stretch of days on which some interval of an account runs; a spell that ends is one
churn event, whatever follows. A renewal on the day of the end is no event.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from retcalc.core.months import Window, first_day, last_day
from retcalc.kernels.bridge import AsOf

RETURNED, LATE, JOINED = "returned_churn_events", "late_churn_events", "joined_accounts"
EVENT_LINES = (RETURNED, LATE, JOINED)


def account_events(
    intervals: pl.DataFrame, rows: pl.DataFrame, window: Window, *, as_of: AsOf = "opening"
) -> pl.DataFrame:
    """Count the churn events of every account in the window that month-ends do not show.

    ``intervals``: account, start, end (Date, exclusive; null while running), amount, seg; those
    without a positive amount do not count. ``rows``: account-months of the window with MRR, its
    opening and closing among them. Gives account, seg and three counts: RETURNED, churn
    events of opening accounts that came back by the closing; LATE, churn events of accounts that
    were not there at the opening; JOINED, 1 where the first day ever lies in the window. Sorted
    by account.
    """
    paying = intervals.filter(pl.col("amount") > 0)
    days = first_day(window.opening + 1), last_day(window.closing)
    counts = (
        _spells(paying)
        .group_by("account")
        .agg(
            pl.col("end").is_between(*days).cast(pl.Int64).sum().alias("events"),
            pl.col("start").min().is_between(*days).cast(pl.Int64).alias(JOINED),
        )
        .filter((pl.col("events") > 0) | (pl.col(JOINED) > 0))
    )
    placed = counts.join(_places(paying, rows, window, as_of), on="account", validate="1:1")
    stayed = pl.col("opened") & pl.col("closed")
    # the last event of an opening account that is gone is the churn that month-ends show
    returned = pl.col("events") - (~stayed).cast(pl.Int64)
    return placed.select(
        "account",
        "seg",
        pl.when("opened").then(returned).otherwise(0).alias(RETURNED),
        pl.when("opened").then(0).otherwise("events").alias(LATE),
        JOINED,
    ).sort("account")


def _spells(paying: pl.DataFrame) -> pl.DataFrame:
    """Unite overlapping and adjoining intervals: account, start, end (date.max while running)."""
    ends = paying.select("account", "start", pl.col("end").fill_null(date.max))
    ordered = ends.filter(pl.col("end") > pl.col("start")).sort("account", "start", "end")
    before = pl.col("end").cum_max().shift(1).over("account")
    fresh = before.is_null() | (pl.col("start") > before)
    return (
        ordered.with_columns(fresh.cum_sum().alias("spell"))
        .group_by("account", "spell")
        .agg(pl.col("start").min(), pl.col("end").max())
    )


def _places(paying: pl.DataFrame, rows: pl.DataFrame, window: Window, as_of: AsOf) -> pl.DataFrame:
    """Segment of every account: at the end of the window that decides, else its first one there."""
    month = pl.col("month")
    seen = rows.sort("account", "month")
    at = {
        "opened": pl.col("seg").filter(month == window.opening).first(),
        "closed": pl.col("seg").filter(month == window.closing).first(),
    }
    seen = seen.group_by("account").agg(**at, seen=pl.col("seg").first())
    latest = paying.filter(pl.col("start") <= last_day(window.closing))
    latest = latest.sort("account", "start", "amount", "seg")
    ends = ("opened", "closed") if as_of == "opening" else ("closed", "opened")
    return (
        latest.group_by("account")
        .agg(pl.col("seg").last())
        .join(seen, on="account", how="left", validate="1:1")
        .select(
            "account",
            pl.coalesce(*ends, "seen", "seg").alias("seg"),
            pl.col("opened").is_not_null(),
            pl.col("closed").is_not_null(),
        )
    )
