"""What to read of a table: one plan for each header, and how files of one table share codes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from retcalc.read.id_codes import Coders


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """What to read under one header.

    ``fits`` tells whether the header holds the columns that are needed; that settles delimiter
    and preamble. ``columns`` are those to materialise (None: all), ``codes`` those of them to
    replace by codes, ``units`` the decimals of a single Parquet file to hold as whole units.
    ``telling`` says of any other column, by its header and its first cells, each once, that it is
    needed after all; it is read as codes.
    """

    fits: bool = True
    columns: Collection[str] | None = None
    codes: Collection[str] = ()
    units: Collection[str] = ()
    telling: Callable[[str, list[str]], bool] | None = None


LOOKED_AT = 1_000  # rows whose cells may tell that a column is needed
Planner = Callable[[Sequence[str]], ReadPlan]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The plans of one table, made once for every header; ``single`` when it is one file.

    ``months`` are the files read so far that hold one month each, under their months. ``sought``
    are the columns that cells told to be needed, ``looked`` those known before each file; nobody
    looks further where that is ``settled``.
    """

    planner: Planner
    single: bool = False
    coders: Coders = field(default_factory=Coders)
    months: dict[str, str] = field(default_factory=dict)
    sought: set[str] = field(default_factory=set)
    settled: bool = False
    looked: list[frozenset[str]] = field(default_factory=list)
    _plans: dict[tuple[str, ...], ReadPlan] = field(default_factory=dict)

    def accepts(self, header: Sequence[str]) -> bool:
        """Tell whether a header holds the columns that are needed."""
        return self._plan(header).fits

    def columns(self, header: Sequence[str]) -> list[str]:
        """The columns to materialise, in the order of the header."""
        chosen = self._plan(header).columns
        return list(header) if chosen is None else [t for t in header if t in chosen]

    def look(self, header: Sequence[str], first_rows: Callable[[list[str]], pl.DataFrame]) -> None:
        """Let the first rows of a file tell which other columns are needed, if any are."""
        key, plan = tuple(header), self._plan(header)
        self.looked.append(frozenset(self.sought))
        if plan.telling is None or plan.columns is None:
            return
        others = [title for title in header if title not in plan.columns]
        if not self.settled:
            rows = first_rows(others) if others else pl.DataFrame()
            cells = {t: rows[t].cast(pl.String).drop_nulls().unique() for t in rows.columns}
            self.sought.update(t for t, words in cells.items() if plan.telling(t, words.to_list()))
        found = self.sought & {*others}
        columns, codes = {*plan.columns, *found}, {*plan.codes, *found}
        self._plans[key] = replace(plan, columns=columns, codes=codes)

    @property
    def late(self) -> bool:
        """True where a file told of a column that earlier ones were read without."""
        return any(seen != self.sought for seen in self.looked[1:])

    def coded(self, header: Sequence[str]) -> list[str]:
        """Those of them to replace by codes."""
        codes = self._plan(header).codes
        return [t for t in self.columns(header) if t in codes]

    def counted(self, header: Sequence[str]) -> list[str]:
        """Those of them that may be held as whole units."""
        units = self._plan(header).units if self.single else ()
        return [t for t in self.columns(header) if t in units]

    def _plan(self, header: Sequence[str]) -> ReadPlan:
        key = tuple(header)
        if key not in self._plans:
            self._plans[key] = self.planner(key)
        return self._plans[key]
