"""explain: the accounts and source rows behind one number, which add up to it exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from retcalc.answers.base.prepare import prepare
from retcalc.answers.base.rate_plans import Plan, Span, chain, months
from retcalc.answers.base.rates import Rates
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL, segments_as_of
from retcalc.answers.revenue.contracted import NAMES as CONTRACTED
from retcalc.answers.revenue.rollforward import ANSWERS, IN_SOME, MONEY, definition
from retcalc.answers.trust.contracted_accounts import contracted_accounts
from retcalc.answers.trust.lost_accounts import WIN_BACK, win_back_accounts
from retcalc.answers.trust.source_rows import SourceRow, block, in_words, source_rows, sums_of
from retcalc.book import Book, constant_currency
from retcalc.config.definitions.profile import Profile
from retcalc.core.findings import Finding, RetcalcError, did_you_mean, own_fault
from retcalc.core.months import Window, format_month
from retcalc.core.result import Block, Column, Result, Row, Value
from retcalc.kernels.by_account.account_bridge import (
    LINES,
    MOVEMENTS,
    account_window,
    movement,
)
from retcalc.kernels.by_account.churn_events import EVENT_LINES, JOINED
from retcalc.kernels.panel_facts import account_lines
from retcalc.metrics import Undefined, bridge_metrics, metric, metrics
from retcalc.metrics.rate_formula import Lines, RateFormula

# no one number, so every account is behind them
WHOLE = tuple(name for name, answer in ANSWERS.items() if not answer.one_number)
EVENT_LABELS = dict(zip(EVENT_LINES, ("Left and back", "Joined and left", "Joined"), strict=True))
COLUMNS = (
    Column("account", "Account", "text"),
    Column("movement", "Movement", "text"),
    *(Column(name, label, "money") for name, label in MONEY.items()),  # add up down, not along
    *(Column(name, label, "count") for name, label in EVENT_LABELS.items()),
    Column("source", "Source", "text"),
    Column("line", "Line", "count"),
    Column("lines", "All rows", "text"),
    Column("source_rows", "Source rows", "block"),
)
SOMETIMES = {*(IN_SOME & set(MONEY)), *EVENT_LABELS, "lines", "source_rows"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Which of the accounts are shown: all, unless a movement or a limit is given.

    ``sort`` is change, opening, closing (largest first) or account. ``all_rows`` names every
    source row of the ends of the window, also as a nested table when ``nested``.
    """

    movement: str | None = None
    limit: int | None = None
    sort: str = "change"
    all_rows: bool = False
    nested: bool = False


def explain_result(request: Request, asked: str, shown: Shown = Shown()) -> Result:
    """One row an account that the metric looks at, the total last; raises RC702 when it differs."""
    name = known_metric(asked, explainable())
    one_number(request, "explain")
    if name == WIN_BACK:
        return win_back_accounts(request, shown.limit)
    if name in CONTRACTED:
        return contracted_accounts(request, name, shown.limit)
    prepared = prepare(request, split=True)
    book, profile = prepared.book, request.profile
    rates = Rates(book, prepared.window, request)
    made = _plan(name, rates, request)
    span = made.spans[0]
    window = Window(span[0].opening, span[-1].closing)
    accounts, total = account_facts(rates, made, span, profile), rates.lines(made, span, profile)
    check_sums(accounts, total[TOTAL])
    accounts = accounts.with_columns(_movement(made))
    every = name in WHOLE or metrics()[name].everyone
    looked = LINES if every else made.form.lines
    behind = accounts.filter(pl.any_horizontal(pl.col(n) != 0 for n in looked))
    if shown.movement is not None:
        behind = behind.filter(pl.col("movement").str.split("+").list.contains(shown.movement))
    number = _number(name, made, total[TOTAL], window)
    return Result(
        metric="explain",
        title=f"Accounts behind {metrics()[name].label if number else 'the movements'}",
        definition={"metric": name, **_definition(name, request)},
        columns=_columns(book, made, shown),
        rows=_rows(book, behind, window, made, shown),
        window=window,
        currency=book.currency,
        notes=prepared.notes,
        sources=book.sources,
        extra={} if number is None else {"number": number},
        config_sha256=request.config_sha256,
    )


def command_metrics() -> dict[str, str]:
    """The metric that a command is about, where it is about one."""
    return {name: answer.main for name, answer in ANSWERS.items() if name not in WHOLE}


def explainable() -> tuple[str, ...]:
    """Every metric and command that explain can list the accounts of."""
    return tuple(
        dict.fromkeys([*bridge_metrics(), *command_metrics(), *WHOLE, *CONTRACTED, WIN_BACK])
    )


def known_metric(given: str, names: Sequence[str]) -> str:
    """The metric of a name or its alias; raises RC170 for one that has no accounts behind it."""
    if given in names:
        name = command_metrics().get(given, given)
        made = metric(name).made_from if name in metrics() else None
        return made.name if made else name
    hint = did_you_mean(given, names)
    text = f"{given!r} is not made of accounts" if given in metrics() else f"no metric {given!r}"
    fix = f"{hint}{'  ' if hint else ''}one of {', '.join(names)}"
    raise RetcalcError(Finding("RC170", text, fix=fix))


def one_number(request: Request, command: str) -> None:
    """Refuse ``--by``: the command speaks of one number."""
    if request.question.by:
        fix = f"--where '{request.question.by[0]}=VALUE'   instead of --by"
        raise RetcalcError(Finding("RC171", f"{command} speaks of one number", fix=fix))


