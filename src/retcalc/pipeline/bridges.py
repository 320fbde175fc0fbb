"""nrr, grr, churn, retention, movements and summary: one bridge, different headlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retcalc.book import Book
from retcalc.findings import Finding
from retcalc.kernels.bridge import Bridge
from retcalc.metrics import Facts, Undefined, metrics
from retcalc.months import Window, format_month
from retcalc.pipeline.prepare import Request, prepare
from retcalc.pipeline.sums import TOTAL, monthly_sums, months_of, order, window_sums
from retcalc.result import Column, Result, Row, Value

MONEY = {
    "opening_mrr": "Opening MRR",
    "new_mrr": "New",
    "reactivation_mrr": "Reactivation",
    "expansion_mrr": "Expansion",
    "contraction_mrr": "Contraction",
    "churn_mrr": "Churn",
    "segment_in_mrr": "Segment in",
    "segment_out_mrr": "Segment out",
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
# title, the metric whose formula stands beside the figures, the rates shown to people
ANSWERS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "nrr": ("Net revenue retention", "nrr", ("nrr", "grr")),
    "grr": ("Gross revenue retention", "grr", ("grr", "nrr")),
    "churn": (
        "Churn",
        "logo_churn",
        ("logo_churn", "gross_revenue_churn", "net_revenue_churn"),
    ),
    "retention": ("Logo retention", "logo_retention", ("logo_retention", "logo_churn")),
    "movements": ("MRR movements", "nrr", ("nrr", "grr", "logo_churn")),
    "summary": ("Summary", "nrr", (*RATES, "annualised_logo_churn", "quick_ratio", "arpa", "arr")),
}


def bridge_result(command: str, request: Request, *, monthly: bool = False) -> Result:
    """The answer of one of ANSWERS; ``monthly`` gives a row per month."""
    prepared = prepare(request)
    book, window, notes = prepared.book, prepared.window, list(prepared.notes)
    if command == "movements" and request.window.text is None:
        window = Window(book.first - 1, window.closing)
    if monthly and window.opening < book.first:
        text = f"{format_month(book.first)} is the start of the data: its new MRR is a stock"
        notes.append(Finding("RC895", text))
    cells = _cells(book, window, request, monthly=monthly)
    title, main, screen = ANSWERS[command]
    rates = dict.fromkeys(screen if command == "movements" else (*screen, *RATES))
    return Result(
        metric=command,
        title=title,
        definition=definition(request, main),
        columns=_columns(book, list(rates), screen, monthly=monthly),
        rows=tuple(_row(book, *cell, list(rates), request) for cell in cells),
        window=window,
        currency=book.currency,
        notes=tuple(notes),
        sources=book.sources,
        by=book.by,
        config_sha256=request.config_sha256,
    )


def definition(request: Request, metric: str) -> dict[str, str | int | bool | None]:
    """The formula and switches that stand beside a figure."""
    profile = request.profile
    formula = metrics()[metric].formula
    if profile.reactivation_in_nrr and metric in ("nrr", "net_revenue_churn"):
        sign = "+" if metric == "nrr" else "-"
        formula = formula.replace(")", f" {sign} reactivation)", 1)
    return {
        "profile": profile.name,
        "basis": profile.basis,
        "formula": formula,
        "reactivation_in_nrr": profile.reactivation_in_nrr,
        "reactivation_gap": profile.reactivation_gap,
        "segments_as_of": request.book.segments_as_of,
    }


def _cells(
    book: Book, window: Window, request: Request, *, monthly: bool
) -> list[tuple[int, int | None, Facts]]:
    """Segment code, month if there is one, and facts of every row in order."""

    def facts(bridge: Bridge, months: int) -> Facts:
        returns, closing = request.profile.reactivation_in_nrr, request.book.segments_as_of
        return Facts(bridge, months, returns, closing == "closing")

    if monthly:
        sums = monthly_sums(book, window, request)
        return [(s, m, facts(sums[s, m], 1)) for s in order(book) for m in months_of(window)]
    totals = window_sums(book, window, request)
    return [(s, None, facts(totals[s], window.months)) for s in order(book)]


def _segmented(book: Book) -> bool:
    return bool(book.by) or bool((book.panel["seg"] < 0).any())


def _bridge_names(book: Book) -> list[str]:
    return [n for n in (*MONEY, *COUNTS) if _segmented(book) or not n.startswith("segment_")]


def _columns(
    book: Book, rates: Sequence[str], screen: Sequence[str], *, monthly: bool
) -> tuple[Column, ...]:
    known, labels = metrics(), {**MONEY, **COUNTS}
    months = [Column("month", "Month", "month")] if monthly else []
    bridge = [Column(n, labels[n], "money" if n in MONEY else "count") for n in _bridge_names(book)]
    shares = [Column(n, known[n].label, known[n].unit, screen=n in screen) for n in rates]
    return (*months, *bridge, *shares)


def _row(
    book: Book,
    segment: int,
    month: int | None,
    facts: Facts,
    rates: Sequence[str],
    request: Request,
) -> Row:
    values: dict[str, Value] = {} if month is None else {"month": month}
    values |= {n: getattr(facts.bridge, n) for n in _bridge_names(book)}
    reasons = {}
    for name in rates:
        value = metrics()[name].compute(facts)
        if isinstance(value, Undefined):
            values[name], reasons[name] = None, value.reason
        else:
            values[name] = value
    named = {} if segment == TOTAL else dict(zip(book.by, book.segments[segment], strict=True))
    return Row(values, named, reasons, small=facts.opening_accounts < request.min_group)
