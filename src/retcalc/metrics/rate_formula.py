"""Rates as signed bridge lines over signed bridge lines, and what is made of several of them.

One description serves the totals and the single accounts, so the accounts behind a rate are the
accounts that its formula looks at.

>>> form = Form({"opening_mrr": 1, "churn_mrr": -1}, {"opening_mrr": 1}, "no_opening_mrr")
>>> months = [{"opening_mrr": 100, "churn_mrr": 10}, {"opening_mrr": 90, "churn_mrr": 0}]
>>> form.rate(months[0])
Fraction(9, 10)
>>> combine(form, months, "mean"), combine(form, months, "product")
(Fraction(19, 20), Fraction(9, 10))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Literal

from retcalc.metrics.metric import Rate, Undefined, share

Lines = Mapping[str, int]
Combination = Literal["mean", "mean_to_the_12th", "product"]


@dataclass(frozen=True, slots=True)
class Form:
    """A rate: signed lines over signed lines.

    ``capped``: the numerator counts up to the denominator at most. ``complement``: the rate is one
    less the quotient. ``reason`` says why there is no rate over a denominator of nothing.
    """

    numerator: Lines
    denominator: Lines
    reason: str
    capped: bool = False
    complement: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line that the rate looks at, once."""
        return tuple(dict.fromkeys([*self.numerator, *self.denominator]))

    def parts(self, bridge: Lines) -> tuple[int, int]:
        """Numerator and denominator of one bridge, in the units of its lines."""
        above, below = signed(self.numerator, bridge), signed(self.denominator, bridge)
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


def combine(form: Form, bridges: Sequence[Lines], how: Combination) -> Rate:
    """One rate of several spans; undefined when one of them is.

    The complement of a product is that of the compounded retention: churn of 5% a month, twelve
    times, is 46%. ``mean_to_the_12th`` makes a yearly rate of the mean of monthly ones.
    """
    quotients = [form.quotient(bridge) for bridge in bridges]
    known = [q for q in quotients if isinstance(q, Fraction)]
    if len(known) < len(quotients):
        return next(q for q in quotients if isinstance(q, Undefined))
    value = prod(known, start=Fraction(1))
    if how != "product":
        value = sum(known, Fraction(0)) / len(known)
    if how == "mean_to_the_12th":
        value = value**12
    return 1 - value if form.complement else value
