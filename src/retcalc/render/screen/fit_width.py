"""Grids to lines of text for a width: folded words, whole numbers, as many blocks as it takes.

A figure is never cut, folded or shortened. What does not fit beside the label columns goes into
a further block below, which repeats them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len, chop_cells

from retcalc.render.screen.plain_tables import Grid

if TYPE_CHECKING:
    from rich.text import Text

GAP = 2
_WORD = 16  # a longer word may be divided

Role = Literal["title", "head", "rule", "row", "total", "dim", "blank"]
Line = tuple[Role, "str | Text"]  # Text where parts of a line have styles of their own


def grid_lines(grid: Grid, width: int, rule: str = "─") -> Iterator[Line]:
    """Lay a grid out, in blocks of columns that fit ``width`` cells."""
    if grid.title:
        yield from (("title", part) for part in fold(grid.title, width))
    for number, (columns, widths) in enumerate(_blocks(grid, width)):
        if number:
            yield "blank", ""
        yield from _block(grid, columns, widths, rule)


def fold(text: str, width: int, indent: int = 0) -> list[str]:
    """Break text at blanks into lines of at most ``width`` cells; a longer word is divided.

    Lines after the first start with ``indent`` blanks. Blanks inside a line are kept.
    """
    width = max(width, indent + 2)  # a wide character takes two cells
    if cell_len(text) <= width:
        return [text]
    lines: list[str] = []
    current: str | None = None
    for word in text.split(" "):
        joined = word if current is None else f"{current} {word}"
        room = width - (indent if lines else 0)
        if cell_len(joined) <= room:
            current = joined
            continue
        if current is not None:
            lines.append(current)
        *whole, current = chop_cells(word, width - indent) or [""]
        lines.extend(whole)
    lines.append(current or "")
    return [lines[0], *(" " * indent + line for line in lines[1:])]


def _blocks(grid: Grid, width: int) -> Iterator[tuple[list[int], list[int]]]:
    """Choose widths, and the fewest blocks of columns that fit, of even width."""
    widths: list[int] = []
    for widths in _widths(grid, width):
        if _span(widths) <= width:
            break

    def widest(blocks: list[list[int]]) -> int:
        return max(_span([widths[i] for i in block]) for block in blocks)

    blocks = _pack(widths, grid.labels, width)
    evened = _pack(widths, grid.labels, widest(blocks) - 1)
    while len(evened) == len(blocks) and widest(evened) < widest(blocks):
        blocks, evened = evened, _pack(widths, grid.labels, widest(evened) - 1)
    for block in blocks:
        yield block, [widths[i] for i in block]


def _pack(widths: list[int], labels: int, width: int) -> list[list[int]]:
    """Share the columns out over blocks that fit, each with the label columns and one more."""
    names = list(range(labels))
    blocks = [names.copy()]
    for index in range(labels, len(widths)):
        block = blocks[-1]
        if len(block) > labels and _span([widths[i] for i in (*block, index)]) > width:
            blocks.append(names.copy())
        blocks[-1].append(index)
    return blocks


def _widths(grid: Grid, width: int) -> Iterator[list[int]]:
    """Try column widths from comfortable to tight: whole headers, folded headers, folded words."""
    columns = [[row[i] for row in grid.rows] for i in range(len(grid.heads))]
    cells = [_longest(column) for column in columns]
    yield [max(cells[i], cell_len(head)) for i, head in enumerate(grid.heads)]
    words = [max(cells[i], _longest(head.split(" "))) for i, head in enumerate(grid.heads)]
    yield words
    texts = {i for i, numeric in enumerate(grid.numeric) if not numeric}
    third = width // 3 // max(grid.labels, 1)
    whole = min(_WORD, third)
    least = {i: min(_longest(" ".join(columns[i]).split(" ")), whole) for i in texts}
    figures = sum(size + GAP for i, size in enumerate(words) if i not in texts)
    for limit in (_share(words, texts, width + GAP - figures), third):
        yield [
            max(min(size, limit), least[i]) if i in texts else size for i, size in enumerate(words)
        ]


def _share(sizes: list[int], texts: set[int], room: int) -> int:
    """Find the widest limit at which the text columns, each at most that wide, fit the room."""
    limit = min(room, max(sizes))
    while limit > 0 and sum(min(sizes[i], limit) + GAP for i in texts) > room:
        limit -= 1
    return limit


def _block(grid: Grid, columns: list[int], widths: list[int], char: str) -> Iterator[Line]:
    numeric = [grid.numeric[i] for i in columns]
    rule: Line = ("rule", char * _span(widths))
    if any(grid.heads):
        heads = [grid.heads[i] for i in columns]
        yield from (("head", line) for line in _row(heads, widths, numeric, bottom=True))
        yield rule
    first_total = min(grid.totals, default=None)
    for index, row in enumerate(grid.rows):
        if index == first_total and index:
            yield rule
        role: Role = "total" if index in grid.totals else "row"
        cells = [row[i] for i in columns]
        yield from ((role, line) for line in _row(cells, widths, numeric))


def _row(
    cells: list[str], widths: list[int], numeric: list[bool], *, bottom: bool = False
) -> Iterator[str]:
    """Set cells side by side; folded cells make several lines, heads stand on the rule."""
    folded = [
        [cell] if right and not bottom else fold(cell, width)
        for cell, width, right in zip(cells, widths, numeric, strict=True)
    ]
    height = max(map(len, folded))
    for number in range(height):
        line = []
        for lines, width, right in zip(folded, widths, numeric, strict=True):
            index = number - (height - len(lines) if bottom else 0)
            text = lines[index] if 0 <= index < len(lines) else ""
            pad = " " * (width - cell_len(text))
            line.append(pad + text if right else text + pad)
        yield (" " * GAP).join(line).rstrip(" ")


def _span(widths: list[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _longest(texts: Iterator[str] | list[str]) -> int:
    return max(map(cell_len, texts), default=0)
