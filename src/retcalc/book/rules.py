"""The reading rules of the book: what the command line and the config may settle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from retcalc.core.choices import (
    AmountStyle,
    ChurnDate,
    Discounts,
    Duplicates,
    FxPolicy,
    Meaning,
    MissingMonth,
    PeriodEnd,
    Periods,
    Quantity,
    SegmentBasis,
    Stopped,
    Undated,
    Unit,
    YearEnd,
)

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One ``--where``: a column, an operator and the text value(s) compared with."""

    column: str
    operator: Operator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AmountRules:
    """How amounts are written. ``unit`` None is major, ``decimal`` None an undeclared point.

    ``style`` accounting takes currency signs, brackets for negative amounts and dashes for zero.
    """

    unit: Unit | None = None
    decimal: str | None = None
    thousands: str | None = None
    allow_negative: bool = False
    style: AmountStyle = "plain"


@dataclass(frozen=True, slots=True)
class DateRules:
    """How dates are written: None for ISO, ``excel`` for serials, or a strftime pattern.

    ``timezone`` is the zone whose days count, ``weeks`` the fiscal months where they are weeks,
    ``year`` that of months without one.
    """

    format: str | None = None
    timezone: str | None = None
    weeks: Weeks | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class BillingRules:
    """What counts as recurring revenue, and when it ends.

    ``period_end``: whether the last day of a period belongs to it (auto: as it fits whole
    months). ``churn_date``: which date ends a subscription. ``paused`` and ``past_due``: whether
    such subscriptions go on. ``discounts``: net amounts, or gross ones before them.
    ``undated``: lines without a service period are one-off, belong to the month of their invoice,
    or (refuse) are one-off up to the limit of left_out. ``quantity``: whether a quantity
    multiplies an amount whose name does not say that it is for one unit.
    """

    period_end: PeriodEnd = "auto"
    churn_date: ChurnDate = "end"
    paused: Stopped = "drop"
    past_due: Stopped = "keep"
    discounts: Discounts = "net"
    undated: Undated = "refuse"
    quantity: Quantity = "ask"


@dataclass(frozen=True, slots=True)
class ReasonRules:
    """Why accounts left: the column that says it, and reasons of a kind beside the known words.

    ``asked``: the run asks for reasons, so that their column is read.
    """

    asked: bool = False
    column: str | None = None
    voluntary: tuple[str, ...] = ()
    involuntary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KindColumns:
    """Columns that kinds of expansion are told from; None where names of columns tell them."""

    product: str | None = None
    quantity: str | None = None


@dataclass(frozen=True, slots=True)
class FxRules:
    """How other currencies become the reporting one.

    ``at``: month index of the constant rate, None for the closing month.
    """

    policy: FxPolicy = "constant"
    at: int | None = None


@dataclass(frozen=True, slots=True)
class SizeBands:
    """Bands of an amount as a segment named ``size``.

    ``source`` is ``opening_mrr`` or a column of numbers; ``bounds`` are lower bounds in major
    units, ascending.
    """

    source: str
    bounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookRules:
    """Everything that decides how rows become account-months.

    ``columns`` maps a role (customer, month, mrr, start, end, …) to a header. ``parent`` is
    the column that accounts roll up to. ``currency`` is the reporting one. ``left_out`` is the
    share of the money or the accounts that may be left out for want of knowledge. ``periods``
    tells what the amounts of quarters and years are: the MRR in force in them, or their total.
    ``kinds`` are told where a run asks for kinds of expansion. ``words`` are the meanings of
    statuses and kinds that nobody knows, ``ignored`` columns that play no part.
    ``grace`` is the longest gap in days between two terms of an account that is no churn.
    """

    shape: str = "auto"
    columns: Mapping[str, str] = field(default_factory=dict)
    amounts: AmountRules = AmountRules()
    dates: DateRules = DateRules()
    billing: BillingRules = BillingRules()
    duplicates: Duplicates = "refuse"
    drop_total_rows: bool = False
    skip_bad_rows: bool = False
    filters: tuple[Condition, ...] = ()  # of the run; those on the currency choose rows
    left_out: Fraction = Fraction(1, 20)
    allow_empty_months: bool = False
    missing_months: MissingMonth = "zero"
    periods: Periods = "ask"
    currency: str | None = None
    fx: FxRules = FxRules()
    parent: str | None = None
    size: SizeBands | None = None
    reasons: ReasonRules = ReasonRules()
    kinds: KindColumns | None = None
    words: Mapping[str, Meaning] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    grace: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an export that is open: answered from what was read, also many times.

    ``by`` and ``where`` are segments and filters, by columns as the user names them. ``as_of`` is
    the month index that cuts the data, None for the last complete month. ``segment_basis`` tells
    which end of a movement decides its segment; a current segment never moves.
    """

    by: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    as_of: int | None = None
    segment_basis: SegmentBasis = "opening"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that segments and filters name."""
        return (*self.by, *(condition.column for condition in self.where))


@dataclass(frozen=True, slots=True)
class Weeks:
    """A pattern such as (4, 4, 5), the first month of the fiscal year and how it ends."""

    pattern: tuple[int, int, int]
    fiscal_start: int = 1
    year_end: YearEnd = "last"
    weekday: int = 5


def as_written(rules: AmountRules) -> bool:
    """Tell whether numbers mean what they say, with a point for the decimals."""
    plain = rules.style == "plain"
    return plain and rules.decimal in (None, ".") and not rules.thousands


NO_VALUE = "(none)"
_NUMBER = r"(?i)\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?\s*"  # no NaN: it has no order


def holds(value: str, condition: Condition) -> bool:
    """Tell whether a value meets a condition."""
    if condition.operator in ("=", "in"):
        return value in condition.values
    if condition.operator == "!=":
        return value not in condition.values
    left, right = _comparable(value, condition.values[0])
    if left is None or right is None:
        return False
    comparisons = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}  # type: ignore[operator]
    return comparisons[condition.operator]


def _comparable(a: str, b: str) -> tuple[Decimal | str | None, Decimal | str | None]:
    """Numbers where both are numbers, else texts; an empty value compares with nothing."""
    if not a:
        return None, None
    if all(re.fullmatch(_NUMBER, text, re.ASCII) for text in (a, b)):
        return Decimal(a), Decimal(b)
    return a, b
