"""Lifetimes of the book's accounts: whose start is known, and how that was settled."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from retcalc.answers.base.prepare import Prepared
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL, order
from retcalc.answers.customers.start_months import start_months
from retcalc.book import Book
from retcalc.core.findings import Finding, raise_errors
from retcalc.core.months import format_month
from retcalc.kernels.lifetimes import Lifetimes, by_age, merged, with_starts
from retcalc.kernels.panel_facts import lifetimes
from retcalc.read.wording import count_that

COUNTED = "first month of the data counts as the start"


@dataclass(frozen=True, slots=True)
class LifetimesOf:
    """The lifetimes of a book's accounts (see ``with_starts``) and how their starts are known."""

    book: Book
    lifetimes: pl.DataFrame
    starts: str

    def observe(self, closing: int, opening: int | None = None) -> dict[int, Lifetimes]:
        """Lifetimes per segment and TOTAL, watched from ``opening`` (None: ever) to ``closing``."""
        found = by_age(self.lifetimes, closing, opening)
        return {**{s: found.get(s, ()) for s in order(self.book)}, TOTAL: merged(found.values())}


def lifetimes_of(prepared: Prepared, request: Request) -> tuple[LifetimesOf, tuple[Finding, ...]]:
    """Settle the starts of accounts that pay in the first month of the data; notes what was done.

    A shape with start dates or a sign-up date in the customers file tells them; else they are
    left out, unless nobody else starts later or the request counts that month as the start.
    """
    book, found = prepared.book, lifetimes(prepared.book.panel)
    if book.starts_known:
        return LifetimesOf(book, with_starts(found), "start date"), ()
    if request.value.count_first_month:
        return LifetimesOf(book, with_starts(found), COUNTED), ()
    known = prepared.customers and start_months(prepared, request, request.value.signup_column)
    dates, column = known or (None, None)
    starts = "first paid month" + (f"; {column} where that lies before the data" if column else "")
    dated = with_starts(found, book.first, dates)
    inside = dated.filter(pl.col("seg") >= 0)["start_month"]
    month, unknown = format_month(book.first), inside.null_count()
    if not unknown:
        return LifetimesOf(book, dated, starts), ()
    if unknown == inside.len():
        text = f"every account pays in {month}, the first month of the data: taken as their start"
        started = LifetimesOf(book, with_starts(found), COUNTED)
        return started, _noted(Finding("RC856", text), request)
    text = f"{count_that(unknown, 'account', 'pays', 'pay')} already in {month}, the first month"
    text += " of the data: their start"
    text += " is not known, they are left out of lives"
    fix = "--customers FILE with a sign-up date, or --first-month start"
    return LifetimesOf(book, dated, starts), _noted(Finding("RC855", text, fix=fix), request)


def _noted(note: Finding, request: Request) -> tuple[Finding, ...]:
    raise_errors([note], strict=request.strict)
    return (note,)
