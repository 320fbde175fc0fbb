"""Why ``clv``, ``clv --trend`` and ``whatif`` give different lifespans: each beside the others."""

from __future__ import annotations

from collections.abc import Iterator

from retcalc.answers.base.prepare import Prepared, is_undated
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import settle
from retcalc.answers.base.sums import TOTAL
from retcalc.answers.customers.lifetimes import LifetimesOf
from retcalc.answers.value.clv_factors import trend_periods
from retcalc.answers.value.life import (
    Life,
    Sums,
    inverse_churn,
    life_of,
    per_month_of,
    seen_lives,
    shared_age,
)
from retcalc.core.months import Window, format_month
from retcalc.core.result import Block, Column, Row

COLUMNS = (
    Column("command", "Command", "text"),
    Column("lifespan_months", "Lifespan in months", "number"),
    Column("horizon_months", "Up to month", "count"),
    Column("alive_at_horizon", "Alive then", "rate"),
    Column("lifespan_method", "Method", "text"),
    Column("of", "Of", "text"),
)
Told = tuple[str, Life, str]  # command, lifespan, and what it is of


def lifespans_beside(
    prepared: Prepared,
    request: Request,
    sums: Sums,
    lives: LifetimesOf | None,
    given: Told | None = None,
) -> dict[str, Block]:
    """The total's lifespan as every command tells it; nothing where they agree.

    ``given`` is what ``whatif`` tells where its rate does not come from the data.
    """
    if is_undated(prepared.book, request):
        return {}
    told = [
        *_of_clv(prepared, request, lives, sums),
        given or ("whatif", *_of_whatif(prepared.window, request, sums)),
    ]
    if len({life.span for _, life, _ in told}) < 2:
        return {}
    return {"why_lifespans_differ": Block(COLUMNS, tuple(_row(one, request) for one in told))}


def _of_clv(
    prepared: Prepared, request: Request, lives: LifetimesOf | None, sums: Sums
) -> Iterator[Told]:
    window, periods = prepared.window, trend_periods(prepared, request)
    whole = f"all lives up to {format_month(window.closing)}"
    if lives is None:
        yield "clv", inverse_churn(TOTAL, window, sums, request), f"churn of {window}"
        if len(periods) > 1:
            last = periods[-1]
            yield "clv --trend", inverse_churn(TOTAL, last, sums, request), f"churn of {last}"
        return
    per_month = per_month_of(lives, request)
    seen = seen_lives(lives, request, window.closing)[TOTAL]
    yield "clv", life_of(seen, request, None, per_month), whole
    if len(periods) > 1:
        each = [seen_lives(lives, request, p.closing, p.opening)[TOTAL] for p in periods]
        limit = shared_age(each, per_month)
        words = f"lives in {periods[-1]} alone"
        words += ", up to an age that every period saw" * (request.value.method == "survival")
        yield "clv --trend", life_of(each[-1], request, limit, per_month), words


def _of_whatif(window: Window, request: Request, sums: Sums) -> tuple[Life, str]:
    return inverse_churn(TOTAL, window, sums, request), f"churn of {window}"


def _row(told: Told, request: Request) -> Row:
    command, life, words = told
    span = life.span
    values, reasons = settle(
        {
            "command": command,
            "lifespan_months": span.months,
            "horizon_months": span.horizon,
            "alive_at_horizon": span.alive,
            "lifespan_method": life.method,
            "of": words,
        }
    )
    bounds = ("lifespan_months",) if span.at_least(request.value.terms) else ()
    return Row(values, {}, reasons, at_least=bounds)
