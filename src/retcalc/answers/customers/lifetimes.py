"""Lifetimes of the book's accounts: whose start is known, and how that was settled.

By the day where rows are dated, else by the month.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from retcalc.answers.base.prepare import Prepared
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL, order
from retcalc.answers.customers.start_months import start_months
from retcalc.book import Book
from retcalc.book.rules import Weeks
from retcalc.book.values.fiscal_months import closing_day
from retcalc.core.findings import Finding, raise_errors
from retcalc.core.months import format_month
from retcalc.kernels.by_account.day_lives import (
    day_ages,
    day_lives,
    day_number,
    in_months,
    with_start_days,
)
from retcalc.kernels.lifetimes import Lifetimes, counted_by_age, merged, month_ages, with_starts
from retcalc.kernels.panel_facts import lifetimes
from retcalc.metrics.customers.lives.age import MONTH_DAYS
from retcalc.metrics.value.lifespans.lifespan import FEW_CHURNED, FEW_MONTHS
from retcalc.read.wording import count_that, counted

COUNTED = "first month of the data counts as the start"


@dataclass(frozen=True, slots=True)
class Lives:
    """First lives of a book's accounts, of no known start yet, and the segments they are in.

    ``weeks`` is the pattern of fiscal months, whose last days a closing means.
    """

    book: Book
    frame: pl.DataFrame
    weeks: Weeks | None

    @property
    def by_day(self) -> bool:
        """True where rows are dated: lives are days then, else months."""
        return self.book.intervals is not None

    @property
    def grain(self) -> str:
        """What lives are counted in: "day" or "month"."""
        return "day" if self.by_day else "month"

    @property
    def start_column(self) -> str:
        """The column that ``started`` adds."""
        return "start_day" if self.by_day else "start_month"

    def closing(self, month: int) -> int:
        """The month, or the number of its last day."""
        return day_number(closing_day(month, self.weeks)) if self.by_day else month

    def started(
        self,
        unsure: int | None = None,
        dates: pl.DataFrame | None = None,
        *,
        dates_first: bool = False,
    ) -> pl.DataFrame:
        """The lives with their starts: see ``with_starts``; ``unsure`` is a month."""
        settle = with_start_days if self.by_day else with_starts
        until = None if unsure is None else self.closing(unsure)
        return settle(self.frame, until, dates, dates_first=dates_first)


@dataclass(frozen=True, slots=True)
class LifetimesOf:
    """The lifetimes of a book's accounts with their starts, and how these are known."""

    lives: Lives
    lifetimes: pl.DataFrame
    starts: str

    @property
    def book(self) -> Book:
        """The book, with every segment that a life can be in."""
        return self.lives.book

    @property
    def grain(self) -> str:
        """What lives are counted in: "day" or "month"."""
        return self.lives.grain

    @property
    def per_month(self) -> Fraction:
        """How many of the ages that ``observe_ages`` counts make a month."""
        return MONTH_DAYS if self.lives.by_day else Fraction(1)

    def observe(self, closing: int, opening: int | None = None) -> dict[int, Lifetimes]:
        """Lifetimes per segment and TOTAL, watched from ``opening`` (None: ever) to ``closing``.

        By whole months of life: those of each account's own calendar where rows are dated.
        """
        ages = self._ages(closing, opening)
        return self._by_segment(in_months(ages) if self.lives.by_day else ages)

    def observe_ages(self, closing: int, opening: int | None = None) -> dict[int, Lifetimes]:
        """The same by the day of life where rows are dated, else by the month."""
        return self._by_segment(self._ages(closing, opening))

    def _ages(self, closing: int, opening: int | None) -> pl.DataFrame:
        ages = day_ages if self.lives.by_day else month_ages
        since = None if opening is None else self.lives.closing(opening)
        return ages(self.lifetimes, self.lives.closing(closing), since)

    def _by_segment(self, ages: pl.DataFrame) -> dict[int, Lifetimes]:
        found = counted_by_age(ages)
        return {**{s: found.get(s, ()) for s in order(self.book)}, TOTAL: merged(found.values())}


def lives_of(prepared: Prepared, request: Request) -> Lives:
    """First lives of the book's accounts, by the day where rows are dated."""
    book, weeks = prepared.book, request.sources.rules.dates.weeks
    if book.intervals is None:
        return Lives(book, lifetimes(book.panel), weeks)
    current = request.question.segment_basis == "current"
    latest_by = day_number(closing_day(prepared.window.closing, weeks)) if current else None
    frame = day_lives(book.intervals, latest_by=latest_by)
    return Lives(replace(book, segments=book.day_segments), frame, weeks)


def notes_on(lives: Lives, notes: Iterable[Finding], months: str) -> list[Finding]:
    """Notes of the book that hold for lives; by the day, what no month-end sees counts.

    Else it is said that ages are whole months, and ``months``: what that means.
    """
    if lives.by_day:
        return [note for note in notes if note.code != "RC841"]
    return [*notes, Finding("RC897", f"ages are whole months: {months}")]


def lifetimes_of(prepared: Prepared, request: Request) -> tuple[LifetimesOf, tuple[Finding, ...]]:
    """Settle the starts of accounts that pay in the first month of the data; notes what was done.

    A shape with start dates or a sign-up date in the customers file tells them; else they are
    left out, unless nobody else starts later or the request counts that month as the start.
    """
    book, lives = prepared.book, lives_of(prepared, request)
    if book.starts_known:
        return LifetimesOf(lives, lives.started(), "start date"), ()
    if request.value.count_first_month:
        return LifetimesOf(lives, lives.started(), COUNTED), ()
    known = prepared.customers and start_months(prepared, request, request.value.signup_column)
    dates, column = known or (None, None)
    starts = "first paid day" if lives.by_day else "first paid month"
    starts += f"; {column} where that lies before the data" if column else ""
    dated = lives.started(book.first, dates)
    inside = dated.filter(pl.col("seg") >= 0)[lives.start_column]
    month, unknown = format_month(book.first), inside.null_count()
    if not unknown:
        return LifetimesOf(lives, dated, starts), ()
    if unknown == inside.len():
        text = f"every account pays in {month}, the first month of the data: taken as their start"
        started = LifetimesOf(lives, lives.started(), COUNTED)
        return started, _noted(Finding("RC856", text), request)
    text = f"{count_that(unknown, 'account', 'pays', 'pay')} already in {month}, the first month"
    text += " of the data: their start"
    text += " is not known, they are left out of lives"
    fix = "--customers FILE with a sign-up date, or --first-month start"
    return LifetimesOf(lives, dated, starts), _noted(Finding("RC855", text, fix=fix), request)


def few_churned(counts: Iterable[int | None], request: Request) -> tuple[Finding, ...]:
    """Note that no long life is made of few churned accounts: ``counts`` of the rows it befell."""
    few = [count for count in counts if count is not None]
    if not few:
        return ()
    who = f"{counted(few[0], 'account')} churned"
    if len(few) > 1:
        who = f"in {counted(len(few), 'row')} few accounts churned, at least {min(few)}"
    text = (
        f"{who}: fewer than {FEW_CHURNED} leave the churn rate open by a factor of nine (95%), so"
    )
    text += f" no life of more than {FEW_MONTHS} months is made of them; what was seen is a lower"
    return _noted(Finding("RC853", f"{text} bound", fix="--horizon 60"), request)


def _noted(note: Finding, request: Request) -> tuple[Finding, ...]:
    raise_errors([note], strict=request.strict)
    return (note,)
