"""forecast."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from retcalc.cli.app import data_command
from retcalc.cli.options import Options
from retcalc.cli.output.plot import Plot, plotted
from retcalc.core.result import Result


@data_command(
    "Value", "retcalc forecast mrr.csv --months 6 --new 40000/month", own_outputs=("plot",)
)
def forecast(
    options: Options,
    months: Annotated[
        int, Option("--months", help="Months to come.", metavar="N", min=1, max=60)
    ] = 12,
    new: Annotated[
        str | None,
        Option(
            "--new",
            help="New MRR a month: 40000/month; default: the mean of the last 12 months.",
            metavar="AMOUNT",
            show_default=False,
        ),
    ] = None,
    by_cohort: Annotated[
        bool, Option("--by-cohort", help="Also today's accounts by cohort.")
    ] = False,
    plot: Plot = None,
) -> Result:
    """MRR and accounts of the months to come, with intervals and the method's back-test."""
    from retcalc.answers.value.forecast import Asked, forecast_result, parse_new
    from retcalc.cli.request import make_request

    given = None if new is None else parse_new(new)
    asked = Asked(months=months, new=given, by_cohort=by_cohort)
    return plotted(lambda: forecast_result(make_request(options), asked), plot, options)
