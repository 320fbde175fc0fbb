"""Bridge lines of accounts that have several segments at once, such as several products.

The account's bridge is split over its segments. An account that comes, returns or leaves does so
in each of them. Of one that stays, what one segment loses and another gains is a move between
them, segment out and segment in; only the rest is expansion or contraction, so that the lines of
the segments add up to those of the account. Moves go to segments that begin, and from segments
that end, before others.

    Core 100, Add-on 0  ->  Core 100, Add-on 20:  Add-on expansion 20
    Core 100            ->  Pro 130, Add-on 20:   Core out 100, Pro in 100, expansion 30; Add-on 20
    Core 100, Add-on 20 ->  Core 110:             Add-on out 10, contraction 10; Core in 10
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from retcalc.core.months import Window
from retcalc.kernels.bridge import AsOf, Bridge, as_one_segment
from retcalc.kernels.by_account.account_bridge import LINES, account_lines
from retcalc.kernels.rows.account_pairs import account_pairs

_PART, _ACCOUNT = ["account", "month", "seg"], ["account", "month"]
_BEFORE, _AFTER = pl.col("before"), pl.col("after")
_WAS, _NOW = _BEFORE > 0, _AFTER > 0
_GAIN, _LOSS = pl.col("gain"), pl.col("loss")
# the account's own lines
_GROWN, _SHRUNK = pl.col("grown"), pl.col("shrunk")
_NEW, _BACK, _GONE = pl.col("is_new"), pl.col("is_back"), pl.col("is_gone")
_OF_ACCOUNT = {
    "grown": "expansion_mrr",
    "shrunk": "contraction_mrr",
    "is_new": "new_accounts",
    "is_back": "reactivated_accounts",
    "is_gone": "churned_accounts",
}


def part_lines(
    parts: pl.DataFrame, spans: Sequence[Window], gap: int | None, as_of: AsOf = "opening"
) -> pl.DataFrame:
    """Lines of every account, closing month and segment inside the filter: those three and LINES.

    ``parts``: account, month, seg (code; -1 outside the filter) and mrr > 0, a row for each of the
    segments that an account has in a month. ``spans`` are windows of one length whose closing
    months follow each other; ``gap`` and ``as_of`` as in ``kernels.rows`` and ``kernels.bridge``.
    """
    whole = _summed(parts.with_columns(seg=pl.lit(0, pl.Int32)))
    opened, closed = _ends(whole, spans)
    lines = account_lines(account_pairs(opened, closed, whole, spans, gap), as_of=as_of)
    if parts.select((pl.col("seg") < 0).any()).item():
        # first what is inside the filter against what is not, so that totals know no segments
        sides = _summed(as_one_segment(parts, "seg"))
        lines = _split(lines, _at_both_ends(sides, spans), as_of)
        lines = lines.filter(pl.col("seg") == 0).drop("seg")
    inside = parts.filter(pl.col("seg") >= 0)
    return _split(lines, _at_both_ends(inside, spans), as_of).sort(_PART)


def _summed(parts: pl.DataFrame) -> pl.DataFrame:
    return parts.group_by(_PART).agg(pl.col("mrr").sum())


def of_accounts(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines of parts as lines of their accounts: account, month and LINES, sorted by both.

    Moves between segments inside the filter are none of the account.
    """
    sums = lines.group_by(_ACCOUNT).agg(pl.col(n).sum() for n in LINES)
    came, went = pl.col("segment_in_mrr"), pl.col("segment_out_mrr")
    net = came - went
    money = {"segment_in_mrr": net.clip(lower_bound=0), "segment_out_mrr": (-net).clip(0)}
    sums = sums.with_columns(**{n: v.cast(sums.schema[n]) for n, v in money.items()})
    once = [n for n in LINES if n.endswith("_accounts") and not n.startswith("segment")]
    there = {n: (pl.col(n) > 0).cast(pl.Int64) for n in once}
    opened, closed = (there[f"{end}_accounts"] for end in ("opening", "closing"))
    change = closed - opened - there["new_accounts"] - there["reactivated_accounts"]
    change = change + there["churned_accounts"]
    there["segment_in_accounts"] = change.clip(lower_bound=0)
    there["segment_out_accounts"] = (-change).clip(lower_bound=0)
    return sums.with_columns(**there).sort(_ACCOUNT)


