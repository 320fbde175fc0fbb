"""Texts to numbers: every distinct value is kept once, every row carries its code.

Comparing and grouping long texts is what costs time and memory in large exports, so rows are told
apart by two 64-bit hashes: one finds the value, the other one proves it. Where two texts share the
first hash the second differs, and from then on the texts themselves are compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from retcalc.core.speed.threads import prefetched

_SEED, _CHECK = 0, 0x9E3779B97F4A7B15
_HASHED = ("text", "hash", "check")
_SLICE = 500_000  # rows coded together; keeps what is in between small
_LEAST_BITS, _MOST_BITS = 8, 26  # of the table of places


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
        return per_value[self.codes]

    def as_enum(self) -> pl.Series:
        """The texts again, as an Enum that orders as they do."""
        return self.codes.cat.to(pl.Enum(self.values))

    def used(self) -> Distinct:
        """The same without values that no row has."""
        seen = pl.repeat(0, len(self.values), dtype=pl.UInt32, eager=True).scatter(self.codes, 1)
        if seen.sum() == len(seen):
            return self
        places = seen.cum_sum().cast(pl.UInt32) - 1
        return Distinct(self.values.filter(seen == 1), places[self.codes])


CODE = "__code "  # what the name of a column of codes begins with


def distinct(texts: pl.Series) -> Distinct:
    """Code a column of texts without nulls."""
    coders = Coders()
    codes = coders.collect(texts.alias("").to_frame().lazy(), [""], len(texts))
    codes, values = coders.sorted(codes)
    return Distinct(values[""], codes[CODE])


def _part(scan: pl.LazyFrame, start: int) -> pl.DataFrame:
    return scan.slice(start, _SLICE).collect()


def _hashed(title: str, number: int) -> list[pl.Expr]:
    """The texts of a column and their two hashes, under names of their own."""
    text = pl.col(title).cast(pl.String).fill_null("")
    columns = (text, _hash(text, _SEED), _hash(text, _CHECK))
    return [c.alias(f"{CODE}{name} {number}") for name, c in zip(_HASHED, columns, strict=True)]


def _hash(text: pl.Expr, seed: int) -> pl.Expr:
    return text.hash(seed)


class Coder:
    """Codes texts part by part: the same text has the same code in every part.

    Codes count up as texts are first met. Some bits of a hash find nearly all codes in a table
    with room to spare; the hashes that found their place taken are joined.
    """

    def __init__(self, rows: int) -> None:
        # a quarter as many places as rows: ids repeat, and a small table is quick to look up
        bits = max(_LEAST_BITS, min(rows.bit_length() - 2, _MOST_BITS))
        self._step = 2 ** (32 - bits)
        self._table = pl.repeat(0, 2**bits, dtype=pl.UInt32, eager=True)
        self._hashes, self._checks = (pl.Series(dtype=pl.UInt64) for _ in range(2))
        self._crowded = pl.DataFrame(schema={"hash": pl.UInt64, "code": pl.UInt32})
        self._texts: list[pl.Series] = []
        self._by_text = False

    def add(self, rows: pl.DataFrame) -> pl.Series:
        """Code the next rows: text, hash and check, to UInt32."""
        if self._by_text:
            return self._joined(rows["text"])
        codes, missed = self._look_up(rows["hash"])
        if len(missed):
            self._learn(rows, missed)
            found, _ = self._look_up(rows["hash"][missed])
            codes = codes.scatter(missed, found)
        if (self._checks[codes] != rows["check"]).any():
            self._by_text = True
            return self._joined(rows["text"])
        return codes

    def sorted(self) -> tuple[pl.Series, pl.Series]:
        """The texts in order, and the place of each code among them."""
        texts = self._known_texts()
        values = texts.sort()
        hashes = pl.select(_hash(pl.lit(values), _SEED)).to_series()
        # finding them again by their hashes is quicker than sorting them with their codes
        order = texts.arg_sort() if self._by_text else self._look_up(hashes)[0]
        numbers = pl.int_range(len(texts), dtype=pl.UInt32, eager=True)
        return values, numbers.scatter(order, numbers)

    def _look_up(self, hashes: pl.Series) -> tuple[pl.Series, pl.Series]:
        """The code of every hash, and the rows whose hash is not known."""
        codes = self._table[self._places(hashes)]
        rows = pl.int_range(len(hashes), dtype=pl.UInt32, eager=True)
        if self._hashes.is_empty():
            return codes, rows
        apart = rows.filter(self._hashes[codes] != hashes)
        if apart.is_empty():
            return codes, apart
        rest = hashes[apart].alias("hash").to_frame()
        told = rest.join(self._crowded, on="hash", how="left", maintain_order="left")["code"]
        return codes.scatter(apart, told.fill_null(0)), apart.filter(told.is_null())

    def _places(self, hashes: pl.Series) -> pl.Series:
        """The place of each hash in the table: the leading bits of its lower half."""
        half: pl.Series = hashes.cast(pl.UInt32, wrap_numerical=True)
        places: pl.Series = half // self._step
        return places

    def _learn(self, rows: pl.DataFrame, missed: pl.Series) -> None:
        """Keep the texts of rows whose hash is new; the first row of each hash speaks for it."""
        first = rows[missed[rows["hash"][missed].arg_unique()]]
        new, size = first["hash"], len(self._hashes)
        codes = pl.int_range(size, size + len(new), dtype=pl.UInt32, eager=True)
        self._texts.append(first["text"])
        self._hashes = pl.concat([self._hashes, new], rechunk=True)
        self._checks = pl.concat([self._checks, first["check"]], rechunk=True)
        places = self._places(new)
        held = self._table[places]
        free = (self._places(self._hashes[held]) != places) | (held >= size)
        self._table = self._table.scatter(places.filter(free), codes.filter(free))
        crowded = self._table[places] != codes
        both = pl.DataFrame({"hash": new.filter(crowded), "code": codes.filter(crowded)})
        self._crowded = pl.concat([self._crowded, both])

    def _joined(self, texts: pl.Series) -> pl.Series:
        """The same by the texts themselves; slow."""
        rows, known = texts.to_frame(), self._known_texts()
        new = rows.join(known.to_frame(), on="text", how="anti", maintain_order="left")
        self._texts.append(new["text"].unique(maintain_order=True))
        coded = self._known_texts().to_frame().with_row_index("code")
        return rows.join(coded, on="text", how="left", maintain_order="left")["code"]

    def _known_texts(self) -> pl.Series:
        if not self._texts:
            return pl.Series("text", dtype=pl.String)
        self._texts = [pl.concat(self._texts).alias("text")]
        return self._texts[0]


class Coders:
    """Replaces columns of frames by their codes, across the parts and files of a table."""

    def __init__(self) -> None:
        self._by_title: dict[str, Coder] = {}

    def collect(self, scan: pl.LazyFrame, titles: Sequence[str], rows: int) -> pl.DataFrame:
        """Collect a scan of so many rows with the codes of ``titles``, named CODE and the title.

        The scan goes part by part, so that no whole column of texts is ever held.
        """
        if not titles:
            return scan.collect()
        hashed = [e for n, title in enumerate(titles) for e in _hashed(title, n)]
        scan = scan.with_columns(hashed).drop(titles)
        starts = range(0, max(rows, 1), _SLICE)
        parts = prefetched(partial(_part, scan, start) for start in starts)
        return pl.concat([self._coded(part, titles, rows) for part in parts])

    def _coded(self, part: pl.DataFrame, titles: Sequence[str], rows: int) -> pl.DataFrame:
        for n, title in enumerate(titles):
            if title not in self._by_title:
                self._by_title[title] = Coder(rows)
            coder = self._by_title[title]
            names = {f"{CODE}{name} {n}": name for name in _HASHED}
            codes = coder.add(part.select(*names).rename(names))
            part = part.drop(*names).with_columns(codes.alias(CODE + title))
        return part.rechunk()  # columns cut alike are never copied to be cut alike

    def sorted(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, Mapping[str, pl.Series]]:
        """Let the codes count up as their texts do; gives the frame and the texts by title."""
        texts, columns = {}, []
        for title, coder in self._by_title.items():
            texts[title], places = coder.sorted()
            columns.append(places[frame[CODE + title]].alias(CODE + title))
        return frame.with_columns(columns), texts
