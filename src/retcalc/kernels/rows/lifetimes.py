"""Lifetimes of accounts in sorted rows."""

from __future__ import annotations

import polars as pl


def lifetimes(panel: pl.DataFrame) -> pl.DataFrame:
    """The first unbroken run of paid months of each account, in sorted rows of ``core.panel``.

    Gives account, seg (that of the first month), first and last (months), sorted by account.
    """
    account, month = pl.col("account"), pl.col("month")
    begins = ((account != account.shift(1)) | (month != month.shift(1) + 1)).fill_null(value=True)
    rows = panel.select("account", "seg", "month", begins.alias("begins"))
    rows = rows.with_columns(pl.col("begins").shift(-1, fill_value=True).alias("ends"))
    runs = rows.filter("begins").select("account", "seg", first="month")
    runs = runs.with_columns(rows.filter("ends")["month"].alias("last"))
    return runs.filter((account != account.shift(1)).fill_null(value=True))
