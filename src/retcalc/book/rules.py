"""The reading rules of the book: what the command line and the config may settle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One ``--where``: a column, an operator and the text value(s) compared with."""

    column: str
    operator: Operator
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.column} {self.operator} {', '.join(self.values)}"


@dataclass(frozen=True, slots=True)
class AmountRules:
    """How amounts are written. ``decimal`` None means an undeclared point."""

    unit: Literal["major", "minor"] = "major"
    decimal: str | None = None
    thousands: str | None = None
    allow_negative: bool = False


@dataclass(frozen=True, slots=True)
class DateRules:
    """How dates are written: None for ISO, ``excel`` for serials, or a strftime pattern."""

    format: str | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class BookRules:
    """Everything that decides how rows become account-months.

    ``columns`` maps a role (customer, month, mrr, start, end, currency, interval) to a header.
    ``as_of`` is the month index that cuts the data, None for the last complete month.
    """

    shape: str = "auto"
    columns: Mapping[str, str] = field(default_factory=dict)
    amounts: AmountRules = AmountRules()
    dates: DateRules = DateRules()
    duplicates: Literal["refuse", "sum"] = "refuse"
    drop_total_rows: bool = False
    allow_empty_months: bool = False
    refuse_missing_months: bool = False
    currency: str | None = None
    as_of: int | None = None
    by: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    segments_as_of: Literal["opening", "closing", "current"] = "opening"
