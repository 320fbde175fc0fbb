"""compare: one metric under several definition profiles, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retcalc.answers.base.prepare import prepare
from retcalc.answers.base.rate_plans import concerns, rate_of
from retcalc.answers.base.request import Request
from retcalc.answers.revenue.rollforward import definition
from retcalc.answers.trust.definition_walk import Bench, Stand, Step
from retcalc.answers.trust.explain import command_metrics, known_metric, one_number
from retcalc.book import Book
from retcalc.config.definitions.names import profile_names
from retcalc.config.definitions.profile import Profile
from retcalc.config.load_definition import load_profile
from retcalc.core.result import Block, Column, Result, Row, Unit, Value
from retcalc.metrics import bridge_metrics, metrics

NAMED = 3  # accounts named in a step of a walk
Walks = Mapping[Profile, tuple[Step, ...]]


def compare_result(
    request: Request, metric: str, profiles: Sequence[str] = (), accounts: int = 0
) -> Result:
    """One row a profile; the first, that of the request, is what the others are compared with.

    ``profiles`` are names or files; all that concern the metric when there are none. ``accounts``
    is how many accounts of every step are listed beside the rows.
    """
    name = known_metric(metric, comparable())
    one_number(request, "compare")
    prepared = prepare(request, split=True)
    book, bench, start = prepared.book, Bench(name, prepared, request), request.profile
    chosen = _profiles(name, profiles)
    walks = {p: bench.walk(start, p) for p in (start, *chosen)}
    first, unit = bench.stand(start), _unit(name)
    return Result(
        metric="compare",
        title=f"{metrics()[name].label} by definition",
        definition={"metric": name, **definition(request, name)},
        columns=columns(name),
        rows=tuple(_row(bench.stand(p), first, _walk(w, book, unit)) for p, w in walks.items()),
        window=prepared.window,
        currency=book.currency,
        notes=prepared.notes,
        sources=book.sources,
        extra={"accounts": _accounts(walks, book, unit, accounts)} if accounts else {},
        config_sha256=request.config_sha256,
    )


def columns(metric: str) -> tuple[Column, ...]:
    """The columns of a metric's comparison."""
    return (
        Column("profile", "Profile", "text"),
        Column("value", metrics()[metric].label, "rate"),
        Column("difference", "Difference", "rate"),
        Column("measures", "What it measures", "text"),
        Column("walk", "Walk", "block"),
    )


def comparable() -> tuple[str, ...]:
    """The metrics that a definition can change, and the commands that show one of them."""
    names = [n for n in bridge_metrics() if rate_of(n).changes]
    return (*names, *(n for n in command_metrics() if n not in names))


def _profiles(metric: str, named: Sequence[str]) -> list[Profile]:
    if named:
        return [load_profile(name) for name in named]
    return [p for p in map(load_profile, profile_names()) if concerns(p, metric)]


def _unit(metric: str) -> Unit:
    return "money" if metrics()[metric].needs == {"revenue"} else "count"


def _row(stand: Stand, first: Stand, walk: Block) -> Row:
    values: dict[str, Value] = {
        "profile": stand.profile.name,
        "value": stand.value,
        "difference": None,
        "measures": stand.profile.title,
        "walk": walk,
    }
    reasons = {} if stand.value is not None else {"value": stand.reason}
    if stand.value is not None and first.value is not None:
        values["difference"] = stand.value - first.value
    else:
        reasons["difference"] = stand.reason or "no_default_value"
    return Row(values, reasons=reasons)


def _walk(steps: Sequence[Step], book: Book, unit: Unit) -> Block:
    """The steps as a table: rule, accounts that changed, amount, and the parts of the rate."""
    rows = [
        Row(
            {
                "rule": step.rule,
                "accounts": step.changes.height,
                "amount": step.amount,
                "numerator": step.above,
                "denominator": step.below,
                "largest": ", ".join(_ids(step, book, NAMED)),
            },
            reasons={} if step.above is not None else _SEVERAL,
        )
        for step in steps
    ]
    return Block(walk_columns(unit), tuple(rows))


def walk_columns(unit: Unit) -> tuple[Column, ...]:
    """The columns of a walk; ``unit`` is that of the rate's parts."""
    return (
        Column("rule", "Rule", "text"),
        Column("accounts", "Accounts", "count"),
        Column("amount", "Amount", "rate"),
        Column("numerator", "Numerator", unit),
        Column("denominator", "Denominator", unit),
        Column("largest", "Largest", "text"),
    )


_SEVERAL = dict.fromkeys(("numerator", "denominator"), "several_rates")


def _ids(step: Step, book: Book, count: int) -> list[str]:
    return book.accounts.gather(step.changes["account"].head(count)).to_list()


def _accounts(walks: Walks, book: Book, unit: Unit, count: int) -> Block:
    """The accounts that moved most in every step, and the change of their parts of the rate."""
    shown = account_columns(unit)
    rows = [
        Row(dict(zip((c.name for c in shown), (p.name, s.rule, id_, above, below), strict=True)))
        for p, steps in walks.items()
        for s in steps
        for id_, (above, below) in zip(
            _ids(s, book, count),
            s.changes.head(count).select("above", "below").iter_rows(),
            strict=True,
        )
    ]
    return Block(shown, tuple(rows))


def account_columns(unit: Unit) -> tuple[Column, ...]:
    """The columns of the accounts of a step; ``unit`` is that of the rate's parts."""
    return (
        Column("profile", "Profile", "text"),
        Column("rule", "Rule", "text"),
        Column("account", "Account", "text"),
        Column("numerator", "Numerator", unit),
        Column("denominator", "Denominator", unit),
    )
