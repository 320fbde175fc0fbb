"""cohort, tenure, renewals, concentration, churn, retention, win-back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from typer import Option

from retcalc.cli.app import data_command
from retcalc.cli.commands.revenue import bridge_answer
from retcalc.cli.options import Options
from retcalc.cli.output.plot import Plot, plotted
from retcalc.core.choices import CohortAverage, CohortFigure, CohortPeriod
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.result import Result

if TYPE_CHECKING:
    from retcalc.answers.base.request import Request

CohortDate = Annotated[
    str | None,
    Option(
        "--cohort-date",
        help="Date column of the customers file that accounts begin with; default the first "
        "paid month.",
        metavar="COLUMN",
        show_default=False,
    ),
]


@data_command(
    "Customers",
    "retcalc cohort mrr.csv --period quarter --show mrr",
    own_outputs=("plot",),
)
def cohort(
    options: Options,
    period: Annotated[
        CohortPeriod, Option("--period", help="Period of a cohort; quarters and years are fiscal.")
    ] = "month",
    cohort_date: CohortDate = None,
    show: Annotated[
        CohortFigure, Option("--show", help="Accounts, net MRR, or MRR without what grew back.")
    ] = "accounts",
    percent: Annotated[
        bool, Option("--percent/--absolute", help="Share of the start, or the figures themselves.")
    ] = True,
    average: Annotated[
        CohortAverage,
        Option(
            "--average",
            help="Over cohorts old enough, weighted by initial size or simple; constant: only "
            "over those that reached the oldest age shown.",
        ),
    ] = "weighted",
    ages: Annotated[
        int | None, Option("--ages", help="Oldest age shown.", metavar="N", min=0)
    ] = None,
    plot: Plot = None,
) -> Result:
    """What accounts that began together pay at each age; with --window those that began in it."""
    from retcalc.answers.customers.cohort import Asked, cohort_result
    from retcalc.cli.request import make_request

    asked = Asked(
        period=period,
        date=cohort_date,
        show=show,
        percent=percent,
        average=average,
        ages=ages,
    )
    return plotted(lambda: cohort_result(make_request(options), asked), plot, options)


@data_command("Customers", "retcalc tenure mrr.csv --customers customers.csv")
def tenure(
    options: Options,
    phases: Annotated[
        str | None,
        Option(
            "--phases",
            help="Days at which phases end; default 30,90,180.",
            metavar="DAYS",
            show_default=False,
        ),
    ] = None,
    cohort_date: Annotated[
        str | None,
        Option(
            "--cohort-date",
            help="Date column of the customers file that a life starts with; default its sign-up "
            "date, else the first paid month.",
            metavar="COLUMN",
            show_default=False,
        ),
    ] = None,
) -> Result:
    """Churn by phase of life; with --window of accounts that began in it."""
    from retcalc.answers.customers.tenure import tenure_result
    from retcalc.cli.request import make_request

    boundaries = None if phases is None else _boundaries(phases)
    return tenure_result(make_request(options), date=cohort_date, boundaries=boundaries)


@data_command("Customers", "retcalc renewals subs.csv --ahead 6m")
def renewals(
    options: Options,
    monthly: Annotated[bool, Option("--monthly", help="A row per month of the window.")] = False,
    accounts: Annotated[
        bool, Option("--accounts", help="A row per account and end of its terms.")
    ] = False,
    ahead: Annotated[
        str | None,
        Option(
            "--ahead",
            help="The accounts that fall due in so many months after the closing: 6m, 1q, 1y.",
            metavar="LENGTH",
            show_default=False,
        ),
    ] = None,
) -> Result:
    """What came up for renewal: renewed, lost, still open; or what falls due next."""
    from retcalc.answers.contracts.renewals import Asked, renewals_result
    from retcalc.cli.request import make_request
    from retcalc.core.months import months_of_length

    months = None if ahead is None else months_of_length(ahead, "--ahead 6m")
    asked = Asked(monthly=monthly, accounts=accounts, ahead=months)
    return renewals_result(make_request(options), asked)


@data_command("Value", "retcalc concentration mrr.csv --top 5")
def concentration(
    options: Options,
    top: Annotated[
        int, Option("--top", help="How many of the largest accounts to list.", metavar="N", min=0)
    ] = 10,
    lorenz: Annotated[
        bool, Option("--lorenz", help="Add the Lorenz curve, at every tenth of the accounts.")
    ] = False,
) -> Result:
    """Share of closing MRR with the top 20% of accounts, the largest accounts, Gini."""
    from retcalc.answers.revenue.concentration import concentration_result
    from retcalc.cli.request import make_request

    return concentration_result(make_request(options), top=top, lorenz=lorenz)


def _boundaries(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if all(part.isascii() and part.isdecimal() and len(part) <= 5 for part in parts):
        days = tuple(map(int, parts))
        if days == tuple(sorted({*days} - {0})):
            return days
    fix = "--phases 30,90,180"
    message = f"{text!r} is no list of phase ends: whole days above 0, ascending"
    raise RetcalcError(Finding("RC163", message, fix=fix))


Monthly = Annotated[bool, Option("--monthly", help="A row per month of the window.")]


@dataclass(frozen=True, slots=True)
class ReasonOptions:
    """Whether churn is told by reason, and where the reasons stand."""

    by_reason: Annotated[
        bool,
        Option("--by-reason", help="By reason for leaving: voluntary, involuntary, unknown."),
    ] = False
    reasons: Annotated[
        str | None,
        Option(
            "--reasons",
            help="Why accounts left: account,date,reason; else a column of the data says it.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None
    reason_column: Annotated[
        str | None,
        Option(
            "--reason-column",
            help="Column of the reason; told from its name by default.",
            metavar="COLUMN",
            show_default=False,
        ),
    ] = None

    @property
    def asked(self) -> bool:
        """True where any of them is given."""
        return bool(self.by_reason or self.reasons or self.reason_column)

    def request(self, options: Options) -> Request:
        """The request of these options, reasons included."""
        from retcalc.cli.request import make_request

        return make_request(options).with_reasons(self.reasons, self.reason_column)


@data_command("Customers", "retcalc churn mrr.csv --monthly", own_inputs=("reasons",))
def churn(options: Options, reason: ReasonOptions, monthly: Monthly = False) -> Result:
    """Logo, gross-revenue and net-revenue churn, per month or for the window, or by reason."""
    if not reason.asked:
        return bridge_answer("churn", options, monthly=monthly)
    from retcalc.answers.contracts.churn_reasons import churn_reasons_result

    return churn_reasons_result(reason.request(options), monthly=monthly)


@data_command("Customers", "retcalc retention mrr.csv --by plan --confidence 95")
def retention(options: Options, monthly: Monthly = False) -> Result:
    """Logo retention: the share of opening accounts still there."""
    return bridge_answer("retention", options, monthly=monthly)


@data_command("Customers", "retcalc win-back mrr.csv --by plan")
def win_back(options: Options) -> Result:
    """Accounts that came back: of those lost in each month how many, when, and at what MRR."""
    from retcalc.answers.contracts.win_back import win_back_result
    from retcalc.cli.request import make_request

    return win_back_result(make_request(options))
