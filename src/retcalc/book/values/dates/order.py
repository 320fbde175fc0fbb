"""Days of three numbers, the year last: whether the day or the month comes first.

A number above twelve proves it. Years of two digits between hyphens may come first too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from retcalc.book.values.dates.patterns import Reader
from retcalc.core.findings import Finding
from retcalc.core.months.written import NumericDay, numeric_day

First = Literal["day", "month", "year"]

_PATTERNS: dict[First, tuple[str, str, str]] = {
    "day": ("%d", "%m", "%Y"),
    "month": ("%m", "%d", "%Y"),
    "year": ("%Y", "%m", "%d"),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What comes first, the value that proves it, and words of where that stands."""

    first: First
    value: str
    place: str = ""


def proven_order(values: Iterable[str]) -> Proof | None:
    """What comes first in a column whose values are all such days; None where nothing proves it."""
    texts = list(values)
    days = [numeric_day(text) for text in texts]
    if not texts or any(day is None for day in days):
        return None
    known = [day for day in days if day is not None]
    left = possible_orders(known)
    if len(left) != 1:
        return None
    proof = next((t for t, d in zip(texts, known, strict=True) if max(d.first, d.second) > 12), "")
    return Proof(left[0], proof) if proof else None


def possible_orders(days: Sequence[NumericDay]) -> list[First]:
    """The orders that no value speaks against."""
    orders: list[First] = []
    if all(day.second <= 12 and (day.first <= 31 or not day.short) for day in days):
        orders.append("day")
    if all(day.first <= 12 for day in days):
        orders.append("month")
    if any(day.short and day.mark == "-" for day in days) and all(
        day.second <= 12 and day.year % 100 <= 31 for day in days
    ):
        orders.append("year")
    return orders


def read_in_order(
    members: list[str], told: Proof | None
) -> tuple[Reader | None, Finding | None, Finding | None]:
    """A reader of such days, or what to ask, and a note of the order and what proves it.

    ``told`` is what another column of the table proves, for days that do not tell themselves.
    """
    proof = proven_order(members)
    days = [day for day in map(numeric_day, members) if day is not None]
    if proof is None and told is not None and told.first in possible_orders(days):
        proof = told
    if proof is None:
        return None, _question(members[0], days), None
    pattern = _pattern(proof.first, days[0])
    why = f'dates are read {proof.first} first ({pattern}), as "{proof.value}"{proof.place} proves'
    note = Finding("RC832", why, fix=f'--date-format "{pattern}"')
    return _reader(proof.first), None, note


def _question(value: str, days: Sequence[NumericDay]) -> Finding:
    orders = possible_orders(days)
    fix = "  or  ".join(f'--date-format "{_pattern(each, days[0])}"' for each in orders)
    first = " or ".join(each for each in ("day", "month", "year") if each in orders)
    why = f"may be {first} first" if orders else "contradicts others in the column"
    fix = fix or "export the column in one format, best as 2026-10-31"
    return Finding("RC223", "date is ambiguous", value=f'"{value}" {why}', fix=fix)


def _pattern(first: First, day: NumericDay) -> str:
    pattern = day.mark.join(_PATTERNS[first])
    return pattern.replace("%Y", "%y") if day.short else pattern


def _reader(first: First) -> Reader:
    def read(value: str) -> date:
        day = numeric_day(value)
        if day is None:
            raise ValueError(value)
        if first == "day":
            return date(day.year, day.second, day.first)
        if first == "month":
            return date(day.year, day.first, day.second)
        return date(2000 + day.first, day.second, day.year % 100)

    return read
