"""Lives of the book's accounts: whose start is known, and how that was settled."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from retcalc.book import Book
from retcalc.book.headers import recognise
from retcalc.book.signup import signup_months
from retcalc.findings import Finding, raise_errors
from retcalc.kernels.bridge import total_panel
from retcalc.kernels.lives import Lives, Observed, observe_lives
from retcalc.months import format_month
from retcalc.pipeline.prepare import Prepared, Request
from retcalc.pipeline.sums import TOTAL

STARTS_KNOWN = ("intervals",)  # shapes whose rows say when an account began
COUNTED = "first month of the data counts as the start"


@dataclass(frozen=True, slots=True)
class LivesOf:
    """Gives the lives of any span of a book under one rule about unknown starts."""

    book: Book
    unsure: int | None
    births: pl.DataFrame | None
    starts: str

    def observe(self, closing: int, opening: int | None = None) -> dict[int, Lives]:
        """Lives per segment and TOTAL, watched from ``opening`` (None: ever) to ``closing``."""
        found = self._observe(self.book.panel, closing, opening).by_segment if self.book.by else {}
        total = self._observe(total_panel(self.book.panel), closing, opening).by_segment
        segments = range(len(self.book.segments)) if self.book.by else ()
        return {**{s: found.get(s, ()) for s in segments}, TOTAL: total.get(0, ())}

    def _observe(self, panel: pl.DataFrame, closing: int, opening: int | None) -> Observed:
        return observe_lives(
            panel, closing, opening=opening, unsure=self.unsure, births=self.births
        )


def lives_of(prepared: Prepared, request: Request) -> tuple[LivesOf, tuple[Finding, ...]]:
    """Settle the starts of accounts that pay in the first month of the data; notes what was done.

    A shape with start dates or a sign-up date in the customers file tells them; else they are
    left out, unless nobody else starts later or the request counts that month as the start.
    """
    book, closing = prepared.book, prepared.window.closing
    if book.shape in STARTS_KNOWN:
        return LivesOf(book, None, None, "start dates"), ()
    if request.value.count_first_month:
        return LivesOf(book, None, None, COUNTED), ()
    births, column = _births(prepared, request) or (None, None)
    starts = "first paid month" if column is None else f"first paid month, before the data {column}"
    lives = LivesOf(book, book.first, births, starts)
    seen = lives._observe(total_panel(book.panel), closing, None)
    month, unknown = format_month(book.first), seen.unknown_starts
    if not unknown:
        return lives, ()
    if not seen.by_segment:
        text = f"every account pays in {month}, the first month of the data: taken as their start"
        return LivesOf(book, None, None, COUNTED), _noted(Finding("RC856", text), request)
    text = f"{unknown} accounts already pay in {month}, the first month of the data: their start"
    text += " is not known, they are left out of lives"
    fix = "--customers FILE with a sign-up date, or --first-month start"
    return lives, _noted(Finding("RC855", text, fix=fix), request)


def _noted(note: Finding, request: Request) -> tuple[Finding, ...]:
    raise_errors([note], strict=request.strict)
    return (note,)


def _births(prepared: Prepared, request: Request) -> tuple[pl.DataFrame, str] | None:
    customers, rules = prepared.customers, request.book
    if customers is None:
        return None
    found = recognise(prepared.header, rules.columns, rules.shape, request.data[0])
    return signup_months(customers, prepared.book.accounts, found.columns["customer"], rules)
