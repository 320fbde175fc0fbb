"""A Result laid out as plain tables of safe text, before any medium: terminal and Markdown.

One row that holds a bridge becomes a vertical bridge and a list of figures; one row of anything
else becomes the list alone; more rows stay a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retcalc.core.result import Block, Column, Currency, Result, Row
from retcalc.render.numbers import plain_text, screen_value
from retcalc.render.screen.bridge_table import OPTIONAL, bridge_rows, in_bridge, is_bridge
from retcalc.render.words import figure, safe_text, spoken

_TEXT_UNITS = ("text", "month", "flag")
_LABEL_NAMES = ("age", "score")  # figures that name their row


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of safe text.

    ``heads`` are all empty where no header is wanted. The first ``labels`` columns name the row.
    ``totals`` are the indexes of total rows; they come last.
    """

    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    labels: int = 1
    totals: frozenset[int] = frozenset()
    title: str = ""


def grids(result: Result, *, minus: str = "−") -> Iterator[Grid]:
    """Give the tables of a result in reading order: the rows, nested tables, further parts."""
    if is_single(result):
        yield from _vertical(result, minus)
    elif result.by or any(_is_shown(column, result.rows) for column in result.columns):
        yield _table(result.columns, result.rows, result.currency, result.by)
    for row in result.rows:
        for column in result.columns:
            block = row.values.get(column.name)
            if isinstance(block, Block) and block.rows:
                yield _nested(block, _title(result, row, column), result)
    for name, part in result.extra.items():
        if isinstance(part, Block):
            if any(column.screen for column in part.columns):
                yield _nested(part, spoken(name), result)
        else:
            rows = tuple((spoken(key), safe_text(plain_text(part[key]))) for key in part)
            yield Grid(("", ""), (False, True), rows, title=spoken(name))


def is_single(result: Result) -> bool:
    """Tell whether a result is one row of figures, without a name of its own."""
    named = bool(result.columns) and _names_row(result.columns[0])
    return len(result.rows) == 1 and not result.by and not named


def has_own_formula(result: Result) -> bool:
    """Tell whether the formula stands beside its figure, in the list below a bridge."""
    names = [column.name for column in _screen_columns(result)]
    return is_single(result) and is_bridge(names) and not all(map(in_bridge, names))


def _screen_columns(result: Result) -> list[Column]:
    return [column for column in result.columns if column.unit != "block" and column.screen]


def _vertical(result: Result, minus: str) -> Iterator[Grid]:
    row, formula = result.rows[0], ""
    columns = _screen_columns(result)
    names = [column.name for column in columns]
    if is_bridge(names):
        heads, rows = bridge_rows(row.values, names, result.currency, minus)
        numeric = (False, *(True for _ in heads[1:]))
        yield Grid(heads, numeric, rows, totals=frozenset({len(rows) - 1}))
        columns = [column for column in columns if not in_bridge(column.name)]
        formula = safe_text(str(result.definition.get("formula") or ""))
    names = [column.name for column in columns]
    own = names.index(result.metric) if result.metric in names else 0
    figures = []
    for index, column in enumerate(columns):
        star = "*" if row.small and column.unit in ("rate", "ratio") else ""
        text = _shown(row, column, result.currency)
        beside = formula if index == own else ""
        figures.append((safe_text(column.label) + star, text, beside))
    width = 3 if formula else 2
    if figures:
        rows = tuple(line[:width] for line in figures)
        yield Grid(("",) * width, (False, True, False)[:width], rows)


def _table(
    columns: tuple[Column, ...],
    rows: tuple[Row, ...],
    currency: Currency,
    by: tuple[str, ...],
    title: str = "",
) -> Grid:
    rows = tuple(row for row in rows if row.screen)
    shown = [column for column in columns if _is_shown(column, rows)]
    leading = 0
    while leading < len(shown) and _names_row(shown[leading]):
        leading += 1
    labels = len(by) + leading
    totals = _totals(rows, by, shown)
    heads = (*map(safe_text, by), *(safe_text(column.label) for column in shown))
    numeric = (*(False for _ in by), *(column.unit not in _TEXT_UNITS for column in shown))
    cells = tuple(
        _cells(row, shown, currency, by, total=index in totals) for index, row in enumerate(rows)
    )
    return Grid(heads, numeric, cells, max(labels, 1), totals, title)


def _cells(
    row: Row, columns: list[Column], currency: Currency, by: tuple[str, ...], *, total: bool
) -> tuple[str, ...]:
    cells = [safe_text(row.segment.get(name, "")) for name in by]
    for column in columns:
        value = row.values.get(column.name)
        nameable = column.unit in _TEXT_UNITS or column.unit == "count"
        blank = value is None and nameable and column.name not in row.reasons
        cells.append("" if blank else _shown(row, column, currency))
    if total and cells:
        cells[0] = "Total"
    if row.small and cells:
        cells[0] += "*"
    return tuple(cells)


def _shown(row: Row, column: Column, currency: Currency) -> str:
    text = figure(row, column, currency)
    return safe_text(text) if column.unit == "text" else text


def _totals(rows: tuple[Row, ...], by: tuple[str, ...], columns: list[Column]) -> frozenset[int]:
    """Find the total rows: without a segment, or the last row where it has no name."""
    if by:
        return frozenset(index for index, row in enumerate(rows) if not row.segment)
    last = len(rows) - 1
    if last < 1 or not columns or columns[0].unit not in ("text", "month"):
        return frozenset()
    return frozenset({last}) if rows[last].values.get(columns[0].name) is None else frozenset()


def _nested(block: Block, title: str, result: Result) -> Grid:
    by = result.by if any(row.segment for row in block.rows) else ()
    return _table(block.columns, block.rows, result.currency, by, title)


def _title(result: Result, row: Row, column: Column) -> str:
    if len(result.rows) == 1:
        return safe_text(column.label)
    names = list(row.segment.values()) or (["Total"] if result.by else [])
    if not result.by and result.columns[0].unit in _TEXT_UNITS:
        first = result.columns[0]
        names = [screen_value(row.values.get(first.name), first.unit, result.currency)]
    return ", ".join(safe_text(part) for part in (column.label, *names))


def _names_row(column: Column) -> bool:
    return column.unit in ("text", "month") or column.name in _LABEL_NAMES


def _is_shown(column: Column, rows: tuple[Row, ...]) -> bool:
    if column.unit == "block" or not column.screen:
        return False
    return column.name not in OPTIONAL or any(row.values.get(column.name) for row in rows)
