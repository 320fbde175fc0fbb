"""whatif: life, CLV, ARR and profit under another churn, renewal or expansion."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from retcalc.answers.base.assumptions import parse_rate
from retcalc.answers.base.prepare import prepare, refuse_undated
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import Settled, row_of, settle
from retcalc.answers.base.sums import monthly_sums, months_of, order
from retcalc.answers.customers.lifetimes import few_churned
from retcalc.answers.value.life import Life, Sums, inverse_churn, lives_asked, monthly_churn
from retcalc.answers.value.lifespans_beside import Told, lifespans_beside
from retcalc.book import Book
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import Window
from retcalc.core.result import Block, Column, Result, Row
from retcalc.kernels.bridge import Bridge
from retcalc.metrics import Undefined, lines_of
from retcalc.metrics.discounting import MONTHS_A_YEAR, Terms
from retcalc.metrics.metric import Rate
from retcalc.metrics.revenue.averages import arpa
from retcalc.metrics.value import clv, whatif
from retcalc.metrics.value.whatif import Plan

_POINTS = re.compile(r"\s*([+\-−])\s*(\d+(?:\.\d+)?|\.\d+)\s*(?:pts?|pp|points?)\s*", re.ASCII)
PROFIT_MONTHS = 60  # of profit to come when no horizon is named
FIGURES = (
    ("lifespan_months", "Lifespan in months", "number"),
    ("clv", "CLV", "money"),
    ("arr", "ARR in 12 months", "money"),
    ("profit", "Profit (NPV)", "money"),
)
ARITHMETIC = (
    Column("figure", "Figure", "text"),
    Column("formula", "Formula", "text"),
    Column("before", "Now", "number"),
    Column("after", "After", "number"),
    Column("change", "Change", "rate"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be changed: points of monthly rates, or a yearly renewal from one to another.

    ``renewal_text`` keeps how the two renewals were written.
    """

    churn: Fraction = Fraction(0)
    expansion: Fraction = Fraction(0)
    renewal: tuple[Fraction, Fraction] | None = None
    renewal_text: tuple[str, str] | None = None


def parse_change(churn: str | None, renewal: str | None, expansion: str | None) -> Change:
    """Read the options ``--churn -1pt``, ``--renewal 80%:85%``, ``--expansion +0.5pt``; RC167."""
    if churn is None and renewal is None and expansion is None:
        raise _refuse("nothing to change", "--churn -1pt, --renewal 80%:85% or --expansion +0.5pt")
    if churn is not None and renewal is not None:
        raise _refuse("--churn and --renewal both change churn", "give one of them")
    by = _points(churn, "churn"), _points(expansion, "expansion")
    if renewal is None:
        return Change(*by)
    before, separator, after = renewal.partition(":")
    if not separator:
        raise _refuse(f"{renewal!r} is not a change of renewal", "--renewal 80%:85%")
    rates = parse_rate(before, "--renewal"), parse_rate(after, "--renewal")
    return Change(*by, rates, (before.strip(), after.strip()))


def whatif_result(request: Request, change: Change) -> Result:
    """The answer of ``whatif``: figures now and after the change, per segment and in total."""
    prepared = prepare(request)
    book, window = prepared.book, prepared.window
    if change.renewal is None:
        refuse_undated(book, request, "a churn by the month")
    sums = monthly_sums(book, window, request)
    few = {} if change.renewal is not None else _few(book, window, sums, request)
    # what clv would note of its lives is for clv to note
    lives, _ = lives_asked(prepared, replace(request, strict=False))
    rows = tuple(
        _row(book, s, window, sums, request, change, too_few=few.get(s) is not None)
        for s in order(book)
    )
    return Result(
        metric="whatif",
        title="What if",
        definition=_definition(request, change),
        columns=columns(yearly=change.renewal is not None),
        rows=rows,
        window=window,
        currency=book.currency,
        notes=(*prepared.notes, *few_churned(few.values(), request)),
        sources=book.sources,
        extra={
            "arithmetic": _arithmetic(rows[-1], change, book.currency.per_major),
            **lifespans_beside(prepared, request, sums, lives, _as_given(change, request)),
        },
        by=book.by,
        config_sha256=request.config_sha256,
    )


