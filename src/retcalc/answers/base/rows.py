"""What rows of every answer have in common: their segment, and reasons beside missing values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from retcalc.answers.base.sums import TOTAL
from retcalc.book import Book
from retcalc.core.result import Row, Value
from retcalc.metrics.metric import Undefined

Settled: TypeAlias = "Value | Undefined"


def segment_of(book: Book, code: int) -> dict[str, str]:
    """The segment's values by column; empty for the total."""
    return {} if code == TOTAL else dict(zip(book.by, book.segments[code], strict=True))


def settle(values: Mapping[str, Settled]) -> tuple[dict[str, Value], dict[str, str]]:
    """Part values from the reasons of those that are not defined."""
    reasons = {name: v.reason for name, v in values.items() if isinstance(v, Undefined)}
    return {n: None if isinstance(v, Undefined) else v for n, v in values.items()}, reasons


def row_of(
    values: Mapping[str, Settled],
    book: Book,
    code: int,
    *,
    small: bool = False,
    at_least: Iterable[str] = (),
) -> Row:
    """A row of one segment or the total; ``at_least`` are lower bounds where they are defined."""
    settled, reasons = settle(values)
    bounds = tuple(name for name in at_least if settled.get(name) is not None)
    return Row(settled, segment_of(book, code), reasons, small, bounds)
