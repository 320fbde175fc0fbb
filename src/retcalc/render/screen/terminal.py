"""A Result for people at a terminal: quiet rules, aligned figures, every digit shown.

A pipe gets the same text without colour and without a width limit. The text is laid out here
and handed to Rich only to be styled, so no name is ever read as markup and a pipe needs no Rich.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TextIO

from retcalc.core.atomic_files import write_stdout
from retcalc.core.result import Result
from retcalc.render.presentation import is_triangle, shown_as
from retcalc.render.screen.fit_width import Line, Role, fold, grid_lines
from retcalc.render.screen.plain_tables import grids, has_own_formula
from retcalc.render.words import definition, footnotes, note_line, safe_text, scope, source_lines

_UNLIMITED = 1_000_000
_USUAL_WIDTH = 80
_STYLES: dict[Role, str] = {"title": "bold", "total": "bold", "rule": "dim", "dim": "dim"}


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The few characters of our own that a stream may not be able to write."""

    rule: str
    dot: str
    minus: str
    bars: str  # of growing height, the last one full
    pale: str  # a bar with little behind it


UNICODE = Glyphs("─", "·", "−", "▁▂▃▄▅▆▇█", "░")
ASCII = Glyphs("-", "|", "-", "#", ".")


@dataclass(frozen=True, slots=True)
class Screen:
    """What a stream shows: cells of a line, styles or none, and only ASCII or any character."""

    width: int
    styled: bool
    ascii_only: bool


def screen_of(stream: TextIO, environ: Mapping[str, str] | None = None) -> Screen:
    """Tell what a stream shows.

    Colour only on a terminal or with ``FORCE_COLOR``, none at all with ``NO_COLOR``. The width is
    ``COLUMNS``, else the terminal's, else unlimited. ``environ`` defaults to the process's own.
    """
    environ = os.environ if environ is None else environ
    terminal = stream.isatty()
    width = _terminal_width(stream) if terminal else _UNLIMITED
    forced = environ.get("FORCE_COLOR", "0") not in ("", "0")
    styled = (terminal or forced) and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    columns = environ.get("COLUMNS", "")
    given = int(columns) if columns.isdecimal() else 0
    encoding = (getattr(stream, "encoding", None) or "utf-8").lower()
    return Screen(given or width, styled, not encoding.startswith("utf"))


def print_to_stdout(result: Result, *, quiet: bool = False, verbose: bool = False) -> bool:
    """Print a result on standard output; False where the reader has gone.

    Raises RetcalcError (RC45x) where standard output cannot be written.
    """
    if sys.stdout is None:  # closed by whoever started the process
        return write_stdout("")
    return write_stdout(screen_text(result, screen_of(sys.stdout), quiet=quiet, verbose=verbose))


def screen_text(
    result: Result, screen: Screen, *, quiet: bool = False, verbose: bool = False
) -> str:
    """A result as text: heading, tables, footnotes; notes and sources unless ``quiet``.

    ``verbose`` names every source in full.
    """
    glyphs = ASCII if screen.ascii_only else UNICODE
    lines = list(result_lines(result, screen.width, glyphs))
    if not quiet:
        lines += _paragraph(map(note_line, result.notes), screen.width)
        lines += _paragraph(source_lines(result, verbose=verbose), screen.width)
    if result.verdict:
        lines += _paragraph(iter([safe_text(result.verdict)]), screen.width)
    if screen.styled:
        return _styled(lines, screen.width)
    return "".join(f"{line}\n" for _, line in lines)


def _styled(lines: Iterable[Line], width: int) -> str:
    from rich.console import Console
    from rich.text import Text

    text = Text()
    for role, line in lines:
        text.append(line, None if isinstance(line, Text) else _STYLES.get(role)).append("\n")
    console = Console(
        force_terminal=True,
        color_system="standard",
        width=width,
        height=25,  # without it Rich forgets the width on a dumb terminal
        markup=False,
        emoji=False,
        highlight=False,
    )
    with console.capture() as capture:
        console.print(text, soft_wrap=True, end="")
    return capture.get()


def result_lines(result: Result, width: int, glyphs: Glyphs) -> Iterator[Line]:
    """Lay heading, tables and footnotes out as lines with their roles, for ``width`` cells."""
    yield from _heading(result, width, f" {glyphs.dot} ")
    if is_triangle(result):
        from retcalc.render.screen.cohort_triangle import triangle_lines

        yield from triangle_lines(result, width, glyphs.rule, glyphs.bars, glyphs.pale)
    else:
        for grid in grids(result, minus=glyphs.minus):
            yield "blank", ""
            yield from grid_lines(grid, width, glyphs.rule)
        if shown_as(result.metric).curve:
            yield from _plot_lines(result, width, glyphs)
    yield from _paragraph(footnotes(result), width)


def _plot_lines(result: Result, width: int, glyphs: Glyphs) -> Iterator[Line]:
    from retcalc.render.screen.curve import curve_lines
    from retcalc.render.screen.small_plot import small_plot

    plot = small_plot(result)
    if plot is None:
        return
    title, shares = plot
    yield "blank", ""
    yield from (("title", line) for line in fold(title, width))
    lines = curve_lines(shares, min(width, _USUAL_WIDTH), glyphs.rule, glyphs.bars)
    yield from (("row", line) for line in lines)


def _heading(result: Result, width: int, separator: str) -> Iterator[Line]:
    title = separator.join([safe_text(result.title), *scope(result)])
    yield from (("title", line) for line in fold(title, width))
    rules = separator.join(definition(result, formula=not has_own_formula(result)))
    if rules:
        yield from (("dim", line) for line in fold(rules, width))


def _paragraph(sentences: Iterator[str], width: int) -> Iterator[Line]:
    """Set small print under a blank line, if there is any."""
    for number, sentence in enumerate(sentences):
        if number == 0:
            yield "blank", ""
        yield from (("dim", line) for line in fold(sentence, width, indent=2))


def _terminal_width(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH
