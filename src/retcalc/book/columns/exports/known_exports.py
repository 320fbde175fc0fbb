"""Exports known by their headers: what the billing systems' own column names mean."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from retcalc.book.columns.column_names import normalise
from retcalc.book.columns.month_headers import month_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One entry of known_exports.toml, which says what the fields mean."""

    name: str
    headers: tuple[str, ...]
    shape: str | None = None
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unit: Literal["minor", "either"] | None = None
    zone: str | None = None
    period_end: Literal["inclusive"] | None = None
    term: int | None = None
    renews: bool = False
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    revenue: bool = True
    totals: bool = False
    lines: Mapping[str, Sequence[str]] = field(default_factory=dict)
    customers: bool = False
    months: bool = False

    def fits(self, folded: Set[str], header: Sequence[str]) -> bool:
        """Tell whether a header, also given folded, is that of this export."""
        return folded >= set(self.headers) and (not self.months or len(month_columns(header)) > 1)

    def roles(self, header: Sequence[str]) -> dict[str, str]:
        """Header by role, of the columns that are there."""
        folded = {normalise(name): name for name in reversed(header)}
        chosen = {
            role: next((folded[n] for n in names if n in folded), None)
            for role, names in self.columns.items()
        }
        return {role: name for role, name in chosen.items() if name is not None}

    def conditions(self, header: Sequence[str]) -> dict[str, Sequence[str]]:
        """Values that count, by the header of the column that holds them."""
        folded = {normalise(name): name for name in reversed(header)}
        return {folded[n]: values for n, values in self.only.items() if n in folded}


@cache
def presets() -> tuple[Preset, ...]:
    """All known exports, most telling first."""
    text = files("retcalc.book.columns.exports").joinpath("known_exports.toml").read_text("utf-8")
    return tuple(
        Preset(**{**entry, "headers": tuple(entry["headers"])})
        for entry in tomllib.loads(text)["preset"]
    )


def find_preset(header: Sequence[str]) -> Preset | None:
    """Give the first known export whose headers are all there."""
    folded = {normalise(name) for name in header}
    return next((p for p in presets() if p.fits(folded, header)), None)
