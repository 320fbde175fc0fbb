"""A Result, or a whole report, as a workbook whose totals and rates are live formulas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from retcalc import __version__
from retcalc.core.result import Block, Report, Result
from retcalc.render.numbers import money
from retcalc.render.presentation import shown_as
from retcalc.render.report.notes_and_sources import notes_of, with_all_sources
from retcalc.render.words import definition, note_line, spoken
from retcalc.render.workbook.charts import add_charts
from retcalc.render.workbook.checks import add_checks
from retcalc.render.workbook.file import Workbook
from retcalc.render.workbook.tables import Table, block_table, nested_tables, table
from retcalc.render.workbook.triangle import add_triangles

_MOST_ACROSS = 40


def result_workbook(result: Result) -> bytes:
    """Write one result; raises RetcalcError (RC470) without XlsxWriter."""
    book = Workbook(result)
    book.table(table("Result", result))
    for name, block in _nested(result):
        book.table(block_table(_sheet_name(name), block, result))
    _about(book, [result], result, result.notes)
    return book.finish()


def report_workbook(report: Report) -> bytes:
    """Write a report, a sheet a table; raises RetcalcError (RC470) without XlsxWriter."""
    book = Workbook(report.head)
    tables = _tables(report)
    written: dict[str, Any] = {}
    for name, found in tables.items():
        written[name] = book.table(found)
        if shown_as(name).triangle:
            add_triangles(book, found, report.parts[name])
    add_checks(book, tables, report)
    add_charts(book, tables)
    head = with_all_sources(report)
    left_out = [f"{shown_as(name).sheet} {why}" for name, why in report.left_out.items()]
    _about(book, report.parts.values(), head, notes_of(report), left_out)
    return book.finish()


def _tables(report: Report) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for name, result in report.parts.items():
        how = shown_as(name)
        across = how.across and len(result.rows) <= _MOST_ACROSS
        tables[name] = table(how.sheet, result, across=across)
        for part, block in _nested(result):
            tables[f"{name}.{part}"] = block_table(
                _sheet_name(f"{how.sheet} {spoken(part)}"), block, result
            )
    return tables


def _nested(result: Result) -> list[tuple[str, Block]]:
    parts = [(name, part) for name, part in result.extra.items() if isinstance(part, Block)]
    return [*nested_tables(result), *parts]


def _sheet_name(words: str) -> str:
    return (words[:1].upper() + words[1:])[:31]


def _about(
    book: Workbook,
    results: Iterable[Result],
    head: Result,
    notes: Iterable[Any],
    left_out: Iterable[str] = (),
) -> None:
    rules = [[result.title, rule] for result in results for rule in definition(result)]
    book.lines("Definitions", ["Answer", "Rule"], rules)
    lines = [[note.code, note_line(note).split(": ", 1)[1]] for note in notes]
    book.lines("Notes", ["Code", "Note"], [*lines, *(["", text] for text in left_out)])
    currency = head.currency
    sources = [
        [
            source.path,
            f"{source.rows:,}",
            ""
            if source.total_mrr is None
            else money(source.total_mrr, currency.scale, currency.digits),
            source.sha256,
        ]
        for source in head.sources
    ]
    if head.config_sha256:
        sources.append(["config", "", "", head.config_sha256])
    sources.append([f"retcalc {__version__}", "", "", ""])
    book.lines("Sources", ["Source", "Rows", "Total", "SHA-256"], sources)