def part_bridges(lines: pl.DataFrame, total: int | None = None) -> dict[tuple[int, int], Bridge]:
    """Bridges by (segment code, closing month) of lines of parts; ``total`` as in ``bridges``."""
    sums = [pl.col(n).cast(pl.Int128).sum() for n in LINES]
    found = lines.group_by("seg", "month").agg(sums)
    if total is not None:
        whole = of_accounts(lines).group_by("month").agg(sums)
        found = pl.concat([found, whole.select(pl.lit(total, pl.Int32).alias("seg"), pl.all())])
    return {
        (row.pop("seg"), row.pop("month")): Bridge(**row) for row in found.iter_rows(named=True)
    }


def kept_parts(lines: pl.DataFrame) -> pl.DataFrame:
    """What the opening MRR of each part has become, as rows of ``account_pairs``.

    A part that an account takes up adds its expansion to the segment, which must have an opening.
    """
    opened = pl.col("opening_mrr")
    lost = pl.col("contraction_mrr") + pl.col("churn_mrr")
    concerned = (opened > 0) | (pl.col("expansion_mrr") > 0)
    return lines.filter(concerned & (opened.sum().over("seg") > 0)).select(
        "account",
        before=opened,
        constant_currency=opened,
        after=opened + pl.col("expansion_mrr") - lost,
        seg_before="seg",
    )


def _at_both_ends(parts: pl.DataFrame, spans: Sequence[Window]) -> pl.DataFrame:
    """What accounts pay in each segment at both ends of each span: before and after."""
    opened, closed = _ends(parts, spans)
    later = pl.col("month") + spans[0].months
    before = opened.select("account", later, "seg", before="mrr")
    after = closed.select("account", "month", "seg", after="mrr")
    both = before.join(after, on=_PART, how="full", coalesce=True, validate="1:1")
    return both.with_columns(_BEFORE.fill_null(0), _AFTER.fill_null(0))


