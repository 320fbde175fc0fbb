"""The panel: MRR of accounts by month, the one value that the book hands to the kernels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from retcalc.core.speed.dense_panel import ROW, DensePanel
from retcalc.core.speed.packed_sort import packed_sort

__all__ = ["OUTSIDE", "ROW", "Panel", "panel_of_cells", "panel_of_rows"]
OUTSIDE = -1


@dataclass(frozen=True, eq=False)
class Panel:
    """Account-months with positive MRR. Ask ``kernels.panel_facts``, which knows how it is held.

    ``make_rows`` makes the rows when they are first needed: account, month, mrr > 0 and seg as in
    ROW (mrr Int128 where 64 bits could overflow), one row per account and month, sorted by both.
    A column ``constant_currency_mrr`` may stand beside mrr: that MRR at the exchange rates of a
    later month. ``dense`` holds the same account-months as cells; None where that would waste
    memory or where amounts do not fit.
    ``parts``: the account-months of accounts that have several segments at once, a row for each
    segment: account, month, mrr > 0 and seg. In ``rows`` their seg is that of the largest part.
    """

    make_rows: Callable[[], pl.DataFrame]
    dense: DensePanel | None = None
    parts: pl.DataFrame | None = None

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The account-months as sorted rows, made once."""
        return self.make_rows()

    @cached_property
    def first_rows(self) -> pl.DataFrame:
        """The first row of each account."""
        account = pl.col("account")
        return self.rows.filter((account != account.shift(1)).fill_null(value=True))

    @property
    def whole(self) -> Panel:
        """The panel in which every account has one segment a month, that of its largest part."""
        return replace(self, parts=None)

    @cached_property
    def unsplit(self) -> Panel:
        """The panel without the accounts that have parts."""
        if self.parts is None:
            return self
        split = self.parts.select("account").unique()
        return panel_of_rows(self.rows.join(split, on="account", how="anti", maintain_order="left"))


def panel_of_cells(dense: DensePanel) -> Panel:
    """A panel held as cells; its sorted rows are made of them when they are needed."""
    return Panel(
        lambda: packed_sort(dense.rows(dense.first, dense.last), "account", "month"), dense
    )


def panel_of_rows(rows: pl.DataFrame, parts: pl.DataFrame | None = None) -> Panel:
    """A panel held as sorted rows only."""
    return Panel(lambda: rows, parts=parts)
