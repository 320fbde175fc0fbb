"""nrr, grr, churn, retention, movements and summary: one bridge, different headlines."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retcalc.answers.base.confidence import bounds, interval_of, replicates
from retcalc.answers.base.prepare import Prepared, prepare, refuse_undated, told_window
from retcalc.answers.base.rate_plans import formula_of, special_switches
from retcalc.answers.base.rates import formulas, opening_accounts, profiled
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL, monthly_sums, months_of, order, window_sums
from retcalc.book import Book
from retcalc.core.findings import Finding
from retcalc.core.months import Window, format_month
from retcalc.core.result import ABOVE, Column, MadeOf, Product, Quotient, Result, Row, Unit, Value
from retcalc.kernels.bridge import Bridge
from retcalc.metrics import Rate, Undefined, bridge_metrics, lines_of, metric, shown_in
from retcalc.metrics.metric import Fact
from retcalc.metrics.rate_formula import RateFormula

if TYPE_CHECKING:
    from retcalc.kernels.by_account.bootstrap import Replicate

MONEY = {
    "opening_mrr": "Opening MRR",
    "new_mrr": "New",
    "reactivation_mrr": "Reactivation",
    "expansion_mrr": "Expansion",
    "contraction_mrr": "Contraction",
    "churn_mrr": "Churn",
    "segment_in_mrr": "Segment in",
    "segment_out_mrr": "Segment out",
    "fx_mrr": "FX",
    "closing_mrr": "Closing MRR",
}
COUNTS = {
    "opening_accounts": "Opening accounts",
    "new_accounts": "New accounts",
    "reactivated_accounts": "Reactivated accounts",
    "churned_accounts": "Churned accounts",
    "segment_in_accounts": "Accounts in",
    "segment_out_accounts": "Accounts out",
    "closing_accounts": "Closing accounts",
}
_OUT = {"contraction_mrr", "churn_mrr", "segment_out_mrr"}
_OUT |= {"churned_accounts", "segment_out_accounts"}
# lines that are zero, and not shown, where nobody changes segment or currency
IN_SOME = frozenset(n for n in (*MONEY, *COUNTS) if n.startswith(("segment_", "fx_")))
_HEADLINES = {"closing_mrr": 40, "closing_accounts": 50}
MONTH = Column("month", "Month", "month")
_WITHOUT_MONEY = "logo_retention"  # stands beside figures of accounts alone
_BRIDGE = tuple(MONEY)
_LOGOS = ("opening_accounts", "churned_accounts", "closing_accounts")
_BOTH: frozenset[Fact] = frozenset({"revenue", "accounts"})
_LOSSES = ("opening_mrr", "expansion_mrr", "contraction_mrr", "churn_mrr")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command shows: ``main`` is the metric whose formula stands beside the figures.

    ``bridge`` are the bridge columns of a table with several rows. Which metrics it shows is said
    by the metrics. ``needs`` are the facts without which there is no such answer.
    ``one_number``: it is about its main metric, so explain lists the accounts behind that.
    """

    title: str
    main: str
    bridge: tuple[str, ...]
    needs: frozenset[Fact] = frozenset({"accounts"})
    one_number: bool = True


ANSWERS: Mapping[str, Answer] = {
    "nrr": Answer("Net revenue retention", "nrr", (*_BRIDGE, *_LOGOS), _BOTH),
    "grr": Answer("Gross revenue retention", "grr", (*_LOSSES, *_LOGOS), _BOTH),
    "churn": Answer("Churn", "logo_churn", (*_LOGOS, *_LOSSES)),
    "retention": Answer("Logo retention", "logo_retention", tuple(COUNTS)),
    "movements": Answer("MRR movements", "nrr", (*_BRIDGE, *_LOGOS), frozenset(), one_number=False),
    "summary": Answer(
        "Summary",
        "nrr",
        ("opening_mrr", "closing_mrr", "opening_accounts", "closing_accounts"),
        one_number=False,
    ),
}


def shown(command: str) -> tuple[str, ...]:
    """The metrics of a command's tables, its main one first."""
    names = shown_in(command)
    main = ANSWERS[command].main
    return (main, *(name for name in names if name != main))


