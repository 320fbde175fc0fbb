"""Movements of MRR and accounts: per month for all months at once, and for one window.

Both reduce the panel to transitions (MRR before, MRR after) summed by segments, month and kind, and
put those few sums into bridges the same way, so a month and a window can never disagree about what
a movement is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
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
    panel: pl.DataFrame,
    last: int,
    *,
    as_of: AsOf = "opening",
    gap: int | None = None,
    total: int | None = None,
) -> dict[tuple[int, int], Bridge]:
    """Bridge of every month and segment: (segment code, month) to Bridge.

    ``panel``: account, month, mrr > 0, seg; sorted by account and month. The first month opens
    at zero. ``gap``: longest absence in months that still counts as a return; None = any.
    ``total``: code under which all segments inside the filter are added as one. A column
    ``restated`` is the MRR at the rates of the month after; what it differs by is the line fx.
    """
    if panel.select((pl.col("month") > last).any()).item():
        panel = panel.filter(pl.col("month") <= last)
    return _fold(_monthly_facts(panel, last, gap), as_of, total)


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
    sums = _fold(_window_facts(panel, window, gap), as_of, total)
    return {segment: bridge for (segment, _), bridge in sums.items()}


def total_panel(panel: pl.DataFrame) -> pl.DataFrame:
    """The same panel with all segments inside the filter as one (code 0)."""
    return panel.with_columns(pl.col("seg").clip(upper_bound=0))


# kinds of transitions, as numbers that column arithmetic can make
_NEW, _LESS, _SAME, _MORE, _RETURN, _GONE = range(6)
_FLOWS = {
    _NEW: ("new_mrr", "new_accounts"),
    _RETURN: ("reactivation_mrr", "reactivated_accounts"),
    _LESS: ("contraction_mrr",),
    _SAME: (),
    _MORE: ("expansion_mrr",),
    _GONE: ("churn_mrr", "churned_accounts"),
}
_NOWHERE = -2  # the segment of an account before it came and after it left
_SLICE = 1 << 19  # rows looked at together; keeps what is in between small
_FACTS = ("seg_before", "seg_after", "month", "kind")


def _monthly_facts(panel: pl.DataFrame, last: int, gap: int | None) -> pl.DataFrame:
    """Sum transitions from month to month by segments, month and kind."""

    def facts(start: int) -> list[pl.DataFrame]:
        first = max(start - 1, 0)  # a row is compared with its neighbours, so slices overlap
        rows = panel.slice(first, start - first + _SLICE + 1)
        return _facts_of(_compared(rows, last, gap).slice(start - first, _SLICE))

    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        parts = pool.map(facts, range(0, panel.height, _SLICE))
        return _added([part for some in parts for part in some], _wide(panel))


def _compared(rows: pl.DataFrame, last: int, gap: int | None) -> pl.DataFrame:
    """Each row with the same account's MRR the month before, and whether the next is its last."""
    mrr, seg, month = pl.col("mrr").cast(_wide(rows)), pl.col("seg"), pl.col("month")
    at = pl.col("account").cast(pl.Int64) * 2**20 + month  # consecutive for consecutive months
    joined = (at - at.shift(1) == 1).fill_null(value=False)
    back = (pl.col("account") == pl.col("account").shift(1)).fill_null(value=False)
    if gap is not None:
        back &= at - at.shift(1) - 1 <= gap
    before = pl.when(joined).then(mrr.shift(1)).otherwise(0)
    restated = [
        pl.when(joined).then(r.shift(1)).otherwise(0).alias("restated")
        for r in _fx(rows, _wide(rows))
    ]
    base = restated[0] if restated else before
    change = (mrr > base).cast(pl.Int32) - (mrr < base).cast(pl.Int32)
    came = pl.when(back).then(_RETURN).otherwise(_NEW)
    kind = pl.when(joined).then(_SAME + change).otherwise(came)
    was = pl.when(joined).then(seg.shift(1)).otherwise(_NOWHERE)
    stays = (at.shift(-1) - at == 1).fill_null(value=False)
    leaves = (~stays & (month < last)).alias("leaves")
    key = _key(was, seg, month, kind)
    return (
        rows.lazy()
        .select(key, before.alias("before"), mrr.alias("after"), *restated, leaves)
        .collect()
    )


def _key(was: pl.Expr, now: pl.Expr, month: pl.Expr, kind: pl.Expr) -> pl.Expr:
    """What a transition is as one number, which groups faster than four columns."""
    places = (was.cast(pl.Int64) - _NOWHERE) * 2**40 + (now.cast(pl.Int64) - _NOWHERE) * 2**18
    return (places + month * 2**3 + kind).alias("key")


def _of_key() -> list[pl.Expr]:
    """The columns that ``_key`` was made of."""
    key = pl.col("key")
    parts = (
        key // 2**40 + _NOWHERE,
        key // 2**18 % 2**22 + _NOWHERE,
        key // 2**3 % 2**15,
        key % 2**3,
    )
    return [part.cast(pl.Int32).alias(name) for name, part in zip(_FACTS, parts, strict=True)]


