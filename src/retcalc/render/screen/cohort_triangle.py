"""The cohort triangle: cohorts in rows, ages in columns, and the curve of its average row.

Every figure is written, so the shading adds nothing that a pipe or ``NO_COLOR`` would lack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rich.cells import cell_len
from rich.text import Text

from retcalc.core.result import Block, Column, Currency, Result, Row
from retcalc.render.numbers import percent, plain, screen_value
from retcalc.render.screen.curve import curve_lines
from retcalc.render.screen.fit_width import Line, fold
from retcalc.render.screen.plain_tables import Grid
from retcalc.render.words import cohort_name, safe_text

_SHARES = {
    "accounts": "account_retention",
    "mrr": "net_mrr_retention",
    "gross_mrr": "gross_mrr_retention",
}
_HEADS = ("Cohort", "Accounts")
# from this share on, this style; of the sixteen colours that every terminal has
_SHADES = (
    (Fraction(1), "black on bright_green"),
    (Fraction(9, 10), "black on green"),
    (Fraction(3, 4), "black on bright_yellow"),
    (Fraction(1, 2), "black on yellow"),
    (Fraction(0), "white on red"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: its name, the accounts at the start, and per age the figure and its share.

    From the age ``pale_from`` on too little stands behind its figures; None: at no age.
    """

    label: str
    size: str
    cells: tuple[str, ...]
    shares: tuple[Fraction | None, ...]
    pale_from: int | None = None

    def is_pale(self, age: int) -> bool:
        """Whether too little stands behind the figure at an age."""
        return self.pale_from is not None and age >= self.pale_from


@dataclass(frozen=True, slots=True)
class Triangle:
    """One triangle of safe text, with its average line and the counts behind that."""

    title: str
    lines: tuple[Entry, ...]
    average: Entry
    behind: tuple[Entry, ...]


def triangles(result: Result) -> Iterator[Triangle]:
    """The triangle of every segment and in total, showing the column that is for people."""
    figures = {*_SHARES, *_SHARES.values()}
    shown = next(c for c in result.columns if c.screen and c.name in figures)
    share = _SHARES.get(shown.name, shown.name)
    averages = result.extra["average"]
    lines = averages.rows if isinstance(averages, Block) else ()
    for segment, rows in _by_segment(result.rows).items():
        cohorts: dict[str, list[Row]] = {}
        for row in rows:
            cohorts.setdefault(cohort_name(row), []).append(row)
        own = [line for line in lines if tuple(line.segment.items()) == segment]
        yield Triangle(
            _title(shown, segment, result),
            tuple(_line(cells, shown, share, result) for cells in cohorts.values()),
            _average(own, share),
            (_behind(own, "cohorts"), _behind(own, "accounts")),
        )


def triangle_grids(result: Result) -> Iterator[Grid]:
    """The triangles as plain tables."""
    for triangle in triangles(result):
        lines = (*triangle.lines, triangle.average, *triangle.behind)
        ages = max(len(line.cells) for line in lines)
        heads = (*_HEADS, *map(str, range(ages)))
        rows = tuple(
            (line.label, line.size, *line.cells, *("",) * (ages - len(line.cells)))
            for line in lines
        )
        numeric = (False, *(True for _ in heads[1:]))
        yield Grid(heads, numeric, rows, 2, frozenset({len(triangle.lines)}), triangle.title)


def triangle_lines(result: Result, width: int, rule: str, bars: str, pale: str) -> Iterator[Line]:
    """The triangles in blocks of ages that fit ``width`` cells, and the curve of the last one.

    ``bars``: characters of a bar that grows to the full height of a line, lowest first. ``pale``:
    that of a bar with too little behind it.
    """
    last = None
    for last in triangles(result):
        yield "blank", ""
        yield from (("title", part) for part in fold(last.title, width))
        yield from _blocks(last, width, rule)
    if last is not None and len(last.average.shares) > 1:
        yield "blank", ""
        yield "title", "Curve of the average row"
        average = last.average
        curve = curve_lines(average.shares, width, rule, bars, average.pale_from, pale)
        yield from (("row", line) for line in curve)


def _by_segment(rows: Sequence[Row]) -> Mapping[tuple[tuple[str, str], ...], list[Row]]:
    groups: dict[tuple[tuple[str, str], ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row.segment.items()), []).append(row)
    return groups


def _title(shown: Column, segment: tuple[tuple[str, str], ...], result: Result) -> str:
    names = [safe_text(value) for _, value in segment] or (["Total"] if result.by else [])
    title = f"{shown.label} by age in {result.definition.get('period', 'month')}s"
    return ": ".join([title, ", ".join(names)]) if names else title


def _line(cells: list[Row], shown: Column, share: str, result: Result) -> Entry:
    first = cells[0]
    label = cohort_name(first)
    size = first.values["initial_accounts"]
    return Entry(
        label + ("*" if first.small else ""),
        plain(size) if isinstance(size, int) else "",
        tuple(screen_value(c.values[shown.name], shown.unit, result.currency) for c in cells),
        tuple(_share(cell, share) for cell in cells),
    )


def _average(lines: list[Row], share: str) -> Entry:
    shares = tuple(_share(line, share) for line in lines)
    marks = ("*" if line.small else "" for line in lines)
    cells = ("" if s is None else percent(s) + mark for s, mark in zip(shares, marks, strict=True))
    pale_from = next((age for age, line in enumerate(lines) if line.small), None)
    return Entry("average", "", tuple(cells), shares, pale_from)


def _behind(lines: list[Row], name: str) -> Entry:
    counts = (screen_value(line.values[name], "count", Currency()) for line in lines)
    return Entry(name, "", tuple(counts), (None,) * len(lines))


def _share(row: Row, name: str) -> Fraction | None:
    value = row.values[name]
    return value if isinstance(value, Fraction) else None


def _blocks(triangle: Triangle, width: int, rule: str) -> Iterator[Line]:
    below = (triangle.average, *triangle.behind)
    lines = (*triangle.lines, *below)
    names = max(cell_len(line.label) for line in (*lines, Entry(_HEADS[0], "", (), ())))
    sizes = max(len(_HEADS[1]), *(len(line.size) for line in lines))
    cell = 1 + max(len(text) for line in lines for text in line.cells)
    ages = max(len(line.cells) for line in lines)
    room = max(1, (width - names - sizes - 3) // cell)
    count = -(-ages // room)
    step = -(-ages // count)
    for number, start in enumerate(range(0, ages, step)):
        if number:
            yield "blank", ""
        some = range(start, min(start + step, ages))
        heads = "".join(str(age).rjust(cell) for age in some)
        head = f"{_HEADS[0]:<{names}}  {_HEADS[1]:>{sizes}} {heads}"
        yield "head", head
        yield "rule", rule * len(head)
        for line in triangle.lines:
            if len(line.cells) > start:
                yield "row", _shaded(line, some, names, sizes, cell)
        yield "rule", rule * len(head)
        yield from (("row", _shaded(line, some, names, sizes, cell)) for line in below)


def _shaded(line: Entry, ages: range, names: int, sizes: int, cell: int) -> Text:
    text = Text(f"{line.label:<{names}}  {line.size:>{sizes}} ")
    for age in ages[: max(0, len(line.cells) - ages.start)]:
        share = line.shares[age]
        style = "dim" if line.is_pale(age) else None if share is None else _shade(share)
        text.append(line.cells[age].rjust(cell), style)
    return text


def _shade(share: Fraction) -> str:
    return next(style for least, style in _SHADES if share >= least)
