"""validate: everything found in the sources, one row a finding, instead of the first refusal."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction

from retcalc.answers.base.prepare import prepare
from retcalc.answers.base.request import Request
from retcalc.answers.base.sources import Data, Opened, open_sources, read_data
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.result import Column, Result, Row, Source, Value
from retcalc.read.wording import count_that, counted

COLUMNS = (
    Column("code", "Code", "text"),
    Column("severity", "Severity", "text"),
    Column("finding", "Finding", "text"),
    Column("rows", "Rows", "count"),
    Column("share", "Share", "rate"),
    Column("file", "File", "text"),
    Column("line", "Line", "count"),
    Column("column", "Column", "text"),
    Column("value", "Value", "text"),
    Column("fix", "Fix", "text"),
)


def validate_result(request: Request) -> tuple[Result, int]:
    """The findings of the sources as rows, and the exit status they ask for.

    How the files were read stands in the notes. A file that cannot be opened is no finding but an
    error of the run.
    """
    data, opened = None, None
    sources: tuple[Source, ...] = ()
    try:
        data = read_data(request.sources, request.question.columns)
        sources = data.table.sources
        opened = open_sources(request.sources, request.question.columns, data)
        prepared = prepare(replace(request, opened=opened), revenue=False)
        findings, status = prepared.notes, 0
        sources = prepared.book.sources
    except RetcalcError as error:
        if error.status != 3:
            raise
        findings, status = _with_notes(error.findings, data, opened), error.status
    total = sum(s.rows for s in sources)
    told = tuple(f for f in findings if f.is_information)
    findings = tuple(f for f in findings if not f.is_information)
    rows = tuple(_row(f, total) for f in findings)
    bad = {(s.file, s.line) for f in findings for s in f.spots if s.line is not None}
    affected: dict[str, Value] = {"rows": total, "affected": len(bad)}
    affected["share"] = Fraction(len(bad), total) if total else None
    result = Result(
        metric="validate",
        title="What is wrong with the export" if rows else "Nothing is wrong with the export",
        definition={"formula": "affected rows / rows"},
        columns=COLUMNS,
        rows=rows,
        notes=told,
        sources=sources,
        extra={"records": affected},
        config_sha256=request.config_sha256,
        verdict=_verdict(findings),
    )
    return result, status


def _with_notes(
    errors: tuple[Finding, ...], data: Data | None, opened: Opened | None
) -> tuple[Finding, ...]:
    """The errors, and behind them what is known of the reading all the same."""
    notes = [*(opened.notes if opened else data.notes if data else ())]
    if opened is not None:
        with suppress(RetcalcError):  # a header in doubt is among the errors
            notes += opened.export.reading()
    said = {f.code for f in errors}
    return (*errors, *(note for note in notes if note.code not in said))


def _verdict(findings: Sequence[Finding]) -> str:
    """Whether the export can be read, and what there is to know, in one line."""
    errors = sum(f.is_error for f in findings)
    left = sum(f.left_out.rows for f in findings if f.left_out is not None)
    parts = [counted(errors, "error")] if errors else []
    notes = len(findings) - errors
    parts += [counted(notes, "note")] if notes else []
    parts += [count_that(left, "row", "does not count", "do not count")] if left else []
    answer = "cannot be read" if errors else "can be read"
    return f"Verdict: {answer}; {', '.join(parts) or 'nothing to note'}"


def _row(finding: Finding, total: int) -> Row:
    spot = finding.spots[0] if finding.spots else None
    values: dict[str, Value] = {
        "code": finding.code,
        "severity": "error" if finding.is_error else "note",
        "finding": finding.message,
        "rows": len(finding.spots),
        "share": Fraction(len(finding.spots), total) if total else None,
        "file": spot.file if spot else None,
        "line": spot.line if spot else None,
        "column": finding.header,
        "value": (spot.value if spot and spot.value is not None else finding.value),
        "fix": finding.fix,
    }
    return Row(values)