def _facts_of(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Sum compared rows, and the churn in the month after the last row of an absence."""
    _, now, month, _ = _of_key()
    left = rows.filter("leaves").select(
        _key(now, pl.lit(_NOWHERE), month + 1, pl.lit(_GONE)),
        before="after",
        after=pl.lit(0, rows.schema["after"]),
        **({"restated": "after"} if "restated" in rows.columns else {}),
    )
    return [_grouped(rows.drop("leaves")), _grouped(left)]


def _grouped(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum transitions by what they are."""
    sums = [pl.col(n).sum() for n in ("before", "after", "restated") if n in rows.columns]
    found = rows.group_by("key").agg(*sums, pl.len().cast(pl.Int64).alias("accounts"))
    return found.select(*_of_key(), pl.exclude("key"))


def _wide(panel: pl.DataFrame) -> type[pl.DataType]:
    """The type to add in: a panel of 128 bits says that 64 could overflow."""
    return pl.Int128 if panel.schema["mrr"] == pl.Int128 else pl.Int64


def _fx(rows: pl.DataFrame, money: type[pl.DataType]) -> list[pl.Expr]:
    """The restated MRR where there are monthly rates, nothing without them."""
    return [pl.col("restated").cast(money)] if "restated" in rows.columns else []


def _added(parts: list[pl.DataFrame], money: type[pl.DataType]) -> pl.DataFrame:
    schema: dict[str, type[pl.DataType]] = {**dict.fromkeys(_FACTS, pl.Int32)}
    schema |= {"before": money, "after": money, "accounts": pl.Int64}
    empty = pl.DataFrame(schema=schema)
    added = pl.concat([empty, *parts], how="diagonal")
    moneys = [n for n in ("before", "after", "restated") if n in added.columns]
    sums = pl.col(moneys).cast(pl.Int128).sum(), pl.col("accounts").sum()
    return added.group_by(_FACTS).agg(*sums).sort(_FACTS)


def _window_facts(panel: pl.DataFrame, window: Window, gap: int | None) -> pl.DataFrame:
    """Sum transitions from the opening to the closing of a window by segments and kind."""
    before, after = (pl.col(n).fill_null(0).cast(_wide(panel)) for n in ("before", "after"))
    pairs = _window_pairs(panel, window, gap)
    stayed = (before > 0) & (after > 0)
    restated = [
        pl.when(stayed).then(r).otherwise(before).alias("restated")
        for r in _fx(pairs, _wide(panel))
    ]
    base = restated[0] if restated else before
    change = (after > base).cast(pl.Int32) - (after < base).cast(pl.Int32)
    came = pl.when(pl.col("returned")).then(_RETURN).otherwise(_NEW)
    kind = pl.when(before == 0).then(came).when(after == 0).then(_GONE).otherwise(_SAME + change)
    was, now = (pl.col(n).fill_null(_NOWHERE) for n in ("seg_before", "seg_after"))
    key = _key(was, now, pl.lit(window.closing), kind)
    rows = pairs.select(key, before, after, *restated)
    return _added([_grouped(rows)], _wide(panel))


def _window_pairs(panel: pl.DataFrame, window: Window, gap: int | None) -> pl.DataFrame:
    month = pl.col("month")
    opening = panel.filter(month == window.opening).select(
        "account", *(n for n in ("restated",) if n in panel.columns), before="mrr", seg_before="seg"
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
    joined = both.join(returned, on="account", how="left", validate="1:1")
    return joined.with_columns(pl.col("returned").fill_null(value=False))


def _fold(
    facts: pl.DataFrame, as_of: AsOf, total: int | None = None
) -> dict[tuple[int, int], Bridge]:
    """Put summed transitions into the lines of bridges; movers get theirs in both segments."""
    sums: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    if "restated" not in facts.columns:
        facts = facts.with_columns(restated="before")
    order = (*_FACTS, "before", "after", "restated", "accounts")
    for was, now, month, kind, before, after, restated, accounts in facts.select(order).rows():
        opening, closing = sums[was, month], sums[now, month]
        home, other = (was, now) if as_of == "opening" else (now, was)
        flow = sums[other if home == _NOWHERE else home, month]
        for name, amount in zip(_FLOWS[kind], (abs(after - restated), accounts), strict=False):
            flow[name] += amount
        flow["fx_mrr"] += restated - before
        opening.update(opening_mrr=before, opening_accounts=accounts)
        closing.update(closing_mrr=after, closing_accounts=accounts)
        if was != now and _NOWHERE not in (was, now):
            carried = after if as_of == "opening" else before
            opening.update(segment_out_mrr=carried, segment_out_accounts=accounts)
            closing.update(segment_in_mrr=carried, segment_in_accounts=accounts)
    found = {place: Bridge(**lines) for place, lines in sums.items() if place[0] != _NOWHERE}
    if total is not None:
        one = _fold(facts.with_columns(pl.col("seg_before", "seg_after").clip(_NOWHERE, 0)), as_of)
        found |= {(total, month): b for (segment, month), b in one.items() if segment == 0}
    return dict(sorted(found.items()))
