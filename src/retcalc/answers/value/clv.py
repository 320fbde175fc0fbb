"""clv: lifetime value with its three factors, and what changed it from period to period."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from retcalc.answers.base.prepare import Prepared, prepare, refuse_undated
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import Settled, row_of
from retcalc.answers.base.sums import TOTAL, monthly_sums, order
from retcalc.answers.customers.lifetimes import LifetimesOf, few_churned
from retcalc.answers.customers.survival_fits import judged_fits
from retcalc.answers.value.clv_factors import (
    Factors,
    columns,
    describe,
    factors,
    factors_by_period,
    longest_period,
    trend_periods,
    values_of,
)
from retcalc.answers.value.life import FITTED, lives_asked
from retcalc.answers.value.lifespans_beside import lifespans_beside
from retcalc.book import Book
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import Window
from retcalc.core.result import Block, Column, Result, Row
from retcalc.metrics import Undefined
from retcalc.metrics.value import clv_change
from retcalc.metrics.value.clv_change import Factors as Three

PERIOD = (Column("opening", "From", "month"), Column("closing", "To", "month"))
CHANGE = (
    Column("change", "Change", "money"),
    Column("lifespan_part", "By retention", "money"),
    Column("arpa_part", "By ARPA", "money"),
    Column("margin_part", "By margin", "money"),
)


def clv_result(request: Request) -> Result:
    """The answer of ``clv``: a row per segment and the total."""
    margin = request.value.margin
    prepared = prepare(request)
    book, window = prepared.book, prepared.window
    lives, noted = lives_asked(prepared, request)
    sums = monthly_sums(book, window, request)
    found = factors(book, window, request, lives, sums, margin)
    rows = tuple(
        _row(values_of(found[s], request), found[s], book, s, request) for s in order(book)
    )
    return Result(
        metric="clv",
        title="Customer lifetime value",
        definition=describe(request, lives),
        columns=columns(request.value.terms, found.values()),
        rows=rows,
        window=window,
        currency=book.currency,
        notes=(
            *prepared.notes,
            *noted,
            *few_churned((f.told.few for f in found.values()), request),
        ),
        extra={
            **_models(lives, window, request),
            **lifespans_beside(prepared, request, sums, lives),
        },
        sources=book.sources,
        by=book.by,
        config_sha256=request.config_sha256,
    )


def _models(lives: LifetimesOf | None, window: Window, request: Request) -> dict[str, Block]:
    """Where the lifespan is that of a model, both models of the total and which is better."""
    if lives is None or request.value.method not in FITTED:
        return {}
    return {"fits": judged_fits(lives.observe(window.closing)[TOTAL], request.value.terms)}


def trend_result(request: Request) -> Result:
    """The answer of ``clv --trend``: a row per segment and period, its change split in three."""
    prepared = prepare(request)
    book = prepared.book
    refuse_undated(book, request, "a trend")
    periods = _periods(prepared, request)
    margins = _margins(request, periods)
    lives, noted = lives_asked(prepared, request)
    found = factors_by_period(book, periods, request, lives, margins)
    every = [factors for of_period in found for factors in of_period.values()]
    return Result(
        metric="clv",
        title="Customer lifetime value by period",
        definition={
            **describe(request, lives),
            "lives": "those of the period alone; without --trend all up to its end",
        },
        columns=(*PERIOD, *columns(request.value.terms, every), *CHANGE),
        rows=tuple(_trend_rows(book, periods, found, request)),
        window=Window(periods[0].opening, periods[-1].closing),
        currency=book.currency,
        notes=(
            *(n for n in prepared.notes if n.code != "RC894"),
            *noted,
            *few_churned((factors.told.few for factors in every), request),
        ),
        extra=lifespans_beside(
            prepared, request, monthly_sums(book, prepared.window, request), lives
        ),
        sources=book.sources,
        by=book.by,
        config_sha256=request.config_sha256,
    )


def _trend_rows(
    book: Book, periods: list[Window], found: list[dict[int, Factors]], request: Request
) -> Iterator[Row]:
    for segment in order(book):
        before: Factors | None = None
        for window, of_period in zip(periods, found, strict=True):
            now = of_period[segment]
            span: dict[str, Settled] = {"opening": window.opening, "closing": window.closing}
            values = {**span, **values_of(now, request), **_change(before, now)}
            yield _row(values, now, book, segment, request)
            before = now


def _row(
    values: dict[str, Settled], found: Factors, book: Book, segment: int, request: Request
) -> Row:
    bounds = found.at_least(request.value.terms)
    small = found.accounts < request.min_group
    return row_of(values, book, segment, small=small, at_least=bounds)


def _periods(prepared: Prepared, request: Request) -> list[Window]:
    """The periods of the trend; raises RC166 where there are not two."""
    periods = trend_periods(prepared, request)
    if len(periods) < 2:
        months = prepared.window.closing - prepared.book.first
        longest = longest_period(months)
        fix = f"--window {longest}m" if longest else "a trend needs three months of data"
        message = f"the trend needs two periods; the data holds {months} months"
        raise RetcalcError(Finding("RC166", message, fix=fix))
    return periods


def _margins(request: Request, periods: list[Window]) -> tuple[Fraction, ...]:
    margins = request.value.margins
    if len(margins) < 2:
        return (request.value.margin,) * len(periods)
    if len(margins) != len(periods):
        message = f"{len(margins)} gross margins for {len(periods)} periods"
        fix = f"one margin, or one each for the periods that end with {periods[-1]}"
        raise RetcalcError(Finding("RC165", message, fix=fix))
    return margins


def _change(before: Factors | None, now: Factors) -> dict[str, Settled]:
    names = [column.name for column in CHANGE]
    if before is None:
        return dict.fromkeys(names, Undefined("first_period"))
    old, new = _three(before), _three(now)
    if isinstance(old, Undefined):
        return dict.fromkeys(names, old)
    if isinstance(new, Undefined):
        return dict.fromkeys(names, new)
    parts = clv_change.split(old, new)
    return dict(zip(names, (sum(parts, Fraction(0)), *parts), strict=True))


def _three(found: Factors) -> Three | Undefined:
    if isinstance(found.life.discounted, Undefined):
        return found.life.discounted
    if isinstance(found.arpa, Undefined):
        return found.arpa
    return found.life.discounted, found.arpa, found.margin
