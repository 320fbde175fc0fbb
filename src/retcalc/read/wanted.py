"""What of a table its reader wants: which headers, which columns, which of them as codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from retcalc.read.coding import Coders
from retcalc.read.dialect import Accepts

Picks = Callable[[pl.LazyFrame, Sequence[str]], pl.LazyFrame | None]
Chooses = Callable[[Sequence[str]], Sequence[str] | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """``accepts`` tells whether a header holds the columns that are needed.

    ``chosen`` picks from the header what to materialise (None: all), ``codes`` those of them to
    replace by codes (None: none). ``picks`` may choose from the rows of a single typed file.
    """

    accepts: Accepts
    chosen: Chooses | None = None
    codes: Chooses | None = None
    picks: Picks | None = None
    coders: Coders = field(default_factory=Coders)

    def columns(self, header: Sequence[str]) -> list[str]:
        """The columns to materialise, in the order of the header."""
        names = self.chosen(header) if self.chosen else None
        return [title for title in header if names is None or title in set(names)]

    def coded(self, header: Sequence[str]) -> list[str]:
        """Those of them to replace by codes."""
        names = set((self.codes(header) if self.codes else None) or ())
        return [title for title in self.columns(header) if title in names]
