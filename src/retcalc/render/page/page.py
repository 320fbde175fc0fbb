"""A Result, or a whole report, as one self-contained HTML page: no script, nothing fetched.

Text becomes part of the page through Jinja2 with autoescape only; the one exception is the SVG
that ``plot`` wrote. The page forbids itself scripts and requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from retcalc import __version__
from retcalc.core.months import format_month
from retcalc.core.optional_libraries import load
from retcalc.core.result import Report, Result
from retcalc.render.page.triangle import Heat, heats
from retcalc.render.pictures.draw import to_svg
from retcalc.render.pictures.of_result import DRAW
from retcalc.render.presentation import is_triangle, shown_as
from retcalc.render.report.brief import brief
from retcalc.render.report.notes_and_sources import notes_of, with_all_sources
from retcalc.render.report.tiles import Tile, band_lines, tiles
from retcalc.render.screen.bridge_table import in_bridge
from retcalc.render.screen.plain_tables import Grid, grids
from retcalc.render.words import definition, footnotes, note_line, safe_text, scope, source_lines

LONGEST = 160  # characters of a name on the page
_SHOWN = ("account_retention", "accounts", "net_mrr_retention")


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture on the page; ``svg`` is markup."""

    title: str
    svg: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the page."""

    name: str
    title: str
    lede: str = ""
    figures: tuple[Figure, ...] = ()
    beside: tuple[Grid, ...] = ()  # next to a lone figure
    triangles: tuple[Heat, ...] = ()
    grids: tuple[Grid, ...] = ()
    folded_triangles: tuple[Heat, ...] = ()
    folded_grids: tuple[Grid, ...] = ()
    small: tuple[str, ...] = ()

    @property
    def folded(self) -> bool:
        """Whether there is something to fold away."""
        return bool(self.folded_triangles or self.folded_grids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything the template needs."""

    title: str
    scope: tuple[str, ...]
    sections: tuple[Section, ...]
    definitions: tuple[tuple[str, tuple[str, ...]], ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    tiles: tuple[Tile, ...] = ()
    brief: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    benchmarks: tuple[str, ...] = ()


def result_html(result: Result) -> str:
    """Write one result as a page with its tables; raises RetcalcError (RC470) without Jinja2."""
    triangles = heats(result) if is_triangle(result) else ()
    section = Section(
        name="result",
        title=safe_text(result.title),
        triangles=triangles,
        grids=() if triangles else tuple(grids(result)),
        small=tuple(footnotes(result)),
    )
    page = Page(
        title=safe_text(result.title),
        scope=tuple(scope(result)),
        sections=(section,),
        definitions=((safe_text(result.title), tuple(definition(result))),),
        notes=tuple(map(note_line, result.notes)),
        sources=tuple(source_lines(result, verbose=True)),
    )
    return _render(page)


def report_html(report: Report) -> str:
    """Write a report as a page; raises RetcalcError (RC470) without the report extra."""
    head = report.head
    closing = f", {format_month(head.window.closing)}" if head.window else ""
    page = Page(
        title=f"Retention report{closing}",
        scope=tuple(scope(head)),
        sections=tuple(_section(name, result) for name, result in report.parts.items()),
        definitions=tuple(
            (safe_text(r.title), tuple(definition(r))) for r in report.parts.values()
        ),
        notes=tuple(map(note_line, notes_of(report))),
        sources=tuple(source_lines(with_all_sources(report), verbose=True)),
        tiles=tuple(tiles(report)),
        brief=tuple(brief(report)),
        left_out=tuple(f"{shown_as(name).title} {why}" for name, why in report.left_out.items()),
        benchmarks=tuple(band_lines(report)),
    )
    return _render(page)


def _section(name: str, result: Result) -> Section:
    how = shown_as(name)
    part = Section(
        name=name,
        title=how.title,
        figures=tuple(_figures(name, result)),
        small=() if how.folded else tuple(footnotes(result)),
    )
    if is_triangle(result):
        percent, accounts, money = (heats(result, column, total=True) for column in _SHOWN)
        return replace(part, triangles=(*percent, *accounts), folded_triangles=money)
    if how.folded:
        return replace(part, folded_grids=tuple(grids(_total(result))))
    bare = replace(result, extra={})  # what is in a picture already
    beside = tuple(grids(_total(bare))) if how.beside else ()
    if not part.figures:
        return replace(part, grids=beside or tuple(grids(bare)))
    if how.brief and result.by:
        columns = tuple(
            replace(c, screen=c.headline is not None or c.name.startswith("opening_"))
            for c in result.columns
        )
        return replace(part, beside=beside, grids=tuple(grids(replace(bare, columns=columns))))
    return replace(part, beside=beside, grids=() if beside else tuple(grids(bare)))


def _figures(name: str, result: Result) -> Iterator[Figure]:
    markup = load("jinja2", "HTML").utils.markupsafe.Markup
    for number, figure in enumerate(shown_as(name).figures):
        picture = DRAW[figure](result)
        if picture is not None:
            yield Figure(picture.title, markup(to_svg(picture, f"{name}-{number}")))


def _total(result: Result) -> Result:
    """The rows of the total, its bridge whole; formulas stand with the definitions."""
    rows = tuple(row for row in result.rows if not row.segment)
    columns = result.columns
    if result.metric == "summary":
        columns = tuple(replace(c, screen=c.screen or in_bridge(c.name)) for c in columns)
    rules = {**result.definition, "formula": None}
    return replace(result, rows=rows, columns=columns, by=(), definition=rules)


def _render(page: Page) -> str:
    jinja2 = load("jinja2", "HTML")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("retcalc.render.page"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cut"] = _cut
    text: str = environment.get_template("page.html").render(page=page, version=__version__)
    return text.lstrip()


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
