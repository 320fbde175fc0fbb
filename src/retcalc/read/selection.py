"""What of a table its reader wants: which headers, which columns, and how they are held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from retcalc.read.id_codes import Coders
from retcalc.read.text.dialect import Accepts

Picks = Callable[[pl.LazyFrame, Sequence[str]], pl.LazyFrame | None]
Chooses = Callable[[Sequence[str]], Sequence[str] | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """``accepts`` tells whether a header holds the columns that are needed.

    ``chosen`` picks from the header what to materialise (None: all), ``codes`` those of them to
    replace by codes, ``units`` those that may be held as whole units (both None: none). ``picks``
    may choose from the rows of a single typed file.
    """

    accepts: Accepts
    chosen: Chooses | None = None
    codes: Chooses | None = None
    units: Chooses | None = None
    picks: Picks | None = None
    coders: Coders = field(default_factory=Coders)
    _choices: dict[tuple[str, ...], tuple[list[str], ...]] = field(default_factory=dict)

    def columns(self, header: Sequence[str]) -> list[str]:
        """The columns to materialise, in the order of the header."""
        return self._choice(tuple(header))[0]

    def coded(self, header: Sequence[str]) -> list[str]:
        """Those of them to replace by codes."""
        return self._choice(tuple(header))[1]

    def counted(self, header: Sequence[str]) -> list[str]:
        """Those of them that may be held as whole units."""
        return self._choice(tuple(header))[2]

    def _choice(self, header: tuple[str, ...]) -> tuple[list[str], ...]:
        """Choose once from a header, however many files have it."""
        if header not in self._choices:
            names = self.chosen(header) if self.chosen else None
            wanted = set(header if names is None else names)
            columns = [title for title in header if title in wanted]
            others = (set((c(header) if c else None) or ()) for c in (self.codes, self.units))
            self._choices[header] = columns, *([t for t in columns if t in o] for o in others)
        return self._choices[header]
