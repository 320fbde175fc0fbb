"""Rates as signed lines over signed lines, and what is made of several of them.

One description serves the totals and the single accounts, the words, the cell of a workbook and
the kind of interval, so the accounts behind a rate are the accounts that its formula looks at.

>>> kept = RateFormula({"opening_mrr": 1, "churn_mrr": -1}, {"opening_mrr": 1}, "no_opening_mrr")
>>> months = [{"opening_mrr": 100, "churn_mrr": 10}, {"opening_mrr": 90, "churn_mrr": 0}]
>>> kept.rate(months[0]), kept.words
(Fraction(9, 10), '(opening - churn) / opening')
>>> combine(kept, months, "mean"), combine(kept, months, "product")
(Fraction(19, 20), Fraction(9, 10))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import prod
from typing import Literal

from retcalc.kernels.by_account.churn_events import JOINED, LATE, RETURNED

Lines = Mapping[str, int]
Combination = Literal["mean", "mean_to_the_12th", "product"]
# Months that a rate compares: as the profile's basis says; the two ends of the window; its months
# one after the other; each month by itself; the year up to the closing; those of twelve closings.
Spans = Literal["basis", "ends", "months", "each_month", "year", "twelve_years"]

_WORDS = {
    RETURNED: "left and returned",
    LATE: "joined and left",
    JOINED: "new accounts",
}


@dataclass(frozen=True, slots=True)
class Undefined:
    """No number, and the reason code why (``no_opening_mrr``)."""

    reason: str


Rate = Fraction | Undefined


def share(numerator: int, denominator: int, reason: str) -> Rate:
    """An exact quotient; undefined, with its reason, for a denominator that is not positive."""
    return Fraction(numerator, denominator) if denominator > 0 else Undefined(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one value of a profile's switch makes of a rate.

    ``more`` is added to the numerator; ``numerator``, ``denominator`` and ``reason`` stand in
    place of the usual ones. ``words`` say how the rates of several ``spans`` become one.
    ``by_day``: churn events are counted by the day, and so are the accounts that joined.
    """

    more: Lines = field(default_factory=dict)
    numerator: Lines | None = None
    denominator: Lines | None = None
    reason: str | None = None
    capped: bool = False
    spans: Spans | None = None
    how: Combination = "product"
    words: str = ""
    by_day: bool = False

    @property
    def only_adds(self) -> bool:
        """Whether the rate stays one over the bridge of the window, with further lines in it."""
        return self == Change(more=self.more)