def account_facts(rates: Rates, made: Plan, span: Span, profile: Profile) -> pl.DataFrame:
    """Lines of every account in a span of a plan: account, LINES, EVENT_LINES by day."""
    as_of, gap = segments_as_of(rates.request), profile.reactivation_gap
    counted = rates.book.of(rates.counted(profile, span[0].opening))
    lines = account_lines(constant_currency(counted, span[0].months), span, gap, as_of)
    facts = account_window(lines, span)
    if not made.by_day:
        return facts
    events = rates.events(span, profile).filter(pl.col("seg") >= 0).drop("seg")
    both = facts.join(events, on="account", how="full", coalesce=True, validate="1:1")
    return both.fill_null(0).sort("account")


def _movement(made: Plan) -> pl.Expr:
    """What an account did, also one that is there at neither end but has events between them."""
    if not made.by_day:
        return movement()
    at_an_end = pl.any_horizontal(pl.col(name) != 0 for name in LINES)
    brief = pl.when(pl.col(JOINED) == 1).then(pl.lit("new+churn")).otherwise(pl.lit("churn"))
    return pl.when(at_an_end).then(movement()).otherwise(brief).alias("movement")


def check_sums(accounts: pl.DataFrame, total: Lines) -> None:
    """Refuse to explain when the accounts do not add up to the number (RC702)."""
    names = [n for n in (*LINES, *EVENT_LINES) if n in accounts.columns]
    sums = accounts.select(pl.col(n).cast(pl.Int128).sum() for n in names).row(0, named=True)
    wrong = next((n for n in names if sums[n] != total[n]), None)
    if wrong is not None:
        raise own_fault("RC702", f"the accounts do not add up to the {wrong} of the number")


def _plan(name: str, rates: Rates, request: Request) -> Plan:
    if name in WHOLE:
        window = rates.window
        if name == "movements" and request.window.text is None:
            window = Window(rates.book.first - 1, window.closing)
        span = months(window) if name == "movements" else chain(request.profile, window)
        return Plan(RateFormula({}), (span,), "product", "")
    made = rates.plan(name, request.profile)
    problem = rates.problem(made)
    if problem is not None:
        text = f"{name} of the profile {request.profile.name} cannot be made from this data"
        value = f"it needs other data: {problem.replace('_', ' ')}"
        raise RetcalcError(Finding("RC280", text, value=value, fix="--definition default"))
    if len(made.spans) > 1:
        text = f"{name} of the profile {request.profile.name} is made of {len(made.spans)} rates"
        month = format_month(made.spans[-1][-1].closing)
        fix = f"explain one of them: --definition default --as-of {month} --window 1m"
        raise RetcalcError(Finding("RC172", text, value=made.formula, fix=fix))
    return made


def _definition(name: str, request: Request) -> dict[str, str | int | bool | None]:
    if name in metrics():
        return definition(request, name)
    basis = "monthly" if name == "movements" else request.profile.basis
    return {"profile": request.profile.name, "basis": basis}


def _number(name: str, made: Plan, total: Lines, window: Window) -> Block | None:
    """The number that is explained; movements and summaries are none."""
    if name not in metrics():
        return None
    known = metrics()[name]
    value = known.value(total, window.months, made.form)
    column = Column(name, known.label, known.unit)
    if isinstance(value, Undefined):
        return Block((column,), (Row({name: None}, reasons={name: value.reason}),))
    return Block((column,), (Row({name: value}),))


def _columns(book: Book, made: Plan, shown: Shown) -> tuple[Column, ...]:
    # one file is named below the table anyway
    several = sum(s.total_mrr is not None for s in book.sources) > 1
    without = {n for n in MONEY if n not in _money(book)}
    without |= set() if made.by_day else set(EVENT_LABELS)
    without |= set() if shown.all_rows else {"lines"}
    without |= set() if shown.all_rows and shown.nested else {"source_rows"}
    every = (replace(c, screen=several) if c.name == "source" else c for c in COLUMNS)
    return tuple(c for c in every if c.name not in without)


def _money(book: Book) -> list[str]:
    segmented = book.filtered
    without = set() if book.exchange is not None else {"fx_mrr"}
    return [n for n in MONEY if n not in without and (segmented or not n.startswith("segment_"))]


def _rows(
    book: Book, behind: pl.DataFrame, window: Window, made: Plan, shown: Shown
) -> tuple[Row, ...]:
    """Rows in the order asked for, the rest in one row if there is a limit, the total."""
    figures = [*_money(book), *(EVENT_LINES if made.by_day else ())]
    ordered = _sorted(behind, shown.sort)
    first = ordered if shown.limit is None else ordered.head(shown.limit)
    rest = ordered.tail(ordered.height - first.height)
    names = book.accounts.gather(first["account"])
    found = source_rows(book, first["account"], window)
    rows = []
    for name, facts in zip(names, first.iter_rows(named=True), strict=True):
        values = {"account": name, "movement": facts["movement"], **{n: facts[n] for n in figures}}
        rows.append(Row(values | _places(found.get(facts["account"], ()), shown)))
    if rest.height:
        more = f"({rest.height:,} more account{'s' if rest.height > 1 else ''})"
        rows.append(Row({"account": more, "movement": None, **sums_of(rest, figures)}))
    return (*rows, Row({"account": None, "movement": None, **sums_of(ordered, figures)}))


def _sorted(behind: pl.DataFrame, by: str) -> pl.DataFrame:
    if by == "account":
        return behind.sort("account")
    moved = pl.sum_horizontal(MOVEMENTS.values())
    size = moved if by == "change" else pl.col(f"{by}_mrr")
    return behind.sort(size, "account", descending=[True, False])


def _places(rows: tuple[SourceRow, ...], shown: Shown) -> dict[str, Value]:
    if not rows:
        return {}
    places: dict[str, Value] = {"source": rows[0].source, "line": rows[0].line}
    if shown.all_rows:
        places["lines"] = in_words(rows)
    if shown.nested:
        places["source_rows"] = block(rows)
    return places
