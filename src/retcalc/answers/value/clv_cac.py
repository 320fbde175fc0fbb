"""clv-cac: what an account costs to win, against what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from retcalc.answers.base.prepare import prepare
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import Settled, row_of
from retcalc.answers.base.sources import Sources
from retcalc.answers.base.sums import TOTAL, monthly_sums, months_of, order
from retcalc.answers.customers.lifetimes import few_churned
from retcalc.answers.value.clv_factors import (
    Factors,
    columns,
    describe,
    factors,
    values_of,
)
from retcalc.answers.value.life import Sums, lives_asked
from retcalc.book import Book
from retcalc.book.tables.costs import Costs, has_costs, missing_spend, read_costs
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.months import Window, format_month
from retcalc.core.result import Column, Result, Row
from retcalc.kernels.bridge import Bridge
from retcalc.metrics import Undefined
from retcalc.metrics.discounting import MONTHS_A_YEAR
from retcalc.metrics.metric import Rate, share
from retcalc.metrics.value import cac, clv, clv_cac, magic_number, payback_months
from retcalc.read import ReadPlan, read_table
from retcalc.read.wording import counted

COLUMNS = (
    Column("spend", "Spend", "money"),
    Column("new_accounts", "New accounts", "count"),
    cac.METRIC.column(),
    clv_cac.METRIC.column(),
    Column("flag", "Flag", "text"),
    Column("new_arpa", "ARPA of new accounts", "money"),
    replace(payback_months.METRIC.column(), label="Payback in months"),
    magic_number.METRIC.column(),
)


@dataclass(frozen=True, slots=True)
class _Effort:
    """What one segment spent and won: ``spend`` by month, None where it is not known.

    ``won`` has the bridge of every month of the window; it is empty where the window holds the
    first month of the data, whose new accounts are a stock.
    """

    spend: Mapping[int, Fraction] | None
    won: Mapping[int, Bridge]

    @property
    def new_accounts(self) -> int:
        """Accounts won in the window."""
        return sum(bridge.new_accounts for bridge in self.won.values())

    def without_spend(self, lag: int) -> list[int]:
        """Months of the costs file that won accounts and say nothing."""
        if self.spend is None:
            return []
        months = (month - lag for month, bridge in self.won.items() if bridge.new_accounts)
        return [month for month in months if month not in self.spend]


def cac_result(request: Request) -> Result:
    """The answer of ``clv-cac``: a row per segment and the total."""
    margin = request.value.margin
    if request.sources.costs is None:
        fix = "--costs spend.csv   or in retcalc.yaml  sources: {costs: spend.csv}"
        raise RetcalcError(Finding("RC169", "no costs file was named", fix=fix))
    prepared = prepare(request)
    book, window = prepared.book, prepared.window
    costs = _costs(request.sources, request.sources.costs, book)
    sums = monthly_sums(book, window, request)
    efforts = {s: _effort(book, window, sums, costs, s) for s in order(book)}
    checked = _checked(costs, efforts, book, request)
    lives, noted = lives_asked(prepared, request)
    found = factors(book, window, request, lives, sums, margin)
    return Result(
        metric="clv_cac",
        title="CLV and CAC",
        definition=_definition(request, window, describe(request, lives)),
        columns=(*columns(request.value.terms, found.values()), *COLUMNS),
        rows=tuple(_row(book, s, found[s], efforts[s], window, request) for s in order(book)),
        window=window,
        currency=book.currency,
        notes=(
            *prepared.notes,
            *checked,
            *noted,
            *few_churned((f.told.few for f in found.values()), request),
        ),
        sources=(*book.sources, *costs.sources),
        by=book.by,
        config_sha256=request.config_sha256,
    )


def _costs(sources: Sources, file: str, book: Book) -> Costs:
    reading = replace(sources.reading, skip_lines=0, expect_rows=None, expect_sha256=None)
    table, found = read_table([file], reading, lambda header: ReadPlan(fits=has_costs(header)))
    costs = read_costs(table, sources.rules, book.by, book.segments, book.currency)
    return replace(costs, notes=(*found, *costs.notes))


def _definition(
    request: Request, window: Window, lifetime: dict[str, str | int | bool | None]
) -> dict[str, str | int | bool | None]:
    lag = request.value.lag
    first, last = window.opening + 1 - lag, window.closing - lag
    return {
        **lifetime,
        "formula": clv_cac.METRIC.formula,
        "clv": clv.METRIC.formula,
        "cac": f"{cac.METRIC.formula}; every new account counts in its month",
        "spend_months": f"{format_month(first)} to {format_month(last)}",
        "lag_months": lag,
        "target": f"{float(request.value.target):g}",
    }


def _effort(book: Book, window: Window, sums: Sums, costs: Costs, segment: int) -> _Effort:
    if segment == TOTAL:
        spend: Mapping[int, Fraction] | None = costs.by_month
    else:
        spend = (costs.by_segment or {}).get(book.segments[segment])
    months = () if window.opening < book.first else months_of(window)
    return _Effort(spend, {month: sums[segment, month] for month in months})


def _checked(
    costs: Costs, efforts: Mapping[int, _Effort], book: Book, request: Request
) -> tuple[Finding, ...]:
    """Notes on the costs; raises for the months whose new accounts have no spend beside them."""
    file, lag = costs.sources[0].path, request.value.lag
    findings, total = list(costs.notes), efforts[TOTAL]
    gaps = {s: effort.without_spend(lag) for s, effort in efforts.items()}
    if gaps[TOTAL]:
        findings.append(missing_spend(gaps[TOTAL], "", file))
    else:  # segments would only repeat it
        findings += [
            missing_spend(months, f" of {', '.join(book.segments[s])}", file)
            for s, months in gaps.items()
            if months
        ]
    idle = sum(
        not bridge.new_accounts and month - lag not in costs.by_month
        for month, bridge in total.won.items()
    )
    if idle:
        text = (
            f"no spend in {file} for {counted(idle, 'month')} without new accounts; counted as zero"
        )
        findings.append(Finding("RC859", text))
    strays = sorted(set(costs.by_segment or ()) - set(book.segments))
    if strays:
        named = "; ".join(", ".join(key) for key in strays[:6]) + (" …" if strays[6:] else "")
        text = f"spend of {named} belongs to no segment of the data; it is in the total only"
        findings.append(Finding("RC858", text))
    raise_errors(findings, strict=request.strict)
    return tuple(findings)


def _row(
    book: Book, segment: int, found: Factors, effort: _Effort, window: Window, request: Request
) -> Row:
    value, new = request.value, effort.new_accounts
    stock = None if effort.won else Undefined("start_of_data")
    spend = _spent(effort, window, value.lag)
    cost: Rate = stock or (spend if isinstance(spend, Undefined) else cac.compute(spend, new))
    new_mrr = sum(bridge.new_mrr for bridge in effort.won.values())
    new_arpa: Rate = stock or share(new_mrr, new, "no_new_accounts")
    ratio = clv_cac.compute(found.clv, cost)
    values: dict[str, Settled] = {
        **values_of(found, request),
        "spend": spend,
        "new_accounts": stock or new,
        "cac": cost,
        "clv_cac": ratio,
        "flag": clv_cac.flag(ratio, value.target, at_least=found.life.at_least(value.terms)),
        "new_arpa": new_arpa,
        "payback_months": payback_months.compute(cost, new_arpa, found.margin),
        "magic_number": stock or _magic(effort, window),
    }
    bounds = found.at_least(value.terms)
    small = found.accounts < request.min_group
    return row_of(values, book, segment, small=small, at_least=bounds)


def _spent(effort: _Effort, window: Window, lag: int) -> Rate:
    if effort.spend is None:
        return Undefined("no_segment_spend")
    return sum((effort.spend.get(m - lag, Fraction(0)) for m in months_of(window)), Fraction(0))


def _magic(effort: _Effort, window: Window) -> Rate:
    spend = effort.spend
    if spend is None:
        return Undefined("no_segment_spend")
    months = months_of(Window(window.opening - window.months, window.opening))
    known = all(month in spend for month in months)
    prior = sum((spend[m] for m in months), Fraction(0)) if known else None
    opening = MONTHS_A_YEAR * effort.won[window.opening + 1].opening_mrr
    closing = MONTHS_A_YEAR * effort.won[window.closing].closing_mrr
    return magic_number.compute(opening, closing, prior)
