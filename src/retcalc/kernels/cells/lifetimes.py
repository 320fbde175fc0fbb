"""Lifetimes of accounts in a dense panel, month after month."""

from __future__ import annotations

import polars as pl

from retcalc.core.panel import ROW
from retcalc.core.speed.dense_panel import DensePanel


def lifetimes(panel: DensePanel) -> pl.DataFrame:
    """The same as ``kernels.rows.lifetimes`` gives: account, seg, first, last."""

    def column(value: int, dtype: type[pl.DataType]) -> pl.Series:
        return pl.repeat(value, panel.accounts, dtype=dtype, eager=True)

    panel.load(range(panel.first, panel.last + 1))
    first, last, seg = (column(0, pl.Int32) for _ in range(3))
    seen = running = column(0, pl.Boolean)
    for month in range(panel.first, panel.last + 1):
        paid = panel.paid(month)
        starts = (paid & ~seen).arg_true()
        first = first.scatter(starts, month)
        seg = seg.scatter(starts, panel.seg(panel.cells_of(month).gather(starts)))
        last = last.scatter((running & ~paid).arg_true(), month - 1)
        running = paid & (running | ~seen)
        seen = seen | paid
    last = last.scatter(running.arg_true(), panel.last)
    account = pl.int_range(panel.accounts, dtype=ROW["account"], eager=True)
    columns = {"account": account, "seg": seg, "first": first, "last": last}
    return pl.DataFrame(columns).filter(seen)
