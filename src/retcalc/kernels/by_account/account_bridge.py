"""Account-level facts: the bridge lines of single accounts, which sum to the bridge of all.

Worked out from pairs of months per account, apart from the sums of ``kernels.bridge``, so that a
comparison of the two is a check and not a copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import polars as pl

from retcalc.core.months import Window
from retcalc.kernels.bridge import AsOf, Bridge

LINES = tuple(f.name for f in fields(Bridge))
# the lines that give an account its movement, in the order they are named
MOVEMENTS = {
    "new": "new_mrr",
    "reactivation": "reactivation_mrr",
    "expansion": "expansion_mrr",
    "contraction": "contraction_mrr",
    "churn": "churn_mrr",
    "segment_in": "segment_in_mrr",
    "segment_out": "segment_out_mrr",
}
RETAINED = "retained"


def account_lines(
    panel: pl.DataFrame, spans: Sequence[Window], *, as_of: AsOf = "opening", gap: int | None = None
) -> pl.DataFrame:
    """Bridge lines of every account in every span, inside the filter (segment codes 0 and up).

    ``spans`` are windows of one length whose closing months follow each other. Gives account,
    month (closing month of the span) and LINES, money in integer units and accounts as 0 or 1;
    sorted by account and month. All segments inside the filter count as one. A column
    ``restated`` of the panel is the MRR at the rates of the closing month of its span.
    """
    months, month = spans[0].months, pl.col("month")
    closing = month.is_between(spans[0].closing, spans[-1].closing)
    opening = month.is_between(spans[0].opening, spans[-1].opening)
    before = panel.filter(opening).with_columns(month + months)
    base = "restated" if "restated" in panel.columns else "mrr"
    opened = before.select("account", "month", before="mrr", base=base, seg_before="seg")
    pairs = opened.join(
        panel.filter(closing).select("account", "month", after="mrr", seg_after="seg"),
        on=["account", "month"],
        how="full",
        coalesce=True,
        validate="1:1",
    )
    returned = _returned(panel, pairs.filter(pl.col("before").is_null()), months, gap)
    pairs = pairs.join(returned, on=["account", "month"], how="left", validate="1:1")
    lines = _with_lines(pairs, as_of).select("account", "month", *LINES)
    inside = pl.any_horizontal(pl.col(name) != 0 for name in LINES)
    return lines.filter(inside).sort("account", "month")


def account_window(
    panel: pl.DataFrame,
    spans: Sequence[Window],
    *,
    as_of: AsOf = "opening",
    gap: int | None = None,
) -> pl.DataFrame:
    """Chain the spans of every account: flows add up, the ends stay the ends.

    One span is the window itself; spans of a month each give the monthly basis. Gives account,
    LINES and movement (its movements joined by ``+``), sorted by account.
    """
    lines = account_lines(panel, spans, as_of=as_of, gap=gap)
    month = pl.col("month")
    sums = [
        pl.col(name).filter(month == spans[0].closing).sum()
        if name.startswith("opening")
        else pl.col(name).filter(month == spans[-1].closing).sum()
        if name.startswith("closing")
        else pl.col(name).sum()
        for name in LINES
    ]
    named = [pl.when(pl.col(line) != 0).then(pl.lit(n)) for n, line in MOVEMENTS.items()]
    movement = pl.concat_str(named, separator="+", ignore_nulls=True)
    chained = lines.drop("month") if len(spans) == 1 else lines.group_by("account").agg(sums)
    return chained.with_columns(
        pl.when(movement == "").then(pl.lit(RETAINED)).otherwise(movement).alias("movement")
    ).sort("account")


def _returned(
    panel: pl.DataFrame, entrants: pl.DataFrame, months: int, gap: int | None
) -> pl.DataFrame:
    """Those entrants (account, closing month) that had paid before the span opened."""
    opening = pl.col("month") - months
    history = panel.select("account", paid="month")
    paid = pl.col("paid")
    seen = (
        entrants.select("account", "month")
        .join(history, on="account", how="inner", validate="m:m")
        .group_by("account", "month")
        .agg(paid.filter(paid < opening).max().alias("left"), paid.filter(paid > opening).min())
        .filter(pl.col("left").is_not_null())
    )
    if gap is not None:
        seen = seen.filter(paid - pl.col("left") - 1 <= gap)
    return seen.select("account", "month", pl.lit(value=True).alias("returned"))


def _with_lines(pairs: pl.DataFrame, as_of: AsOf) -> pl.DataFrame:
    was, now = pl.col("seg_before").fill_null(-1) >= 0, pl.col("seg_after").fill_null(-1) >= 0
    before, after, base = (pl.col(n).fill_null(0) for n in ("before", "after", "base"))
    came, went = before == 0, after == 0
    ends = ("seg_before", "seg_after") if as_of == "opening" else ("seg_after", "seg_before")
    counted = pl.coalesce(ends) >= 0
    returned, stayed = pl.col("returned").fill_null(value=False), ~came & ~went
    carried = after if as_of == "opening" else before
    money_and_count = {
        "opening": (before, was),
        "new": (after, counted & came & ~returned),
        "reactivation": (after, counted & came & returned),
        "expansion": (after - base, counted & stayed & (after > base)),
        "contraction": (base - after, counted & stayed & (after < base)),
        "fx": (base - before, counted & stayed),
        "churn": (before, counted & went),
        "segment_in": (carried, stayed & ~was & now),
        "segment_out": (carried, stayed & was & ~now),
        "closing": (after, now),
    }
    names = {"reactivation": "reactivated", "churn": "churned"}
    money = [
        pl.when(m).then(v).otherwise(0).alias(f"{n}_mrr") for n, (v, m) in money_and_count.items()
    ]
    counts = [
        m.cast(pl.Int64).alias(f"{names.get(n, n)}_accounts")
        for n, (_, m) in money_and_count.items()
        if n not in ("expansion", "contraction", "fx")
    ]
    return pairs.with_columns(*money, *counts)