def columns(*, yearly: bool) -> tuple[Column, ...]:
    """Every figure now and after the change, of a yearly renewal or of a monthly churn."""
    rate = ("renewal", "Yearly renewal") if yearly else ("churn", "Monthly churn")
    pairs = [(*rate, "rate"), ("expansion", "Net expansion", "rate"), *FIGURES]
    return (
        Column("closing_accounts", "Accounts", "count"),
        *(
            Column(f"{name}{end}", f"{label}{words}", unit)  # type: ignore[arg-type]
            for name, label, unit in pairs
            for end, words in (("", ""), ("_after", ", after"))
        ),
    )


def _as_given(change: Change, request: Request) -> Told | None:
    """The lifespan under the renewal that is given, if one is."""
    if change.renewal is None:
        return None
    life = whatif.lifespan(Plan(1 - change.renewal[0], months=MONTHS_A_YEAR), request.value.terms)
    return "whatif", Life(life, "inverse-churn"), "the yearly renewal that is given"


def _refuse(message: str, fix: str) -> RetcalcError:
    return RetcalcError(Finding("RC167", message, fix=fix))


def _points(text: str | None, name: str) -> Fraction:
    if text is None:
        return Fraction(0)
    match = _POINTS.fullmatch(text)
    if match is None:
        example = "-1pt" if name == "churn" else "+0.5pt"
        raise _refuse(
            f"{text!r} is not a change in points of a monthly rate", f"--{name} {example}"
        )
    size = Fraction(match[2]) / 100
    return size if match[1] == "+" else -size


def _definition(request: Request, change: Change) -> dict[str, str | int | bool | None]:
    rate = request.value.terms.discount_rate
    yearly = change.renewal is not None
    return {
        "profile": request.profile.name,
        "basis": "monthly",
        "formula": whatif.METRIC.formula,
        "rates": "means over the months of the window"
        if not yearly
        else "renewal as given, expansion of twelve mean months",
        "scope": "today's accounts, without new ones",
        "lifespan_method": "1 / (1 - renewal), in years" if yearly else "inverse-churn",
        "discount_rate": None if rate is None else f"{float(rate):g}",
        "horizon_months": request.value.terms.horizon,
        "profit": f"of the next {_profit_terms(request).horizon} months",
        "min_group": request.min_group,
    }


def _few(book: Book, window: Window, sums: Sums, request: Request) -> dict[int, int | None]:
    """The churned accounts of every segment, where they are too few for so long a life."""
    return {s: inverse_churn(s, window, sums, request).few for s in order(book)}


def _row(
    book: Book,
    segment: int,
    window: Window,
    sums: Sums,
    request: Request,
    change: Change,
    *,
    too_few: bool,
) -> Row:
    closing = sums.get((segment, window.closing), Bridge())
    expansion = _monthly_expansion(segment, window, sums)
    now = _plan_now(segment, window, sums, request, change, expansion)
    accounts = closing.closing_accounts
    values: dict[str, Settled] = {"closing_accounts": accounts}
    for end, plan in (("", now), ("_after", _changed(now, change, expansion))):
        figures = _figures(plan, closing, request)
        if too_few:
            figures |= dict.fromkeys(("lifespan_months", "clv"), Undefined("too_few_churned"))
        values |= {f"{name}{end}": value for name, value in figures.items()}
    return row_of(values, book, segment, small=accounts < request.min_group)


def _monthly_expansion(segment: int, window: Window, sums: Sums) -> Fraction:
    """Mean over months of (expansion - contraction) / opening MRR; 0 without such a month."""
    bridges = [sums[segment, m] for m in months_of(window)]
    rates = [
        Fraction(b.expansion_mrr - b.contraction_mrr, b.opening_mrr)
        for b in bridges
        if b.opening_mrr > 0
    ]
    return sum(rates, Fraction(0)) / len(rates) if rates else Fraction(0)


