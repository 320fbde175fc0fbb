"""clv-cac: what an account costs to win, against what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from retcalc.book import Book
from retcalc.book.costs import Costs, has_costs, missing_spend, read_costs
from retcalc.findings import Finding, RetcalcError, raise_errors
from retcalc.metrics import Undefined, arr, cac, clv_cac, magic_number, payback_months
from retcalc.metrics.metric import Facts, Rate
from retcalc.months import Window, format_month
from retcalc.pipeline.lifetime import Factors, Sums, columns, describe, factors, values_of
from retcalc.pipeline.lives import lives_of
from retcalc.pipeline.prepare import Request, prepare
from retcalc.pipeline.rows import Settled, row_of
from retcalc.pipeline.sums import TOTAL, monthly_sums, months_of, order
from retcalc.read import read_table
from retcalc.result import Column, Result, Row

COLUMNS = (
    Column("spend", "Spend", "money"),
    Column("new_accounts", "New accounts", "count"),
    Column("cac", "CAC", "money"),
    Column("clv_cac", "CLV:CAC", "ratio"),
    Column("flag", "Flag", "text"),
    Column("new_arpa", "ARPA of new accounts", "money"),
    Column("payback_months", "Payback in months", "number"),
    Column("magic_number", "Magic number", "ratio"),
)


@dataclass(frozen=True, slots=True)
class _Won:
    """New accounts and their MRR by month of one segment; empty where they are a stock."""

    accounts: Mapping[int, int]
    mrr: int


def cac_result(request: Request) -> Result:
    """The answer of ``clv-cac``: a row per segment and the total."""
    margin = request.value.margin
    if request.costs is None:
        fix = "--costs spend.csv   or in retcalc.yaml  sources: {costs: spend.csv}"
        raise RetcalcError(Finding("RC169", "no costs file was named", fix=fix))
    prepared = prepare(request)
    book, window = prepared.book, prepared.window
    costs = _costs(request, book)
    sums = monthly_sums(book, window, request)
    won = {s: _won(book, window, sums, s) for s in order(book)}
    checked = _checked(costs, won, book, window, request)
    lives, noted = lives_of(prepared, request)
    found = factors(book, window, request, lives, sums, margin)
    rows = tuple(
        _row(book, s, found[s], won[s], _spend_of(costs, book, s), sums, window, request)
        for s in order(book)
    )
    return Result(
        metric="clv_cac",
        title="CLV and CAC",
        definition=_definition(request, window) | describe(request, lives) | _formula(request),
        columns=(*columns(request.value.terms), *COLUMNS),
        rows=rows,
        window=window,
        currency=book.currency,
        notes=(*prepared.notes, *checked, *noted),
        sources=(*book.sources, *costs.sources),
        by=book.by,
        config_sha256=request.config_sha256,
    )


def _costs(request: Request, book: Book) -> Costs:
    reading = replace(request.reading, skip_lines=0, expect_rows=None, expect_sha256=None)
    table, found = read_table([request.costs or ""], reading, has_costs)
    costs = read_costs(table, request.book, book.by, book.currency)
    return replace(costs, notes=(*found, *costs.notes))


def _formula(request: Request) -> dict[str, str | int | bool | None]:
    return {"formula": clv_cac.METRIC.formula, "clv": "ARPA * gross margin * lifespan"}


def _definition(request: Request, window: Window) -> dict[str, str | int | bool | None]:
    lag = request.value.lag
    first, last = window.opening + 1 - lag, window.closing - lag
    return {
        "cac": f"{cac.METRIC.formula}; every new account counts in its month",
        "spend_months": f"{format_month(first)} to {format_month(last)}",
        "lag_months": lag,
        "target": f"{float(request.value.target):g}",
    }


def _won(book: Book, window: Window, sums: Sums, segment: int) -> _Won:
    if window.opening < book.first:
        return _Won({}, 0)
    bridges = {month: sums[segment, month] for month in months_of(window)}
    return _Won(
        {month: b.new_accounts for month, b in bridges.items()},
        sum(b.new_mrr for b in bridges.values()),
    )


def _spend_of(costs: Costs, book: Book, segment: int) -> Mapping[int, Fraction] | None:
    if segment == TOTAL:
        return costs.by_month
    return (costs.by_segment or {}).get(book.segments[segment])


def _checked(
    costs: Costs, won: Mapping[int, _Won], book: Book, window: Window, request: Request
) -> tuple[Finding, ...]:
    """Notes on the costs; raises for every month whose new accounts have no spend beside them."""
    findings, lag = list(costs.notes), request.value.lag
    file = request.costs or ""
    for segment in reversed(order(book)):
        spend = _spend_of(costs, book, segment)
        if spend is None:
            continue
        gaps = [m - lag for m, n in won[segment].accounts.items() if n and m - lag not in spend]
        if gaps:
            whose = "" if segment == TOTAL else f" of {', '.join(book.segments[segment])}"
            findings.append(missing_spend(gaps, whose, file))
            break  # segments would only repeat what the total misses
    idle = [m - lag for m, n in won[TOTAL].accounts.items() if not n]
    zero = sum(month not in costs.by_month for month in idle)
    if zero:
        text = f"{zero} months without new accounts have no spend in {file}; counted as zero"
        findings.append(Finding("RC859", text))
    strays = sorted(set(costs.by_segment or ()) - set(book.segments))
    if strays:
        named = "; ".join(", ".join(key) for key in strays[:6])
        text = f"spend of {named} belongs to no segment of the data; it is in the total only"
        findings.append(Finding("RC858", text))
    raise_errors(findings, strict=request.strict)
    return tuple(findings)


def _row(
    book: Book,
    segment: int,
    found: Factors,
    won: _Won,
    by_month: Mapping[int, Fraction] | None,
    sums: Sums,
    window: Window,
    request: Request,
) -> Row:
    value, new = request.value, sum(won.accounts.values())
    spend = _spent(by_month, window, value.lag)
    stock = Undefined("start_of_data") if not won.accounts else None
    cost: Rate = stock or (
        spend if isinstance(spend, Undefined) else cac.compute(spend, new)
    )
    new_arpa: Rate = stock or (
        Fraction(won.mrr, new) if new else Undefined("no_new_accounts")
    )
    ratio = clv_cac.compute(found.clv, cost)
    values: dict[str, Settled] = {
        **values_of(found, request),
        "spend": spend,
        "new_accounts": stock or new,
        "cac": cost,
        "clv_cac": ratio,
        "flag": ratio if isinstance(ratio, Undefined) else clv_cac.flag(ratio, value.target),
        "new_arpa": new_arpa,
        "payback_months": payback_months.compute(cost, new_arpa, found.margin),
        "magic_number": _magic(by_month, sums, segment, window),
    }
    return row_of(values, book, segment, small=found.accounts < request.min_group)


def _spent(by_month: Mapping[int, Fraction] | None, window: Window, lag: int) -> Rate:
    if by_month is None:
        return Undefined("no_segment_spend")
    return sum((by_month.get(m - lag, Fraction(0)) for m in months_of(window)), Fraction(0))


def _magic(
    by_month: Mapping[int, Fraction] | None, sums: Sums, segment: int, window: Window
) -> Rate:
    if by_month is None:
        return Undefined("no_segment_spend")
    months = months_of(Window(window.opening - window.months, window.opening))
    known = all(month in by_month for month in months)
    prior = sum((by_month[m] for m in months), Fraction(0)) if known else None
    opening, closing = sums[segment, window.opening + 1], sums[segment, window.closing]
    before = replace(closing, closing_mrr=opening.opening_mrr)
    now, then = arr.compute(Facts(closing)), arr.compute(Facts(before))
    if isinstance(now, Undefined) or isinstance(then, Undefined):
        return now if isinstance(now, Undefined) else then
    return magic_number.compute(then, now, prior)
