"""What falls due for renewal in the months of a forecast, where the data knows terms."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from retcalc.answers.base.prepare import Prepared
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import row_of
from retcalc.answers.base.sums import TOTAL, months_of, order
from retcalc.answers.contracts.renewals import ended_terms
from retcalc.book.values.fiscal_months import closing_day
from retcalc.core.months import Window
from retcalc.core.result import Block, Column, Row

DUE = (
    Column("month", "Month", "month"),
    Column("due_accounts", "Due for renewal", "count"),
    Column("due_mrr", "Due MRR", "money"),
)


def falls_due(prepared: Prepared, request: Request, months: int) -> dict[str, Block]:
    """Accounts and MRR whose terms end in each month to come, of terms begun by the closing.

    Empty where the data has no terms, or none that ends then.
    """
    book, closing = prepared.book, prepared.window.closing
    if book.intervals is None:
        return {}
    window = Window(closing, closing + months)
    day = closing_day(closing, request.sources.rules.dates.weeks)
    ended = ended_terms(prepared, window, request).filter(pl.col("began") <= day)
    if ended.is_empty():
        return {}
    return {"due_for_renewal": Block(DUE, tuple(_rows(ended, prepared, window)))}


def _rows(ended: pl.DataFrame, prepared: Prepared, window: Window) -> Iterator[Row]:
    both = pl.concat([ended, ended.with_columns(seg=pl.lit(TOTAL, pl.Int32))])
    sums = both.group_by("seg", "month").agg(pl.len().cast(pl.Int64), pl.col("due").sum())
    found = {(seg, month): (count, int(due)) for seg, month, count, due in sums.iter_rows()}
    for segment in order(prepared.book):
        for month in months_of(window):
            accounts, mrr = found.get((segment, month), (0, 0))
            values = {"month": month, "due_accounts": accounts, "due_mrr": mrr}
            yield row_of(values, prepared.book, segment)
