"""validate: what to think of the export."""

from __future__ import annotations

from retcalc.cli.app import data_command
from retcalc.cli.options import Options
from retcalc.result import Result


@data_command("Trust", "retcalc validate mrr.csv")
def validate(options: Options) -> tuple[Result, int]:
    """What is wrong with the export, row by row; share of records affected."""
    from retcalc.cli.request import make_request
    from retcalc.pipeline.validate import validate_result

    return validate_result(make_request(options))
