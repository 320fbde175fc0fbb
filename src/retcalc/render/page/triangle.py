"""Cohort triangles for a page: every cell with its text, its shade and its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from retcalc.core.result import Result
from retcalc.render.screen.cohort_triangle import Entry, triangles

SHADES = 10  # from nothing to all of the start; one more for growth beyond it


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure; ``shade`` 0 to ``SHADES`` or None without a share."""

    text: str
    shade: int | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One cohort, or the average."""

    label: str
    size: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """One triangle with its average row last; cells after a cohort's last age do not exist."""

    title: str
    ages: int
    lines: tuple[Line, ...]


def heats(result: Result, shown: str | None = None, *, total: bool = False) -> tuple[Heat, ...]:
    """Triangles of a cohort result, of the column that is for people or of ``shown``.

    ``total`` leaves those of the segments out.
    """
    if shown is not None:
        figures = ("cohort", "age", "initial_accounts", shown)
        columns = tuple(replace(c, screen=c.name in figures) for c in result.columns)
        result = replace(result, columns=columns)
    found = list(triangles(result))
    return tuple(
        _heat(triangle.title, [*triangle.lines, triangle.average])
        for triangle in (found[-1:] if total else found)
    )


def _heat(title: str, entries: list[Entry]) -> Heat:
    ages = max(len(entry.cells) for entry in entries)
    lines = tuple(Line(e.label, e.size, tuple(_cells(e))) for e in entries)
    return Heat(title, ages, lines)


def _cells(entry: Entry) -> Iterator[Cell]:
    for age, (text, share) in enumerate(zip(entry.cells, entry.shares, strict=True)):
        words = f"{entry.label}, age {age}: {text}"
        yield Cell(text, None if share is None else _shade(share), words)


def _shade(share: Fraction) -> int:
    return min(SHADES, int(share * SHADES) if share < 1 else SHADES - (share == 1))
