"""Seeded bootstrap over the opening accounts of a window."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

REPLICATES, SEED = 1000, 20080


@dataclass(frozen=True, slots=True)
class Replicate:
    """Sums of one resample of the opening accounts, integer money units.

    ``opening``: MRR at the opening; ``closing``: of the same accounts at the closing;
    ``kept``: sum of the smaller of the two per account.
    """

    opening: int
    closing: int
    kept: int


def resample(pairs: pl.DataFrame) -> dict[int, list[Replicate]]:
    """Replicates per segment of the opening month; the same on every machine and thread count.

    ``pairs``: see ``panel_facts.account_pairs``, of a single window. Closing MRR is taken without
    the effect of exchange rates.
    """
    after = pl.col("after") - pl.col("constant_currency") + pl.col("before")
    pairs = (
        pairs.filter(pl.col("before").is_not_null())
        .with_columns(after.fill_null(0))
        .sort("account")
        .select(
            pl.col("seg_before").alias("seg"),
            pl.col("before").cast(pl.Int128),
            pl.col("after").cast(pl.Int128),
            kept=pl.min_horizontal("before", "after").cast(pl.Int128),
        )
    )
    groups = pairs.partition_by("seg", as_dict=True, include_key=False)
    return {int(seg): _replicates(rows) for (seg,), rows in sorted(groups.items())}


def _replicates(rows: pl.DataFrame) -> list[Replicate]:
    draws = (
        rows.sample(rows.height, with_replacement=True, seed=SEED + i).sum().row(0)
        for i in range(REPLICATES)
    )
    return [Replicate(*draw) for draw in draws]
