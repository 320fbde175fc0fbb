"""Cohort triangles for a page: every cell with its text, its shade and its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from retcalc.core.result import Result
from retcalc.render.screen.cohort_triangle import Entry, Triangle, triangles

SHADES = 10  # from nothing to all of the start; one more for growth beyond it


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure.

    ``shade``: "h0" to "h10" by its share, "pale" with little behind it, None without a share.
    """

    text: str
    shade: str | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One cohort, the average, or the counts behind that."""

    label: str
    size: str
    cells: tuple[Cell, ...]
    is_average: bool = False


@dataclass(frozen=True, slots=True)
class Heat:
    """One triangle, then its average row and the counts behind it.

    Cells after a cohort's last age do not exist.
    """

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
    return tuple(_heat(triangle) for triangle in (found[-1:] if total else found))


def _heat(triangle: Triangle) -> Heat:
    entries = (*triangle.lines, triangle.average, *triangle.behind)
    ages = max(len(entry.cells) for entry in entries)
    lines = tuple(
        Line(e.label, e.size, tuple(_cells(e)), is_average=e is triangle.average) for e in entries
    )
    return Heat(triangle.title, ages, lines)


def _cells(entry: Entry) -> Iterator[Cell]:
    for age, (text, share) in enumerate(zip(entry.cells, entry.shares, strict=True)):
        words = f"{entry.label}, age {age}: {text}"
        shade = None if share is None else "pale" if entry.is_pale(age) else f"h{_shade(share)}"
        yield Cell(text, shade, words)


def _shade(share: Fraction) -> int:
    return min(SHADES, int(share * SHADES) if share < 1 else SHADES - (share == 1))
