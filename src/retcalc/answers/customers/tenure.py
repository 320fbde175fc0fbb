"""tenure: churn by phase of life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from retcalc.answers.base.prepare import prepare, told_window
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import segment_of
from retcalc.answers.base.sums import TOTAL, order
from retcalc.answers.customers.lifetimes import Lives, lives_of, notes_on
from retcalc.answers.customers.start_months import start_months
from retcalc.book import Book
from retcalc.core.findings import Finding, raise_errors
from retcalc.core.months import Window, format_month
from retcalc.core.result import Column, Result, Row, Value
from retcalc.kernels.bridge import as_one_segment
from retcalc.kernels.by_account.day_lives import day_ages
from retcalc.kernels.lifetimes import AtRisk, at_risk, begun, month_ages
from retcalc.metrics import Undefined, metric
from retcalc.metrics.confidence import wilson
from retcalc.metrics.customers.lives.hazard import Phase, compute, phases, seen_and_churned
from retcalc.read.wording import count_that

MONTHS = "month m of a life is in the phase that holds day (m - 1/2) x 30.4375"
BOUNDS = ("hazard_lower", "hazard_upper")


def tenure_result(
    request: Request, *, date: str | None = None, boundaries: tuple[int, ...] | None = None
) -> Result:
    """Accounts seen and churned in each phase, per segment and in total.

    ``date``: column of the customers file that a life starts with, None for its sign-up column if
    it has one. ``boundaries``: ascending days between the phases; the request's by default.
    """
    prepared = prepare(request, revenue=False)
    book, whole = prepared.book, request.window.text is None
    window = Window(book.first - 1, prepared.window.closing) if whole else prepared.window
    dates = start_months(prepared, request, date)
    lives = lives_of(prepared, request)
    found, unknown = _at_risk(lives, window, dates[0] if dates else None)
    notes = [n for n in prepared.notes if not (whole and n.code == "RC894")]
    notes = [*notes_on(lives, notes, MONTHS), *unknown]
    raise_errors(notes, strict=request.strict)
    rows = _rows(found, lives, phases(boundaries or request.phases), request)
    return Result(
        metric="tenure",
        title="Churn by phase of life",
        definition=_definition(request, dates[1] if dates else None, lives),
        columns=columns(confident=request.confidence is not None, by_day=lives.by_day),
        rows=tuple(rows),
        window=told_window(book, window, request),
        currency=book.currency,
        notes=tuple(notes),
        sources=book.sources,
        by=book.by,
        config_sha256=request.config_sha256,
    )


def _at_risk(
    lives: Lives, window: Window, dates: pl.DataFrame | None
) -> tuple[dict[int, tuple[AtRisk, ...]], list[Finding]]:
    book = lives.book
    unsure = None if book.starts_known else book.first
    since = lives.closing(window.opening) if window.opening >= book.first else None
    closing, start = lives.closing(window.closing), lives.start_column
    found = lives.started(unsure, dates, dates_first=True).filter(begun(start, closing, since))
    ages = day_ages(found, closing) if lives.by_day else month_ages(found, closing)
    total = at_risk(as_one_segment(ages, "seg")).get(0, ())
    parts = at_risk(ages) if book.by else {}
    return {**parts, TOTAL: total}, _unknown(found[start].null_count(), book)


def _unknown(accounts: int, book: Book) -> list[Finding]:
    """Say how many accounts have no known start."""
    if not accounts:
        return []
    text = f"{count_that(accounts, 'account', 'pays', 'pay')} already in "
    text += f"{format_month(book.first)}, the first month of the data: their age is not known, "
    text += "they are left out"
    return [Finding("RC855", text, fix="--customers FILE --cohort-date signup_date")]


def _definition(
    request: Request, column: str | None, lives: Lives
) -> dict[str, str | int | bool | None]:
    grouped, unit = lives.book.by or request.question.where, lives.grain
    home = "current" if request.question.segment_basis == "current" else f"first paid {unit}"
    return {
        "profile": request.profile.name,
        "basis": None if lives.by_day else "monthly",
        "formula": metric("hazard").formula,
        "life": f"from {column or f'the first paid {unit}'} to the first {unit} without MRR",
        "grain": unit,
        "segments_as_of": home if grouped else None,
    }


def columns(*, confident: bool, by_day: bool) -> tuple[Column, ...]:
    """The columns of the phases, with the interval of the hazard if ``confident``."""
    bounds = BOUNDS if confident else ()
    months = () if by_day else (Column("months", "Months of life", "text"),)
    return (
        Column("phase", "Phase (days)", "text"),
        *months,
        Column("entered", "Entered", "count"),
        Column("churned", "Churned", "count"),
        replace(metric("hazard").column(), label="Hazard"),
        *(Column(name, f"Hazard {name[7:]}", "rate") for name in bounds),
    )


def _rows(
    found: Mapping[int, tuple[AtRisk, ...]], lives: Lives, every: list[Phase], request: Request
) -> Iterator[Row]:
    book = lives.book
    for segment in order(book):
        for phase in every:
            entered, churned = seen_and_churned(found.get(segment, ()), phase, by_day=lives.by_day)
            months = {} if lives.by_day else {"months": phase.months}
            yield _row(
                {"phase": str(phase), **months},
                entered,
                churned,
                segment_of(book, segment),
                request,
            )


def _row(
    phase: Mapping[str, str],
    entered: int,
    churned: int,
    named: Mapping[str, str],
    request: Request,
) -> Row:
    hazard = compute(churned, entered)
    known = not isinstance(hazard, Undefined)
    values: dict[str, Value] = {
        **phase,
        "entered": entered,
        "churned": churned,
        "hazard": None if isinstance(hazard, Undefined) else hazard,
    }
    if request.confidence is not None:
        ends = wilson(churned, entered, request.confidence) if known else (None, None)
        values |= dict(zip(BOUNDS, ends, strict=True))
    reasons = {"hazard": hazard.reason} if isinstance(hazard, Undefined) else {}
    return Row(values, named, reasons, small=entered < request.min_group)
