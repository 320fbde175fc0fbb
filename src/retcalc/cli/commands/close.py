"""close lock, close verify, close diff."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from retcalc.cli.app import data_command, subgroup
from retcalc.cli.options import Options
from retcalc.core.result import Result

subgroup("close", "Gates", "Lock a month, verify it, list restatements.")
Locks = Annotated[
    str | None,
    Option(
        "--locks",
        help="Folder of the locks; default beside the config or the data.",
        metavar="FOLDER",
        show_default=False,
    ),
]


@data_command("Gates", "retcalc close lock 2026-09 mrr.csv", parent="close")
def lock(
    options: Options,
    month: Annotated[str, Argument(metavar="MONTH", help="Month to lock, such as 2026-10.")],
    locks: Locks = None,
    as_corrections: Annotated[
        bool, Option("--as-corrections", help="Book restatements of locked months to this month.")
    ] = False,
) -> tuple[Result, int]:
    """Lock a month: its figures, and every account-month since the lock before."""
    from retcalc.answers.gates.close import lock_month
    from retcalc.cli.output.targets import check_lock_folder
    from retcalc.cli.request import make_request, month_option

    request = make_request(options)
    folder = _folder(options, locks)
    check_lock_folder(options, request.sources.data, folder)
    return lock_month(request, month_option(month), folder, as_corrections=as_corrections)


@data_command("Gates", "retcalc close verify mrr.csv", parent="close")
def verify(options: Options, locks: Locks = None) -> tuple[Result, int]:
    """Recompute the locked months; status 1 when one of them changed."""
    return _diff(options, locks, "Locked months verified")


@data_command("Gates", "retcalc close diff mrr.csv -f csv", parent="close")
def diff(options: Options, locks: Locks = None) -> tuple[Result, int]:
    """Every restated account and month, adding up to the change of the totals."""
    return _diff(options, locks, "Restated account-months")


def _diff(options: Options, locks: str | None, title: str) -> tuple[Result, int]:
    from retcalc.answers.gates.close import diff_result
    from retcalc.cli.request import make_request

    return diff_result(make_request(options), _folder(options, locks), title)


def _folder(options: Options, given: str | None) -> Path:
    from retcalc.answers.gates.locks import FOLDER
    from retcalc.cli.request import load_for

    if given is not None:
        return Path(given)
    loaded = load_for(options)
    beside = loaded.path if loaded else (options.data or [""])[0]
    return Path(beside).parent / FOLDER
