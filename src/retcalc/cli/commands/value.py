"""clv, clv-cac, forecast, whatif."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from typer import Option

from retcalc.cli.app import data_command
from retcalc.cli.commands.survival import (
    CohortDate,
    Discount,
    First,
    Horizon,
    life_request,
)
from retcalc.cli.options import Options
from retcalc.cli.output.plot import Plot, plotted
from retcalc.core.choices import LifespanMethod
from retcalc.core.result import Result

if TYPE_CHECKING:
    from retcalc.answers.base.request import Request


Margin = Annotated[
    str | None,
    Option(
        "--margin",
        help="Gross margin: 0.8 or 80%; with --trend also one a period, 0.75,0.8.",
        metavar="SHARE",
        show_default=False,
    ),
]
Lifespan = Annotated[
    LifespanMethod | None,
    Option("--lifespan", help="How lifespans are estimated.", show_default=False),
]
Trend = Annotated[bool, Option("--trend", help="CLV per period, its change split by factor.")]
Lag = Annotated[
    int | None,
    Option(
        "--lag",
        help="Months from spend to the accounts it wins.",
        metavar="N",
        min=0,
        max=60,
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueOptions:
    """The options of every command that says what an account is worth."""

    margin: Margin = None
    lifespan: Lifespan = None
    discount: Discount = None
    horizon: Horizon = None
    cohort_date: CohortDate = None
    first_month: First = None


def value_request(options: Options, given: ValueOptions, lag: int | None = None) -> Request:
    """The request of a value answer, with the options that it shares with others."""
    from retcalc.answers.base.assumptions import parse_margins

    lives = given.discount, given.horizon, given.cohort_date, given.first_month
    request = life_request(options, *lives)
    value = request.value
    if given.margin is not None:
        value = replace(value, margins=parse_margins(given.margin))
    if given.lifespan is not None:
        value = replace(value, method=given.lifespan)
    if lag is not None:
        value = replace(value, lag=lag)
    return replace(request, value=value)


@data_command("Value", "retcalc clv mrr.csv --margin 0.8 --by plan")
def clv(options: Options, value: ValueOptions, trend: Trend = False) -> Result:
    """Customer lifetime value with its three factors; --trend splits its change."""
    from retcalc.answers.value.clv import clv_result, trend_result

    request = value_request(options, value)
    return trend_result(request) if trend else clv_result(request)


@data_command("Value", "retcalc clv-cac mrr.csv --costs spend.csv --margin 0.8")
def clv_cac(options: Options, value: ValueOptions, lag: Lag = None) -> Result:
    """CAC, CLV:CAC with a flag below the target, payback and magic number."""
    from retcalc.answers.value.clv_cac import cac_result

    return cac_result(value_request(options, value, lag))


@data_command("Value", "retcalc whatif mrr.csv --churn -1pt --margin 0.8")
def whatif(
    options: Options,
    churn: Annotated[
        str | None,
        Option("--churn", help="Points of monthly churn: -1pt.", metavar="POINTS"),
    ] = None,
    renewal: Annotated[
        str | None,
        Option("--renewal", help="Yearly renewal, from one rate to another.", metavar="80%:85%"),
    ] = None,
    expansion: Annotated[
        str | None,
        Option("--expansion", help="Points of monthly expansion: +0.5pt.", metavar="POINTS"),
    ] = None,
    margin: Margin = None,
    discount: Discount = None,
    horizon: Horizon = None,
) -> Result:
    """Effect of a change in churn, renewal or expansion on ARR, life, CLV and profit."""
    from retcalc.answers.value.whatif import parse_change, whatif_result

    change = parse_change(churn, renewal, expansion)
    value = ValueOptions(margin=margin, discount=discount, horizon=horizon)
    return whatif_result(value_request(options, value), change)


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
