"""Which figures of a sheet follow from others, as formulas that carry their exact value.

A rule is ordinary arithmetic over the cells of one row. It is written into the sheet only where
its value is the figure of the Result, so a definition that differs shows a plain number instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from retcalc.core.result import Quotient


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
Rule = Callable[[Look], Ref]
NONE = Ref("0", Fraction(0))
ONE = Ref("1", Fraction(1))


def _or_nothing(cell: Look, name: str) -> Ref:
    try:
        return cell(name)
    except KeyError:
        return NONE


def rule_of(made_of: Quotient) -> Rule:
    """The arithmetic by which a column follows from others of its row."""

    def cell_of(cell: Look) -> Ref:
        above = _signed(cell, made_of.numerator)
        if made_of.denominator:
            below = _signed(cell, made_of.denominator)
            if made_of.capped:
                least = min(above.value, below.value)
                above = Ref(f"MIN({above.text},{below.text})", least)
            above = above / below
        return ONE - above if made_of.complement else above

    return cell_of


def _signed(cell: Look, lines: Mapping[str, int]) -> Ref:
    total = NONE
    for name, sign in lines.items():
        found = _or_nothing(cell, name) if name.startswith("segment_") else cell(name)
        if found is NONE:
            continue
        term = found if abs(sign) == 1 else Ref(str(abs(sign)), Fraction(abs(sign))) * found
        gained = term if total is NONE else total + term
        total = gained if sign > 0 else total - term
    return total


RULES: dict[str, tuple[Rule, ...]] = {
    "clv": (
        lambda c: c("arpa") * c("gross_margin") * c("lifespan_months"),
        lambda c: c("arpa") * c("gross_margin") * c("discounted_months"),
    ),
    "cac": (lambda c: c("spend") / c("new_accounts"),),
    "clv_cac": (lambda c: c("clv") / c("cac"),),
    "payback_months": (lambda c: c("cac") / (c("new_arpa") * c("gross_margin")),),
    "share": (lambda c: c("mrr") / c("closing_mrr"),),
}
# Rules that look at the row above, of the same segment: this row's cells, then those above.
CHAINED: dict[str, Callable[[Look, Look], Ref]] = {
    "opening_mrr": lambda _, above: above("closing_mrr"),
    "opening_accounts": lambda _, above: above("closing_accounts"),
    "survival": lambda c, above: above("survival") * (c("at_risk") - c("events")) / c("at_risk"),
}
