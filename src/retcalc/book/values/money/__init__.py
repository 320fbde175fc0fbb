"""Exact money: how amounts are read, in plain and in accounting style, and why one is refused."""

from retcalc.book.values.money.accounting import is_dressed, marks
from retcalc.book.values.money.amounts import (
    MAX_MINOR,
    MAX_SCALE,
    MINOR_DIGITS,
    SYMBOLS,
    Amounts,
    Minor,
    ambiguous_point,
    minor_digits,
    parse_amounts,
    typed_amounts,
)
from retcalc.book.values.money.refused_amounts import explain_amount

__all__ = [
    "MAX_MINOR",
    "MAX_SCALE",
    "MINOR_DIGITS",
    "SYMBOLS",
    "Amounts",
    "Minor",
    "ambiguous_point",
    "explain_amount",
    "is_dressed",
    "marks",
    "minor_digits",
    "parse_amounts",
    "typed_amounts",
]