def _plan_now(
    segment: int,
    window: Window,
    sums: Sums,
    request: Request,
    change: Change,
    expansion: Fraction,
) -> Plan | Undefined:
    if change.renewal is not None:
        return Plan(1 - change.renewal[0], _yearly(expansion), MONTHS_A_YEAR)
    rates = monthly_churn(segment, window, sums, request)
    if not rates:
        return Undefined("no_monthly_churn")
    return Plan(sum(rates, Fraction(0)) / len(rates), expansion)


def _changed(now: Plan | Undefined, change: Change, expansion: Fraction) -> Plan | Undefined:
    if isinstance(now, Undefined):
        return now
    if change.renewal is not None:
        grown = _yearly(expansion + change.expansion)
        return replace(now, churn=1 - change.renewal[1], expansion=grown)
    return replace(now, churn=now.churn + change.churn, expansion=now.expansion + change.expansion)


def _yearly(monthly: Fraction) -> Fraction:
    return (1 + monthly) ** MONTHS_A_YEAR - 1


def _figures(plan: Plan | Undefined, closing: Bridge, request: Request) -> dict[str, Settled]:
    names = [name for name, _, _ in FIGURES]
    if isinstance(plan, Undefined):
        return dict.fromkeys(("churn", "expansion", *names), plan)
    rate: dict[str, Settled] = {"churn": plan.churn}
    if plan.months == MONTHS_A_YEAR:
        rate = {"renewal": 1 - plan.churn}
    terms, margins = request.value.terms, request.value.margins
    life = whatif.lifespan(plan, terms)
    mrr, unknown = Fraction(closing.closing_mrr), Undefined("no_gross_margin")
    value: Rate = unknown
    profit: Rate = unknown
    if margins:
        margin = request.value.margin
        value = clv.compute(arpa.METRIC.value(lines_of(closing), 1), margin, life.discounted)
        profit = whatif.profit(mrr, margin, plan, _profit_terms(request))
    arr = whatif.arr_after_a_year(MONTHS_A_YEAR * mrr, plan)
    worth = zip(names, (life.months, value, arr, profit), strict=True)
    return {**rate, "expansion": plan.expansion, **dict(worth)}


def _profit_terms(request: Request) -> Terms:
    terms = request.value.terms
    return terms if terms.horizon else replace(terms, horizon=PROFIT_MONTHS)


def _arithmetic(total: Row, change: Change, unit: int) -> Block:
    """The total's figures once more, in major units, with the formula and the change."""
    lifespan = "1 / monthly churn"
    if change.renewal_text is not None:
        lifespan = " -> ".join(f"1 / (1 - {text})" for text in change.renewal_text)
    lines = [
        ("lifespan in years", lifespan, "lifespan_months", MONTHS_A_YEAR),
        ("CLV", "ARPA * gross margin * lifespan", "clv", unit),
        ("ARR in 12 months", _growth(change), "arr", unit),
        ("profit (NPV)", "margin * MRR of the months to come", "profit", unit),
    ]
    return Block(ARITHMETIC, tuple(_line(total, *line) for line in lines))


def _growth(change: Change) -> str:
    if change.renewal is not None:
        return "ARR * (renewal + expansion)"
    return "ARR * (1 - churn + expansion)^12"


def _line(total: Row, figure: str, formula: str, name: str, unit: int) -> Row:
    values: dict[str, Settled] = {"figure": figure, "formula": formula}
    sides: list[Rate] = []
    for end in ("", "_after"):
        value = total.values[f"{name}{end}"]
        missing = Undefined(total.reasons.get(f"{name}{end}", "not_defined"))
        sides.append(value / unit if isinstance(value, Fraction) else missing)
    before, after = sides
    values |= {"before": before, "after": after}
    if isinstance(before, Undefined) or isinstance(after, Undefined):
        values["change"] = before if isinstance(before, Undefined) else after
    else:
        values["change"] = after / before - 1 if before else Undefined("zero_before")
    settled, reasons = settle(values)
    return Row(settled, {}, reasons)
