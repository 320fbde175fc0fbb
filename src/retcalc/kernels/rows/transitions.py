"""Transitions: what accounts pay at the end of a span and what they paid at its beginning.

A panel becomes sums by segment before and after, closing month and kind, over all months at once or
over one window.
"""

from __future__ import annotations

import polars as pl

from retcalc.core.months import Window
from retcalc.core.speed.threads import each
from retcalc.kernels.rows.lagged import RETURNED, STAYS, link
from retcalc.kernels.rows.lagged import before as linked

# kinds of transitions, as numbers that column arithmetic can make
NEW, LESS, SAME, MORE, RETURN, GONE = range(6)
NOWHERE = -2  # the segment of an account before it came and after it left
_SLICE = 1 << 20  # rows looked at together; keeps what is in between small
FACTS = ("seg_before", "seg_after", "month", "kind")


def monthly_facts(panel: pl.DataFrame, last: int, lag: int, gap: int | None) -> pl.DataFrame:
    """Sum transitions over ``lag`` months by segments, closing month and kind."""
    of_one = panel["seg"].min() == panel["seg"].max() == 0

    def facts(start: int) -> list[pl.DataFrame]:
        # a row is compared with rows at most ``lag`` away, so slices overlap
        first = max(start - lag - 1, 0)
        rows = panel.slice(first, start - first + _SLICE + lag)
        compared = _compared(rows, last, lag, gap, of_one=of_one)
        compared = compared.slice(start - first, _SLICE)
        return [
            _grouped(compared.drop("leaves"), of_one=of_one),
            _grouped(_left(compared, lag, of_one=of_one), of_one=of_one),
        ]

    parts = [part for some in each(facts, range(0, panel.height, _SLICE)) for part in some]
    return added(parts, _wide(panel))


def _compared(
    rows: pl.DataFrame, last: int, lag: int, gap: int | None, *, of_one: bool
) -> pl.DataFrame:
    """Each row with the same account's MRR ``lag`` months before, and whether it is gone after."""
    wanted = ("mrr", "restated") if of_one else ("mrr", "seg", "restated")
    columns = [n for n in wanted if n in rows.columns]
    both = rows.lazy().with_columns(link(rows, columns, lag, gap))
    mrr, earlier = pl.col("mrr").cast(_wide(rows)), pl.col(linked("mrr")).cast(_wide(rows))
    base = pl.col(linked("restated")).cast(_wide(rows)) if "restated" in columns else earlier
    joined = earlier.is_not_null()
    change = (mrr > base).cast(pl.Int32) - (mrr < base).cast(pl.Int32)
    came = pl.when(RETURNED).then(RETURN).otherwise(NEW)
    kind = pl.when(joined).then(SAME + change).otherwise(came)
    was = None if of_one else pl.col(linked("seg")).fill_null(NOWHERE)
    key = transition_key(was, pl.col("seg"), pl.col("month"), kind)
    leaves = (~pl.col(STAYS) & (pl.col("month") <= last - lag)).alias("leaves")
    amounts = {"before": earlier.fill_null(0), "after": mrr}
    if "restated" in columns:
        amounts["restated"] = base.fill_null(0)
    return both.select(key, leaves, **amounts).collect()


def _left(rows: pl.DataFrame, lag: int, *, of_one: bool) -> pl.DataFrame:
    """The churn of compared rows that are gone ``lag`` months later."""
    _, now, month, _ = of_key(of_one=of_one)
    was = None if of_one else now
    return rows.filter("leaves").select(
        transition_key(was, pl.lit(NOWHERE), month + lag, pl.lit(GONE, pl.Int32)),
        before="after",
        after=pl.lit(0, rows.schema["after"]),
        **({"restated": "after"} if "restated" in rows.columns else {}),
    )


def transition_key(was: pl.Expr | None, now: pl.Expr, month: pl.Expr, kind: pl.Expr) -> pl.Expr:
    """What a transition is as one number, which groups faster than four columns.

    Without ``was`` everybody is in the one segment there is, and the number is small.
    """
    key = month * 2**3 + kind
    if was is not None:
        places = (was.cast(pl.Int64) - NOWHERE) * 2**40 + (now.cast(pl.Int64) - NOWHERE) * 2**18
        key = places + key
    return key.alias("key")


def of_key(*, of_one: bool) -> list[pl.Expr]:
    """The columns that ``transition_key`` was made of; ``of_one`` segment: without segments."""
    key = pl.col("key")
    kind, month = key % 2**3, key // 2**3 % 2**15
    if of_one:
        was = pl.when(kind.is_in([NEW, RETURN])).then(NOWHERE).otherwise(0)
        now = pl.when(kind == GONE).then(NOWHERE).otherwise(0)
    else:
        was, now = key // 2**40 + NOWHERE, key // 2**18 % 2**22 + NOWHERE
    named = zip(FACTS, (was, now, month, kind), strict=True)
    return [part.cast(pl.Int32).alias(name) for name, part in named]


def _grouped(rows: pl.DataFrame, *, of_one: bool) -> pl.DataFrame:
    """Sum transitions by what they are."""
    sums = [pl.col(n).sum() for n in ("before", "after", "restated") if n in rows.columns]
    found = rows.group_by("key").agg(*sums, pl.len().cast(pl.Int64).alias("accounts"))
    return found.select(*of_key(of_one=of_one), pl.exclude("key"))


def _wide(panel: pl.DataFrame) -> type[pl.DataType]:
    """The type to add in: a panel of 128 bits says that 64 could overflow."""
    return pl.Int128 if panel.schema["mrr"] == pl.Int128 else pl.Int64


def _fx(rows: pl.DataFrame, money: type[pl.DataType]) -> list[pl.Expr]:
    """The restated MRR where there are monthly rates, nothing without them."""
    return [pl.col("restated").cast(money)] if "restated" in rows.columns else []


def added(parts: list[pl.DataFrame], money: type[pl.DataType]) -> pl.DataFrame:
    """Add up the sums of slices, in 128 bits, in an order that is always the same."""
    schema: dict[str, type[pl.DataType]] = {**dict.fromkeys(FACTS, pl.Int32)}
    schema |= {"before": money, "after": money, "accounts": pl.Int64}
    empty = pl.DataFrame(schema=schema)
    added = pl.concat([empty, *parts], how="diagonal")
    moneys = [n for n in ("before", "after", "restated") if n in added.columns]
    sums = pl.col(moneys).cast(pl.Int128).sum(), pl.col("accounts").sum()
    return added.group_by(FACTS).agg(*sums).sort(FACTS)


def window_facts(panel: pl.DataFrame, window: Window, gap: int | None) -> pl.DataFrame:
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
    came = pl.when(pl.col("returned")).then(RETURN).otherwise(NEW)
    kind = pl.when(before == 0).then(came).when(after == 0).then(GONE).otherwise(SAME + change)
    was, now = (pl.col(n).fill_null(NOWHERE) for n in ("seg_before", "seg_after"))
    key = transition_key(was, now, pl.lit(window.closing), kind)
    rows = pairs.select(key, before, after, *restated)
    return added([_grouped(rows, of_one=False)], _wide(panel))


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
