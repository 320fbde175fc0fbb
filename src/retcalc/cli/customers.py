"""churn, retention."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from retcalc.cli.app import data_command
from retcalc.cli.options import Options
from retcalc.cli.revenue import _bridge
from retcalc.result import Result

Monthly = Annotated[bool, Option("--monthly", help="A row per month of the window.")]


@data_command("Customers", "retcalc churn mrr.csv --monthly")
def churn(options: Options, monthly: Monthly = False) -> Result:
    """Logo, gross-revenue and net-revenue churn, per month or for the window."""
    return _bridge("churn", options, monthly=monthly)


@data_command("Customers", "retcalc retention mrr.csv --by plan --confidence 95")
def retention(options: Options, monthly: Monthly = False) -> Result:
    """Logo retention: the share of opening accounts still there."""
    return _bridge("retention", options, monthly=monthly)
