"""The book: the canonical panel of account-months that every kernel works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from retcalc.book.ledger.export import AccountLedger, Export, has_revenue
from retcalc.book.ledger.ledger import END, START, Ledger
from retcalc.book.panel.build_panel import Laid, in_cells, in_rows, with_sizes
from retcalc.book.panel.segment_columns import Asked
from retcalc.book.panel.segments import encode
from retcalc.book.rules import BookRules, Question
from retcalc.book.shapes import shape_of
from retcalc.book.shapes.common.active_months import account_months
from retcalc.book.tables.customers import lookup
from retcalc.book.tables.exchange_rates import Exchange
from retcalc.book.values.dates.grace import TERM_END
from retcalc.book.values.money import minor_digits
from retcalc.core.findings import Finding
from retcalc.core.panel import OUTSIDE, ROW, Panel, panel_of_rows
from retcalc.core.result import Currency, Source
from retcalc.read import FILE, LINE, Table


@dataclass(frozen=True, slots=True)
class Apart:
    """The source rows that filters keep, and the notes, of a book whose accounts are split."""

    ledger: pl.DataFrame
    notes: tuple[Finding, ...]


@dataclass(frozen=True)
class Book:
    """Account-months with positive MRR, coded for speed.

    ``panel``: MRR by account code and month index, see ``core.panel``. ``accounts`` gives the id
    of each code, in sorted order. ``first`` and ``last`` are the months the data covers.
    ``ledger`` keeps the source rows behind the panel: account, first and last (the months a row
    counts in), amount, FILE, LINE.
    ``intervals`` keeps dated subscriptions by the day: account, amount, seg,
    start, end (null while running), FILE, LINE, and term_end, the end before any grace; None where
    the data speaks of months only. ``day_segments`` are the segments that its codes mean: those of
    the panel, then those that no month-end sees.
    ``exchange``: the rates of amounts that are converted month by month; None without.
    ``apart``: what differs where accounts are split over ``panel.parts``; None without any.
    ``given`` are the lines of a roll-forward by month, where the export holds sums and no accounts.
    ``filtered``: some account-months are outside the filter. ``revenue`` is false where the export
    tells of accounts and not of money (each MRR is 1).
    """

    shape: str
    panel: Panel
    accounts: pl.Series
    segments: tuple[tuple[str, ...], ...]
    by: tuple[str, ...]
    currency: Currency
    first: int
    last: int
    ledger: pl.DataFrame
    sources: tuple[Source, ...]
    notes: tuple[Finding, ...]
    intervals: pl.DataFrame | None = None
    day_segments: tuple[tuple[str, ...], ...] = ()
    exchange: Exchange | None = None
    revenue: bool = True
    given: Mapping[int, Mapping[str, int]] | None = None
    filtered: bool = False
    apart: Apart | None = None

    def of(self, panel: Panel) -> Book:
        """The same book with another panel, such as some of its accounts."""
        return replace(self, panel=panel)

    @property
    def split(self) -> Book:
        """The book in which an account with several segments in a month is split over them."""
        return (
            self
            if self.apart is None
            else replace(self, ledger=self.apart.ledger, notes=self.apart.notes)
        )

    @property
    def unsplit(self) -> Book:
        """The book in which every account has one segment a month."""
        return self if self.panel.parts is None else self.of(self.panel.whole)

    @property
    def starts_known(self) -> bool:
        """True when the rows say when an account began, also before the first month."""
        return shape_of(self.shape).starts_known

    @property
    def dateless(self) -> bool:
        """True for a snapshot: its flags tell who left, not when and over how long."""
        return self.shape == "snapshot"

    @property
    def open_ended(self) -> bool:
        """True when the data can be read at a month later than its last row."""
        return shape_of(self.shape).open_ended


def build_book(export: Export, question: Question) -> Book:
    """The book that answers a question; raises RetcalcError with everything that is wrong in it."""
    shape, current = shape_of(export.found.shape), question.segment_basis == "current"
    asked = Asked(question, export.rules, export.table, export.customers)
    booked = export.ledger(question.as_of, asked.parent)
    ledger, owners = booked.ledger, booked.owners
    laid = in_cells(booked, asked, export.rules, shape, current=current)
    laid = laid or in_rows(booked, asked, export.rules, shape, current=current)
    intervals, day_segments = _intervals(booked, asked, laid.segments)
    notes = tuple(dict.fromkeys((*booked.notes, *laid.notes)))
    return Book(
        shape.name,
        laid.panel,
        owners.names,
        laid.segments,
        asked.titles,
        ledger.currency,
        ledger.first,
        ledger.last,
        _kept(owners.rows, ledger),
        _sources(export, ledger),
        notes,
        intervals,
        day_segments,
        ledger.exchange,
        revenue=has_revenue(export.found),
        filtered=laid.filtered,
        apart=_apart(laid, asked, booked, notes),
    )


def _apart(
    laid: Laid, asked: Asked, booked: AccountLedger, notes: tuple[Finding, ...]
) -> Apart | None:
    if laid.panel.parts is None:
        return None
    from retcalc.book.panel.segment_parts import split_over

    others = tuple(note for note in notes if note.code != "RC845")
    rows = _kept(_of_filter(booked.owners.rows, asked), booked.ledger)
    return Apart(rows, (*others, split_over(laid.panel, asked.own)))


def _of_filter(rows: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """The source rows that filters on columns of the export keep."""
    where = [condition for condition in asked.where if condition.column in asked.own]
    return encode(rows, (), where)[0].filter(pl.col("seg") != OUTSIDE) if where else rows


def _sources(export: Export, ledger: Ledger) -> tuple[Source, ...]:
    """The files, each with the sum of its amounts where there are some."""
    sources, totals = export.table.sources, ledger.totals
    if not has_revenue(export.found):
        return tuple(replace(s, total_mrr=None) for s in sources)
    return tuple(replace(s, total_mrr=t) for s, t in zip(sources, totals, strict=True))


def _kept(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    native = ["native", "currency"] if ledger.exchange is not None else []
    return rows.select("account", "first", "last", "amount", FILE, LINE, *native)


def _intervals(
    booked: AccountLedger, asked: Asked, segments: tuple[tuple[str, ...], ...]
) -> tuple[pl.DataFrame | None, tuple[tuple[str, ...], ...]]:
    """Dated rows with their segments, and what these are; None where one depends on the month."""
    rows, owners, listed = booked.ledger.intervals, booked.owners, booked.customers
    if rows is None or owners.codes is None or (listed is not None and listed.dated):
        return None, segments
    rows = rows.with_columns(owners.codes.gather(rows["member"]).alias("account"))
    if listed is not None and asked.static:
        rows = lookup(rows, "account", owners.names, listed, asked.static).drop("known")
    rows = with_sizes(rows, asked, booked.ledger.currency.per_major, "amount")
    rows, segments = encode(rows, asked.by, asked.where, segments)
    written = TERM_END if TERM_END in rows.columns else END
    days = {"start": START, "end": END, "term_end": written}
    return rows.select("account", "amount", "seg", FILE, LINE, **days), segments


def constant_currency(book: Book, months: int = 1) -> Panel:
    """The panel with ``constant_currency_mrr``: its MRR at the rates of so many months later.

    That is what the closing MRR of a span of that length is compared with. Without rates by month
    the panel as it is.
    """
    if book.exchange is None:
        return book.panel
    later = pl.min_horizontal(pl.col("month") + months, pl.lit(book.last, pl.Int32))
    rows = account_months(book.ledger).with_columns(later=later)
    amounts = rows.with_columns(constant_currency_mrr=book.exchange.converted(rows, "later"))
    sums = amounts.group_by("account", "month").agg(pl.col("constant_currency_mrr").sum())
    joined = book.panel.rows.join(sums, on=["account", "month"], how="left", validate="1:1")
    return panel_of_rows(joined.sort("account", "month"))


_LEDGER = {"account": pl.UInt32, "first": pl.Int32, "last": pl.Int32, "amount": pl.Int64}


def empty_book(table: Table, rules: BookRules, question: Question) -> Book:
    """Give a book without accounts and months."""
    digits = minor_digits(rules.currency)
    ledger = {**_LEDGER, FILE: pl.UInt16, LINE: pl.UInt32}
    return Book(
        shape="long",
        panel=panel_of_rows(pl.DataFrame(schema=ROW)),
        accounts=pl.Series("id", [], pl.String),
        segments=(() if question.by else ((),)),
        by=question.by,
        currency=Currency(rules.currency, digits, digits),
        first=0,
        last=0,
        ledger=pl.DataFrame(schema=ledger),
        sources=table.sources,
        notes=(Finding("RC848", f"{table.sources[0].path} has no rows"),),
    )
