"""Unbroken runs of paid months: who left at the end of one, why, and who came back."""

from __future__ import annotations

import polars as pl


def paid_runs(rows: pl.DataFrame) -> pl.DataFrame:
    """Every unbroken run of paid months of each account, in the sorted rows of a panel.

    Gives account, first and last (months), first_mrr, last_mrr, first_seg and last_seg (what it
    paid in those months and its segment then); sorted by account and month.
    """
    account, month = pl.col("account"), pl.col("month")
    begins = ((account != account.shift(1)) | (month != month.shift(1) + 1)).fill_null(value=True)
    marked = rows.with_columns(begins.alias("begins"))
    marked = marked.with_columns(pl.col("begins").shift(-1, fill_value=True).alias("ends"))
    started = marked.filter("begins").select(
        "account", first="month", first_mrr="mrr", first_seg="seg"
    )
    ended = marked.filter("ends").select(last="month", last_mrr="mrr", last_seg="seg")
    return started.hstack(ended)


def leavers(pairs: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """The accounts that were there at the opening of a span and are not at its closing.

    ``pairs``: see ``panel_facts.account_pairs``; ``runs``: those of ``paid_runs``. Gives account,
    month (the closing), seg and mrr of the opening, and the run that ended: paid_from, paid_until.
    """
    gone = pairs.filter(pl.col("after").is_null() & (pl.col("seg_before") >= 0))
    gone = gone.select("account", "month", seg="seg_before", mrr="before")
    ended = runs.select("account", paid_from="first", paid_until="last")
    placed = gone.sort("month").join_asof(
        ended.sort("paid_until"),
        left_on="month",
        right_on="paid_until",
        by="account",
        strategy="backward",
        check_sortedness=False,
    )
    return placed.sort("account", "month")


def with_reasons(gone: pl.DataFrame, stated: pl.DataFrame, *, notice: bool) -> pl.DataFrame:
    """The leavers with the column ``reason``, null where none is stated.

    ``stated``: account, first and last (months; null for always), amount, reason. A reason counts
    where its row ends with the last paid month or begins after it, up to the closing; with
    ``notice`` also where it begins in the run that ended. The latest counts, of equals that of the
    largest amount.
    """
    first, until = pl.col("first"), pl.col("paid_until")
    earliest = pl.col("paid_from") if notice else until + 1
    counts = first.is_null() | (pl.col("last") == until)
    counts = counts | first.is_between(earliest, pl.col("month"))
    found = gone.join(stated, on="account", how="inner", validate="m:m").filter(counts)
    stated_at = first if notice else pl.max_horizontal(first, until)
    order = (stated_at, "amount", "reason")
    latest = found.sort(*order, descending=[True, True, False], nulls_last=True)
    chosen = latest.unique(["account", "month"], keep="first", maintain_order=True)
    chosen = chosen.select("account", "month", "reason")
    return gone.join(chosen, on=["account", "month"], how="left", validate="1:1")


def losses(runs: pl.DataFrame, closing: int, gap: int | None = None) -> pl.DataFrame:
    """Every loss of an account up to the month ``closing``, and its return if there is one.

    ``runs``: those of ``paid_runs``. Gives account, month (the first one without pay), seg and mrr
    (of the last paid one), returned_mrr (of the month it came back in) and months_away; both null
    for who is not back by the closing or was away longer than ``gap`` months.
    """
    account, month = pl.col("account"), pl.col("last") + 1
    again = account == account.shift(-1)
    back, away = pl.col("first").shift(-1), pl.col("first").shift(-1) - month
    returned = again & (back <= closing)
    if gap is not None:
        returned = returned & (away <= gap)
    lost = runs.select(
        "account",
        month.alias("month"),
        seg="last_seg",
        mrr="last_mrr",
        returned_mrr=pl.when(returned).then(pl.col("first_mrr").shift(-1)),
        months_away=pl.when(returned).then(away),
    )
    return lost.filter((pl.col("month") <= closing) & (pl.col("seg") >= 0))
