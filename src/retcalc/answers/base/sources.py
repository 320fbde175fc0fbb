"""From the files of a run to an open export, and from there to the book of every question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from retcalc.book import Book, BookRules, Export, Question, build_book
from retcalc.book.book import empty_book
from retcalc.book.columns.columns_to_read import Headers, named_columns
from retcalc.book.columns.recognise import candidates
from retcalc.book.ledger.parents_and_mergers import accepts_mergers
from retcalc.book.rollforward_export import totals_book
from retcalc.book.tables.exchange_rates import accepts_rates
from retcalc.core.findings import Finding
from retcalc.read import ReadPlan, ReadRules, Table, read_table

BOOKS_KEPT = 4  # of the questions asked last: a panel of many rows takes much memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What to open: the files of a run, and how they are read."""

    data: tuple[str, ...]
    customers: str | None = None
    costs: str | None = None
    fx: str | None = None
    mergers: str | None = None
    reasons: str | None = None
    reading: ReadRules = ReadRules()
    rules: BookRules = BookRules()


@dataclass(frozen=True, slots=True)
class Opened:
    """Sources as read; any number of questions are answered without reading them again.

    ``notes`` are those of reading; a book has its own.
    """

    export: Export
    notes: tuple[Finding, ...]
    _books: dict[Question, Book] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """True when the export has no row."""
        return self.export.table.frame.is_empty()

    def book(self, question: Question) -> Book:
        """The book of a question; raises RetcalcError with everything wrong in the sources."""
        if question not in self._books:
            book = self._book(question)
            if len(self._books) >= BOOKS_KEPT:
                self._books.pop(next(iter(self._books)))
            self._books[question] = book
        return self._books[question]

    def _book(self, question: Question) -> Book:
        export = self.export
        if self.empty:
            return empty_book(export.table, export.rules, question)
        book = totals_book(export.table, export.rules, question) or build_book(export, question)
        others = [t for t in (export.customers, export.rates, export.mergers) if t is not None]
        return replace(book, sources=(*book.sources, *(s for t in others for s in t.sources)))


@dataclass(frozen=True, slots=True)
class Data:
    """The MRR files as read, and what their headers mean."""

    table: Table
    notes: tuple[Finding, ...]
    headers: Headers
    named: tuple[str, ...]


def open_sources(sources: Sources, columns: Iterable[str], data: Data | None = None) -> Opened:
    """Read the sources, each file once.

    ``columns`` are those that any question of the run names; ``data`` is given where the MRR
    files are read already.
    """
    data = data or read_data(sources, columns)
    customers, of_customers = read_further(
        sources, sources.customers, partial(names_accounts, sources.rules)
    )
    export = Export(data.table, sources.rules, data.headers, data.named, customers)
    if data.table.frame.is_empty():
        return Opened(export, data.notes)
    rates, of_rates = read_further(sources, sources.fx, accepts_rates)
    mergers, of_mergers = read_further(sources, sources.mergers, accepts_mergers)
    notes = (*data.notes, *of_customers, *of_rates, *of_mergers)
    return Opened(replace(export, rates=rates, mergers=mergers), notes)


def read_data(sources: Sources, columns: Iterable[str]) -> Data:
    """Read what the questions of a run, which name ``columns``, need of the MRR files."""
    named = named_columns(sources.rules, columns)
    headers = Headers(sources.rules, named, sources.data[0])
    table, notes = read_table(sources.data, sources.reading, headers.plan)
    first = table.sources[0].path
    if first != sources.data[0]:  # a folder was named: its first file stands in messages
        headers = Headers(sources.rules, named, first)
    return Data(table, notes, headers, named)


def names_accounts(rules: BookRules, header: Sequence[str]) -> bool:
    """Tell whether a header row looks like that of a file of accounts."""
    return bool(candidates("customer", header)) or rules.columns.get("customer") in header


def read_further(
    sources: Sources, path: str | None, fits: Callable[[Sequence[str]], bool]
) -> tuple[Table | None, tuple[Finding, ...]]:
    """Read a file beside the MRR files, if there is one; ``fits`` knows its header row."""
    if path is None:
        return None, ()
    rules = replace(sources.reading, skip_lines=0, expect_rows=None, expect_sha256=None)
    return read_table([path], rules, lambda header: ReadPlan(fits=fits(header)))
