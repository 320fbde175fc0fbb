"""Spells: from which age to which age accounts were watched, and whether their life ended there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from retcalc.kernels.lives import first_lives


@dataclass(frozen=True, slots=True)
class Spell:
    """Accounts watched over the same months of life.

    ``entry`` and ``exit`` are ages in whole months: at risk in the months of life entry + 1 to
    exit. With ``churned`` the first month without MRR is at age ``exit``; else they still paid.
    """

    entry: int
    exit: int
    churned: bool
    accounts: int


@dataclass(frozen=True, slots=True)
class Spells:
    """Spells per segment; ``unknown`` accounts are left out because nothing tells their start."""

    by_segment: Mapping[int, tuple[Spell, ...]]
    unknown: int = 0


def spells(
    panel: pl.DataFrame,
    first: int,
    last: int,
    *,
    births: pl.DataFrame | None = None,
    since: int | None = None,
) -> Spells:
    """Spells of the first lives of accounts, up to the month-end ``last``.

    ``panel``: account, month, mrr > 0, seg; sorted by account and month. A life starts with the
    first paid month, or with the earlier month that ``births`` (account, born: month index or
    null) tells. Who pays in ``first``, the first month of the data, may have started before, so
    needs a birth. With ``since`` only lives that started after that month-end count.
    """
    lives = first_lives(panel.filter(pl.col("month") <= last), unsure=first)
    lives = lives.filter(pl.col("seg") >= 0)
    paid = pl.col("first")
    if since is not None:
        lives = lives.filter(paid > since)
    if births is not None:
        told = births.select("account", told="born")
        lives = lives.join(told, on="account", how="left", validate="1:1")
        earliest = (
            pl.when(pl.col("told").is_null())
            .then("born")
            .otherwise(pl.min_horizontal("told", paid))
        )
        lives = lives.with_columns(earliest.alias("born"))
    known = lives.filter(pl.col("born").is_not_null())
    unknown = lives.height - known.height
    if since is not None:
        known = known.filter(pl.col("born") > since)
    churned = pl.col("last") < last
    ages = known.select(
        "seg",
        (paid - pl.col("born")).alias("entry"),
        (pl.col("last") + churned.cast(pl.Int32) - pl.col("born")).alias("exit"),
        churned.alias("churned"),
    )
    keys = ["seg", "entry", "exit", "churned"]
    counts = ages.group_by(keys).agg(pl.len().cast(pl.Int64)).sort(keys)
    found: dict[int, list[Spell]] = {}
    for segment, *spell in counts.rows():
        found.setdefault(segment, []).append(Spell(*spell))
    return Spells({segment: tuple(s) for segment, s in found.items()}, unknown)
