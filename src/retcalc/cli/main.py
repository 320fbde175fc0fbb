"""The entry point: runs the app, and turns everything that can go wrong into an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from typer.exceptions import Abort, Exit, TyperException

from retcalc.cli.app import load
from retcalc.cli.lazy_typer import MODULES
from retcalc.core.findings import Finding, RetcalcError

INTERNAL, INTERRUPTED, USAGE = 70, 130, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status and never lets a traceback out."""
    arguments = _with_default_level(sys.argv[1:] if argv is None else argv)
    try:
        status = load(arguments)(args=arguments, prog_name="retcalc", standalone_mode=False)
    except RetcalcError as error:
        return _report(error.findings, error.status)
    except Exit as stop:
        return stop.exit_code
    except SystemExit as stop:  # shell completion ends so
        return stop.code if isinstance(stop.code, int) else 0
    except (KeyboardInterrupt, Abort):
        return INTERRUPTED
    except TyperException as error:
        return _usage(error, arguments)
    except BrokenPipeError:
        return _closed_pipe()
    except BaseException as error:  # noqa: BLE001  Polars panics are no Exceptions
        return _bug(error, arguments)
    return int(status or 0)


def _with_default_level(argv: Sequence[str]) -> list[str]:
    """Let ``--confidence`` stand alone: 95 unless a number follows."""
    arguments: list[str] = []
    for here, following in zip(argv, [*argv[1:], ""], strict=False):
        arguments.append(here)
        if here == "--confidence" and not following.replace(".", "", 1).isdecimal():
            arguments.append("95")
    return arguments


def _report(findings: Sequence[Finding], status: int) -> int:
    from retcalc.render.screen.errors import render_findings

    render_findings(findings, sys.stderr)
    return status


def _usage(error: TyperException, arguments: Sequence[str]) -> int:
    if not arguments:  # the help itself is the message
        sys.stdout.write(f"{error}\n")
        return USAGE
    command = next((a for a in arguments if not a.startswith("-")), "")
    name = command if command in MODULES else ""
    fix = f"retcalc {name} --help".replace("  ", " ") + "  lists what there is"
    return _report([Finding("RC100", _wording(error).rstrip("."), fix=fix)], USAGE)


def _wording(error: TyperException) -> str:
    worded = getattr(error, "format_message", None)
    return str(worded() if worded else error)


def _closed_pipe() -> int:
    """The reader has gone: end quietly, and keep the interpreter from complaining at exit."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _bug(error: BaseException, arguments: Sequence[str]) -> int:
    if "--debug" in arguments:
        import traceback

        traceback.print_exception(error)
    text = f"an internal check failed ({type(error).__name__})"
    return _report(
        [Finding("RC700", text, fix="run again with --debug and report what it prints")], INTERNAL
    )
