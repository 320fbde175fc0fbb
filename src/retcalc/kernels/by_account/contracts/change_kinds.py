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


def change_kinds(months: pl.DataFrame, pairs: pl.DataFrame, as_of: AsOf) -> pl.DataFrame:
    """EXPANSION and CONTRACTION by seg and month (the closing of spans of one month).

    ``months``: account, month, product, amount, next_amount, quantity, begun, signed_on; ``pairs``:
    see ``panel_facts.account_pairs``. Only accounts of both ends have parts. ``as_of`` is the end
    that decides the segment.
    """
    seg = "seg_before" if as_of == "opening" else "seg_after"
    stayed = pairs.filter(pl.col("before").is_not_null() & pl.col("after").is_not_null())
    stayed = stayed.select("account", "month", seg=seg).filter(pl.col("seg") >= 0)
    parts = _parts(_compared(months, stayed))
    summed = parts.group_by("account", "month").agg(pl.col(PARTS).sum())
    total = pl.sum_horizontal(PARTS)
    grown = _where(total > 0, EXPANSION, 1)
    shrunk = _where(total < 0, CONTRACTION, -1)
    placed = summed.with_columns(*grown, *shrunk)
    placed = placed.join(stayed, on=["account", "month"], how="inner", validate="1:1")
    return placed.group_by("seg", "month").agg(pl.col(*EXPANSION, *CONTRACTION).sum())


def _where(holds: pl.Expr, names: Sequence[str], sign: int) -> list[pl.Expr]:
    """The parts under their sign and other names where something holds, else 0."""
    parts = zip(PARTS, names, strict=True)
    return [pl.when(holds).then(pl.col(p) * sign).otherwise(0).alias(n) for p, n in parts]


def _compared(months: pl.DataFrame, stayed: pl.DataFrame) -> pl.DataFrame:
    """Each product of the accounts that stayed, at both ends of each month."""
    ends = ["account", "month"]
    opened = months.with_columns(pl.col("month") + 1).join(stayed, on=ends, how="semi")
    closed = months.join(stayed, on=ends, how="semi")
    first = opened.group_by(ends).agg(account_begun=pl.col("begun").min())
    opened = opened.select(*ends, "product", "begun", was="next_amount", quantity_was="quantity")
    closed = closed.select(*ends, "product", "signed_on", now="amount", quantity_now="quantity")
    both = opened.join(closed, on=[*ends, "product"], how="full", coalesce=True, validate="1:1")
    both = both.join(first, on=ends, how="left", validate="m:1")
    return both.with_columns(pl.col("was", "now").fill_null(0))


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
        quantity=quantity,
        price=pl.when(ramp | appears).then(0).otherwise(change - quantity),
        cross_sell=pl.when(appears & ~ramp).then(change).otherwise(0),
        ramp=pl.when(ramp).then(change).otherwise(0),
    )


def _rounded(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    """A quotient as an integer, a half away from zero."""
    size = (2 * above.abs() + below) // (2 * below)
    return pl.when(above < 0).then(0 - size).otherwise(size)
