"""Movements of MRR and accounts: per month for all months at once, and for one window.

Both reduce the panel to transitions (account, MRR before, MRR after) and sum them with the same
expressions, so a month and a window can never disagree about what a movement is.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import polars as pl

from retcalc.months import Window

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
    panel: pl.DataFrame, last: int, *, as_of: AsOf = "opening", gap: int | None = None
) -> dict[tuple[int, int], Bridge]:
    """Bridge of every month and segment: (segment code, month) to Bridge.

    ``panel``: account, month, mrr > 0, seg; sorted by account and month. The first month opens
    at zero. ``gap``: longest absence in months that still counts as a return; None = any.
    """
    panel = panel.filter(pl.col("month") <= last)
    return _sum(_monthly_transitions(panel, last, gap), as_of)


def window_bridges(
    panel: pl.DataFrame, window: Window, *, as_of: AsOf = "opening", gap: int | None = None
) -> dict[int, Bridge]:
    """Bridge of one window per segment, opening and closing compared account by account."""
    sums = _sum(_window_transitions(panel, window, gap), as_of)
    return {segment: bridge for (segment, _), bridge in sums.items()}


def total_panel(panel: pl.DataFrame) -> pl.DataFrame:
    """The same panel with all segments inside the filter as one (code 0)."""
    return panel.with_columns(pl.col("seg").clip(upper_bound=0))


def _monthly_transitions(panel: pl.DataFrame, last: int, gap: int | None) -> pl.DataFrame:
    account, month = pl.col("account"), pl.col("month")
    same_before = (account == account.shift(1)).fill_null(value=False)
    same_after = (account == account.shift(-1)).fill_null(value=False)
    away = month - month.shift(1) - 1
    joined = same_before & (away == 0)
    back = same_before & (away > 0)
    if gap is not None:
        back = back & (away <= gap)
    zero = pl.lit(0).cast(panel.schema["mrr"])
    shifted = panel.select(
        "month",
        pl.when(joined).then(pl.col("mrr").shift(1)).otherwise(zero).alias("before"),
        pl.col("mrr").alias("after"),
        pl.when(joined).then(pl.col("seg").shift(1)).alias("seg_before"),
        pl.col("seg").alias("seg_after"),
        back.alias("returned"),
        (same_after & (month.shift(-1) == month + 1)).alias("stays"),
    )
    left = shifted.filter(~pl.col("stays") & (pl.col("month") < last)).select(
        pl.col("month") + 1,
        pl.col("after").alias("before"),
        zero.alias("after"),
        pl.col("seg_after").alias("seg_before"),
        pl.lit(None, pl.Int32).alias("seg_after"),
        pl.lit(value=False).alias("returned"),
    )
    return pl.concat([shifted.drop("stays"), left])


def _window_transitions(panel: pl.DataFrame, window: Window, gap: int | None) -> pl.DataFrame:
    month = pl.col("month")
    opening = panel.filter(month == window.opening).select(
        "account", before="mrr", seg_before="seg"
    )
    closing = panel.filter(month == window.closing).select("account", after="mrr", seg_after="seg")
    both = opening.join(closing, on="account", how="full", coalesce=True, validate="1:1")
    entrants = both.filter(pl.col("before").is_null()).select("account")
    history = panel.join(entrants, on="account", how="semi")
    seen = (
        history.group_by("account")
        .agg(
            month.filter(month < window.opening).max().alias("left"),
            month.filter(month > window.opening).min().alias("back"),
        )
        .filter(pl.col("left").is_not_null())
    )
    if gap is not None:
        seen = seen.filter(pl.col("back") - pl.col("left") - 1 <= gap)
    returned = seen.select("account", pl.lit(value=True).alias("returned"))
    return both.join(returned, on="account", how="left", validate="1:1").select(
        pl.lit(window.closing, pl.Int32).alias("month"),
        pl.col("before").fill_null(0),
        pl.col("after").fill_null(0),
        "seg_before",
        "seg_after",
        pl.col("returned").fill_null(value=False),
    )


def _sum(transitions: pl.DataFrame, as_of: AsOf) -> dict[tuple[int, int], Bridge]:
    """Add up transitions by segment and month; movers get their lines in both segments."""
    home, other = ("seg_before", "seg_after") if as_of == "opening" else ("seg_after", "seg_before")
    moved = pl.col("seg_before").ne_missing(pl.col("seg_after"))
    moved = moved & pl.col("seg_before").is_not_null() & pl.col("seg_after").is_not_null()
    stays = transitions.with_columns(pl.coalesce(home, other).alias("seg"))
    flows = stays.group_by("seg", "month").agg(_flows())
    moves = transitions.filter(moved)
    carried = "after" if as_of == "opening" else "before"
    parts = [
        flows,
        _ends(transitions, "seg_before", "before", "opening"),
        _ends(transitions, "seg_after", "after", "closing"),
        _ends(moves, "seg_before", carried, "segment_out"),
        _ends(moves, "seg_after", carried, "segment_in"),
    ]
    names = [f.name for f in fields(Bridge)]
    table = pl.concat(parts, how="diagonal").group_by("seg", "month").agg(pl.all().sum())
    have = [n for n in names if n in table.columns]
    rows = table.sort("seg", "month").select("seg", "month", *have).iter_rows()
    return {(row[0], row[1]): Bridge(**dict(zip(have, row[2:], strict=True))) for row in rows}


def _flows() -> list[pl.Expr]:
    before, after = pl.col("before"), pl.col("after")
    came, went = before == 0, after == 0
    returned = pl.col("returned")
    stayed = ~came & ~went
    money = {
        "new_mrr": after.filter(came & ~returned),
        "reactivation_mrr": after.filter(came & returned),
        "expansion_mrr": (after - before).filter(stayed).clip(lower_bound=0),
        "contraction_mrr": (before - after).filter(stayed).clip(lower_bound=0),
        "churn_mrr": before.filter(went),
    }
    counts = {
        "new_accounts": came & ~returned,
        "reactivated_accounts": came & returned,
        "churned_accounts": went,
    }
    return [e.cast(pl.Int128).sum().alias(n) for n, e in money.items()] + [
        e.cast(pl.Int64).sum().alias(n) for n, e in counts.items()
    ]


def _ends(frame: pl.DataFrame, segment: str, amount: str, name: str) -> pl.DataFrame:
    present = frame.filter(pl.col(segment).is_not_null())
    return present.group_by(pl.col(segment).alias("seg"), "month").agg(
        pl.col(amount).cast(pl.Int128).sum().alias(f"{name}_mrr"),
        pl.len().cast(pl.Int64).alias(f"{name}_accounts"),
    )
