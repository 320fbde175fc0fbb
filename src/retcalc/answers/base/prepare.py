"""From a request to a checked book and its window: what every answer starts with."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from retcalc.answers.base.request import Request
from retcalc.answers.base.sources import open_sources
from retcalc.book import Book, Export
from retcalc.book.columns.columns_to_read import Headers
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.months import DEFAULT_MONTHS, Window, resolve_window
from retcalc.read import Table

_TOTAL = r"[+-]?\d{1,30}(\.\d{0,20})?"  # an amount; a fraction or a power may take for ever


@dataclass(frozen=True, slots=True)
class Prepared:
    """A book that passed every check, and the window it is asked about.

    ``header`` is that of the MRR files, and ``headers`` tell what it means; ``customers`` is the
    customers file as read; ``export`` are the tables that the book is made of.
    """

    book: Book
    window: Window
    notes: tuple[Finding, ...]
    headers: Headers
    header: tuple[str, ...]
    customers: Table | None
    export: Export


def is_undated(book: Book, request: Request) -> bool:
    """True for a snapshot of a month that nobody named."""
    return book.dateless and request.question.as_of is None


def refuse_undated(book: Book, request: Request, what: str) -> None:
    """Refuse an answer by month of an export that tells no month (RC200)."""
    if is_undated(book, request):
        value = "the export has no dates: it tells who left, not when"
        fix = "--as-of 2026-10   or the month that it was taken in"
        raise RetcalcError(Finding("RC200", f"{what} needs dates", value=value, fix=fix))


def told_window(book: Book, window: Window, request: Request) -> Window | None:
    """The window as far as anybody told it: None for a snapshot of a month that nobody named."""
    return None if is_undated(book, request) else window


def prepare(
    request: Request, *, revenue: bool = True, accounts: bool = True, split: bool = False
) -> Prepared:
    """Open the sources and build the book; raises RetcalcError with everything found wrong.

    Without ``revenue`` exports that hold no amounts are answered too, without ``accounts`` exports
    of monthly totals. ``split``: accounts with several segments in a month are split over them;
    else each counts under that of its largest amount.
    """
    opened = request.opened or open_sources(request.sources, request.question.columns)
    book, export = opened.book(request.question), opened.export
    also = (export.headers, export.table.header, export.customers, export)
    book = book.split if split else book.unsplit
    notes = (*opened.notes, *book.notes)
    if revenue and not book.revenue:
        raise RetcalcError(_no_revenue(book, export.unnamed_amounts(export.found)))
    if accounts and book.given is not None:
        raise RetcalcError(_no_accounts(book))
    if opened.empty:
        raise_errors(notes, strict=request.strict)
        return Prepared(book, Window(0, 0), notes, *also)
    window, of_window = resolve_window(
        request.window,
        book.first,
        book.last,
        request.question.as_of,
        open_ended=book.open_ended,
        usual=1 if book.dateless else DEFAULT_MONTHS,
    )
    notes = (*notes, *of_window, *_unexpected_total(book, request), *_idle_zone(notes, request))
    raise_errors(notes, strict=request.strict)
    return Prepared(book, window, notes, *also)


def _no_accounts(book: Book) -> Finding:
    return Finding(
        "RC205",
        "the export has no history of accounts",
        value=f"{book.sources[0].path} holds sums per month, without the accounts behind them",
        fix="ask for movements; or export the accounts: subscriptions, invoices, MRR movements",
    )


def _no_revenue(book: Book, unnamed: Sequence[str]) -> Finding:
    path = shlex.quote(book.sources[0].path)
    named = [f"   or  --mrr-column {shlex.quote(name)}" for name in unnamed]
    amounts = "".join(named) or "; or name the amount with --mrr-column"
    return Finding(
        "RC204",
        "the export holds no revenue",
        value=f"{book.sources[0].path} tells which accounts stayed, not what they paid",
        fix=f"retcalc retention {path}   (also churn, cohort, survival, tenure){amounts}",
    )


def _idle_zone(notes: Iterable[Finding], request: Request) -> list[Finding]:
    """Refuse a time zone where no date that was read has both a time and a zone."""
    if not request.zone_must_act or any(note.code == "RC898" for note in notes):
        return []
    return [
        Finding(
            "RC179",
            "the time zone cannot act",
            value="no date that is read carries a time and a zone: days count as they are written",
            fix="leave out --timezone",
        )
    ]


def _unexpected_total(book: Book, request: Request) -> list[Finding]:
    """Compare the sum of the amounts read with the total that was promised."""
    if request.expect_total is None:
        return []
    total = sum((s.total_mrr or Fraction(0) for s in book.sources), Fraction(0))
    if re.fullmatch(_TOTAL, request.expect_total, re.ASCII) is None:
        fix = "--expect-total 123456.78"
        return [Finding("RC175", f"{request.expect_total!r} is not a total", fix=fix)]
    if Fraction(request.expect_total) == total:
        return []
    found = Decimal(total.numerator) / Decimal(total.denominator)
    value = f"the amounts add up to {found}, not to {request.expect_total}"
    fix = f"--expect-total {found}   if that is right; else check the export"
    return [Finding("RC501", "the total is not the expected one", value=value, fix=fix)]
