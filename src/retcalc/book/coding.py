"""Texts to numbers: every distinct value is looked at once, every row carries its code.

Comparing and grouping long texts is what costs time in large exports, so rows are told apart by
64-bit hashes. A second hash shows where two texts share the first one; they are then told apart
as texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from operator import add

import polars as pl

_SEED, _CHECK = 0, 0x9E3779B97F4A7B15
_SLICE = 1 << 20  # rows checked together; keeps what is in between small


@dataclass(frozen=True, slots=True)
class Distinct:
    """A column of texts: ``values`` sorted, each once; ``codes`` their position, a UInt32 a row."""

    values: pl.Series
    codes: pl.Series

    @property
    def texts(self) -> pl.Series:
        """The column again."""
        return self.spread(self.values)

    def spread(self, per_value: pl.Series) -> pl.Series:
        """Give every row what was found for its value."""
        return per_value.gather(self.codes)


def distinct(texts: pl.Series) -> Distinct:
    """Code a column of texts without nulls."""
    texts = texts.rechunk()
    hashes = _in_slices(lambda part: part.hash(seed=_SEED), texts).alias("hash")
    at = hashes.arg_unique()
    known = pl.DataFrame({"text": texts.gather(at), "hash": hashes.gather(at)}).sort("text")
    values = (known["text"] + "").alias("")  # copied side by side: quicker to look at
    codes, checks = _positions(hashes, known["hash"]), values.hash(seed=_CHECK)
    differs = _in_slices(
        lambda part, code: checks.gather(code) != part.hash(seed=_CHECK), texts, codes
    )
    return _told_apart(texts) if differs.any() else Distinct(values, codes)


def _in_slices(work: Callable[..., pl.Series], *columns: pl.Series) -> pl.Series:
    """Work row by row on all processors; what is in between stays small."""
    starts = range(0, max(len(columns[0]), 1), _SLICE)
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        parts = pool.map(lambda at: work(*(c.slice(at, _SLICE) for c in columns)), starts)
        return pl.concat(list(parts), rechunk=True)


def _positions(hashes: pl.Series, known: pl.Series) -> pl.Series:
    """Position of each hash among the known ones, each of which stands there once.

    The leading bits find nearly all of them in a table with room to spare; a join finds the rest.
    """
    positions = pl.int_range(len(known), dtype=pl.UInt32, eager=True).alias("code")
    step = 2 ** (64 - min(len(known).bit_length() + 5, 24))
    table = pl.repeat(0, 2**64 // step, dtype=pl.UInt32, eager=True)
    table = table.scatter(known // step, positions)
    codes = _in_slices(lambda part: table.gather(part // step), hashes)
    missed = _in_slices(lambda part, code: known.gather(code) != part, hashes, codes).arg_true()
    rest = (
        hashes.gather(missed)
        .to_frame()
        .join(pl.DataFrame([known, positions]), on="hash", how="left", maintain_order="left")
    )
    return codes.scatter(missed, rest["code"]).alias("")


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


def ends(column: pl.Series) -> tuple[int, int]:
    """Give the least and the greatest of a column of integers, zeros where there are none."""
    both = pl.select(least=pl.lit(column).min(), most=pl.lit(column).max()).row(0)
    return int(both[0] or 0), int(both[1] or 0)


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
        """The number of a row, moved to its place."""
        value: pl.Expr = pl.col(self.name).to_physical()
        if self.least:
            value = value.cast(self._type) - self.least
        placed: pl.Expr = value.cast(key) * 2**self.shift
        return placed

    def unpacked(self, dtype: pl.DataType) -> pl.Expr:
        """The column out of the packed numbers."""
        value: pl.Expr = (pl.col("key") // 2**self.shift % 2**self.width).cast(self._type)
        value = value + self.least if self.least else value
        if isinstance(dtype, pl.Enum):
            code: pl.Expr = value.cast(pl.UInt32).cat.to(dtype)
            return code.alias(self.name)
        return value.cast(dtype).alias(self.name)


def packed_sort(frame: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Sort by ``by``, then by the other columns.

    Integer and Enum columns without nulls together become one number a row where they fit into
    127 bits, because sorting one column of numbers is many times faster than sorting rows.
    """
    names = [*by, *(name for name in frame.columns if name not in by)]
    fields = _fields(frame, names)
    if fields is None:
        return frame.sort(names)
    ordered = _packed(frame, fields).sort().to_frame("key").lazy()
    columns = {f.name: f.unpacked(frame.schema[f.name]) for f in fields}
    return ordered.select(columns[n] for n in frame.columns).collect(engine="streaming")


def all_differ(frame: pl.DataFrame) -> bool:
    """Tell whether no two rows are the same."""
    fields = _fields(frame, frame.columns)
    if fields is None:
        return frame.n_unique() == frame.height
    ordered = _packed(frame, fields).sort()
    return not (ordered == ordered.shift(1)).any()


def _fields(frame: pl.DataFrame, names: Sequence[str]) -> list[_Field] | None:
    """Places of the columns, the first one leftmost; None where they do not fit."""
    fields: list[_Field] = []
    shift = 0
    for name in reversed(names):
        column = frame[name].to_physical()
        if not column.dtype.is_integer() or column.null_count():
            return None
        least, most = ends(column)
        fields.append(_Field(name, least, (most - least).bit_length(), shift))
        shift += fields[-1].width
    return fields if 0 < shift < 128 else None


def _packed(frame: pl.DataFrame, fields: Sequence[_Field]) -> pl.Series:
    bits = sum(f.width for f in fields)
    key = pl.UInt32 if bits < 32 else pl.UInt64 if bits < 64 else pl.UInt128
    whole = reduce(add, (f.packed(key) for f in fields))
    return frame.lazy().select(whole.alias("key")).collect(engine="streaming").to_series()
