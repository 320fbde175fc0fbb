"""From a Result to standard output and files; from findings to standard error."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from retcalc.cli.options import Options
from retcalc.cli.output.targets import OwnFiles, check_targets
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.result import Result
from retcalc.read.files.prefetch import begin

Outcome = Result | tuple[Result, int] | int


def run_and_deliver(
    make: Callable[[Options], Outcome], options: Options, own: OwnFiles, *, writes: bool = True
) -> int:
    """Make the answer, print or write it, and give the exit status.

    Outputs that nobody can write or that are inputs are refused before any work is done.
    """
    from retcalc.cli.output.progress import progress

    check_targets(options, own)
    for path in (options.output or ()) if writes else ():
        writer_for(path)
    begin(options.data or ())
    try:
        with progress(enabled=not (options.quiet or options.no_progress)):
            made = make(options)
    except RetcalcError as error:
        write_errors(error.findings, options)
        raise
    if isinstance(made, int):
        return made
    result, status = made if isinstance(made, tuple) else (made, 0)
    write_errors(result.notes, options)
    made_files = [(p, writer_for(p)(result, options)) for p in options.output or ()]
    for path, data in made_files:  # nothing is written when one of them cannot be made
        write_bytes(path, data, options)
    if not options.output or options.format is not None:
        _print(result, options)
    return status


def write_errors(findings: tuple[Finding, ...], options: Options) -> None:
    """Write every bad row as CSV when ``--errors-out`` was given."""
    if options.errors_out is not None:
        from retcalc.core.atomic_files import write_atomic
        from retcalc.render.screen.errors import errors_csv

        write_atomic(options.errors_out, errors_csv(findings).encode())


Writer = Callable[[Result, Options], bytes]


def written_as(path: str, known: Iterable[str], option: str = "-o") -> str:
    """A fix that names an output with an extension that is written, the first that is known."""
    first, *others = known
    name = shlex.quote(str(Path(path).with_suffix(first)))
    return f"{option} {name}   (also {', '.join(others)})"


def writer_for(path: str) -> Writer:
    """The renderer of a file's extension."""
    from retcalc.cli.output.writers import WRITERS

    writer = WRITERS.get(Path(path).suffix.lower())
    if writer is None:
        fix = written_as(path, WRITERS)
        raise RetcalcError(Finding("RC155", f"no format is known for {path}", fix=fix))
    return writer


def write_file(path: str, result: Result, options: Options) -> None:
    """Write a result atomically in the format of the file's extension."""
    write_bytes(path, writer_for(path)(result, options), options)


def write_bytes(path: str, data: bytes, options: Options) -> None:
    """Write a file atomically and say so."""
    from retcalc.core.atomic_files import write_atomic

    write_atomic(path, data)
    if not options.quiet:
        from retcalc.render.words import safe_text

        print(f"retcalc: wrote {safe_text(path)}", file=sys.stderr)  # noqa: T201


def _print(result: Result, options: Options) -> None:
    from retcalc.cli.output.writers import FORMATS
    from retcalc.core.atomic_files import write_stdout
    from retcalc.render.screen.errors import render_findings

    chosen = options.format or "table"
    if chosen == "table":
        from retcalc.render.screen.terminal import print_to_stdout

        print_to_stdout(result, quiet=options.quiet, verbose=options.verbose)
        return
    write_stdout(FORMATS[chosen](result, options).decode())
    if result.notes and not options.quiet:
        render_findings(result.notes, sys.stderr)
