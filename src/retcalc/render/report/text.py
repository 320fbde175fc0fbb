"""A report as one JSON document with every Result, and as one Markdown page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from retcalc import __version__
from retcalc.core.months import format_month
from retcalc.core.result import Band, Report, Result
from retcalc.render.machine.as_json import SCHEMA, to_json
from retcalc.render.presentation import shown_as
from retcalc.render.report.brief import brief
from retcalc.render.report.notes_and_sources import notes_of, with_all_sources
from retcalc.render.report.tiles import band_lines, tiles
from retcalc.render.screen.markdown import escape_md, to_md
from retcalc.render.words import note_line, scope, source_lines


def report_json(report: Report) -> str:
    """Write a report as one JSON object: under ``parts`` what each command gives alone."""
    head = report.head
    bands = [_band(band) for band in report.bands]
    fields = {
        "retcalc": json.dumps(__version__),
        "schema": json.dumps(SCHEMA),
        "metric": '"report"',
        "window": _text(
            head.window
            and {
                "opening": format_month(head.window.opening),
                "closing": format_month(head.window.closing),
                "months": head.window.months,
            }
        ),
        "currency": json.dumps(head.currency.code),
        "parts": _object({name: to_json(part) for name, part in report.parts.items()}),
        "left_out": _text(dict(report.left_out)),
        "benchmarks": _text(bands),
    }
    return _object(fields) + "\n"


def _object(fields: dict[str, str]) -> str:
    """Put JSON texts into one object, each set in; a line break in them is layout only."""
    lines = (f"  {json.dumps(name)}: {_set_in(text)}" for name, text in fields.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def _set_in(text: str) -> str:
    return text.strip().replace("\n", "\n  ")


def _text(value: object) -> str:
    return json.dumps(value, indent=2)


def _band(band: Band) -> dict[str, object]:
    limits = {"low": band.low, "good": band.good, "top": band.top}
    shown = {name: None if limit is None else float(limit) for name, limit in limits.items()}
    return {
        "metric": band.metric,
        "who": band.who,
        **shown,
        "months": band.months,
        "source": band.source,
    }


def report_md(report: Report) -> str:
    """Write a report as Markdown: headlines, every answer's tables, notes and sources once."""
    head = report.head
    closing = f", {format_month(head.window.closing)}" if head.window else ""
    parts = [f"# Retention report{closing}", " · ".join(map(escape_md, scope(head)))]
    parts.append("\n".join(_headlines(report)))
    parts.append("\n".join(f"- {escape_md(line)}" for line in brief(report)))
    parts += [_body(result) for result in report.parts.values()]
    notes = [note_line(note) for note in notes_of(report)]
    notes += [f"{name} {why}" for name, why in report.left_out.items()]
    for title, lines in (
        ("Notes", notes),
        ("Benchmarks", list(band_lines(report))),
        ("Sources", list(source_lines(with_all_sources(report), verbose=True))),
    ):
        if lines:
            parts.append(f"## {title}")
            parts.append("\n".join(f"- {escape_md(line)}" for line in lines))
    return "\n\n".join(part for part in parts if part) + "\n"


def _headlines(report: Report) -> Iterator[str]:
    yield "| | | benchmark |"
    yield "| --- | ---: | --- |"
    for tile in tiles(report):
        bands = "; ".join(f"{band.mark} {band.words}" for band in tile.bands)
        shown = " ".join(filter(None, (tile.shown, tile.unit)))
        yield f"| {escape_md(tile.label)} | {escape_md(shown)} | {escape_md(bands)} |"


def _body(result: Result) -> str:
    """The answer without its notes and sources, which the report names once."""
    rows = result.rows
    if shown_as(result.metric).folded:  # every month or age, of the total only
        rows = tuple(row for row in rows if not row.segment)
        result = replace(result, by=())
    text = to_md(replace(result, rows=rows, notes=(), sources=(), config_sha256=None))
    return text.removesuffix(f"- retcalc {__version__}\n").strip()
