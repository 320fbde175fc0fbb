"""Both ends of spans of every account, from rows joined by account and month.

Shares no step with the sums of transitions, so that a comparison of the two is a check.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from retcalc.core.months import Window

_FIXED = "constant_currency_mrr"


def account_pairs(
    opened: pl.DataFrame,
    closed: pl.DataFrame,
    history: pl.DataFrame,
    spans: Sequence[Window],
    gap: int | None,
) -> pl.DataFrame:
    """A row for each account with MRR at an end of a span: account and month (its closing).

    ``spans`` are windows of one length whose closing months follow each other; ``opened`` and
    ``closed`` are the account-months at their ends, ``history`` holds all of them, or without
    ``gap`` the first of each account. before and
    seg_before are null without MRR at the opening, after and seg_after without it at the closing;
    constant_currency is the opening MRR at the exchange rates of the closing. ``returned`` is true
    for those who come in but paid earlier, absent at most ``gap`` months (None: any); else null.
    """
    months, month = spans[0].months, pl.col("month")
    fixed = _FIXED if _FIXED in opened.columns else "mrr"
    before = opened.select(
        "account", month + months, before="mrr", constant_currency=fixed, seg_before="seg"
    )
    after = closed.select("account", "month", after="mrr", seg_after="seg")
    if len(spans) == 1:  # one key joins twice as fast
        before, after = before.drop("month"), after.drop("month")
    keys = ["account", "month"] if len(spans) > 1 else ["account"]
    pairs = before.join(after, on=keys, how="full", coalesce=True, validate="1:1")
    if len(spans) == 1:
        pairs = pairs.with_columns(pl.lit(spans[0].closing, pl.Int32).alias("month"))
    back = returned(history, pairs.filter(pl.col("before").is_null()), months, gap)
    if back.is_empty():
        return pairs.with_columns(pl.lit(None, pl.Boolean).alias("returned"))
    return pairs.join(back, on=["account", "month"], how="left", validate="1:1")


def returned(
    history: pl.DataFrame, entrants: pl.DataFrame, months: int, gap: int | None
) -> pl.DataFrame:
    """Which accounts that come in (account, closing month) had paid before the span opened.

    ``history``: account and month, a row for each month that an account paid in.
    """
    opening = pl.col("month") - months
    paid = pl.col("paid")
    seen = (
        entrants.select("account", "month")
        .join(history.select("account", paid="month"), on="account", how="inner", validate="m:m")
        .group_by("account", "month")
        .agg(paid.filter(paid < opening).max().alias("left"), paid.filter(paid > opening).min())
        .filter(pl.col("left").is_not_null())
    )
    if gap is not None:
        seen = seen.filter(paid - pl.col("left") - 1 <= gap)
    return seen.select("account", "month", pl.lit(value=True).alias("returned"))
