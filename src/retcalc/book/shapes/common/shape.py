"""What every shape takes and gives: a sheet of typed rules in, spans of months out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from retcalc.book.columns.recognise import Recognised
from retcalc.book.rules import BookRules
from retcalc.book.values.left_out import Scales
from retcalc.book.values.money import Minor
from retcalc.book.values.words.standing import Telling, tellings
from retcalc.core.choices import PeriodEnd
from retcalc.core.findings import Finding
from retcalc.read import Distinct, Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """A recognised table whose every row counts, and the rules it is read by.

    ``ids`` are the accounts as the rows name them; ``as_of`` is the month that cuts the data, None
    for the last complete one; ``findings`` what was found so far, to be raised together with what
    the cells hold.
    """

    table: Table
    found: Recognised
    rules: BookRules
    ids: Distinct
    minor: Minor
    as_of: int | None = None
    findings: tuple[Finding, ...] = ()

    def column(self, role: str) -> str | None:
        """Header of the column that plays a role, None where there is none."""
        return self.found.columns.get(role)

    def tellings(self) -> list[Telling]:
        """What the columns of statuses and flags say of the rows."""
        return told_of_rows(self.table, self.found, self.rules)

    @property
    def stopped(self) -> list[str]:
        """The classes of statuses that are no revenue under the rules."""
        billing = self.rules.billing
        own = [word for word in ("paused", "past_due") if getattr(billing, word) == "drop"]
        return ["none", "ended", *own]

    @property
    def scales(self) -> Scales:
        """What rows are weighed with that do not count."""
        return scales(self.found, self.rules)

    @property
    def period_end(self) -> PeriodEnd:
        """Whether the last day of a period belongs to it: as the user says, else the export."""
        rule, preset = self.rules.billing.period_end, self.found.preset
        if rule == "auto" and preset is not None and preset.period_end is not None:
            return preset.period_end
        return rule

    @property
    def file(self) -> str:
        """The first file, for messages."""
        return self.table.sources[0].path


@dataclass(frozen=True, slots=True)
class Spans:
    """Which months each row counts in, and with how much a month.

    ``frame``: row (UInt32, position in the table; left out where the rows are those of the table),
    first and last (Int32 months; never active where last < first), amount (integer, in units of
    10**-scale split into ``parts``), and where the shape has days also start and end (Date,
    exclusive, null while running). ``first`` and ``last`` are the months the data covers.
    ``once``: an account may have one row a month only, which nobody has looked at yet.
    ``as_written``: the amounts are those of the file, row by row.
    """

    frame: pl.DataFrame
    scale: int
    first: int
    last: int
    findings: tuple[Finding, ...] = ()
    once: bool = False
    as_written: bool = False
    parts: int = 1

    @property
    def per_major(self) -> int:
        """How many units of the amounts make one of the currency."""
        return int(10**self.scale) * self.parts


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of an export; ``read`` raises RetcalcError with everything wrong in its cells.

    ``starts_known``: its rows say when an account began, also before the first month.
    ``open_ended``: it can be read at a month later than its last row. ``dense``: an account has
    a row in every month it pays.
    """

    name: str
    read: Callable[[Sheet], Spans]
    starts_known: bool = False
    open_ended: bool = False
    dense: bool = False


def told_of_rows(table: Table, found: Recognised, rules: BookRules) -> list[Telling]:
    """What the columns of statuses and flags of a recognised table say of its rows."""
    payments = found.shape in ("payments", "invoices")
    status = found.columns.get("status")
    return tellings(table, status, found.flags, rules.words, payments=payments)


def scales(found: Recognised, rules: BookRules) -> Scales:
    """What the rows of a recognised table are weighed with."""
    amount = found.columns.get("mrr") or found.columns.get("change")
    columns = (amount,) if amount else tuple(found.months)
    return Scales(found.columns["customer"], columns, rules.amounts)


def row_numbers(rows: int) -> pl.Series:
    """Positions of the rows of a table."""
    return pl.int_range(rows, dtype=pl.UInt32, eager=True).alias("row")
