"""The one value that every command produces and every renderer prints.

A leaf: plain data, no computation. Money is an integer in the units its currency names, rates are
exact fractions or None with a reason; nothing here is rounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from retcalc.core.findings import Finding
from retcalc.core.months import Window

Unit = Literal[
    "money",  # int, or Fraction for an average; in units of the currency
    "count",  # int
    "rate",  # Fraction or float in [0, 1]-like terms; percent on screen
    "ratio",  # Fraction or float shown as 3.2x
    "number",  # Fraction or float shown plain
    "month",  # month index
    "text",  # str
    "flag",  # bool
    "any",  # a number, or a text that stays as it is
    "block",  # a nested Block
]
Value: TypeAlias = "int | float | str | bool | Fraction | Block | None"


@dataclass(frozen=True, slots=True)
class Quotient:
    """How a figure follows from others of its row: signed columns over signed columns.

    A sum where there is no denominator. ``capped``: the numerator counts up to the denominator at
    most. ``complement``: one less the quotient.
    """

    numerator: Mapping[str, int]
    denominator: Mapping[str, int]
    capped: bool = False
    complement: bool = False


@dataclass(frozen=True, slots=True)
class Product:
    """How a figure follows from others of its row: factors over divisors, signed sums each.

    A name that begins with ``ABOVE`` is the figure of the row before, a month or an age earlier.
    """

    factors: tuple[Mapping[str, int], ...]
    divisors: tuple[Mapping[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Compounded:
    """How a share that is lost follows from another of its row, lost ``times`` times over."""

    column: str
    times: Fraction


MadeOf: TypeAlias = Quotient | Product | Compounded
ABOVE = "above:"


@dataclass(frozen=True, slots=True)
class Column:
    """One field: ``name`` in JSON and CSV, ``label`` on screen, ``unit`` for its formatting.

    ``screen`` False keeps a field out of the tables for people, not out of JSON and CSV.
    ``made_of`` says how it follows from other columns, if it does. ``headline`` is its place among
    the headline figures of a report, if it is one.
    """

    name: str
    label: str
    unit: Unit
    screen: bool = True
    made_of: MadeOf | None = None
    headline: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``segment`` is empty in the total row; ``reasons`` says why a value is None.

    ``at_least`` names the values that are lower bounds: of lives cut where the data ends.
    ``screen`` False keeps a row out of the tables for people, not out of JSON and CSV.
    """

    values: Mapping[str, Value]
    segment: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    small: bool = False
    at_least: tuple[str, ...] = ()
    screen: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """A further table beside or inside the rows (averages, top accounts, a fit)."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Currency:
    """Reporting currency: ISO code if known, digits of its minor unit, and the unit of amounts.

    A unit is 10**-scale, split into ``parts`` where monthly shares need it: a twelfth of a cent
    holds any annual price.
    """

    code: str | None = None
    digits: int = 2
    scale: int = 2
    parts: int = 1

    @property
    def per_major(self) -> int:
        """How many units make one of the currency."""
        return int(10**self.scale) * self.parts


@dataclass(frozen=True, slots=True)
class Source:
    """An input file: path as given, content hash, data rows, and the sum of its amounts."""

    path: str
    sha256: str
    rows: int
    total_mrr: Fraction | None = None  # major units, as written; None without amounts


@dataclass(frozen=True, slots=True)
class Result:
    """A finished answer. ``extra`` holds further top-level parts (Block or plain scalars).

    ``verdict`` is the sentence that it ends in, "" for an answer of figures.
    """

    metric: str
    title: str
    definition: Mapping[str, str | int | bool | None]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    window: Window | None = None
    currency: Currency = Currency()
    notes: tuple[Finding, ...] = ()
    sources: tuple[Source, ...] = ()
    extra: Mapping[str, Block | Mapping[str, Value]] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    config_sha256: str | None = None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """What others publish of a metric: rates and ratios, over ``months`` where that matters.

    ``better`` says on which side of the limits the metric is good, ``unit`` what they count.
    """

    metric: str
    who: str
    source: str
    good: Fraction
    low: Fraction | None = None
    top: Fraction | None = None
    months: int | None = None
    better: Literal["more", "less"] = "more"
    unit: Unit = "rate"


@dataclass(frozen=True, slots=True)
class Report:
    """Results by part, in reading order; ``left_out`` says per missing part what it needs."""

    parts: Mapping[str, Result]
    bands: tuple[Band, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def head(self) -> Result:
        """The part that stands for the whole: its window, currency, sources and notes."""
        return self.parts["summary"]