def rates_of(command: str, given: Collection[Fact]) -> list[str]:
    """The metrics of a command: those it shows, then those of every command's JSON.

    These are what became of the opening accounts. ``given`` are the facts that the data has.
    """
    every = [n for n, m in bridge_metrics().items() if m.of_opening and command != "movements"]
    names = dict.fromkeys([*shown(command), *every])
    return [name for name in names if metric(name).needs <= set(given)]


def bridge_result(
    command: str, request: Request, *, monthly: bool = False, trailing: int | None = None
) -> Result:
    """The answer of one of ANSWERS; ``monthly`` gives a row per month.

    With ``trailing`` each month's row also has the retention of so many months up to its end.
    """
    needs = ANSWERS[command].needs if trailing is None else _BOTH
    given = {"revenue": "revenue" in needs, "accounts": "accounts" in needs}
    prepared = prepare(request, **given, split=True)
    if monthly:
        refuse_undated(prepared.book, request, "a row a month")
    return prepared_result(command, request, prepared, monthly=monthly, trailing=trailing)


def prepared_result(
    command: str,
    request: Request,
    prepared: Prepared,
    *,
    monthly: bool = False,
    trailing: int | None = None,
) -> Result:
    """The same from a book and a window that are there already."""
    book, window, notes = prepared.book, prepared.window, list(prepared.notes)
    if command == "movements" and request.window.text is None and window.months:
        window = Window(book.first - 1, window.closing)
    if monthly and window.months and window.opening < book.first and book.given is None:
        text = f"{format_month(book.first)} is the start of the data: its new MRR is a stock"
        notes.append(Finding("RC895", text))
    answer = ANSWERS[command]
    facts: dict[Fact, bool] = {"revenue": book.revenue, "accounts": book.given is None}
    facts["segments"] = bool(book.by) and request.question.segment_basis == "opening"
    rates = rates_of(command, [fact for fact, known in facts.items() if known])
    forms = formulas(request, rates, 1 if monthly else window.months)
    rows = _rows(book, window, request, forms, monthly=monthly)
    months = None if monthly else window.months
    columns, also = _columns(book, forms, command, request, months), {}
    if trailing is not None:
        from retcalc.answers.revenue.trailing import trailing_columns, with_trailing

        rows = with_trailing(rows, book, window, request, trailing)
        columns = (*columns, *trailing_columns(trailing))
        also = {"trailing_months": trailing}
    if command == "summary":
        from retcalc.answers.revenue.contracted import with_contracted

        columns, rows, more = with_contracted(columns, rows, prepared)
        notes += more
    return Result(
        metric=command,
        title=answer.title,
        definition={
            **definition(request, answer.main if answer.main in rates else _WITHOUT_MONEY),
            **also,
        },
        columns=columns,
        rows=rows,
        window=told_window(book, window, request) if window.months else None,
        currency=book.currency,
        notes=tuple(notes),
        sources=book.sources,
        by=book.by,
        config_sha256=request.config_sha256,
    )


def definition(request: Request, name: str) -> dict[str, str | int | bool | None]:
    """The formula and switches that stand beside a figure."""
    profile = request.profile
    return {
        "profile": profile.name,
        "basis": profile.basis,
        "formula": formula_of(name, profile),
        "reactivation_in_nrr": profile.reactivation_in_nrr,
        "reactivation_gap": profile.reactivation_gap,
        **special_switches(profile),
        "segments_as_of": request.question.segment_basis,
        **({"exchange_rates": request.sources.rules.fx.policy} if request.sources.fx else {}),
    }


def _rows(
    book: Book,
    window: Window,
    request: Request,
    forms: Mapping[str, RateFormula],
    *,
    monthly: bool,
) -> tuple[Row, ...]:
    if monthly:
        sums = monthly_sums(book, window, request)
        cells = [(s, m) for s in order(book) for m in months_of(window)]
        plain = {s: dict[str, Rate]() for s in order(book)}
        by_month = {
            m: plain if book.given else profiled(book, Window(m - 1, m), request, list(forms))
            for m in months_of(window)
        }
        return tuple(
            _row(book, s, m, sums[s, m], Window(m - 1, m), forms, request, by_month[m][s])
            for s, m in cells
        )
    totals = window_sums(book, window, request)
    draws = _draws(book, window, request)
    given = profiled(book, window, request, list(forms))
    return tuple(
        _row(book, s, None, totals[s], window, forms, request, given[s], draws.get(s, ()))
        for s in order(book)
    )


