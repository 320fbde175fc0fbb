"""validate, compare, explain: what to think of the export and of a number."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from typer import Argument, Option

from retcalc.cli.app import data_command
from retcalc.cli.commands.customers import ReasonOptions
from retcalc.cli.commands.revenue import KindOptions
from retcalc.cli.completion import metric_names
from retcalc.cli.options import Options
from retcalc.core.choices import AccountOrder, Movement
from retcalc.core.result import Result

SCREENFUL = 20

Metric = Annotated[
    str,
    Argument(metavar="METRIC", help="nrr, grr, logo_churn, …", autocompletion=metric_names),
]


@data_command("Trust", "retcalc validate mrr.csv")
def validate(options: Options) -> tuple[Result, int]:
    """What is wrong with the export, row by row; share of records affected."""
    from retcalc.answers.trust.validate import validate_result
    from retcalc.cli.request import make_request

    return validate_result(make_request(options))


@data_command("Trust", "retcalc explain nrr mrr.csv --movement churn", own_inputs=("reasons",))
def explain(
    options: Options,
    metric: Metric,
    reasons: ReasonOptions,
    kinds: KindOptions,
    reason: Annotated[
        str | None,
        Option(
            "--reason",
            help="Only the accounts that left for this reason, or for one of this kind.",
            metavar="REASON",
        ),
    ] = None,
    account: Annotated[
        str | None,
        Option("--account", help="The life of one account, month by month.", metavar="ID"),
    ] = None,
    segment: Annotated[
        list[str] | None,
        Option("--segment", help="Only this segment, as --where; repeatable.", metavar="plan=Pro"),
    ] = None,
    movement: Annotated[
        Movement | None, Option("--movement", help="Only the accounts that did this.")
    ] = None,
    sort: Annotated[AccountOrder, Option("--sort", help="Order of the accounts.")] = "change",
    limit: Annotated[
        int | None,
        Option(
            "--limit",
            min=0,
            metavar="N",
            help="The first N accounts, the rest in one row. On screen 20, else all.",
        ),
    ] = None,
    all_rows: Annotated[
        bool, Option("--all-rows", help="Every source row at the ends of the window.")
    ] = False,
) -> Result:
    """The accounts and source rows behind one number; they add up to it exactly."""
    from retcalc.answers.trust.account_history import life_result
    from retcalc.answers.trust.explain import Shown, explain_result, explainable
    from retcalc.cli.request import make_request

    options = replace(options, where=[*(options.where or ()), *(segment or ())] or None)
    if account is not None:
        if metric not in explainable():  # a life needs no metric: the word is a file
            options = replace(options, data=[metric, *(options.data or ())])
        return life_result(make_request(options), account)
    on_screen = not options.output and options.format in (None, "table")
    json = options.format == "json" or any(p.endswith(".json") for p in options.output or ())
    shown = Shown(
        movement=movement,
        limit=SCREENFUL if limit is None and on_screen else limit,
        sort=sort,
        all_rows=all_rows,
        nested=all_rows and json,
    )
    if reasons.asked or reason is not None:
        from retcalc.answers.trust.lost_accounts import reason_accounts

        return reason_accounts(reasons.request(options), metric, reason, shown.limit)
    if kinds.asked:
        from retcalc.answers.trust.kind_accounts import kind_accounts

        return kind_accounts(kinds.request(options), metric, shown.limit)
    return explain_result(make_request(options), metric, shown)


@data_command("Trust", "retcalc compare nrr mrr.csv --profile lazy-nrr", own_inputs=("profile",))
def compare(
    options: Options,
    metric: Metric,
    profile: Annotated[
        list[str] | None,
        Option(
            "--profile",
            metavar="PROFILE",
            help="A name or a YAML file; repeatable. Default all that concern the metric.",
        ),
    ] = None,
    accounts: Annotated[
        int, Option("--accounts", min=0, metavar="N", help="List N accounts of every step.")
    ] = 0,
) -> Result:
    """The same data under several definition profiles, and why they differ."""
    from retcalc.answers.trust.compare import compare_result
    from retcalc.cli.request import make_request

    return compare_result(make_request(options), metric, profile or (), accounts)
