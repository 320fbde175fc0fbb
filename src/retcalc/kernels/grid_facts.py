"""Transitions of a grid: the sums of ``kernels.transitions`` from columns side by side."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import polars as pl

from retcalc.grid import Grid, seen_before
from retcalc.kernels.transitions import (
    FACTS,
    GONE,
    LESS,
    MORE,
    NEW,
    NOWHERE,
    RETURN,
    SAME,
    THREADS,
)

_SUMS = ("before", "after", "accounts")
_SCHEMA = {**dict.fromkeys(FACTS, pl.Int32), **dict.fromkeys(_SUMS, pl.Int64)}
_BEFORE, _AFTER = pl.col("before"), pl.col("after")
_CAME, _SEEN = (_BEFORE == 0) & (_AFTER > 0), pl.col("seen")
_KINDS = {  # kind, and who is of it
    NEW: _CAME & ~_SEEN,
    RETURN: _CAME & _SEEN,
    LESS: (_AFTER > 0) & (_AFTER < _BEFORE),
    SAME: (_BEFORE > 0) & (_AFTER == _BEFORE),
    MORE: (_BEFORE > 0) & (_AFTER > _BEFORE),
    GONE: (_BEFORE > 0) & (_AFTER == 0),
}


def grid_facts(grid: Grid, closings: Iterable[int], lag: int) -> pl.DataFrame:
    """Sum transitions over ``lag`` months by segments, closing month and kind."""
    closings = list(closings)
    seen = seen_before(grid, [month - lag for month in closings])

    def facts(month: int) -> pl.DataFrame:
        columns = {"before": grid.mrr(month - lag), "after": grid.mrr(month)}
        both = pl.DataFrame({**columns, "seen": seen[month - lag]})
        if grid.of_one:
            return _by_kind(both, month)
        segments = {"was": grid.seg(month - lag), "now": grid.seg(month)}
        return _by_segment(both.with_columns(**segments), month, grid.base)

    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(facts, closings))
    empty = pl.DataFrame(schema=_SCHEMA)
    sums = pl.col("before", "after").cast(pl.Int128)
    return pl.concat([empty, *parts]).with_columns(sums).sort(FACTS)


def _by_kind(both: pl.DataFrame, month: int) -> pl.DataFrame:
    """Everybody is in one segment: a few sums do it, and who pays the same is the rest."""
    told = {f"{kind}": who for kind, who in _KINDS.items() if kind != SAME}
    here = ((_BEFORE > 0) | (_AFTER > 0)).cast(pl.Int64).sum().alias("here")
    sums = chain.from_iterable(_sums_of(kind) for kind in told)
    found = both.with_columns(**told).select(_BEFORE.sum(), _AFTER.sum(), here, *sums).row(0)
    totals, *parts = zip(*[iter(found)] * len(_SUMS), strict=True)
    by_kind = dict(zip(map(int, told), parts, strict=True))
    rest = zip(totals, *by_kind.values(), strict=True)
    by_kind[SAME] = tuple(total - sum(others) for total, *others in rest)
    rows = [
        (
            NOWHERE if kind in (NEW, RETURN) else 0,
            NOWHERE if kind == GONE else 0,
            month,
            kind,
            *sums_of_kind,
        )
        for kind, sums_of_kind in by_kind.items()
        if sums_of_kind[-1]
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _sums_of(kind: str) -> list[pl.Expr]:
    """MRR before and after of the accounts that a column marks, and how many they are."""
    who = pl.col(kind)
    sums = (_BEFORE.filter(who).sum(), _AFTER.filter(who).sum(), who.sum().cast(pl.Int64))
    return [total.alias(f"{kind} {part}") for part, total in zip(_SUMS, sums, strict=True)]


def _by_segment(both: pl.DataFrame, month: int, base: int) -> pl.DataFrame:
    """The segments before and after, and the kind, are one small number to group by."""
    was = pl.when(_BEFORE > 0).then("was").otherwise(NOWHERE) - NOWHERE
    now = pl.when(_AFTER > 0).then("now").otherwise(NOWHERE) - NOWHERE
    kind = pl.coalesce(pl.when(who).then(pl.lit(k, pl.Int32)) for k, who in _KINDS.items())
    here = both.filter((_BEFORE > 0) | (_AFTER > 0))
    key = ((was * base + now) * 2**3 + kind).alias("key")
    sums = (_BEFORE.sum(), _AFTER.sum(), pl.len().cast(pl.Int64).alias("accounts"))
    found = here.select(key, "before", "after").group_by("key").agg(*sums)
    of_key = pl.col("key")
    parts = (
        of_key // (2**3 * base) + NOWHERE,
        of_key // 2**3 % base + NOWHERE,
        pl.lit(month),
        of_key % 2**3,
    )
    named = zip(FACTS, parts, strict=True)
    return found.select(*(part.cast(pl.Int32).alias(name) for name, part in named), *_SUMS)
