"""From a request to a checked book and its window: what every answer starts with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retcalc.book import Book, BookRules, build_book
from retcalc.book.calendar import WindowRule, resolve_window
from retcalc.book.headers import accepts
from retcalc.config.profiles import Profile
from retcalc.findings import Finding, raise_errors
from retcalc.months import Window
from retcalc.read import ReadRules, Table, read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Everything a run was asked for, settled from command line and config."""

    data: tuple[str, ...]
    customers: str | None = None
    reading: ReadRules = ReadRules()
    book: BookRules = BookRules()
    profile: Profile
    window: WindowRule = WindowRule()
    min_group: int = 10
    confidence: float | None = None
    strict: bool = False
    config_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A book that passed every check, and the window it is asked about."""

    book: Book
    window: Window
    notes: tuple[Finding, ...]


def prepare(request: Request) -> Prepared:
    """Read the sources and build the book; raises RetcalcError with everything found wrong."""
    table, found = read_data(request)
    customers, more = read_customers(request)
    book = build_book(table, request.book, customers)
    if customers is not None:
        book = replace(book, sources=(*book.sources, *customers.sources))
    window, notes = resolve_window(
        request.window,
        book.first,
        book.last,
        request.book.as_of,
        open_ended=book.shape == "intervals",
    )
    notes = [*found, *more, *book.notes, *notes]
    raise_errors(notes, strict=request.strict)
    return Prepared(book, window, tuple(notes))


def read_data(request: Request) -> tuple[Table, tuple[Finding, ...]]:
    """Read the MRR files; a header fits when its parts are told by name or by the user."""
    given = set(request.book.columns.values())

    def fits(header: Sequence[str]) -> bool:
        return accepts(header) or (bool(given) and given <= set(header))

    return read_table(request.data, request.reading, fits)


def read_customers(request: Request) -> tuple[Table | None, tuple[Finding, ...]]:
    """Read the customers file, if there is one."""
    if request.customers is None:
        return None, ()
    rules = replace(request.reading, skip_lines=0, expect_rows=None, expect_sha256=None)
    return read_table([request.customers], rules, lambda _: True)
