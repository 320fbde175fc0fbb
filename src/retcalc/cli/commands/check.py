"""check: the assertions of the config, for CI."""

from __future__ import annotations

import os
import sys
from typing import Annotated

from typer import Option

from retcalc.cli.app import data_command
from retcalc.cli.options import Options
from retcalc.core.result import Result


@data_command("Gates", "retcalc check mrr.csv", own_inputs=("benchmarks",), own_outputs=("junit",))
def check(
    options: Options,
    junit: Annotated[
        str | None,
        Option("--junit", help="Also write JUnit XML.", metavar="FILE", show_default=False),
    ] = None,
    benchmarks: Annotated[
        str | None,
        Option(
            "--benchmarks",
            help="Published bands of your own, in YAML.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
) -> tuple[Result, int]:
    """The assertions of the config; status 1 when one of severity error fails."""
    from retcalc.answers.gates.check import check_result
    from retcalc.answers.gates.junit import to_junit
    from retcalc.cli.request import load_for, make_request
    from retcalc.config.model.config import Config
    from retcalc.core.atomic_files import write_atomic

    loaded = load_for(options)
    config = loaded.config if loaded else Config()
    result, status = check_result(make_request(options), config, benchmarks)
    if junit is not None:
        write_atomic(junit, to_junit(result))
    _tell_workflow(result)
    return result, status


def _tell_workflow(result: Result) -> None:
    """Annotate failed checks and add a summary where a GitHub workflow runs this."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return
    from retcalc.answers.gates.junit import workflow_commands
    from retcalc.render.screen.markdown import to_md

    sys.stderr.write("".join(f"{line}\n" for line in workflow_commands(result)))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with open(summary, "a", encoding="utf-8") as file:  # noqa: PTH123  the service's own file
            file.write(to_md(result))
