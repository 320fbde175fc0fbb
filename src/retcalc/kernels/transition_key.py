"""Transitions: what accounts paid at the opening of a span and what they pay at its closing.

The columns, kinds and key that all engines share; the engines sum transitions by FACTS. Every span
has one closing month and opens ``lag`` months before it.
"""

from __future__ import annotations

import polars as pl

from retcalc.core.speed.packed_key import DType, PackedKey, packed_key

# kinds of transitions, numbered so that SAME plus the sign of the change is a kind
NEW, LESS, SAME, MORE, RETURN, GONE = range(6)
NO_SEGMENT = -2  # segment of an account before it came or after it left; OUTSIDE a filter is -1
FACTS = ("seg_before", "seg_after", "month", "kind")
KIND_BITS, MONTH_BITS, _MOST_BITS = 3, 15, 63
LOWEST_SEGMENT = -1


def transition_key(segments: int) -> PackedKey:
    """The columns of FACTS as one integer, for segment codes below ``segments``.

    ``segments`` 0 stands for a panel of one segment, code 0: the key then has no bits for it.
    """
    bits = (segments - LOWEST_SEGMENT).bit_length() if segments else 0
    wide: DType = pl.Int64 if 2 * bits + MONTH_BITS + KIND_BITS < _MOST_BITS else pl.Int128
    return packed_key(
        wide if segments else pl.Int32,
        ("seg_before", LOWEST_SEGMENT, bits),
        ("seg_after", LOWEST_SEGMENT, bits),
        ("month", 0, MONTH_BITS),
        ("kind", 0, KIND_BITS),
    )


def facts_of(parts: dict[str, pl.Expr]) -> list[pl.Expr]:
    """The columns of FACTS (Int32), NO_SEGMENT where the account was not there."""
    kind = parts["kind"]
    was = pl.when(kind.is_in([NEW, RETURN])).then(NO_SEGMENT).otherwise(parts["seg_before"])
    now = pl.when(kind == GONE).then(NO_SEGMENT).otherwise(parts["seg_after"])
    columns = {**parts, "seg_before": was, "seg_after": now}
    return [columns[name].cast(pl.Int32).alias(name) for name in FACTS]
