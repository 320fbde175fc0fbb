"""A Result as GitHub Markdown: tables whose columns stay put whatever the names contain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retcalc.core.result import Result
from retcalc.render.presentation import is_triangle
from retcalc.render.screen.cohort_triangle import triangle_grids
from retcalc.render.screen.plain_tables import Grid, grids, has_own_formula
from retcalc.render.words import definition, footnotes, note_line, safe_text, scope, source_lines

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# GitHub makes links of addresses, mentions, issue numbers and emoji names even where Markdown
# sees plain text; an empty comment parts what would be joined.
_MARKS = re.compile(
    r"(?P<entity>[&<>])"
    r"|(?P<escape>[\\|`*_\[\]~$]|:(?=//)|(?<=www)\.)"
    r"|(?P<part>@(?=\w)|#(?=\d)|:(?=[\w+-]+:))",
    re.IGNORECASE,
)


def to_md(result: Result) -> str:
    """Write a result as Markdown: heading, definition, tables, footnotes, notes, sources."""
    parts = [f"## {escape_md(safe_text(result.title))}", *_definition(result)]
    for grid in triangle_grids(result) if is_triangle(result) else grids(result):
        if grid.title:
            parts.append(f"### {escape_md(grid.title)}")
        parts.append("\n".join(_table(grid)))
    small = [*footnotes(result), *map(note_line, result.notes), *source_lines(result, verbose=True)]
    if small:
        parts.append("\n".join(f"- {escape_md(line)}" for line in small))
    if result.verdict:
        parts.append(escape_md(safe_text(result.verdict)))
    return "\n\n".join(parts) + "\n"


def escape_md(text: str) -> str:
    """Escape safe text so that GitHub shows it letter for letter, links and marks included."""
    return _MARKS.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    if match["entity"]:
        return _ENTITIES[match[0]]
    return "\\" + match[0] if match["escape"] else match[0] + "<!-- -->"


def _definition(result: Result) -> Iterator[str]:
    lines = scope(result), definition(result, formula=not has_own_formula(result))
    texts = [" · ".join(parts) for parts in lines if parts]
    if texts:
        yield "\\\n".join(map(escape_md, texts))


def _table(grid: Grid) -> Iterator[str]:
    yield _line([escape_md(head) for head in grid.heads])
    yield _line(["---:" if numeric else "---" for numeric in grid.numeric])
    for index, row in enumerate(grid.rows):
        cells = [escape_md(cell.strip()) for cell in row]
        if index in grid.totals:
            cells = [f"**{cell}**" if cell else "" for cell in cells]
        yield _line(cells)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
