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
from retcalc.kernels.bridge import AsOf, Bridge
from retcalc.kernels.by_account.account_bridge import LINES
from retcalc.kernels.rows.account_pairs import returned

_PART, _ACCOUNT = ["account", "month", "seg"], ["account", "month"]
_BEFORE, _AFTER = pl.col("before"), pl.col("after")


def part_lines(
    parts: pl.DataFrame, spans: Sequence[Window], gap: int | None, as_of: AsOf = "opening"
) -> pl.DataFrame:
    """Lines of every account, closing month and segment inside the filter: those three and LINES.

    ``parts``: account, month, seg (code; -1 outside the filter) and mrr > 0, a row for each of the
    segments that an account has in a month. ``spans`` are windows of one length whose closing
    months follow each other; ``gap`` and ``as_of`` as in ``kernels.rows`` and ``kernels.bridge``.
    """
    both = _at_both_ends(parts, spans, gap)
    moved = both.with_columns(
        _moved("gained", _BEFORE == 0).alias("in"), _moved("lost", _AFTER == 0).alias("out")
    )
    lines = _lines(moved, as_of)
    return lines.filter(pl.col("seg") >= 0).sort(_PART)


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
    """What the opening MRR of each part has become, as rows of ``account_pairs``."""
    opened = pl.col("opening_mrr")
    lost = pl.col("contraction_mrr") + pl.col("churn_mrr")
    return lines.filter(opened > 0).select(
        "account",
        before=opened,
        constant_currency=opened,
        after=opened + pl.col("expansion_mrr") - lost,
        seg_before="seg",
    )


def _at_both_ends(parts: pl.DataFrame, spans: Sequence[Window], gap: int | None) -> pl.DataFrame:
    """Each part at the opening and the closing of each span, with what its account did.

    Adds before, after, came and went (the account has nothing at the other end), returned,
    single (one segment at most at each end), total_before and total_after of the account, gained
    and lost (0 unless the account stays with several segments).
    """
    months, month = spans[0].months, pl.col("month")
    opening = month.is_between(spans[0].opening, spans[-1].opening)
    closing = month.is_between(spans[0].closing, spans[-1].closing)
    opened = parts.filter(opening).select("account", month + months, "seg", before="mrr")
    closed = parts.filter(closing).select("account", "month", "seg", after="mrr")
    both = opened.join(closed, on=_PART, how="full", coalesce=True, validate="1:1")
    both = both.with_columns(_BEFORE.fill_null(0), _AFTER.fill_null(0)).with_columns(
        _BEFORE.sum().over(_ACCOUNT).alias("total_before"),
        _AFTER.sum().over(_ACCOUNT).alias("total_after"),
        (
            ((_BEFORE > 0).sum().over(_ACCOUNT) <= 1) & ((_AFTER > 0).sum().over(_ACCOUNT) <= 1)
        ).alias("single"),
    )
    both = both.with_columns(came=pl.col("total_before") == 0, went=pl.col("total_after") == 0)
    entrants = both.filter("came").select(_ACCOUNT).unique()
    back = returned(parts.select(_ACCOUNT).unique(), entrants, months, gap)
    both = both.join(back, on=_ACCOUNT, how="left", validate="m:1")
    shared = ~pl.col("came") & ~pl.col("went") & ~pl.col("single")
    change = pl.when(shared).then(_AFTER - _BEFORE).otherwise(0)
    return both.with_columns(
        pl.col("returned").fill_null(value=False),
        gained=change.clip(lower_bound=0),
        lost=(-change).clip(lower_bound=0),
    )


def _moved(side: str, first: pl.Expr) -> pl.Expr:
    """How much of what each part gained, or lost, is a move between segments of its account.

    That is the smaller of all gains and all losses, spread over the parts in order: ``first``
    before others, then the larger, then the lower code.
    """
    changed, sides = pl.col(side), [pl.col(n).sum().over(_ACCOUNT) for n in ("gained", "lost")]
    order = [(~first).cast(pl.Int64), -changed, pl.col("seg")]
    before = changed.cum_sum().over(_ACCOUNT, order_by=order) - changed
    return pl.min_horizontal((pl.min_horizontal(sides) - before).clip(lower_bound=0), changed)


def _lines(moved: pl.DataFrame, as_of: AsOf) -> pl.DataFrame:
    """The lines of parts whose moves are known.

    An account with one segment at each end has its movement in the segment of the end that
    ``as_of`` names.
    """
    came, went, back = pl.col("came"), pl.col("went"), pl.col("returned")
    alone = pl.col("single") & ~came & ~went
    was, now = _BEFORE > 0, _AFTER > 0
    change = pl.col("total_after") - pl.col("total_before")
    home = was if as_of == "opening" else now
    carried = pl.col("total_after" if as_of == "opening" else "total_before")
    own = pl.when(alone & home).then(change).otherwise(0)
    gained, lost = pl.col("gained") - pl.col("in"), pl.col("lost") - pl.col("out")

    def only(condition: pl.Expr, amount: pl.Expr) -> pl.Expr:
        return pl.when(condition).then(amount).otherwise(0)

    money = {
        "opening_mrr": _BEFORE,
        "new_mrr": only(came & ~back, _AFTER),
        "reactivation_mrr": only(came & back, _AFTER),
        "expansion_mrr": gained + own.clip(lower_bound=0),
        "contraction_mrr": lost + (-own).clip(lower_bound=0),
        "churn_mrr": only(went, _BEFORE),
        "segment_in_mrr": pl.col("in") + only(alone & now & ~was, carried),
        "segment_out_mrr": pl.col("out") + only(alone & was & ~now, carried),
        "fx_mrr": pl.lit(0),
        "closing_mrr": _AFTER,
    }
    counts = {
        "opening_accounts": was,
        "new_accounts": came & now & ~back,
        "reactivated_accounts": came & now & back,
        "churned_accounts": went & was,
        "segment_in_accounts": ~came & now & ~was,
        "segment_out_accounts": ~went & was & ~now,
        "closing_accounts": now,
    }
    kind = moved.schema["before"]
    return moved.select(
        *_PART,
        *(v.cast(kind).alias(n) for n, v in money.items()),
        *(v.cast(pl.Int64).alias(n) for n, v in counts.items()),
    ).select(*_PART, *LINES)
