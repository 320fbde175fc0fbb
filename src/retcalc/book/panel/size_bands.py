"""Size bands: segments by the size of an amount or number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from math import ceil

import polars as pl

from retcalc.core.findings import Finding, RetcalcError

SIZE = "size"
OPENING_MRR = "opening_mrr"


def band_names(bounds: Sequence[str]) -> list[str]:
    """Name of the band below the first bound and of the one above each, in ascending order."""
    inner = [f"{low} to {high}" for low, high in pairwise(bounds)]
    return [f"under {bounds[0]}", *inner, f"{bounds[-1]} and more"]


def amount_bands(amounts: pl.Series, bounds: Sequence[str], per_major: int) -> pl.Series:
    """Band of each integer amount; ``per_major`` units make one of the currency."""
    names, value = band_names(bounds), pl.lit(amounts.cast(pl.Int128))
    limits = [ceil(Fraction(b) * per_major) for b in bounds]
    index = pl.sum_horizontal((value >= limit).cast(pl.Int8) for limit in limits)
    codes = pl.select(index.cast(pl.Int64)).to_series()
    return codes.replace_strict(dict(enumerate(names)), return_dtype=pl.String)


def number_bands(values: pl.Series, bounds: Sequence[str], column: str) -> pl.Series:
    """Band of each number written as text, null where empty; raises RC247 for other texts."""
    texts = values.cast(pl.String).fill_null("").str.strip_chars()
    known = {text: _band(text, bounds, column) for text in texts.unique().sort()}
    return texts.replace_strict(known, return_dtype=pl.String)


def _band(text: str, bounds: Sequence[str], column: str) -> str | None:
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        fix = "correct the value, or take the size from another column"
        value = f'the column {column} holds "{text}"'
        error = Finding("RC247", "a size is not a number", value=value, fix=fix)
        raise RetcalcError(error)
    return band_names(bounds)[bisect_right([Decimal(b) for b in bounds], number)]
