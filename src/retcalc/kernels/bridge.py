"""The bridge from opening to closing MRR and accounts, folded from summed transitions.

A month and a window are folded the same way, so they cannot disagree about what a movement is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, fields
from typing import Literal

import polars as pl

from retcalc.kernels.transition_key import FACTS, GONE, LESS, MORE, NEW, NO_SEGMENT, RETURN, SAME

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

    def beside(self, other: Bridge) -> Bridge:
        """The bridge of both groups together, over the same span."""
        return Bridge(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        )

    @property
    def unreconciled_mrr(self) -> int:
        """Unreconciled MRR; anything but zero is a bug."""
        flows = self.new_mrr + self.reactivation_mrr + self.expansion_mrr
        flows += self.segment_in_mrr - self.segment_out_mrr + self.fx_mrr
        return self.opening_mrr + flows - self.contraction_mrr - self.churn_mrr - self.closing_mrr

    @property
    def unreconciled_accounts(self) -> int:
        """Unreconciled accounts; anything but zero is a bug."""
        flows = self.new_accounts + self.reactivated_accounts - self.churned_accounts
        flows += self.segment_in_accounts - self.segment_out_accounts
        return self.opening_accounts + flows - self.closing_accounts


_FLOWS = {
    NEW: ("new_mrr", "new_accounts"),
    RETURN: ("reactivation_mrr", "reactivated_accounts"),
    LESS: ("contraction_mrr",),
    SAME: (),
    MORE: ("expansion_mrr",),
    GONE: ("churn_mrr", "churned_accounts"),
}


def bridges(
    facts: pl.DataFrame, as_of: AsOf = "opening", total: int | None = None
) -> dict[tuple[int, int], Bridge]:
    """Bridges by (segment code, closing month) of summed transitions.

    ``facts``: see ``panel_facts.transitions``. ``as_of``: the end of a span that decides the
    segment of a movement; an account that changed its segment has lines in both. ``total``: code
    under which all segments inside the filter are added as one.
    """
    sums: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    if "constant_currency" not in facts.columns:
        facts = facts.with_columns(constant_currency="before")
    order = (*FACTS, "before", "after", "constant_currency", "accounts")
    for was, now, month, kind, before, after, fixed, accounts in facts.select(order).rows():
        opening, closing = sums[was, month], sums[now, month]
        home, other = (was, now) if as_of == "opening" else (now, was)
        flow = sums[other if home == NO_SEGMENT else home, month]
        for name, amount in zip(_FLOWS[kind], (abs(after - fixed), accounts), strict=False):
            flow[name] += amount
        flow["fx_mrr"] += fixed - before
        opening["opening_mrr"] += before
        opening["opening_accounts"] += accounts
        closing["closing_mrr"] += after
        closing["closing_accounts"] += accounts
        if was != now and NO_SEGMENT not in (was, now):
            carried = after if as_of == "opening" else before
            opening["segment_out_mrr"] += carried
            opening["segment_out_accounts"] += accounts
            closing["segment_in_mrr"] += carried
            closing["segment_in_accounts"] += accounts
    found = {place: Bridge(**lines) for place, lines in sums.items() if place[0] != NO_SEGMENT}
    if total is not None:
        one = bridges(as_one_segment(facts, "seg_before", "seg_after"), as_of)
        found |= {(total, month): b for (segment, month), b in one.items() if segment == 0}
    return dict(sorted(found.items()))


def as_one_segment(frame: pl.DataFrame, *segments: str) -> pl.DataFrame:
    """The frame with all segments inside the filter as one, code 0, in the columns ``segments``."""
    return frame.with_columns(pl.col(segments).clip(upper_bound=0))
