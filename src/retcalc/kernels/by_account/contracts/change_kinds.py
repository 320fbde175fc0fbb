"""Expansion and contraction by kind: quantity, price, cross-sell and ramp of each product.

The parts of an account that pays more are parts of expansion, those of one that pays less parts of
contraction; a part that goes the other way is negative, so that they add up exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from retcalc.kernels.bridge import AsOf

PARTS = ("quantity", "price", "cross_sell", "ramp")
EXPANSION = ("expansion_quantity_mrr", "expansion_price_mrr", "cross_sell_mrr", "ramp_mrr")
CONTRACTION = tuple(f"contraction_{part}_mrr" for part in PARTS)


def change_kinds(accounts: pl.DataFrame) -> pl.DataFrame:
    """EXPANSION and CONTRACTION by seg and month, of those of ``account_kinds``."""
    return accounts.group_by("seg", "month").agg(pl.col(*EXPANSION, *CONTRACTION).sum())


def account_kinds(changes: pl.DataFrame, panel: pl.DataFrame, as_of: AsOf) -> pl.DataFrame:
    """EXPANSION and CONTRACTION by account and month, inside the filter: with seg.

    ``changes``: account, month, product, was, now, quantity_was, quantity_now, begun, signed_on,
    with every product of an account in a month where one may change; ``panel``: account-months
    with their seg. Only accounts that pay in both months have parts. ``as_of`` is the end that
    decides the segment.
    """
    account = ["account", "month"]
    parts = _parts(changes.with_columns(account_begun=pl.col("begun").min().over(account)))
    ends = parts.group_by(account).agg(pl.col("was", "now", *PARTS).sum())
    total = pl.col("now") - pl.col("was")
    moved = ends.filter((pl.col("was") > 0) & (pl.col("now") > 0) & (total != 0))
    placed = moved.with_columns(
        *_where(total > 0, EXPANSION, 1), *_where(total < 0, CONTRACTION, -1)
    )
    month = pl.col("month") + 1 if as_of == "opening" else pl.col("month")
    segments = panel.select("account", month, "seg")
    placed = placed.join(segments, on=account, how="inner", validate="1:1")
    columns = ("account", "month", "seg", *EXPANSION, *CONTRACTION)
    return placed.filter(pl.col("seg") >= 0).select(columns)


def _where(holds: pl.Expr, names: Sequence[str], sign: int) -> list[pl.Expr]:
    """The parts under their sign and other names where something holds, else 0."""
    parts = zip(PARTS, names, strict=True)
    return [pl.when(holds).then(pl.col(p) * sign).otherwise(0).alias(n) for p, n in parts]


def _parts(both: pl.DataFrame) -> pl.DataFrame:
    was, now = pl.col("was"), pl.col("now")
    change, stays = now - was, (was > 0) & (now > 0)
    begun = pl.coalesce("begun", "account_begun")
    ramp = ((now > 0) & (pl.col("signed_on") <= begun)).fill_null(value=False)
    appears = (was > 0) != (now > 0)
    more = pl.col("quantity_now").cast(pl.Int128) - pl.col("quantity_was")
    counted = stays & more.is_not_null() & (pl.col("quantity_was") > 0)
    part = _rounded(was * more, pl.col("quantity_was").cast(pl.Int128))
    quantity = pl.when(counted & ~ramp).then(part).otherwise(0)
    return both.select(
        "account",
        "month",
        "was",
        "now",
        quantity=quantity,
        price=pl.when(ramp | appears).then(0).otherwise(change - quantity),
        cross_sell=pl.when(appears & ~ramp).then(change).otherwise(0),
        ramp=pl.when(ramp).then(change).otherwise(0),
    )


def _rounded(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    """A quotient as an integer, a half away from zero."""
    size = (2 * above.abs() + below) // (2 * below)
    return pl.when(above < 0).then(0 - size).otherwise(size)
