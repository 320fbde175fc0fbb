"""From the files of a request to a checked book, before any window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import polars as pl

from retcalc.answers.base.request import Opened, Request
from retcalc.book import build_book
from retcalc.book.book import empty_book
from retcalc.book.columns.columns_to_read import columns_coded, columns_counted, columns_used
from retcalc.book.columns.recognise import accepts
from retcalc.book.ledger.parents_and_mergers import accepts_mergers
from retcalc.book.panel.window_rows import rows_of_window
from retcalc.book.rollforward_export import totals_book
from retcalc.book.rules import Whole
from retcalc.book.tables.exchange_rates import accepts_rates
from retcalc.core.findings import Finding
from retcalc.read import Table, read_table

Data = tuple[Table, tuple[Finding, ...], Whole | None]


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
