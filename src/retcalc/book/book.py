"""The book: the canonical panel of account-months that every kernel works on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

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
from retcalc.book.panel import in_order, missing_months, panel_of, pauses, repeats
from retcalc.book.roll_up import Owners, owners_of
from retcalc.book.rules import BookRules, Whole
from retcalc.book.segments import as_of_current, encode, mark, unmark
from retcalc.book.shapes import SHAPES
from retcalc.book.sizes import OPENING_MRR, SIZE, amount_bands, number_bands
from retcalc.findings import Finding, RetcalcError, raise_errors
from retcalc.grid import Grid, make_grid
from retcalc.grid import pauses as grid_pauses
from retcalc.read import FILE, LINE, Table
from retcalc.result import Currency, Source

_PANEL = ("account", "month", "mrr", "seg")
__all__ = ["Book", "build_book", "recognise_customer", "restated"]


@dataclass(frozen=True)
class Book:
    """Account-months with positive MRR, coded for speed.

    ``panel``: account (UInt32 code), month (Int32 index), mrr (integer of 10**-scale), seg (Int32
    code, -1 outside the filter); one row per account and month, sorted by both; made when asked
    for. ``grid`` has the same in cells, None where they would be too many. ``accounts`` gives the
    id of each code, in sorted order. ``first`` and ``last`` are the months the data covers.
    ``ledger`` keeps the source rows behind the panel: account, month, amount, FILE, LINE.
    ``intervals`` keeps dated subscriptions by the day: account, amount, seg,
    start, end (null while running); None where the data speaks of months only.
    ``exchange``: the rates of amounts that are converted month by month; None without.
    ``given`` are the lines of a roll-forward by month, where the export holds sums and no accounts.
    ``filtered``: some account-months are outside the filter. ``revenue`` is false where the export
    tells of accounts and not of money (each MRR is 1).
    """

    shape: str
    make_panel: Callable[[], pl.DataFrame]
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
    grid: Grid | None = None
    filtered: bool = False

    @cached_property
    def panel(self) -> pl.DataFrame:
        """The rows; see above."""
        return self.make_panel()

    def of(self, panel: pl.DataFrame) -> Book:
        """The same book with other rows."""
        return replace(self, make_panel=lambda: panel, grid=None)

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
    listed = None
    if customers is not None:
        listed = read_customers(customers, found.columns["customer"], rules, asked.static)
        notes += listed.findings
    owners = owners_of(ledger, rules, asked.parent, listed, mergers)
    notes += owners.notes
    if listed is not None:
        notes += membership(owners.names, listed)
    laid = _in_cells(ledger, owners, asked, found) or _in_rows(ledger, owners, asked, found, listed)
    return Book(
        found.shape,
        laid.make_panel,
        owners.names,
        laid.segments,
        asked.by,
        ledger.currency,
        ledger.first,
        ledger.last,
        _kept(owners.rows, ledger),
        _sources(table, ledger, found, rules.whole),
        tuple(dict.fromkeys((*notes, *laid.notes))),
        _intervals(ledger, owners, listed, asked, laid.segments),
        ledger.exchange,
        revenue=_has_revenue(found),
        grid=laid.grid,
        filtered=laid.filtered,
    )


def _has_revenue(found: Recognised) -> bool:
    return "mrr" in found.columns or found.shape in ("wide", "movements")


def _sources(
    table: Table, ledger: Ledger, found: Recognised, whole: Whole | None
) -> tuple[Source, ...]:
    """The files, each with the sum of its amounts where there are some."""
    totals: Sequence[int | None] = ledger.totals
    if not _has_revenue(found):
        totals = [None] * len(table.sources)
    elif whole is not None:
        totals = [whole.total * 10 ** (ledger.currency.scale - ledger.currency.digits)]
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
        for column in self.columns:
            if column in table:
                table = table.renamed(column, mark(column))
        return table

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


@dataclass(frozen=True, slots=True)
class _Laid:
    """Account-months in rows or cells, the values of the segments, and what there is to say."""

    make_panel: Callable[[], pl.DataFrame]
    segments: tuple[tuple[str, ...], ...]
    notes: list[Finding]
    filtered: bool
    grid: Grid | None = None


def _in_cells(ledger: Ledger, owners: Owners, asked: _Asked, found: Recognised) -> _Laid | None:
    """A grid, where the rows are the account-months already; the panel is made when asked for."""
    rules, own = asked.rules, asked.of_segments(asked.own)
    changed = owners.rolled_up or ledger.exchange or asked.size or asked.of_segments(asked.static)
    settled = rules.segments_as_of != "current" and rules.whole is None
    if changed or not settled or not SHAPES[found.shape].dense:
        return None
    rows = owners.rows.select("account", "month", "amount", *own)
    if own and (rows["amount"] <= 0).any():
        return None
    coded, segments = encode(rows, rules.by, rules.where)
    grid = make_grid(coded, len(owners.names))
    if grid is None:
        return None

    def panel() -> pl.DataFrame:
        panel, _ = panel_of(in_order(rows, "account", own), own)
        return encode(panel, rules.by, rules.where, segments)[0].select(_PANEL)

    notes = missing_months(*grid_pauses(grid), rules.missing_months)
    return _Laid(panel, segments, notes, _any_outside(coded), grid)


def _any_outside(rows: pl.DataFrame) -> bool:
    return bool((rows["seg"] < 0).any())


def _in_rows(
    ledger: Ledger, owners: Owners, asked: _Asked, found: Recognised, listed: Customers | None
) -> _Laid:
    rules, own = asked.rules, asked.of_segments(asked.own)
    ordered = in_order(owners.rows, "account", own)
    notes = _repeated(ledger, owners, ordered)
    panel, more = panel_of(ordered, own)
    notes += more
    if SHAPES[found.shape].dense and rules.whole is None:
        notes += missing_months(*pauses(ordered), rules.missing_months)
    if listed is not None:
        panel = _attributes(panel, owners, listed, asked.of_segments(asked.static))
    panel = _sized(panel, asked, ledger.currency.scale, "mrr")
    panel, segments = encode(panel, rules.by, rules.where)
    if rules.segments_as_of == "current":
        panel = as_of_current(panel)
    panel = panel.select(_PANEL)
    return _Laid(lambda: panel, segments, notes, _any_outside(panel))


def _repeated(ledger: Ledger, owners: Owners, ordered: pl.DataFrame) -> list[Finding]:
    """Refuse, or note, rows of one member and month where there may be none."""
    if ledger.repeated is None:
        return []
    if owners.rolled_up:
        twice = repeats(in_order(ledger.rows, "member", ()), "member")
    else:
        twice = repeats(ordered, "account")
    findings = ledger.repeated() if twice else []
    raise_errors(findings)
    return findings


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
    members, _ = panel_of(in_order(rows, "account", columns), columns)
    filled = joined.join(
        members.drop("mrr"),
        on=["account", "month"],
        how="left",
        validate="1:1",
        suffix=" member",
        maintain_order="left",
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
