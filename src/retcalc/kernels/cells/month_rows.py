"""Rows of single months out of a dense panel."""

from __future__ import annotations

import polars as pl

from retcalc.core.panel import ROW
from retcalc.core.speed.dense_panel import DensePanel


def month_rows(panel: DensePanel, first: int, last: int) -> pl.DataFrame:
    """Account-months with MRR from ``first`` to ``last``, both included: columns of ROW."""
    months = range(max(first, panel.first), min(last, panel.last) + 1)
    return pl.concat([pl.DataFrame(schema=ROW), *(_rows(panel, month) for month in months)])


def _rows(panel: DensePanel, month: int) -> pl.DataFrame:
    cell = pl.col("cell")
    cells = panel.cells_of(month).alias("cell").to_frame()
    paid = cells.with_row_index("account").filter(panel.paid(month))
    columns = {"month": pl.lit(month), "mrr": panel.mrr(cell), "seg": panel.seg(cell)}
    return paid.select(
        pl.col("account").cast(ROW["account"]),
        *(value.cast(ROW[name]).alias(name) for name, value in columns.items()),
    )
