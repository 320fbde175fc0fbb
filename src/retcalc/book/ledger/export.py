"""An export that is open: its files as read, and the ledgers made of them.

No question is in it, and no file is opened again: whatever is asked is answered from here.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from retcalc.book.columns.column_names import find_column, mark
from retcalc.book.columns.columns_to_read import Headers, kind_columns, without_amounts
from retcalc.book.columns.header_errors import unrecognised
from retcalc.book.columns.month_headers import longer_periods
from retcalc.book.columns.named_by_values import amount_candidates, with_candidates
from retcalc.book.columns.recognise import Recognised
from retcalc.book.columns.unread_columns import unread
from retcalc.book.ledger.ledger import Ledger, read_ledger
from retcalc.book.ledger.log_meaning import settle_meaning
from retcalc.book.ledger.parents_and_mergers import Owners, owners_of
from retcalc.book.rules import BookRules
from retcalc.book.shapes.common.told_by_words import told_by_words
from retcalc.book.tables.customers import Customers, membership, read_customers
from retcalc.book.tables.exchange_rates import Rates, read_rates
from retcalc.core.findings import Finding, RetcalcError
from retcalc.read import Table
from retcalc.read.wording import counted


@dataclass(frozen=True, slots=True)
class AccountLedger:
    """The ledger up to a month, the account of each row, and the customers file if there is one."""

    ledger: Ledger
    owners: Owners
    customers: Customers | None
    notes: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class Export:
    """The tables of an export as read.

    ``named`` are the columns that any question of the run may ask for, as the user writes them:
    the ledgers carry all of them under marked names, to avoid name clashes.
    """

    table: Table
    rules: BookRules
    headers: Headers
    named: tuple[str, ...] = ()
    customers: Table | None = None
    rates: Table | None = None
    mergers: Table | None = None
    _ledgers: dict[int | None, AccountLedger] = field(default_factory=dict)

    @property
    def found(self) -> Recognised:
        """Shape and roles; raises RetcalcError where they are in doubt."""
        return self._meant[0]

    @cached_property
    def _meant(self) -> tuple[Recognised, list[Finding]]:
        """Shape and roles by header and cells, and what is said of a log's meaning."""
        return settle_meaning(self._heeded, self._recognised, self.rules)

    @cached_property
    def _recognised(self) -> Recognised:
        try:
            found = self.headers.recognise(self.table.header)
        except RetcalcError as error:
            raise RetcalcError(with_candidates(error.findings, self._heeded)) from None
        if found.shape == "long" and self.unnamed_amounts(found):
            missing = unrecognised("mrr", self.table.header, self.table.sources[0].path)
            raise RetcalcError(with_candidates([missing], self._heeded))
        return told_by_words(found, self._heeded, self.rules)

    @property
    def _heeded(self) -> Table:
        """The table, as if it had no columns that play no part."""
        return replace(self.table, header=self.headers.heeded(self.table.header))

    def unnamed_amounts(self, found: Recognised) -> list[str]:
        """Columns of numbers that may be the amounts which no header names."""
        return amount_candidates(self._heeded) if without_amounts(found) else []

    def ledger(self, as_of: int | None, parent: str | None) -> AccountLedger:
        """The ledger as of a month, made once; raises every cell error at once.

        The shape decides which rows count in a month. ``parent`` is the
        marked column that accounts roll up to.
        """
        if as_of not in self._ledgers:
            self._ledgers[as_of] = self._ledger(as_of, parent)
        return self._ledgers[as_of]

    def _ledger(self, as_of: int | None, parent: str | None) -> AccountLedger:
        found, rates = self.found, self._exchange_rates
        own, static = ([mark(c) for c in columns] for columns in self._attributes)
        table = _marked(self.table, self._columns)
        ledger = read_ledger(table, found, self.rules, own, as_of=as_of, rates=rates)
        notes, listed = [*self._meant[1], *ledger.findings, *self.reading()], None
        if self.customers is not None:
            customers = _marked(self.customers, self._columns)
            listed = read_customers(customers, found.columns["customer"], self.rules, static)
            notes += listed.findings
        owners = owners_of(ledger, self.rules, parent, listed, self.mergers, as_of=as_of)
        notes += owners.notes
        if listed is not None:
            notes += membership(owners.names, listed)
        return AccountLedger(ledger, owners, listed, tuple(notes))

    def reading(self) -> list[Finding]:
        """What the header is read as, and which telling columns are not read."""
        return [
            *_read_as(self.found, self.table.header, self.unnamed_amounts(self.found)),
            *self._not_read(),
        ]

    def _not_read(self) -> list[Finding]:
        """Notes on columns that are not read though their names suggest it."""
        header, found = self._heeded.header, self.found
        preset = found.preset
        known = (*preset.conditions(header), *preset.roles(header).values()) if preset else ()
        known = (*known, *kind_columns(header, self.rules.kinds))
        return unread(
            header, {*found.columns.values(), *found.flags, *found.months, *known, *self._columns}
        )

    @cached_property
    def _exchange_rates(self) -> Rates | None:
        return None if self.rates is None else read_rates(self.rates, self.rules)

    @cached_property
    def _columns(self) -> list[str]:
        known = [*self.table.header, *(self.customers.header if self.customers else ())]
        found = (find_column(name, known) for name in self.named)
        return list(dict.fromkeys(name for name in found if name))

    @property
    def _attributes(self) -> tuple[list[str], list[str]]:
        """The named columns of the export, and those of the customers file."""
        own = [c for c in self._columns if c in self.table.header]
        return own, [c for c in self._columns if c not in self.table.header]


def has_revenue(found: Recognised) -> bool:
    """Tell whether an export tells of money, and not of accounts only."""
    return "mrr" in found.columns or found.shape in ("wide", "movements")


def _marked(table: Table, columns: list[str]) -> Table:
    for column in columns:
        if column in table:
            table = table.renamed(column, mark(column))
    return table


def _read_as(found: Recognised, header: Sequence[str], unnamed: list[str]) -> list[Finding]:
    parts = ", ".join(f"{role} = {column}" for role, column in found.columns.items())
    if found.months:
        length = f" of {found.period} months" if found.period > 1 else ""
        parts += f", {counted(len(found.months), 'period' if length else 'month')}{length}"
        aside = longer_periods(header, found.months)
        parts += f"; longer periods are left aside: {', '.join(aside)}" if aside else ""
    if found.flags:
        parts += f", yes or no = {', '.join(found.flags)}"
    notes = [Finding("RC891", f"read as {found.shape}: {parts}")]
    if found.preset is not None:
        notes.insert(0, Finding("RC899", f"recognised as an export: {found.preset.name}"))
    if not has_revenue(found):
        text = "the export holds no revenue: it tells of accounts and their survival only"
        text += f"; numbers that are not read: {', '.join(unnamed)}" if unnamed else ""
        fix = f"--mrr-column {shlex.quote(unnamed[0])}   if it is the amount" if unnamed else None
        notes.append(Finding("RC829", text, fix=fix))
    return notes
