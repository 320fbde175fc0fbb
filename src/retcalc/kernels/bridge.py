"""Movements of MRR and accounts: per month for all months at once, and for one window.

Both reduce the panel to transitions (MRR before, MRR after) summed by segments, month and kind, and
put those few sums into bridges the same way, so a month and a window can never disagree about what
a movement is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, fields
from typing import Literal

import polars as pl

from retcalc.core.dense_panel import Grid
from retcalc.core.months import Window
from retcalc.kernels.cells.transitions import grid_facts
from retcalc.kernels.rows.transitions import (
    FACTS,
    GONE,
    LESS,
    MORE,
    NEW,
    NOWHERE,
    RETURN,
    SAME,
    monthly_facts,
    window_facts,
)

AsOf = Literal["opening", "closing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """Sums of one group over one span; money in integer units, accounts as counts.

    Identity: opening + new + reactivation + expansion - contraction - churn + segment in
    - segment out = closing, for money; likewise for accounts.
    """

    opening_mrr: int = 0
    new_mrr: int = 0
    reactivation_mrr: int = 0
    expansion_mrr: int = 0
    contraction_mrr: int = 0
    churn_mrr: int = 0
    segment_in_mrr: int = 0
    segment_out_mrr: int = 0
    fx_mrr: int = 0
    closing_mrr: int = 0
    opening_accounts: int = 0
    new_accounts: int = 0
    reactivated_accounts: int = 0
    churned_accounts: int = 0
    segment_in_accounts: int = 0
    segment_out_accounts: int = 0
    closing_accounts: int = 0

    def __add__(self, later: Bridge) -> Bridge:
        """Chain two spans that follow each other: flows add up, the ends stay the ends."""
        summed = {f.name: getattr(self, f.name) + getattr(later, f.name) for f in fields(self)}
        ends = {
            "opening_mrr": self.opening_mrr,
            "opening_accounts": self.opening_accounts,
            "closing_mrr": later.closing_mrr,
            "closing_accounts": later.closing_accounts,
        }
        return Bridge(**{**summed, **ends})

    @property
    def mrr_gap(self) -> int:
        """What the money identity misses; zero, or retcalc is wrong."""
        flows = self.new_mrr + self.reactivation_mrr + self.expansion_mrr
        flows += self.segment_in_mrr - self.segment_out_mrr + self.fx_mrr
        return self.opening_mrr + flows - self.contraction_mrr - self.churn_mrr - self.closing_mrr

    @property
    def accounts_gap(self) -> int:
        """What the identity of accounts misses; zero, or retcalc is wrong."""
        flows = self.new_accounts + self.reactivated_accounts - self.churned_accounts
        flows += self.segment_in_accounts - self.segment_out_accounts
        return self.opening_accounts + flows - self.closing_accounts


def monthly_bridges(
    panel: pl.DataFrame,
    last: int,
    *,
    as_of: AsOf = "opening",
    gap: int | None = None,
    total: int | None = None,
    months: int = 1,
) -> dict[tuple[int, int], Bridge]:
    """Bridge of every closing month and segment: (segment code, month) to Bridge.

    ``panel``: account, month, mrr > 0, seg; sorted by account and month. Each bridge spans so many
    ``months``; before the first month of the panel there is nothing. ``gap``: longest absence in
    months that still counts as a return; None = any. ``total``: code under which all segments
    inside the filter are added as one. A column ``restated`` is the MRR at the rates of so many
    months later; what it differs by is the line fx.
    """
    if panel.select((pl.col("month") > last).any()).item():
        panel = panel.filter(pl.col("month") <= last)
    return _fold(monthly_facts(panel, last, months, gap), as_of, total)


def window_bridges(
    panel: pl.DataFrame,
    window: Window,
    *,
    as_of: AsOf = "opening",
    gap: int | None = None,
    total: int | None = None,
) -> dict[int, Bridge]:
    """Bridge of one window per segment, opening and closing compared account by account.

    A column ``restated`` is the MRR at the rates of the closing month.
    """
    sums = _fold(window_facts(panel, window, gap), as_of, total)
    return {segment: bridge for (segment, _), bridge in sums.items()}


def grid_bridges(
    grid: Grid,
    window: Window,
    months: int,
    *,
    as_of: AsOf = "opening",
    total: int | None = None,
) -> dict[tuple[int, int], Bridge]:
    """Bridges of so many ``months`` each that close in the window, as ``monthly_bridges`` has them.

    Every return counts, however long the absence.
    """
    closings = range(window.opening + 1, window.closing + 1)
    return _fold(grid_facts(grid, closings, months), as_of, total)


def total_panel(panel: pl.DataFrame) -> pl.DataFrame:
    """The same panel with all segments inside the filter as one (code 0)."""
    return panel.with_columns(pl.col("seg").clip(upper_bound=0))


_FLOWS = {
    NEW: ("new_mrr", "new_accounts"),
    RETURN: ("reactivation_mrr", "reactivated_accounts"),
    LESS: ("contraction_mrr",),
    SAME: (),
    MORE: ("expansion_mrr",),
    GONE: ("churn_mrr", "churned_accounts"),
}


def _fold(
    facts: pl.DataFrame, as_of: AsOf, total: int | None = None
) -> dict[tuple[int, int], Bridge]:
    """Put summed transitions into the lines of bridges; movers get theirs in both segments."""
    sums: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    if "restated" not in facts.columns:
        facts = facts.with_columns(restated="before")
    order = (*FACTS, "before", "after", "restated", "accounts")
    for was, now, month, kind, before, after, restated, accounts in facts.select(order).rows():
        opening, closing = sums[was, month], sums[now, month]
        home, other = (was, now) if as_of == "opening" else (now, was)
        flow = sums[other if home == NOWHERE else home, month]
        for name, amount in zip(_FLOWS[kind], (abs(after - restated), accounts), strict=False):
            flow[name] += amount
        flow["fx_mrr"] += restated - before
        opening["opening_mrr"] += before
        opening["opening_accounts"] += accounts
        closing["closing_mrr"] += after
        closing["closing_accounts"] += accounts
        if was != now and NOWHERE not in (was, now):
            carried = after if as_of == "opening" else before
            opening["segment_out_mrr"] += carried
            opening["segment_out_accounts"] += accounts
            closing["segment_in_mrr"] += carried
            closing["segment_in_accounts"] += accounts
    found = {place: Bridge(**lines) for place, lines in sums.items() if place[0] != NOWHERE}
    if total is not None:
        one = _fold(facts.with_columns(pl.col("seg_before", "seg_after").clip(NOWHERE, 0)), as_of)
        found |= {(total, month): b for (segment, month), b in one.items() if segment == 0}
    return dict(sorted(found.items()))