def _draws(book: Book, window: Window, request: Request) -> Mapping[int, Sequence[Replicate]]:
    """Replicates for the intervals of revenue rates, where resampling accounts mirrors them."""
    plain = request.profile.basis == "endpoints" and not request.profile.reactivation_in_nrr
    return replicates(book, window) if request.confidence is not None and plain else {}


def _segmented(book: Book) -> bool:
    return bool(book.by) or book.filtered


def _bridge_names(book: Book) -> list[str]:
    names = [*(MONEY if book.revenue else ()), *(COUNTS if book.given is None else ())]
    without = {"fx_mrr"} if book.exchange is None else set()
    without |= set() if _segmented(book) else IN_SOME - {"fx_mrr"}
    return [n for n in names if n not in without]


def _columns(
    book: Book,
    forms: Mapping[str, RateFormula],
    command: str,
    request: Request,
    months: int | None,
) -> tuple[Column, ...]:
    """The columns of rows over so many months, or of a row a month if ``months`` is None."""
    # one row prints as a whole bridge, many need room
    several = months is None or bool(book.by)
    bridge = [
        bridge_column(name, screen=not several or name in ANSWERS[command].bridge)
        for name in _bridge_names(book)
    ]
    shares: list[Column] = []
    for name, form in forms.items():
        seen = name in shown(command)
        shares.append(metric(name).column(screen=seen, formula=form, months=months or 1))
        if request.confidence is not None and interval_of(name):
            shares += interval_columns(name, screen=seen)
    return (*([MONTH] if months is None else ()), *bridge, *shares)


def bridge_column(name: str, *, screen: bool = True) -> Column:
    """The column of a line of the bridge; its closing follows from the others."""
    labels = MONEY if name in MONEY else COUNTS
    *lines, end = labels
    made_of: MadeOf | None = None
    if name == end:
        made_of = Quotient({n: -1 if n in _OUT else 1 for n in lines}, {})
    elif name.startswith("opening_"):
        made_of = Product(({f"{ABOVE}{end}": 1},))
    unit: Unit = "money" if name in MONEY else "count"
    return Column(name, labels[name], unit, screen, made_of, _HEADLINES.get(name))


def interval_columns(name: str, *, screen: bool = True) -> list[Column]:
    """The columns of a metric's interval."""
    known = metric(name)
    return [
        Column(f"{name}_{end}", f"{known.label} {end}", known.unit, screen=screen)
        for end in ("lower", "upper")
    ]


def _row(
    book: Book,
    segment: int,
    month: int | None,
    bridge: Bridge,
    span: Window,
    forms: Mapping[str, RateFormula],
    request: Request,
    given: Mapping[str, Rate],
    draws: Sequence[Replicate] = (),
) -> Row:
    """One row; ``given`` are the rates that the profile defines otherwise."""
    values: dict[str, Value] = {} if month is None else {"month": month}
    lines = lines_of(bridge)
    values |= {n: lines[n] for n in _bridge_names(book)}
    reasons = {}
    for name, form in forms.items():
        value = given[name] if name in given else metric(name).value(lines, span.months, form)
        if book.dateless and metric(name).convert is not None:
            value = Undefined("no_dates")  # nobody told over how many months they left
        if isinstance(value, Undefined):
            values[name], reasons[name] = None, value.reason
        else:
            values[name] = value
    if request.confidence is not None:
        plain = {name: form for name, form in forms.items() if name not in given}
        values |= bounds(plain, lines, draws, request.confidence)
    named = {} if segment == TOTAL else dict(zip(book.by, book.segments[segment], strict=True))
    few = opening_accounts(request, bridge, span.months) < request.min_group
    return Row(values, named, reasons, small=book.given is None and few)