def _ends(rows: pl.DataFrame, spans: Sequence[Window]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of the opening months of the spans, and those of the closing ones."""
    month = pl.col("month")
    opening = month.is_between(spans[0].opening, spans[-1].opening)
    closing = month.is_between(spans[0].closing, spans[-1].closing)
    return rows.filter(opening), rows.filter(closing)


def _split(lines: pl.DataFrame, parts: pl.DataFrame, as_of: AsOf) -> pl.DataFrame:
    """Share out the lines of accounts over their parts: account, month, seg and LINES.

    ``parts``: see ``_at_both_ends``. ``as_of`` decides where an account that leaves its one segment
    for one other grows or shrinks; with several it does where the amount changed.
    """
    of_account = lines.select(*_ACCOUNT, **_OF_ACCOUNT)
    rows = (
        parts.join(of_account, on=_ACCOUNT, how="left", validate="m:1")
        .with_columns((pl.col(name) == 1) for name in ("is_new", "is_back", "is_gone"))
        .with_columns(stays=~(_NEW | _BACK | _GONE), change=_AFTER - _BEFORE)
        .sort(
            *_ACCOUNT,
            _WAS & _NOW,  # what an account takes up or drops moves first, then the largest change
            pl.col("change").abs(),
            "seg",
            descending=[False, False, False, True, False],
        )
    )
    return _shared_out(rows, as_of).select(*_ACCOUNT, "seg", *_lines())


def _shared_out(rows: pl.DataFrame, as_of: AsOf) -> pl.DataFrame:
    """Add expanded, contracted, entered and left: what of its change is which."""
    change, stays = pl.col("change"), pl.col("stays")
    rows = rows.with_columns(
        gain=pl.when(stays & (change > 0)).then(change).otherwise(0),
        loss=pl.when(stays & (change < 0)).then(-change).otherwise(0),
        begins=_differs(1),
        ends=_differs(-1),
    )
    flags = [flag.cast(pl.Int64) for flag in (_WAS | _NOW, _WAS, _NOW)]
    parts, were, are = (_above(flag) + flag for flag in flags)
    rows = rows.with_columns(gain_above=_above(_GAIN), loss_above=_above(_LOSS))
    rows = rows.with_columns(
        all_gain=_at_end(pl.col("gain_above") + _GAIN),
        all_loss=_at_end(pl.col("loss_above") + _LOSS),
        exchanged=stays & _at_end((parts == 2) & (were == 1) & (are == 1)),
    )
    entered = _filled(_GAIN, pl.col("all_gain"), pl.col("gain_above"), _GROWN)
    left = _filled(_LOSS, pl.col("all_loss"), pl.col("loss_above"), _SHRUNK)
    # growth beyond all gains, of accounts that left every segment of a filter, and its reverse
    first_gain = (_GAIN > 0) & (pl.col("gain_above") == 0)
    first_loss = (_LOSS > 0) & (pl.col("loss_above") == 0)
    more = pl.when(first_loss).then(_above_zero(_GROWN - pl.col("all_gain"))).otherwise(0)
    less = pl.when(first_gain).then(_above_zero(_SHRUNK - pl.col("all_loss"))).otherwise(0)
    home = _WAS if as_of == "opening" else _NOW
    swap, own = pl.col("exchanged"), pl.col("exchanged") & home
    grown, shrunk = (pl.when(own).then(total).otherwise(0) for total in (_GROWN, _SHRUNK))
    out = pl.when(_WAS).then(_BEFORE + grown - shrunk).otherwise(0)
    into = pl.when(_NOW).then(_AFTER - grown + shrunk).otherwise(0)
    return rows.with_columns(
        expanded=pl.when(swap).then(grown).otherwise(_GAIN - entered + more),
        contracted=pl.when(swap).then(shrunk).otherwise(_LOSS - left + less),
        entered=pl.when(swap).then(into).otherwise(entered + less),
        left=pl.when(swap).then(out).otherwise(left + more),
    )


def _differs(step: int) -> pl.Expr:
    """Where rows so many away are of another account or month; rows are sorted by both."""
    other = [pl.col(name) != pl.col(name).shift(step) for name in _ACCOUNT]
    return pl.any_horizontal(other).fill_null(value=True)


def _above(amount: pl.Expr) -> pl.Expr:
    """The sum of the rows above of the same account and month."""
    before = amount.cum_sum() - amount
    return before - pl.when("begins").then(before).forward_fill()


def _at_end(value: pl.Expr) -> pl.Expr:
    """The value of the last row of the same account and month."""
    return pl.when("ends").then(value).backward_fill()


def _filled(own: pl.Expr, total: pl.Expr, above: pl.Expr, kept: pl.Expr) -> pl.Expr:
    """How much of ``own`` moves: all but ``kept`` of the total does, the rows above first."""
    moves = _above_zero(total - kept)
    return pl.min_horizontal(own, _above_zero(moves - above))


def _above_zero(amount: pl.Expr) -> pl.Expr:
    return pl.when(amount > 0).then(amount).otherwise(0)


def _lines() -> list[pl.Expr]:
    stays = pl.col("stays")
    money = {
        "opening": _BEFORE,
        "new": pl.when(_NEW).then(_AFTER).otherwise(0),
        "reactivation": pl.when(_BACK).then(_AFTER).otherwise(0),
        "expansion": pl.col("expanded"),
        "contraction": pl.col("contracted"),
        "churn": pl.when(_GONE).then(_BEFORE).otherwise(0),
        "segment_in": pl.col("entered"),
        "segment_out": pl.col("left"),
        "fx": _BEFORE - _BEFORE,
        "closing": _AFTER,
    }
    counts = {
        "opening": _WAS,
        "new": _NEW & _NOW,
        "reactivated": _BACK & _NOW,
        "churned": _GONE & _WAS,
        "segment_in": stays & ~_WAS & _NOW,
        "segment_out": stays & _WAS & ~_NOW,
        "closing": _NOW,
    }
    found = {f"{name}_mrr": amount for name, amount in money.items()}
    found |= {f"{name}_accounts": flag.cast(pl.Int64) for name, flag in counts.items()}
    return [found[name].alias(name) for name in LINES]
