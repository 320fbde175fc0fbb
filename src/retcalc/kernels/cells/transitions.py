"""Transitions of a dense panel, from two of its months side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from retcalc.core.speed.dense_panel import MONTHS_AT_ONCE, DensePanel, seen_before
from retcalc.core.speed.packed_key import PackedKey, packed_key
from retcalc.core.speed.threads import map_in_order
from retcalc.kernels.transition_key import FACTS, GONE, KIND_BITS, NEW, RETURN, SAME, facts_of

_NOBODY = 6  # a seventh kind, of accounts without MRR at either end; kinds fit KIND_BITS
_SUMS = ("before", "after", "accounts")
_SCHEMA = {**dict.fromkeys(FACTS, pl.Int32), **dict.fromkeys(_SUMS, pl.Int64)}
_BEFORE, _AFTER = pl.col("before"), pl.col("after")
_CAME = pl.when(_AFTER == 0).then(_NOBODY).when("seen").then(RETURN).otherwise(NEW)
_MOVED = SAME + (_AFTER > _BEFORE).cast(pl.UInt32) - (_AFTER < _BEFORE).cast(pl.UInt32)
_KIND = pl.when(_BEFORE == 0).then(_CAME).when(_AFTER == 0).then(GONE).otherwise(_MOVED)


def transitions(panel: DensePanel, closings: Sequence[int], lag: int) -> pl.DataFrame:
    """Sums of transitions over ``lag`` months, as ``kernels.rows.transitions`` gives them.

    Every return counts, however long the absence. Only cells that differ between the two months
    are looked at one by one; unchanged = opening sums minus changed.
    """
    seen = seen_before(panel, [month - lag for month in closings])
    panel.load([*closings, *(month - lag for month in closings)])
    parts = [closings[at : at + MONTHS_AT_ONCE] for at in range(0, len(closings), MONTHS_AT_ONCE)]
    some = map_in_order(lambda months: _changed(panel, months, lag, seen), parts)
    changed = pl.concat([pl.DataFrame(schema=_SCHEMA), *some])
    facts = pl.concat([changed, _unchanged(panel, changed, closings, lag)])
    return facts.with_columns(pl.col("before", "after").cast(pl.Int128)).sort(FACTS)


def _key(panel: DensePanel) -> PackedKey:
    """The key of transitions: segments as cells store them, months from the first one summed."""
    bits = panel.segment_bits
    parts = (("seg_before", 0, bits), ("seg_after", 0, bits), ("kind", 0, KIND_BITS))
    return packed_key(pl.UInt32, ("month", 0, MONTHS_AT_ONCE.bit_length()), *parts)


def _changed(
    panel: DensePanel, closings: Sequence[int], lag: int, seen: Mapping[int, pl.Series]
) -> pl.DataFrame:
    """Sums by FACTS of the accounts whose cells differ."""
    rows = []
    for nth, month in enumerate(closings):
        before, after = panel.cells_of(month - lag), panel.cells_of(month)
        columns = {"was": before, "now": after, "seen": seen[month - lag]}
        differ = before != after
        changed = {name: column.filter(differ) for name, column in columns.items()}
        changed["nth"] = pl.Series([nth], dtype=pl.UInt32).new_from_index(0, len(changed["was"]))
        rows.append(pl.DataFrame(changed))
    was, now, key = pl.col("was"), pl.col("now"), _key(panel)
    parts = {
        "month": pl.col("nth"),
        "seg_before": panel.stored_seg(was),
        "seg_after": panel.stored_seg(now),
        "kind": _KIND,
    }
    paid = pl.concat(rows).lazy().with_columns(before=panel.mrr(was), after=panel.mrr(now))
    keyed = paid.select(key.pack(parts).alias("key"), "before", "after")
    sums = (_BEFORE.sum(), _AFTER.sum(), pl.len().cast(pl.Int64).alias("accounts"))
    found = key.unpack(pl.col("key"))
    summed = keyed.group_by("key").agg(*sums).filter(found["kind"] != _NOBODY)
    segments = {name: panel.seg(found[name]) for name in ("seg_before", "seg_after")}
    facts = facts_of({**found, **segments, "month": found["month"] + closings[0]})
    return summed.select(*facts, *_SUMS).collect()


def _unchanged(
    panel: DensePanel, changed: pl.DataFrame, closings: Sequence[int], lag: int
) -> pl.DataFrame:
    """Sums by FACTS of the accounts whose MRR and segment did not change."""
    keys, parts = ["seg_before", "month"], ("before", "accounts")
    closing = pl.col("month") + lag
    opened = panel.sums(month - lag for month in closings).select(
        closing, pl.col("seg").alias("seg_before"), pl.col("mrr").alias("before"), "accounts"
    )
    less = changed.group_by(keys).agg(pl.col(parts).sum())
    joined = opened.join(less, on=keys, how="left", suffix=" less", validate="1:1")
    left = [pl.col(part) - pl.col(f"{part} less").fill_null(0) for part in parts]
    same = joined.with_columns(left).with_columns(
        seg_after="seg_before", kind=pl.lit(SAME, pl.Int32), after="before"
    )
    return same.filter(pl.col("accounts") > 0).select(changed.columns)
