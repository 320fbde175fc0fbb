"""From a request to a checked book and its window: what every answer starts with."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import polars as pl

from retcalc.book import Book, BookRules, build_book
from retcalc.book.calendar import DEFAULT_MONTHS, WindowRule, resolve_window
from retcalc.book.currency import accepts_rates
from retcalc.book.empty import empty_book
from retcalc.book.headers import accepts
from retcalc.book.needs import columns_coded, columns_counted, columns_used
from retcalc.book.roll_up import accepts_mergers
from retcalc.book.rules import Whole
from retcalc.book.totals import totals_book
from retcalc.book.window_rows import rows_of_window
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


Data = tuple[Table, tuple[Finding, ...], Whole | None]


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


def prepare(
    request: Request, *, revenue: bool = True, accounts: bool = True, ends: bool = False
) -> Prepared:
    """Read the sources and build the book; raises RetcalcError with everything found wrong.

    An answer about accounts alone asks without ``revenue``, and one that sums will do for without
    ``accounts``, so that it also has one for exports that hold none. With ``ends`` the two ends of
    a window that is named are enough, where the export can be read so.
    """
    opened = request.opened or open_sources(request, ends=ends and _may_pick(request))
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


def _may_pick(request: Request) -> bool:
    """Tell whether rows between and beside the ends of the window cannot change the answer."""
    book, reading = request.book, request.reading
    # segments, and whether there are any, are of all rows and not of the window's alone
    named = book.as_of is not None and request.profile.reactivation_gap is None
    promised = (request.expect_total, reading.expect_rows, reading.expect_sha256)
    others = (request.customers, request.fx, request.mergers, book.parent, book.size)
    plain = book.segments_as_of != "current" and not (request.strict or book.by or book.where)
    return named and plain and not any(x is not None for x in (*promised, *others))


def open_sources(request: Request, read: Data | None = None, *, ends: bool = False) -> Opened:
    """Read the sources and build the book, whatever the window; ``read`` are the data as read.

    With ``ends`` only what the two ends of the window need is read.
    """
    table, found, whole = read or read_data(request, ends=ends)
    request = replace(request, book=replace(request.book, whole=whole))
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


def read_data(request: Request, *, ends: bool = False) -> Data:
    """Read the MRR files; a header fits when its parts are told by name or by the user.

    Tells of all rows too where only those were read that the ``ends`` of the window need.
    """
    given = set(request.book.columns.values())

    def fits(header: Sequence[str]) -> bool:
        return accepts(header) or (bool(given) and given <= set(header))

    def used(header: Sequence[str]) -> Sequence[str] | None:
        return columns_used(header, request.book, request.data[0])

    def coded(header: Sequence[str]) -> Sequence[str] | None:
        return columns_coded(header, request.book, request.data[0])

    def counted(header: Sequence[str]) -> Sequence[str] | None:
        return columns_counted(header, request.book, request.data[0])

    whole: list[Whole] = []

    def picks(scan: pl.LazyFrame, header: Sequence[str]) -> pl.LazyFrame | None:
        found = rows_of_window(scan, header, request.book, request.window, request.data[0])
        if found is not None:
            whole.append(found[1])
        return None if found is None else found[0]

    rows = picks if ends else None
    table, notes = read_table(request.data, request.reading, fits, used, coded, counted, rows)
    return table, notes, whole[0] if whole else None


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
