"""report: everything at once, as a page, a workbook, Markdown or JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from retcalc.cli.app import data_command
from retcalc.cli.commands.value import Lag, ValueOptions, value_request
from retcalc.cli.options import Options
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.result import Report

Writer = Callable[[Report], bytes]


@data_command("Output", "retcalc report mrr.csv -o close.html -o close.xlsx", writes=False)
def report(options: Options, value: ValueOptions, lag: Lag = None) -> int:
    """Everything at once: -o FILE.html, .xlsx, .md or .json; several at a time."""
    from retcalc.answers.report import report as make
    from retcalc.cli.output.progress import say

    writers = [(path, _writer(path)) for path in options.output or ()]
    if options.format == "csv":
        fix = "-f md, -f json, or a command of its own with -f csv"
        raise RetcalcError(Finding("RC182", "a report is many tables, not one CSV", fix=fix))
    found = make(value_request(options, value, lag), say)
    files = []
    for number, (path, write) in enumerate(writers, 1):
        say(f"writing {Path(path).suffix[1:]}", number, len(writers))
        files.append((path, write(found)))
    _deliver(found, files, options)
    return 0


def _writer(path: str) -> Writer:
    from retcalc.cli.output.deliver import written_as

    writer = _WRITERS.get(Path(path).suffix.lower())
    if writer is None:
        message = f"a report is not written as {Path(path).suffix or path!r}"
        raise RetcalcError(Finding("RC182", message, fix=written_as(path, _WRITERS)))
    return writer


def _deliver(found: Report, files: list[tuple[str, bytes]], options: Options) -> None:
    """Write the files once all are made, or print where there is none."""
    from retcalc.cli.output.deliver import write_bytes, write_errors
    from retcalc.core.atomic_files import write_stdout
    from retcalc.render.screen.errors import render_findings
    from retcalc.render.screen.terminal import print_to_stdout

    notes = tuple(dict.fromkeys(n for part in found.parts.values() for n in part.notes))
    write_errors(notes, options)
    for path, data in files:
        write_bytes(path, data, options)
    if options.format in ("json", "md"):
        write_stdout(_WRITERS[f".{options.format}"](found).decode())
    elif not files or options.format == "table":
        for part in found.parts.values():
            print_to_stdout(part, quiet=True)
            write_stdout("\n")
        write_stdout("".join(f"{name} {why}\n" for name, why in found.left_out.items()))
    else:
        return
    if notes and not options.quiet:
        render_findings(notes, sys.stderr)


def _html(found: Report) -> bytes:
    from retcalc.render.page.page import report_html

    return report_html(found).encode()


def _xlsx(found: Report) -> bytes:
    from retcalc.render.workbook.workbook import report_workbook

    return report_workbook(found)


def _md(found: Report) -> bytes:
    from retcalc.render.report.text import report_md

    return report_md(found).encode()


def _json(found: Report) -> bytes:
    from retcalc.render.report.text import report_json

    return report_json(found).encode()


_WRITERS: dict[str, Writer] = {".html": _html, ".xlsx": _xlsx, ".md": _md, ".json": _json}
