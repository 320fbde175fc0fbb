"""Cohort sums of sorted rows, in one pass over them."""

from __future__ import annotations

import polars as pl

from retcalc.kernels.cohort import CohortSums

_LARGEST = 2**62  # above it, 64 bits could overflow


def cohort_sums(panel: pl.DataFrame, last: int, starts: pl.DataFrame | None = None) -> CohortSums:
    """Sums of cohorts up to the month-end ``last``.

    ``panel``: sorted rows of ``core.panel``. An account starts in its first paid month; or, with
    ``starts`` (a row per account code: account, start_month: month index or null), in that month,
    and its first MRR is then the first one paid from there on.
    """
    rows = panel.filter(pl.col("month") <= last)
    rows = rows.with_columns(_of_first_row("seg").alias("home")).filter(pl.col("home") >= 0)
    undated = early = 0
    if starts is None:
        rows = rows.with_columns(_of_first_row("month").alias("start_month"))
    else:
        accounts = _accounts(rows)
        rows = rows.with_columns(starts.sort("account")["start_month"].gather(rows["account"]))
        before = pl.col("month") < pl.col("start_month")
        early = rows.filter(before)["account"].n_unique()
        rows = rows.filter(~before)
        undated = accounts - _accounts(rows)
    begins = pl.col("begins")
    cells = (
        _with_lowest(rows)
        .group_by("home", "start_month", "month")
        .agg(
            pl.len().cast(pl.Int64).alias("accounts"),
            pl.col("mrr").sum(),
            pl.col("gross_mrr").sum(),
            begins.cast(pl.Int64).sum().alias("started_accounts"),
            pl.col("mrr").filter(begins).sum().alias("started_mrr"),
        )
    )
    return CohortSums(cells, undated, early)


def _accounts(rows: pl.DataFrame) -> int:
    return int(rows.select(_begins().cast(pl.Int64).sum()).item())


def _begins() -> pl.Expr:
    """True on the first row of each account."""
    account = pl.col("account")
    return (account != account.shift(1)).fill_null(value=True)


def _of_first_row(name: str) -> pl.Expr:
    """The value of the account's first row on each of its rows."""
    return pl.when(_begins()).then(name).forward_fill()


def _with_lowest(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``begins`` and ``gross_mrr``, the lowest MRR since the first row, 0 after a gap.

    The running minimum starts anew with each account without a window function: amounts of each
    account are lowered by more than any amount, below those of all accounts above. They get a
    type that holds the last of these shifts, and so every sum. With a highest MRR of 9, so a
    step of 10:

        account        A   A   A   B   B
        mrr            7   9   5   8   6
        shift         10  10  10  20  20
        mrr - shift   -3  -1  -5 -12 -14
        running min   -3  -3  -5 -12 -14
        gross_mrr      7   7   5   8   6
    """
    step = (rows.select(pl.col("mrr").max()).item() or 0) + 1
    width = pl.Int64 if step * (rows.height + 1) < _LARGEST else pl.Int128
    row = pl.int_range(pl.len(), dtype=pl.Int32)
    rows = rows.with_columns(
        pl.col("mrr").cast(width),
        _begins().alias("begins"),
        (_begins().cast(width).cum_sum() * step).alias("shift"),
        (pl.col("month") - row).alias("run"),  # the same on all rows until a month is missed
    )
    lowest = (pl.col("mrr") - pl.col("shift")).cum_min() + pl.col("shift")
    unbroken = pl.col("run") == _of_first_row("run")
    return rows.with_columns(
        pl.when(unbroken).then(lowest).otherwise(pl.lit(0, width)).alias("gross_mrr")
    )