@dataclass(frozen=True, slots=True)
class RateFormula:
    """A rate: signed lines over signed lines; a plain sum where there is no denominator.

    ``capped``: the numerator counts up to the denominator at most. ``complement``: the rate is one
    less the quotient. ``reason`` says why there is no rate over a denominator of nothing.
    ``changes``: by switch of a profile, what its values make of the rate.
    """

    numerator: Lines
    denominator: Lines = field(default_factory=dict)
    reason: str = ""
    capped: bool = False
    complement: bool = False
    changes: Mapping[str, Mapping[object, Change]] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line that the rate looks at, once."""
        return tuple(dict.fromkeys([*self.numerator, *self.denominator]))

    @property
    def words(self) -> str:
        """The formula in words."""
        if (plain := self.without_complement()) is not self:
            return plain.words
        above, below = in_words(self.numerator), in_words(self.denominator)
        if self.capped:
            above = f"min({below}, {above})"
        elif len(self.numerator) > 1 and self.denominator:
            above = f"({above})"
        below = f"({below})" if len(self.denominator) > 1 else below
        quotient = f"{above} / {below}" if below else above
        return f"1 - ({quotient})" if self.complement else quotient

    def without_complement(self) -> RateFormula:
        """The same quotient as what was lost, where that can be said in lines."""
        if self.complement and not self.capped and set(self.denominator) <= set(self.numerator):
            return replace(self, numerator=_lost(self), complement=False)
        return self

    def changed_by(self, profile: object) -> tuple[Change, ...]:
        """What the switches of a profile make of the rate, in the order of ``changes``."""
        return tuple(
            values[value]
            for switch, values in self.changes.items()
            if (value := getattr(profile, switch)) in values
        )

    def under(self, profile: object) -> RateFormula:
        """The lines that the rate has under a profile."""
        formula, active = self, self.changed_by(profile)
        for change in active:
            numerator = formula.numerator if change.numerator is None else change.numerator
            below = change.denominator
            formula = replace(
                formula,
                numerator={**numerator, **change.more},
                denominator=formula.denominator if below is None else below,
                reason=change.reason or formula.reason,
                capped=formula.capped or change.capped,
            )
        if any(change.by_day for change in active):
            below = {
                JOINED if n == "new_accounts" else n: s for n, s in formula.denominator.items()
            }
            formula = replace(formula, denominator=below)
        return formula

    def as_of_closing(self) -> RateFormula:
        """The same with accounts that changed their segment counted in the one they came to."""
        return replace(self, numerator=_moved(self.numerator), denominator=_moved(self.denominator))

    def parts(self, bridge: Lines) -> tuple[int, int]:
        """Numerator and denominator of one bridge, in the units of its lines."""
        above = signed(self.numerator, bridge)
        below = signed(self.denominator, bridge) if self.denominator else 1
        return (min(above, below) if self.capped else above), below

    def quotient(self, bridge: Lines) -> Rate:
        """Numerator over denominator."""
        return share(*self.parts(bridge), self.reason)

    def rate(self, bridge: Lines) -> Rate:
        """The exact rate of one bridge."""
        return combine(self, [bridge], "product")


def signed(signs: Lines, bridge: Lines) -> int:
    """Sum of lines under their signs."""
    return sum(sign * bridge[name] for name, sign in signs.items())


def in_words(signs: Lines) -> str:
    """A signed sum in words: ``opening + expansion - churn``, ``12 * closing MRR``."""
    text = ""
    for name, sign in signs.items():
        word = _WORDS.get(name) or name.removesuffix("_mrr").replace("_", " ")
        if name == "closing_mrr":
            word = "closing MRR"
        word = word if abs(sign) == 1 else f"{abs(sign)} * {word}"
        text += f" {'-' if sign < 0 else '+'} {word}"
    return text.removeprefix(" + ").strip()


def _lost(formula: RateFormula) -> Lines:
    """What a complement counts: the denominator less the numerator, the losses first."""
    names = formula.lines
    below, above = formula.denominator, formula.numerator
    rest = {n: below.get(n, 0) - above.get(n, 0) for n in names}
    losses = {n: sign for n, sign in reversed(rest.items()) if sign > 0}
    return losses | {n: sign for n, sign in rest.items() if sign < 0}


def _moved(signs: Lines) -> Lines:
    moves = {
        f"segment_{way}_{unit}": sign * signs[f"opening_{unit}"]
        for unit in ("mrr", "accounts")
        if f"opening_{unit}" in signs
        for way, sign in (("in", 1), ("out", -1))
    }
    return {**signs, **moves}


def combine(formula: RateFormula, bridges: Sequence[Lines], how: Combination) -> Rate:
    """One rate of several spans; undefined when one of them is.

    The complement of a product is that of the compounded retention: churn of 5% a month, twelve
    times, is 46%. ``mean_to_the_12th`` makes a yearly rate of the mean of monthly ones.
    """
    quotients = [formula.quotient(bridge) for bridge in bridges]
    known = [q for q in quotients if isinstance(q, Fraction)]
    if len(known) < len(quotients):
        return next(q for q in quotients if isinstance(q, Undefined))
    value = prod(known, start=Fraction(1))
    if how != "product":
        value = sum(known, Fraction(0)) / len(known)
    if how == "mean_to_the_12th":
        value = value**12
    return 1 - value if formula.complement else value
