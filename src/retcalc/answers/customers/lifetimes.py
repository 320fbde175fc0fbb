"""Lives of the book's accounts: whose start is known, and how that was settled."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from retcalc.answers.base.prepare import Prepared
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL, order
from retcalc.answers.customers.start_months import birth_months
from retcalc.book import Book
from retcalc.core.findings import Finding, raise_errors
from retcalc.core.months import format_month
from retcalc.kernels.lifetimes import Lives, count_lives, first_lives, merged

COUNTED = "first month of the data counts as the start"


@dataclass(frozen=True, slots=True)
class LivesOf:
    """The life of every account of a book (see ``first_lives``), and how their starts are known."""

    book: Book
    lives: pl.DataFrame
    starts: str

    def observe(self, closing: int, opening: int | None = None) -> dict[int, Lives]:
        """Lives per segment and TOTAL, watched from ``opening`` (None: ever) to ``closing``."""
        found = count_lives(self.lives, closing, opening)
        return {**{s: found.get(s, ()) for s in order(self.book)}, TOTAL: merged(found.values())}


def lives_of(prepared: Prepared, request: Request) -> tuple[LivesOf, tuple[Finding, ...]]:
    """Settle the starts of accounts that pay in the first month of the data; notes what was done.

    A shape with start dates or a sign-up date in the customers file tells them; else they are
    left out, unless nobody else starts later or the request counts that month as the start.
    """
    book = prepared.book
    if book.starts_known:
        return LivesOf(book, first_lives(book.panel), "start date"), ()
    if request.value.count_first_month:
        return LivesOf(book, first_lives(book.panel), COUNTED), ()
    known = prepared.customers and birth_months(prepared, request, request.value.signup_column)
    births, column = known or (None, None)
    starts = "first paid month" + (f"; {column} where that lies before the data" if column else "")
    lives = first_lives(book.panel, unsure=book.first, births=births)
    inside = lives.filter(pl.col("seg") >= 0)["born"]
    month, unknown = format_month(book.first), inside.null_count()
    if not unknown:
        return LivesOf(book, lives, starts), ()
    if unknown == inside.len():
        text = f"every account pays in {month}, the first month of the data: taken as their start"
        counted = LivesOf(book, first_lives(book.panel), COUNTED)
        return counted, _noted(Finding("RC856", text), request)
    text = f"{unknown} accounts already pay in {month}, the first month of the data: their start"
    text += " is not known, they are left out of lives"
    fix = "--customers FILE with a sign-up date, or --first-month start"
    return LivesOf(book, lives, starts), _noted(Finding("RC855", text, fix=fix), request)


def _noted(note: Finding, request: Request) -> tuple[Finding, ...]:
    raise_errors([note], strict=request.strict)
    return (note,)
