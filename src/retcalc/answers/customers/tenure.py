"""tenure: churn by phase of life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from retcalc.answers.base.prepare import Prepared, prepare
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL, order
from retcalc.answers.customers.start_months import start_months
from retcalc.book import Book
from retcalc.core.findings import Finding, raise_errors
from retcalc.core.months import Window, format_month
from retcalc.core.result import Column, Result, Row, Value
from retcalc.kernels.bridge import as_one_segment
from retcalc.kernels.lifetimes import AtRisk, at_risk, started, with_starts
from retcalc.kernels.panel_facts import lifetimes
from retcalc.metrics import Undefined, metric
from retcalc.metrics.confidence import wilson
from retcalc.metrics.customers.lives.hazard import Phase, compute, phases, seen_and_churned
from retcalc.read.wording import count_that

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
    found, notes = _at_risk(prepared, window, dates[0] if dates else None)
    notes = [n for n in prepared.notes if not (whole and n.code == "RC894")] + notes
    raise_errors(notes, strict=request.strict)
    rows = _rows(found, book, phases(boundaries or request.phases), request)
    return Result(
        metric="tenure",
        title="Churn by phase of life",
        definition=_definition(request, dates[1] if dates else None, book),
        columns=columns(confident=request.confidence is not None),
        rows=tuple(rows),
        window=window,
        currency=book.currency,
        notes=tuple(notes),
        sources=book.sources,
        by=book.by,
        config_sha256=request.config_sha256,
    )


def _at_risk(
    prepared: Prepared, window: Window, dates: pl.DataFrame | None
) -> tuple[dict[int, tuple[AtRisk, ...]], list[Finding]]:
    book = prepared.book
    first = book.first - 1 if book.starts_known else book.first
    since = window.opening if window.opening >= book.first else None
    found = with_starts(lifetimes(book.panel), first, dates, dates_first=True)
    found = started(found, window.closing, since)
    total = at_risk(as_one_segment(found, "seg"), window.closing).get(0, ())
    parts = at_risk(found, window.closing) if book.by else {}
    unknown = found["start_month"].null_count()
    text = "ages are whole months: month m of a life is in the phase that holds day"
    notes = [Finding("RC897", f"{text} (m - 1/2) x 30.4375")]
    if unknown:
        text = f"{count_that(unknown, 'account', 'pays', 'pay')} already in "
        text += f"{format_month(book.first)}, the first month of the data: their age is not known, "
        text += "they are left out"
        fix = "--customers FILE --cohort-date signup_date"
        notes.append(Finding("RC855", text, fix=fix))
    return {**parts, TOTAL: total}, notes


def _definition(
    request: Request, column: str | None, book: Book
) -> dict[str, str | int | bool | None]:
    grouped = book.by or request.question.where
    home = "current" if request.question.segment_basis == "current" else "first paid month"
    return {
        "profile": request.profile.name,
        "basis": "monthly",
        "formula": metric("hazard").formula,
        "life": f"from {column or 'the first paid month'} to the first month without MRR",
        "grain": "month",
        "segments_as_of": home if grouped else None,
    }


def columns(*, confident: bool) -> tuple[Column, ...]:
    """The columns of the phases, with the interval of the hazard if ``confident``."""
    bounds = BOUNDS if confident else ()
    return (
        Column("phase", "Phase (days)", "text"),
        Column("months", "Months of life", "text"),
        Column("entered", "Entered", "count"),
        Column("churned", "Churned", "count"),
        replace(metric("hazard").column(), label="Hazard"),
        *(Column(name, f"Hazard {name[7:]}", "rate") for name in bounds),
    )


def _rows(
    found: Mapping[int, tuple[AtRisk, ...]], book: Book, lives: list[Phase], request: Request
) -> Iterator[Row]:
    for segment in order(book):
        named = {} if segment == TOTAL else dict(zip(book.by, book.segments[segment], strict=True))
        for phase in lives:
            entered, churned = seen_and_churned(found.get(segment, ()), phase)
            yield _row(phase, entered, churned, named, request)


def _row(
    phase: Phase, entered: int, churned: int, named: Mapping[str, str], request: Request
) -> Row:
    hazard = compute(churned, entered)
    known = not isinstance(hazard, Undefined)
    values: dict[str, Value] = {
        "phase": str(phase),
        "months": phase.months,
        "entered": entered,
        "churned": churned,
        "hazard": None if isinstance(hazard, Undefined) else hazard,
    }
    if request.confidence is not None:
        ends = wilson(churned, entered, request.confidence) if known else (None, None)
        values |= dict(zip(BOUNDS, ends, strict=True))
    reasons = {"hazard": hazard.reason} if isinstance(hazard, Undefined) else {}
    return Row(values, named, reasons, small=entered < request.min_group)
