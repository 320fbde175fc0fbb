"""Renewals: the terms of contracts that come to their end, and the terms that follow them.

Days are dates. A term runs from its start up to the day before its end, as rows of dated
subscriptions do. Rows of an account with the same start and end are one term.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

RENEWED = ("early", "on time", "late")
LOST, OPEN = "lost", "open"
_KEY = ["account", "end"]


def terms_due(terms: pl.DataFrame) -> pl.DataFrame:
    """What comes to its end together: a row an account and end, sorted by both.

    ``terms``: account, start, end (Date, exclusive; null while running), amount, seg, FILE and
    LINE under the names file and line. Gives account, end, began (the earliest start), due (the
    amounts of the terms), and seg, file and line of the largest of them.
    """
    ending = _whole_terms(terms).filter(pl.col("end").is_not_null())
    sums = {"began": pl.col("start").min(), "due": pl.col("amount").sum()}
    return _of_largest(ending, _KEY, sums).sort(_KEY)


def renewals(terms: pl.DataFrame, early: int, late: int, closing: date) -> pl.DataFrame:
    """``terms_due`` with what became of each: renewed, kept and status.

    A term renews the nearest end of its account that it begins at most ``early`` days before or
    ``late`` days after; of two that are as near the one before its start. It renews none that
    it does not run on from, or whose terms all began later. ``renewed`` is the sum of the terms
    that renew an end, ``kept`` as much of it as was due. ``status``: one of RENEWED by the first
    of them, else OPEN while such a term can still begin after the day ``closing``, else LOST.
    """
    due, whole = terms_due(terms), _whole_terms(terms)
    joined = due.join(_matched(whole, due, early, late), on=_KEY, how="left", validate="1:1")
    gap = (pl.col("begins") - pl.col("end")).dt.total_days()
    status = (
        pl.when(gap < 0)
        .then(pl.lit(RENEWED[0]))
        .when(gap == 0)
        .then(pl.lit(RENEWED[1]))
        .when(gap > 0)
        .then(pl.lit(RENEWED[2]))
        .when(pl.col("end").dt.offset_by(f"{late}d") > pl.lit(closing))
        .then(pl.lit(OPEN))
        .otherwise(pl.lit(LOST))
    )
    renewed = pl.col("renewed").fill_null(0)
    return joined.with_columns(
        renewed=renewed, kept=pl.min_horizontal(renewed, "due"), status=status
    ).sort(_KEY)


def _whole_terms(terms: pl.DataFrame) -> pl.DataFrame:
    """Lines of one account, start and end as one term; those that add up to nothing are none."""
    found = _of_largest(terms, ["account", "start", "end"], {"amount": pl.col("amount").sum()})
    days = (pl.col("end") > pl.col("start")).fill_null(value=True)
    return found.filter(days & (pl.col("amount") > 0))


def _of_largest(rows: pl.DataFrame, keys: list[str], sums: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Sums by keys, with the segment and the place of the largest of the rows behind each."""
    least = [False] * 4
    ordered = rows.sort("amount", "start", "seg", "file", "line", descending=[True, *least])
    first = pl.col("seg", "file", "line").first()
    return ordered.group_by(keys, maintain_order=True).agg(first, **sums)


def _matched(terms: pl.DataFrame, due: pl.DataFrame, early: int, late: int) -> pl.DataFrame:
    """The ends that are renewed: account, end, renewed, begins (the first start)."""
    begun = terms.select("account", "amount", begins="start", until="end").sort("begins")
    ends = due.select("account", "end", "began").sort("end")
    before = begun.join_asof(
        ends.select("account", "end"),
        left_on="begins",
        right_on="end",
        by="account",
        strategy="backward",
        tolerance=f"{late}d",
        coalesce=False,
        check_sortedness=False,
    ).with_row_index("term")
    near = (pl.col("begins") - pl.col("end")).dt.total_days()
    before = before.with_columns(apart=near)
    # whatever adjoins an end has found the nearest one; only the others are compared with more
    later = before.filter(pl.col("apart").is_null() | (pl.col("apart") > 0)).drop("end")
    later = later.join(ends, on="account", how="inner").with_columns(
        nearer=(pl.col("end") - pl.col("begins")).dt.total_days()
    )
    inside = (pl.col("nearer") > 0) & (pl.col("nearer") <= early)
    nearer = (pl.col("nearer") < pl.col("apart")).fill_null(value=True)
    follows = (pl.col("until") > pl.col("end")).fill_null(value=True)
    later = later.filter(inside & nearer & follows & (pl.col("began") < pl.col("begins")))
    later = later.sort("term", "end").unique("term", keep="first", maintain_order=True)
    found = pl.concat(
        [
            later.select("account", "end", "amount", "begins"),
            before.join(later, on="term", how="anti")
            .filter(pl.col("end").is_not_null())
            .select("account", "end", "amount", "begins"),
        ]
    )
    return found.group_by(_KEY).agg(renewed=pl.col("amount").sum(), begins=pl.col("begins").min())
