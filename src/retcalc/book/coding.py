"""Texts to numbers: every distinct value is looked at once, every row carries its code.

Comparing and grouping long texts is what costs time in large exports, so rows are told apart by
64-bit hashes. A second hash shows where two texts share the first one; they are then told apart
as texts.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

_SEEDS = (0, 0x9E3779B97F4A7B15)


@dataclass(frozen=True, slots=True)
class Distinct:
    """A column of texts: ``values`` sorted, each once; ``codes`` their position, a UInt32 a row."""

    values: pl.Series
    codes: pl.Series

    def spread(self, per_value: pl.Series) -> pl.Series:
        """Give every row what was found for its value."""
        return per_value.gather(self.codes)


def distinct(texts: pl.Series) -> Distinct:
    """Code a column of texts without nulls."""
    first, second = (texts.hash(seed=seed) for seed in _SEEDS)
    at = first.arg_unique()
    known = pl.DataFrame({"text": texts.gather(at), "hash": first.gather(at)}).sort("text")
    known = known.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("code"))
    rows = first.to_frame("hash").join(
        known.select("hash", "code"), on="hash", how="left", maintain_order="left"
    )
    found = Distinct(known["text"].alias(""), rows["code"].alias(""))
    same = found.spread(found.values.hash(seed=_SEEDS[1])) == second
    return found if same.all() else _told_apart(texts)


def _told_apart(texts: pl.Series) -> Distinct:
    """The same by the texts themselves; slow."""
    values = texts.unique().sort().alias("")
    known = pl.DataFrame(
        {"text": values, "code": pl.int_range(len(values), dtype=pl.UInt32, eager=True)}
    )
    rows = texts.to_frame("text").join(known, on="text", how="left", maintain_order="left")
    return Distinct(values, rows["code"].alias(""))


def as_enum(column: Distinct) -> pl.Series:
    """The texts again, as an Enum that orders as the texts do."""
    return column.codes.cat.to(pl.Enum(column.values))


@dataclass(frozen=True, slots=True)
class _Field:
    """A column's place in a packed number: ``least`` is its lowest value."""

    name: str
    least: int
    width: int  # bits
    shift: int  # bits to the right of it

    @property
    def _type(self) -> type[pl.DataType]:
        return pl.Int64 if self.width < 63 else pl.Int128

    def packed(self, key: type[pl.DataType]) -> pl.Expr:
        above = (pl.col(self.name).cast(self._type) - self.least).cast(key)
        return above * 2**self.shift

    def unpacked(self, dtype: pl.DataType) -> pl.Expr:
        value = pl.col("key") // 2**self.shift % 2**self.width
        value = value.cast(self._type) + self.least
        if isinstance(dtype, pl.Enum):
            return value.cast(pl.UInt32).cat.to(dtype).alias(self.name)
        return value.cast(dtype).alias(self.name)


def packed_sort(frame: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Sort integer and Enum columns without nulls by ``by``, then by the others.

    All columns together become one number a row, of 64 or 128 bits where they fit, because
    sorting one column of numbers is many times faster than sorting rows.
    """
    names = [*by, *(name for name in frame.columns if name not in by)]
    numbers = frame.select(pl.col(n).to_physical() for n in names)
    fields, shift = [], 0
    for name in reversed(names):
        least, most = int(numbers[name].min() or 0), int(numbers[name].max() or 0)  # type: ignore[arg-type]
        fields.append(_Field(name, least, (most - least).bit_length(), shift))
        shift += fields[-1].width
    if shift > 127:
        return frame.sort(names)
    key = pl.UInt64 if shift < 64 else pl.UInt128
    packed = numbers.select(pl.sum_horizontal(f.packed(key) for f in fields).alias("key"))
    del numbers
    ordered = packed.select(pl.col("key").sort())
    del packed
    schema = frame.schema
    return ordered.select(f.unpacked(schema[f.name]) for f in fields).select(frame.columns)
