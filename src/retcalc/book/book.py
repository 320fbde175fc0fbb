"""The book: the canonical panel of account-months that every kernel works on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from retcalc.book.coding import packed_sort
from retcalc.book.currency import Exchange, read_rates
from retcalc.book.customers import (
    Customers,
    lookup,
    membership,
    read_customers,
    recognise_customer,
)
from retcalc.book.headers import Recognised, find_column, recognise, unknown_column
from retcalc.book.ledger import END, START, Ledger, read_ledger
from retcalc.book.roll_up import Owners, owners_of
from retcalc.book.rules import BookRules
from retcalc.book.segments import as_of_current, encode, mark, unmark
from retcalc.book.shapes import SHAPES
from retcalc.book.sizes import OPENING_MRR, SIZE, amount_bands, number_bands
from retcalc.findings import Finding, RetcalcError
from retcalc.read import FILE, LINE, Table
from retcalc.result import Currency, Source

__all__ = ["Book", "build_book", "recognise_customer", "restated"]


@dataclass(frozen=True, slots=True)
class Book:
    """Account-months with positive MRR, coded for speed.

    ``panel``: account (UInt32 code), month (Int32 index), mrr (integer of 10**-scale), seg (Int32
    code, -1 outside the filter); one row per account and month, sorted by both. ``accounts`` gives
    the id of each code, in sorted order. ``first`` and ``last`` are the months the data covers.
    ``ledger`` keeps the source rows behind the panel: account, month, amount, FILE, LINE.
    ``intervals`` keeps dated subscriptions by the day: account, amount, seg,
    start, end (null while running); None where the data speaks of months only.
    ``exchange``: the rates of amounts that are converted month by month; None without.
    ``given`` are the lines of a roll-forward by month, where the export holds sums and no accounts.
    ``revenue`` is false where the export tells of accounts and not of money (each MRR is 1).
    """

    shape: str
    panel: pl.DataFrame
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
    exchange: Exchange | None = None
    revenue: bool = True
    given: Mapping[int, Mapping[str, int]] | None = None

    @property
    def starts_known(self) -> bool:
        """True when the rows say when an account began, also before the first month."""
        return SHAPES[self.shape].starts_known

    @property
    def open_ended(self) -> bool:
        """True when the data can be read at a month later than its last row."""
        return SHAPES[self.shape].open_ended


def build_book(
    table: Table,
    rules: BookRules,
    customers: Table | None = None,
    *,
    rates: Table | None = None,
    mergers: Table | None = None,
) -> Book:
    """Build the book of a table; raises RetcalcError with everything that is wrong in it.

    ``customers``, ``rates`` and ``mergers`` are the other files, where there are some.
    """
    file = table.sources[0].path
    found = recognise(table.header, rules.columns, rules.shape, file, rules.dates.format)
    asked = _Asked(rules, table, customers)
    rules, own = asked.rules, asked.own
    table, customers = asked.marked(table), asked.marked(customers) if customers else None
    known_rates = None if rates is None else read_rates(rates, rules)
    ledger = read_ledger(table, found, rules, own, known_rates)
    notes = [*ledger.findings, *_read_as(found)]
    if customers is not None:
        listed = read_customers(customers, found.columns["customer"], rules, asked.static)
        notes += listed.findings
    else:
        listed = None
    owners = owners_of(ledger, rules, asked.parent, listed, mergers)
    notes += owners.notes
    ordered = _ordered(owners.rows, asked.of_segments(own))
    panel, more = _panel(ordered, asked.of_segments(own))
    notes += [*more, *_pauses(ordered, found.shape, rules.missing_months)]
    if listed is not None:
        panel = _attributes(panel, owners, listed, asked.of_segments(asked.static))
        notes += membership(owners.names, listed)
    panel = _sized(panel, asked, ledger.currency.scale, "mrr")
    panel, segments = encode(panel, rules.by, rules.where)
    if rules.segments_as_of == "current":
        panel = as_of_current(panel)
    panel = panel.select("account", "month", "mrr", "seg")
    return Book(
        found.shape,
        panel if panel.select(_in_order()).item() else panel.sort("account", "month"),
        owners.names,
        segments,
        asked.by,
        ledger.currency,
        ledger.first,
        ledger.last,
        _kept(owners.rows, ledger),
        _sources(table, ledger, found),
        tuple(dict.fromkeys(notes)),
        _intervals(ledger, owners, listed, asked, segments),
        ledger.exchange,
        revenue=_has_revenue(found),
    )


def _has_revenue(found: Recognised) -> bool:
    return "mrr" in found.columns or found.shape in ("wide", "movements")


def _sources(table: Table, ledger: Ledger, found: Recognised) -> tuple[Source, ...]:
    """The files, each with the sum of its amounts where there are some."""
    totals = ledger.totals if _has_revenue(found) else [None] * len(table.sources)
    return tuple(replace(s, total_mrr=t) for s, t in zip(table.sources, totals, strict=True))


class _Asked:
    """The columns that segments and filters ask for, each in the file it is in."""

    def __init__(self, rules: BookRules, table: Table, customers: Table | None) -> None:
        known = [*table.header, *(customers.header if customers else ())]
        sized = rules.size is not None
        where = table.sources[0].path + (f" or {customers.sources[0].path}" if customers else "")

        def resolve(name: str, option: str = "--by or --where") -> str:
            if sized and name == SIZE:
                return SIZE
            column = find_column(name, known)
            if column is None:
                raise RetcalcError(unknown_column(name, known, where, option))
            return column

        self.by = tuple(resolve(name) for name in rules.by)
        conditions = [resolve(c.column) for c in rules.where]
        wanted = [*self.by, *conditions]
        self.size = rules.size if sized and SIZE in wanted else None
        self.size_column: str | None = None
        if self.size is not None and self.size.source != OPENING_MRR:
            self.size_column = resolve(self.size.source, "segments: {size: {from: COLUMN}}")
            wanted.append(self.size_column)
        parent = None if rules.parent is None else resolve(rules.parent, "account: COLUMN")
        if parent is not None:
            wanted.append(parent)
        self.columns = [w for w in dict.fromkeys(wanted) if not (sized and w == SIZE)]
        self.own = [mark(w) for w in self.columns if w in table.header]
        self.static = [mark(w) for w in self.columns if w not in table.header]

        def marked(column: str) -> str:
            return mark(column) if column in self.columns else column

        self.parent = None if parent is None else mark(parent)
        if self.size_column is not None:
            self.size_column = mark(self.size_column)
        self.rules = replace(
            rules,
            by=tuple(map(marked, self.by)),
            where=tuple(
                replace(c, column=marked(column))
                for c, column in zip(rules.where, conditions, strict=True)
            ),
        )

    def marked(self, table: Table) -> Table:
        """Give the asked columns a second name, so that none can meet one of the book's own."""
        copies = [pl.col(c).alias(mark(c)) for c in self.columns if c in table.frame.columns]
        return replace(table, frame=table.frame.with_columns(copies))

    def of_segments(self, columns: Sequence[str]) -> list[str]:
        """The columns that make segments, without the one that only names the parent."""
        used = {*self.rules.by, *(c.column for c in self.rules.where), self.size_column}
        return [c for c in columns if c in used]


