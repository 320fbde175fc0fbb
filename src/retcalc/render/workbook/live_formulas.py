"""Which figures of a sheet follow from others, as formulas that carry their exact value.

The arithmetic is that of ``Column.made_of``, over the cells of one row and the row above. It is
written into the sheet only where
its value is the figure of the Result, so a definition that differs shows a plain number instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from retcalc.core.result import Compounded, MadeOf, Product, Quotient


@dataclass(frozen=True, slots=True)
class Ref:
    """A cell or an expression over cells, with its exact value; whole units for money."""

    text: str
    value: Fraction

    def __add__(self, other: Ref) -> Ref:
        return Ref(f"({self.text}+{other.text})", self.value + other.value)

    def __sub__(self, other: Ref) -> Ref:
        return Ref(f"({self.text}-{other.text})", self.value - other.value)

    def __mul__(self, other: Ref) -> Ref:
        return Ref(f"({self.text}*{other.text})", self.value * other.value)

    def __truediv__(self, other: Ref) -> Ref:
        return Ref(f"{self.text}/{other.text}", self.value / other.value)


Look = Callable[[str], Ref]  # raises KeyError where the row has no such figure
NONE = Ref("0", Fraction(0))
ONE = Ref("1", Fraction(1))
_ZERO_IF_ABSENT = ("segment_", "fx_")  # lines that are left out where nobody moved


def _or_nothing(cell: Look, name: str) -> Ref:
    try:
        return cell(name)
    except KeyError:
        return NONE


def live(made_of: MadeOf, cell: Look) -> Ref:
    """The arithmetic by which a figure follows from others; raises KeyError without one of them."""
    match made_of:
        case Quotient():
            return _quotient(made_of, cell)
        case Product():
            above = _product([_signed(cell, lines) for lines in made_of.factors])
            below = [_signed(cell, lines) for lines in made_of.divisors]
            return above / _product(below) if below else above
        case Compounded():
            return _compounded(cell(made_of.column), made_of.times)


def _quotient(made_of: Quotient, cell: Look) -> Ref:
    above = _signed(cell, made_of.numerator)
    if made_of.denominator:
        below = _signed(cell, made_of.denominator)
        if made_of.capped:
            least = min(above.value, below.value)
            above = Ref(f"MIN({above.text},{below.text})", least)
        above = above / below
    return ONE - above if made_of.complement else above


def _product(factors: Sequence[Ref]) -> Ref:
    whole = factors[0]
    for factor in factors[1:]:
        whole = whole * factor
    return whole


def _compounded(lost: Ref, times: Fraction) -> Ref:
    kept = 1 - lost.value
    exact = times.denominator == 1
    left = kept**times.numerator if exact else Fraction(float(kept) ** float(times))
    return ONE - Ref(f"(1-{lost.text})^({times})", left)


def _signed(cell: Look, lines: Mapping[str, int]) -> Ref:
    total = NONE
    for name, sign in lines.items():
        found = _or_nothing(cell, name) if name.startswith(_ZERO_IF_ABSENT) else cell(name)
        if found is NONE:
            continue
        term = found if abs(sign) == 1 else Ref(str(abs(sign)), Fraction(abs(sign))) * found
        gained = term if total is NONE else total + term
        total = gained if sign > 0 else total - term
    return total
