"""survival, and the options of every command that looks at lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Option

from retcalc.cli.app import data_command
from retcalc.cli.options import Options
from retcalc.cli.output.plot import Plot, plotted
from retcalc.core.choices import AgeUnit, FirstMonth
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.result import Result

if TYPE_CHECKING:
    from retcalc.answers.base.request import Request


Discount = Annotated[
    str | None,
    Option("--discount", help="Yearly discount rate.", metavar="RATE", show_default=False),
]
Horizon = Annotated[
    int | None,
    Option("--horizon", help="Months of life that count.", metavar="N", show_default=False),
]
CohortDate = Annotated[
    str | None,
    Option(
        "--cohort-date",
        help="Date in the customers file that accounts older than the data began.",
        metavar="COLUMN",
        show_default=False,
    ),
]
First = Annotated[
    FirstMonth | None,
    Option(
        "--first-month",
        help="Accounts of unknown start, paying in the first month of the data: leave them out of "
        "lives (default), or start them there.",
        show_default=False,
    ),
]


def life_request(
    options: Options,
    discount: str | None,
    horizon: int | None,
    cohort_date: str | None = None,
    first_month: FirstMonth | None = None,
) -> Request:
    """The request with the options that only some commands have."""
    from dataclasses import replace

    from retcalc.answers.base.assumptions import parse_horizon, parse_rate
    from retcalc.cli.request import make_request

    request = make_request(options)
    value, terms = request.value, request.value.terms
    if discount is not None:
        terms = replace(terms, discount_rate=parse_rate(discount, "--discount"))
    if horizon is not None:
        terms = replace(terms, horizon=parse_horizon(horizon))
    if cohort_date is not None:
        if request.sources.customers is None:
            fix = f"--customers FILE --cohort-date {cohort_date}"
            message = "--cohort-date names a column of the customers file, and there is none"
            raise RetcalcError(Finding("RC162", message, fix=fix))
        value = replace(value, signup_column=cohort_date)
    value = replace(value, terms=terms, count_first_month=first_month == "start")
    return replace(request, value=value)


@data_command("Customers", "retcalc survival mrr.csv --by plan", own_outputs=("plot",))
def survival(
    options: Options,
    discount: Discount = None,
    horizon: Horizon = None,
    cohort_date: CohortDate = None,
    first_month: First = None,
    age_unit: Annotated[
        AgeUnit,
        Option("--age-unit", help="Ages of the rows; days and weeks where the data is dated."),
    ] = "months",
    plot: Plot = None,
) -> Result:
    """Kaplan-Meier, sBG and BdW curves and the expected life; with --window its months alone."""
    from retcalc.answers.customers.survival import survival_result

    def make() -> Result:
        request = life_request(options, discount, horizon, cohort_date, first_month)
        windowed = options.window is not None
        return survival_result(request, windowed=windowed, age_unit=age_unit)

    return plotted(make, plot, options)
