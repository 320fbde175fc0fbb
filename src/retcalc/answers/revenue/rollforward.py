"""nrr, grr, churn, retention, movements and summary: one bridge, different headlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from retcalc.answers.base.confidence import bounds, has_interval, replicates
from retcalc.answers.base.prepare import Prepared, prepare
from retcalc.answers.base.rate_plans import covered, formula_of, special_switches
from retcalc.answers.base.rates import facts_of, profiled
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL, monthly_sums, months_of, order, window_sums
from retcalc.answers.revenue.trailing import trailing_columns, with_trailing
from retcalc.book import Book
from retcalc.core.findings import Finding
from retcalc.core.months import Window, format_month
from retcalc.core.result import Column, Result, Row, Value
from retcalc.kernels.bootstrap import Replicate
from retcalc.metrics import Facts, Rate, Undefined, metric

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
RATES = ("nrr", "grr", "logo_churn", "logo_retention", "gross_revenue_churn", "net_revenue_churn")
LOGO_RATES = ("logo_churn", "logo_retention", "annualised_logo_churn")
_BRIDGE = tuple(MONEY)
_LOGOS = ("opening_accounts", "churned_accounts", "closing_accounts")
_LOSSES = ("opening_mrr", "expansion_mrr", "contraction_mrr", "churn_mrr")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command shows: ``main`` is the metric whose formula stands beside the figures.

    ``rates`` come first; ``bridge`` are the bridge columns of a table with several rows.
    """

    title: str
    main: str
    rates: tuple[str, ...]
    bridge: tuple[str, ...]


ANSWERS: Mapping[str, Answer] = {
    "nrr": Answer("Net revenue retention", "nrr", ("nrr", "grr"), (*_BRIDGE, *_LOGOS)),
    "grr": Answer("Gross revenue retention", "grr", ("grr", "nrr"), (*_LOSSES, *_LOGOS)),
    "churn": Answer(
        "Churn",
        "logo_churn",
        ("logo_churn", "gross_revenue_churn", "net_revenue_churn", "annualised_logo_churn"),
        (*_LOGOS, *_LOSSES),
    ),
    "retention": Answer(
        "Logo retention", "logo_retention", ("logo_retention", "logo_churn"), tuple(COUNTS)
    ),
    "movements": Answer("MRR movements", "nrr", ("nrr", "grr", "logo_churn"), (*_BRIDGE, *_LOGOS)),
    "summary": Answer(
        "Summary",
        "nrr",
        (*RATES, "annualised_logo_churn", "quick_ratio", "arpa", "arr"),
        ("opening_mrr", "closing_mrr", "opening_accounts", "closing_accounts"),
    ),
}


def bridge_result(
    command: str, request: Request, *, monthly: bool = False, trailing: int | None = None
) -> Result:
    """The answer of one of ANSWERS; ``monthly`` gives a row per month.

    With ``trailing`` each month's row also has the retention of so many months up to its end.
    """
    rolling = trailing is not None
    revenue, accounts = rolling or command in ("nrr", "grr"), rolling or command != "movements"
    prepared = prepare(request, revenue=revenue, accounts=accounts)
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
    rates = list(dict.fromkeys([*answer.rates, *(() if command == "movements" else RATES)]))
    if not book.revenue:
        rates = [name for name in rates if name in LOGO_RATES]
    if book.given is not None:
        rates = [name for name in rates if name not in LOGO_RATES]
    rows = _rows(book, window, request, rates, monthly=monthly)
    columns, also = _columns(book, rates, answer, request, monthly=monthly), {}
    if trailing is not None:
        rows = with_trailing(rows, book, window, request, trailing)
        columns = (*columns, *trailing_columns(trailing))
        also = {"trailing_months": trailing}
    return Result(
        metric=command,
        title=answer.title,
        definition={
            **definition(request, answer.main if book.revenue else "logo_retention"),
            **also,
        },
        columns=columns,
        rows=rows,
        window=window if window.months else None,
        currency=book.currency,
        notes=tuple(notes),
        sources=book.sources,
        by=book.by,
        config_sha256=request.config_sha256,
    )


