"""Account-level facts: the bridge lines of single accounts, which sum to the bridge of all.

Made from pairs of months per account and not from the sums of ``kernels.bridge``, so that a
comparison of the two is a check.
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


def account_lines(pairs: pl.DataFrame, *, as_of: AsOf = "opening") -> pl.DataFrame:
    """Bridge lines of every account in every span, inside the filter (segment codes 0 and up).

    ``pairs``: see ``panel_facts.account_pairs``. Gives account, month (closing month of the span)
    and LINES, money in integer units and accounts as 0 or 1; sorted by account and month. All
    segments inside the filter count as one.
    """
    lines = _with_lines(pairs, as_of).select("account", "month", *LINES)
    inside = pl.any_horizontal(pl.col(name) != 0 for name in LINES)
    return lines.filter(inside).sort("account", "month")


def account_window(lines: pl.DataFrame, spans: Sequence[Window]) -> pl.DataFrame:
    """Chain the ``account_lines`` of every account: flows add up, the ends stay the ends.

    One span is the window itself; spans of a month each give the monthly basis. Gives account and
    LINES, sorted by account.
    """
    if len(spans) == 1:
        return lines.drop("month")
    month = pl.col("month")
    sums = [
        pl.col(name).filter(month == spans[0].closing).sum()
        if name.startswith("opening")
        else pl.col(name).filter(month == spans[-1].closing).sum()
        if name.startswith("closing")
        else pl.col(name).sum()
        for name in LINES
    ]
    return lines.group_by("account").agg(sums).sort("account")


def movement() -> pl.Expr:
    """What an account with LINES did: its movements joined by ``+``, or ``retained``."""
    named = [pl.when(pl.col(line) != 0).then(pl.lit(n)) for n, line in MOVEMENTS.items()]
    words = pl.concat_str(named, separator="+", ignore_nulls=True)
    return pl.when(words == "").then(pl.lit(RETAINED)).otherwise(words).alias("movement")


def _with_lines(pairs: pl.DataFrame, as_of: AsOf) -> pl.DataFrame:
    was, now = pl.col("seg_before").fill_null(-1) >= 0, pl.col("seg_after").fill_null(-1) >= 0
    before, after, base = (pl.col(n).fill_null(0) for n in ("before", "after", "constant_currency"))
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
