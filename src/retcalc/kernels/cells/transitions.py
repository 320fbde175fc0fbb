"""Transitions of a grid: the sums of ``kernels.transitions`` from columns side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from retcalc.core.dense_panel import TOGETHER, Grid, seen_before
from retcalc.core.speed.threads import each
from retcalc.kernels.rows.transitions import FACTS, GONE, NEW, NOWHERE, RETURN, SAME

_NOBODY, _ROOM = 6, 2**3  # beside the kinds, and how many there can be
_SUMS = ("before", "after", "accounts")
_SCHEMA = {**dict.fromkeys(FACTS, pl.Int32), **dict.fromkeys(_SUMS, pl.Int64)}
_BEFORE, _AFTER = pl.col("before"), pl.col("after")
_CAME = pl.when(_AFTER == 0).then(_NOBODY).when("seen").then(RETURN).otherwise(NEW)
_MOVED = SAME + (_AFTER > _BEFORE).cast(pl.UInt32) - (_AFTER < _BEFORE).cast(pl.UInt32)
_KIND = pl.when(_BEFORE == 0).then(_CAME).when(_AFTER == 0).then(GONE).otherwise(_MOVED)


def grid_facts(grid: Grid, closings: Sequence[int], lag: int) -> pl.DataFrame:
    """Sum transitions over ``lag`` months by segments, closing month and kind.

    Only cells that differ are looked at one by one; the others are what these leave of the sums of
    the opening month.
    """
    seen = seen_before(grid, [month - lag for month in closings])
    parts = [closings[at : at + TOGETHER] for at in range(0, len(closings), TOGETHER)]
    some = each(lambda months: _changed(grid, months, lag, seen), parts)
    changed = pl.concat([pl.DataFrame(schema=_SCHEMA), *some])
    facts = pl.concat([changed, _unchanged(grid, changed, closings, lag)])
    return facts.with_columns(pl.col("before", "after").cast(pl.Int128)).sort(FACTS)


def _changed(
    grid: Grid, closings: Sequence[int], lag: int, seen: Mapping[int, pl.Series]
) -> pl.DataFrame:
    """Sums of the accounts whose cells differ: month, segments and kind are one small number."""
    rows = []
    for nth, month in enumerate(closings):
        before, after = grid.cells_of(month - lag), grid.cells_of(month)
        columns = {"was": before, "now": after, "seen": seen[month - lag]}
        differ = before != after
        found = {name: column.filter(differ) for name, column in columns.items()}
        found["nth"] = pl.Series([nth], dtype=pl.UInt32).new_from_index(0, len(found["was"]))
        rows.append(pl.DataFrame(found))
    was, now, key = pl.col("was"), pl.col("now"), pl.col("nth")
    if not grid.of_one:
        key = (key * grid.base + was % grid.base) * grid.base + now % grid.base
    paid = pl.concat(rows).lazy().with_columns(before=grid.mrr(was), after=grid.mrr(now))
    keyed = paid.select((key * _ROOM + _KIND).cast(pl.UInt32).alias("key"), "before", "after")
    sums = (_BEFORE.sum(), _AFTER.sum(), pl.len().cast(pl.Int64).alias("accounts"))
    summed = keyed.group_by("key").agg(*sums).filter(pl.col("key") % _ROOM != _NOBODY)
    return summed.select(*_told(grid, closings), *_SUMS).collect()


def _told(grid: Grid, closings: Sequence[int]) -> list[pl.Expr]:
    """What a key holds, in the order of FACTS."""
    kind, pair = pl.col("key") % _ROOM, pl.col("key") // _ROOM
    was, now = grid.seg(pair // grid.base), grid.seg(pair)
    parts = (
        pl.when(kind.is_in([NEW, RETURN])).then(NOWHERE).otherwise(was),
        pl.when(kind == GONE).then(NOWHERE).otherwise(now),
        pair // grid.base**2 + closings[0],
        kind,
    )
    return [part.cast(pl.Int32).alias(name) for name, part in zip(FACTS, parts, strict=True)]


def _unchanged(
    grid: Grid, changed: pl.DataFrame, closings: Sequence[int], lag: int
) -> pl.DataFrame:
    """What those who changed leave of those who paid at the opening month."""
    keys, parts = ["seg_before", "month"], ("before", "accounts")
    closing = pl.col("month") + lag
    opened = grid.sums.filter(closing.is_in(closings)).select(
        closing, pl.col("seg").alias("seg_before"), pl.col("mrr").alias("before"), "accounts"
    )
    less = changed.group_by(keys).agg(pl.col(parts).sum())
    joined = opened.join(less, on=keys, how="left", suffix=" less", validate="1:1")
    left = [pl.col(part) - pl.col(f"{part} less").fill_null(0) for part in parts]
    same = joined.with_columns(left).with_columns(
        seg_after="seg_before", kind=pl.lit(SAME, pl.Int32), after="before"
    )
    return same.filter(pl.col("accounts") > 0).select(changed.columns)