def _read_as(found: Recognised) -> list[Finding]:
    parts = ", ".join(f"{role} = {column}" for role, column in found.columns.items())
    if found.months:
        parts += f", {len(found.months)} months"
    notes = [Finding("RC891", f"read as {found.shape}: {parts}")]
    if found.preset is not None:
        notes.insert(0, Finding("RC899", f"recognised as an export: {found.preset.name}"))
    if not _has_revenue(found):
        text = "the export holds no revenue: it tells of accounts and their survival only"
        notes.append(Finding("RC829", text))
    return notes


def _ordered(rows: pl.DataFrame, attributes: Sequence[str]) -> pl.DataFrame:
    """Ledger rows by account and month."""
    return packed_sort(rows.select("account", "month", "amount", *attributes), "account", "month")


def _panel(rows: pl.DataFrame, attributes: Sequence[str]) -> tuple[pl.DataFrame, list[Finding]]:
    """Sum ordered rows to one per account and month, as mrr > 0, and keep the order."""
    rows = rows.rename({"amount": "mrr"})
    notes: list[Finding] = []
    if rows.select((~_differs()).any()).item():
        rows, notes = _summed(rows, attributes)
    below = int((rows["mrr"] < 0).sum())
    if below:
        text = f"{below} account-months add up to less than zero and count as not active"
        notes.insert(0, Finding("RC840", text))
    return rows.filter(pl.col("mrr") > 0), notes


def _differs() -> pl.Expr:
    """True where a row is not of the same account and month as the row above."""
    account, month = pl.col("account"), pl.col("month")
    return ((account != account.shift(1)) | (month != month.shift(1))).fill_null(value=True)


def _in_order() -> pl.Expr:
    """True when accounts ascend, and the months of each."""
    account, month = pl.col("account"), pl.col("month")
    later = (account == account.shift(1)) & (month > month.shift(1))
    return (later | (account > account.shift(1))).fill_null(value=True).all()


