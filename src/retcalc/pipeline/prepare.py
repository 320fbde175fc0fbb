"""From a request to a checked book and its window: what every answer starts with."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from retcalc.book import Book, BookRules, build_book
from retcalc.book.calendar import DEFAULT_MONTHS, WindowRule, resolve_window
from retcalc.book.currency import accepts_rates
from retcalc.book.empty import empty_book
from retcalc.book.headers import accepts
from retcalc.book.needs import columns_used
from retcalc.book.roll_up import accepts_mergers
from retcalc.book.totals import totals_book
from retcalc.config.profiles import Profile
from retcalc.findings import Finding, RetcalcError, raise_errors
from retcalc.months import Window
from retcalc.pipeline.rules import ValueRules
from retcalc.read import ReadRules, Table, read_table

_TOTAL = r"[+-]?\d{1,30}(\.\d{0,20})?"  # an amount; a fraction or a power may take for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Everything a run was asked for, settled from command line and config."""

    data: tuple[str, ...]
    customers: str | None = None
    reading: ReadRules = ReadRules()
    book: BookRules = BookRules()
    profile: Profile
    window: WindowRule = WindowRule()
    expect_total: str | None = None
    costs: str | None = None
    fx: str | None = None
    mergers: str | None = None
    value: ValueRules = ValueRules()
    phases: tuple[int, ...] = (30, 90, 180)
    min_group: int = 10
    confidence: float | None = None
    strict: bool = False
    config_sha256: str | None = None
    opened: Opened | None = None  # sources that are read already, for answers that share them


@dataclass(frozen=True, slots=True)
class Opened:
    """Sources as read, before any window: see ``Prepared``; ``empty`` without a single row."""

    book: Book
    notes: tuple[Finding, ...]
    header: tuple[str, ...]
    customers: Table | None
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A book that passed every check, and the window it is asked about.

    ``header`` is that of the MRR files; ``customers`` the customers file as read.
    """

    book: Book
    window: Window
    notes: tuple[Finding, ...]
    header: tuple[str, ...] = ()
    customers: Table | None = None


def prepare(request: Request, *, revenue: bool = True, accounts: bool = True) -> Prepared:
    """Read the sources and build the book; raises RetcalcError with everything found wrong.

    An answer about accounts alone asks without ``revenue``, and one that sums will do for without
    ``accounts``, so that it also has one for exports that hold none.
    """
    opened = request.opened or open_sources(request)
    book, header = opened.book, opened.header
    if revenue and not book.revenue:
        raise RetcalcError(_no_revenue(book))
    if accounts and book.given is not None:
        raise RetcalcError(_no_accounts(book))
    if opened.empty:
        raise_errors(opened.notes, strict=request.strict)
        return Prepared(book, Window(0, 0), opened.notes, header, opened.customers)
    window, notes = resolve_window(
        request.window,
        book.first,
        book.last,
        request.book.as_of,
        open_ended=book.open_ended,
        usual=1 if book.shape == "snapshot" else DEFAULT_MONTHS,
    )
    notes = [*opened.notes, *notes, *_unexpected_total(book, request)]
    raise_errors(notes, strict=request.strict)
    return Prepared(book, window, tuple(notes), header, opened.customers)


def open_sources(request: Request, read: tuple[Table, tuple[Finding, ...]] | None = None) -> Opened:
    """Read the sources and build the book, whatever the window; ``read`` are the data as read."""
    table, found = read or read_data(request)
    customers, more = read_customers(request)
    header = tuple(table.header)
    if table.frame.is_empty():
        book = empty_book(table, request.book)
        return Opened(book, (*found, *book.notes), header, customers, empty=True)
    rates, of_rates = _further(request, request.fx, accepts_rates)
    mergers, of_mergers = _further(request, request.mergers, accepts_mergers)
    sums = totals_book(table, request.book)
    book = sums or build_book(table, request.book, customers, rates=rates, mergers=mergers)
    others = [t for t in (customers, rates, mergers) if t is not None]
    book = replace(book, sources=(*book.sources, *(s for t in others for s in t.sources)))
    notes = (*found, *more, *of_rates, *of_mergers, *book.notes)
    return Opened(book, notes, header, customers)


def read_data(request: Request) -> tuple[Table, tuple[Finding, ...]]:
    """Read the MRR files; a header fits when its parts are told by name or by the user."""
    given = set(request.book.columns.values())

    def fits(header: Sequence[str]) -> bool:
        return accepts(header) or (bool(given) and given <= set(header))

    def used(header: Sequence[str]) -> Sequence[str] | None:
        return columns_used(header, request.book, request.data[0])

    return read_table(request.data, request.reading, fits, used)


def read_customers(request: Request) -> tuple[Table | None, tuple[Finding, ...]]:
    """Read the customers file, if there is one."""
    return _further(request, request.customers, lambda _: True)


def _further(
    request: Request, path: str | None, fits: Callable[[Sequence[str]], bool]
) -> tuple[Table | None, tuple[Finding, ...]]:
    if path is None:
        return None, ()
    rules = replace(request.reading, skip_lines=0, expect_rows=None, expect_sha256=None)
    return read_table([path], rules, fits)


def _no_accounts(book: Book) -> Finding:
    return Finding(
        "RC205",
        "the export has no history of accounts",
        value=f"{book.sources[0].path} holds sums per month, without the accounts behind them",
        fix="ask for movements; or export the accounts: subscriptions, invoices, MRR movements",
    )


def _no_revenue(book: Book) -> Finding:
    return Finding(
        "RC204",
        "the export holds no revenue",
        value=f"{book.sources[0].path} tells which accounts stayed, not what they paid",
        fix="ask for retention, churn, survival or tenure; or name an amount: --mrr-column COLUMN",
    )


def _unexpected_total(book: Book, request: Request) -> list[Finding]:
    """Compare the sum of the amounts read with the total that was promised."""
    if request.expect_total is None:
        return []
    total = sum(s.total_mrr or 0 for s in book.sources)
    if re.fullmatch(_TOTAL, request.expect_total, re.ASCII) is None:
        fix = "--expect-total 123456.78"
        return [Finding("RC175", f"{request.expect_total!r} is not a total", fix=fix)]
    if Fraction(request.expect_total) * 10**book.currency.scale == total:
        return []
    found = Decimal(total).scaleb(-book.currency.scale)
    value = f"the amounts add up to {found}, not to {request.expect_total}"
    return [
        Finding("RC501", "the total is not the expected one", value=value, fix="check the export")
    ]