def definition(request: Request, name: str) -> dict[str, str | int | bool | None]:
    """The formula and switches that stand beside a figure."""
    profile = request.profile
    formula = metric(name).formula
    if not covered(name, profile):
        formula = formula_of(name, profile)
    elif profile.reactivation_in_nrr and name in ("nrr", "net_revenue_churn"):
        sign = "+" if name == "nrr" else "-"
        formula = formula.replace(")", f" {sign} reactivation)", 1)
    return {
        "profile": profile.name,
        "basis": profile.basis,
        "formula": formula,
        "reactivation_in_nrr": profile.reactivation_in_nrr,
        "reactivation_gap": profile.reactivation_gap,
        **special_switches(profile),
        "segments_as_of": request.question.segment_basis,
        **({"exchange_rates": request.sources.rules.fx.policy} if request.sources.fx else {}),
    }


def _rows(
    book: Book, window: Window, request: Request, rates: Sequence[str], *, monthly: bool
) -> tuple[Row, ...]:
    facts = partial(facts_of, request)
    if monthly:
        sums = monthly_sums(book, window, request)
        cells = [(s, m) for s in order(book) for m in months_of(window)]
        plain = {s: dict[str, Rate]() for s in order(book)}
        by_month = {
            m: plain if book.given else profiled(book, Window(m - 1, m), request, rates)
            for m in months_of(window)
        }
        return tuple(
            _row(book, s, m, facts(sums[s, m], 1), rates, request, by_month[m][s]) for s, m in cells
        )
    totals = window_sums(book, window, request)
    draws = _draws(book, window, request)
    given = profiled(book, window, request, rates)
    return tuple(
        _row(
            book,
            s,
            None,
            facts(totals[s], window.months),
            rates,
            request,
            given[s],
            draws.get(s, ()),
        )
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
    return [
        n for n in names if n not in without and (_segmented(book) or not n.startswith("segment_"))
    ]


def _columns(
    book: Book, rates: Sequence[str], answer: Answer, request: Request, *, monthly: bool
) -> tuple[Column, ...]:
    labels = {**MONEY, **COUNTS}
    months = [Column("month", "Month", "month")] if monthly else []
    several = monthly or bool(book.by)  # one row prints as a whole bridge, many need room
    bridge = [
        Column(
            name,
            labels[name],
            "money" if name in MONEY else "count",
            screen=not several or name in answer.bridge,
        )
        for name in _bridge_names(book)
    ]
    shares: list[Column] = []
    for name in rates:
        known, shown = metric(name), name in answer.rates
        shares.append(Column(name, known.label, known.unit, screen=shown))
        if request.confidence is not None and has_interval(name):
            shares += [
                Column(f"{name}_{end}", f"{known.label} {end}", known.unit, screen=shown)
                for end in ("lower", "upper")
            ]
    return (*months, *bridge, *shares)


def _row(
    book: Book,
    segment: int,
    month: int | None,
    facts: Facts,
    rates: Sequence[str],
    request: Request,
    given: Mapping[str, Rate],
    draws: Sequence[Replicate] = (),
) -> Row:
    """One row; ``given`` are the rates that the profile defines otherwise."""
    values: dict[str, Value] = {} if month is None else {"month": month}
    values |= {n: getattr(facts.bridge, n) for n in _bridge_names(book)}
    reasons = {}
    for name in rates:
        value = given[name] if name in given else metric(name).compute(facts)
        if isinstance(value, Undefined):
            values[name], reasons[name] = None, value.reason
        else:
            values[name] = value
    if request.confidence is not None:
        plain = [name for name in rates if name not in given]
        values |= bounds(plain, facts, draws, request.confidence)
    named = {} if segment == TOTAL else dict(zip(book.by, book.segments[segment], strict=True))
    small = book.given is None and facts.opening_accounts < request.min_group
    return Row(values, named, reasons, small=small)