def _summed(rows: pl.DataFrame, attributes: Sequence[str]) -> tuple[pl.DataFrame, list[Finding]]:
    """Add up rows of one account and month; an attribute is that of the largest amount."""
    mrr, keys = pl.col("mrr"), ["account", "month"]
    largest = [pl.col(a).sort_by(["mrr", a], descending=[True, False]).first() for a in attributes]
    mixed = [(pl.col(a).n_unique() > 1).alias(f"mixed {a}") for a in attributes]
    summed = rows.group_by(keys).agg(mrr.sum(), *largest, *mixed)
    notes = []
    for a in attributes:
        count = summed.filter((mrr > 0) & pl.col(f"mixed {a}")).height
        if count:
            text = (
                f"{count} account-months hold several values of {unmark(a)}; "
                "the largest amount's counts"
            )
            notes.append(Finding("RC845", text))
    return summed.select(rows.columns).sort(keys), notes


def _pauses(rows: pl.DataFrame, shape: str, rule: str) -> list[Finding]:
    """Count the months that accounts of a panel miss between their first and last row."""
    if not SHAPES[shape].dense:
        return []
    account, month = pl.col("account"), pl.col("month")
    missed = pl.when(account == account.shift(1)).then(month - month.shift(1) - 1)
    pauses = rows.lazy().select(account, missed=missed).filter(pl.col("missed") > 0).collect()
    if pauses.is_empty():
        return []
    missing, accounts = int(pauses["missed"].sum()), pauses["account"].n_unique()
    text = f"{accounts} accounts miss {missing} months inside their life; counted as zero"
    return [Finding("RC847", text, as_error=rule == "refuse")]


def _attributes(
    panel: pl.DataFrame, owners: Owners, listed: Customers, columns: Sequence[str]
) -> pl.DataFrame:
    """Columns of the customers file: those of the account itself, else of its largest member."""
    if not columns:
        return panel
    joined = lookup(panel, "account", owners.names, listed, columns)
    if not owners.rolled_up or joined["known"].all():
        return joined.drop("known")
    orphans = joined.filter(~pl.col("known")).select("account").unique()
    rows = owners.rows.join(orphans, on="account", how="semi")
    rows = lookup(rows, "member", owners.members, listed, columns)
    members, _ = _panel(_ordered(rows, columns), columns)
    filled = joined.join(
        members.drop("mrr"), on=["account", "month"], how="left", validate="1:1", suffix=" member"
    )
    own = pl.col("known")
    chosen = [pl.when(own).then(c).otherwise(f"{c} member").alias(c) for c in columns]
    return filled.with_columns(chosen).select(*panel.columns, *columns)


def _sized(panel: pl.DataFrame, asked: _Asked, scale: int, amount: str) -> pl.DataFrame:
    if asked.size is None:
        return panel
    if asked.size_column is None:
        sizes = amount_bands(panel[amount], asked.size.bounds, scale)
    else:
        sizes = number_bands(panel[asked.size_column], asked.size.bounds, unmark(asked.size_column))
    return panel.with_columns(sizes.alias(SIZE))


def _kept(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    native = ["native", "currency"] if ledger.exchange is not None else []
    return rows.select("account", "month", "amount", FILE, LINE, *native)


def _intervals(
    ledger: Ledger,
    owners: Owners,
    listed: Customers | None,
    asked: _Asked,
    segments: tuple[tuple[str, ...], ...],
) -> pl.DataFrame | None:
    """Dated rows with their segments; None where an attribute depends on the month."""
    rows = ledger.intervals
    if rows is None or owners.codes is None or (listed is not None and listed.dated):
        return None
    rows = rows.with_columns(owners.codes.gather(rows["member"]).alias("account"))
    static = asked.of_segments(asked.static)
    if listed is not None and static:
        rows = lookup(rows, "account", owners.names, listed, static).drop("known")
    rows = _sized(rows, asked, ledger.currency.scale, "amount")
    rows, _ = encode(rows, asked.rules.by, asked.rules.where, segments)
    return rows.select("account", "amount", "seg", start=START, end=END)


def restated(book: Book, months: int = 1) -> pl.DataFrame:
    """The panel with ``restated``: its MRR at the rates of so many months later.

    That is what an amount is compared with at the other end of a span of that length. Without
    monthly rates the panel as it is, without that column.
    """
    if book.exchange is None:
        return book.panel
    later = pl.min_horizontal(pl.col("month") + months, pl.lit(book.last, pl.Int32))
    rows = book.ledger.with_columns(later=later)
    amounts = rows.with_columns(restated=book.exchange.converted(rows, "later"))
    sums = amounts.group_by("account", "month").agg(pl.col("restated").sum())
    joined = book.panel.join(sums, on=["account", "month"], how="left", validate="1:1")
    return joined.sort("account", "month")
