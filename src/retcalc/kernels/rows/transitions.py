"""Transitions of sorted rows, summed slice by slice."""

from __future__ import annotations

import polars as pl

from retcalc.core.speed.packed_key import DType, PackedKey
from retcalc.core.speed.packed_sort import ends
from retcalc.core.speed.threads import map_in_order
from retcalc.kernels.rows.lagged import RETURNED, STAYS, earlier, link
from retcalc.kernels.transition_key import FACTS, GONE, NEW, RETURN, SAME, facts_of, transition_key

_ROWS_AT_ONCE = 1 << 20  # limits the memory of intermediate columns
_FIXED = "constant_currency_mrr"
_MONTH, _ACCOUNT = pl.col("month"), pl.col("account")


def transitions(panel: pl.DataFrame, closings: range, lag: int, gap: int | None) -> pl.DataFrame:
    """Sums of transitions over ``lag`` months, a row for each segment pair, closing and kind.

    ``panel``: sorted rows of ``core.panel``; ``gap``: longest absence in months that is a return,
    None for any. Gives FACTS (Int32), before, after and, with rates by month, constant_currency
    (Int128, money units: the opening MRR at the exchange rates of the closing) and accounts.
    """
    panel = _needed(panel, closings, lag, gap)
    lowest, top = ends(panel["seg"])
    key = transition_key(0 if lowest == top == 0 else max(top, 0) + 1)

    def facts(start: int) -> list[pl.DataFrame]:
        # a row is compared with rows at most ``lag`` away, so slices overlap
        first = max(start - lag - 1, 0)
        rows = panel.slice(first, start - first + _ROWS_AT_ONCE + lag)
        compared = _compared(rows, closings, lag, gap, key).slice(start - first, _ROWS_AT_ONCE)
        return [_grouped(compared.drop("leaves"), key), _grouped(_left(compared, lag, key), key)]

    slices = map_in_order(facts, range(0, panel.height, _ROWS_AT_ONCE))
    summed = _added([part for parts in slices for part in parts], _money(panel))
    return summed.filter(_MONTH.is_in(closings))


def _needed(panel: pl.DataFrame, closings: range, lag: int, gap: int | None) -> pl.DataFrame:
    """The rows of opening and closing months, and the last one of each account before them.

    An absence is measured from the first month paid after the opening, so a ``gap`` needs the
    months in between too.
    """
    opening, closing = closings.start - lag, closings.stop - 1
    if lag <= len(closings) and panel["month"].is_between(opening, closing).all():
        return panel
    inside = _MONTH.is_between(opening, closing)
    if gap is None:
        inside = inside & ((closing - lag >= _MONTH) | (closings.start <= _MONTH))
    follows = (_ACCOUNT.shift(-1) == _ACCOUNT) & (_MONTH.shift(-1) >= opening)
    return panel.filter(inside | ((opening > _MONTH) & follows))


def _compared(
    rows: pl.DataFrame, closings: range, lag: int, gap: int | None, key: PackedKey
) -> pl.DataFrame:
    """Each row beside the same account's MRR ``lag`` months before, and whether it leaves after."""
    columns = [n for n in ("mrr", "seg", _FIXED) if n in rows.columns]
    if not key.fields[0].width:
        columns.remove("seg")
    both = rows.lazy().with_columns(link(rows, columns, lag, gap))
    mrr, opening = pl.col("mrr").cast(_money(rows)), pl.col(earlier("mrr")).cast(_money(rows))
    fixed = pl.col(earlier(_FIXED)).cast(_money(rows)) if _FIXED in columns else opening
    change = (mrr > fixed).cast(pl.Int32) - (mrr < fixed).cast(pl.Int32)
    came = pl.when(RETURNED).then(RETURN).otherwise(NEW)
    kind = pl.when(opening.is_not_null()).then(SAME + change).otherwise(came)
    parts = {"seg_after": pl.col("seg"), "month": _MONTH, "kind": kind}
    if "seg" in columns:
        parts["seg_before"] = pl.col(earlier("seg")).fill_null(0)
    leaves = (~pl.col(STAYS) & (closings.stop - 1 - lag >= _MONTH)).alias("leaves")
    amounts = {"before": opening.fill_null(0), "after": mrr}
    if _FIXED in columns:
        amounts["constant_currency"] = fixed.fill_null(0)
    return both.select(key.pack(parts).alias("key"), leaves, **amounts).collect()


def _left(compared: pl.DataFrame, lag: int, key: PackedKey) -> pl.DataFrame:
    """The churn of compared rows that are gone ``lag`` months later."""
    parts = key.unpack(pl.col("key"))
    gone = {
        "seg_before": parts["seg_after"],
        "seg_after": pl.lit(0),
        "month": parts["month"] + lag,
        "kind": pl.lit(GONE),
    }
    fixed = {"constant_currency": "after"} if "constant_currency" in compared.columns else {}
    return compared.filter("leaves").select(
        key.pack(gone).alias("key"),
        before="after",
        after=pl.lit(0, compared.schema["after"]),
        **fixed,
    )


def _grouped(rows: pl.DataFrame, key: PackedKey) -> pl.DataFrame:
    """Sums by FACTS of one slice."""
    sums = [pl.exclude("key").sum(), pl.len().cast(pl.Int64).alias("accounts")]
    summed = rows.group_by("key").agg(sums)
    return summed.select(*facts_of(key.unpack(pl.col("key"))), pl.exclude("key"))


def _money(panel: pl.DataFrame) -> DType:
    """The type of sums: 128 bits where the panel has them, since 64 could overflow."""
    return pl.Int128 if panel.schema["mrr"] == pl.Int128 else pl.Int64


def _added(parts: list[pl.DataFrame], money: DType) -> pl.DataFrame:
    """The sums of all slices, money in 128 bits, sorted by FACTS."""
    schema: dict[str, DType] = {**dict.fromkeys(FACTS, pl.Int32)}
    schema |= {"before": money, "after": money, "accounts": pl.Int64}
    added = pl.concat([pl.DataFrame(schema=schema), *parts], how="diagonal")
    moneys = [n for n in ("before", "after", "constant_currency") if n in added.columns]
    sums = pl.col(moneys).cast(pl.Int128).sum(), pl.col("accounts").sum()
    return added.group_by(FACTS).agg(*sums).sort(FACTS)
