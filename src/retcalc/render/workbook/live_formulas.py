"""Which figures of a sheet follow from others, as formulas that carry their exact value.

A rule is ordinary arithmetic over the cells of one row. It is written into the sheet only where
its value is the figure of the Result, so a definition that differs shows a plain number instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction


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
TWELVE = Ref("12", Fraction(12))
NONE = Ref("0", Fraction(0))


def _or_nothing(cell: Look, name: str) -> Ref:
    try:
        return cell(name)
    except KeyError:
        return NONE


def _closing_mrr(cell: Look) -> Ref:
    total = cell("opening_mrr") + cell("new_mrr") + cell("reactivation_mrr") + cell("expansion_mrr")
    for name in ("segment_in_mrr", "fx_mrr"):
        total = total + found if (found := _or_nothing(cell, name)) is not NONE else total
    out = _or_nothing(cell, "segment_out_mrr")
    total = total - cell("contraction_mrr") - cell("churn_mrr")
    return total if out is NONE else total - out


def _closing_accounts(cell: Look) -> Ref:
    total = cell("opening_accounts") + cell("new_accounts") + cell("reactivated_accounts")
    came, left = (_or_nothing(cell, f"segment_{way}_accounts") for way in ("in", "out"))
    total = total if came is NONE else total + came
    total = total - cell("churned_accounts")
    return total if left is NONE else total - left


def _kept(cell: Look) -> Ref:
    return cell("opening_mrr") - cell("contraction_mrr") - cell("churn_mrr")


def _lost(cell: Look) -> Ref:
    return cell("contraction_mrr") + cell("churn_mrr")


RULES: dict[str, tuple[Rule, ...]] = {
    "closing_mrr": (_closing_mrr,),
    "closing_accounts": (_closing_accounts,),
    "nrr": (
        lambda c: (_kept(c) + c("expansion_mrr")) / c("opening_mrr"),
        lambda c: (_kept(c) + c("expansion_mrr") + c("reactivation_mrr")) / c("opening_mrr"),
    ),
    "grr": (lambda c: _kept(c) / c("opening_mrr"),),
    "logo_churn": (lambda c: c("churned_accounts") / c("opening_accounts"),),
    "logo_retention": (
        lambda c: (c("opening_accounts") - c("churned_accounts")) / c("opening_accounts"),
    ),
    "gross_revenue_churn": (lambda c: _lost(c) / c("opening_mrr"),),
    "net_revenue_churn": (
        lambda c: (_lost(c) - c("expansion_mrr")) / c("opening_mrr"),
        lambda c: (_lost(c) - c("expansion_mrr") - c("reactivation_mrr")) / c("opening_mrr"),
    ),
    "quick_ratio": (
        lambda c: (c("new_mrr") + c("reactivation_mrr") + c("expansion_mrr")) / _lost(c),
    ),
    "arpa": (lambda c: c("closing_mrr") / c("closing_accounts"),),
    "arr": (lambda c: TWELVE * c("closing_mrr"),),
    "account_retention": (lambda c: c("accounts") / c("initial_accounts"),),
    "net_mrr_retention": (lambda c: c("mrr") / c("initial_mrr"),),
    "gross_mrr_retention": (lambda c: c("gross_mrr") / c("initial_mrr"),),
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
