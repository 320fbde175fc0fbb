"""Rates as signed bridge lines over signed bridge lines, and what is made of several of them.

One description serves the totals and the single accounts, so the accounts behind a rate are the
accounts that its formula looks at.

>>> form = Form({"opening_mrr": 1, "churn_mrr": -1}, {"opening_mrr": 1}, "no_opening_mrr")
>>> months = [{"opening_mrr": 100, "churn_mrr": 10}, {"opening_mrr": 90, "churn_mrr": 0}]
>>> form.rate(months[0])
Fraction(9, 10)
>>> form.combined(months, "mean", 1), form.combined(months, "product", 1)
(Fraction(19, 20), Fraction(9, 10))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import Literal

from retcalc.metrics.metric import Rate, Undefined, share

Signs = Mapping[str, int]
Combine = Literal["mean", "product"]
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Form:
    """A rate: signed lines over signed lines.

    ``capped``: the numerator counts up to the denominator at most. ``complement``: the rate is one
    less the quotient. ``reason`` says why there is no rate over a denominator of nothing.
    """

    numerator: Signs
    denominator: Signs
    reason: str
    capped: bool = False
    complement: bool = False

    def parts(self, lines: Mapping[str, int]) -> tuple[int, int]:
        """Numerator and denominator of one bridge."""
        below = signed(self.denominator, lines)
        above = signed(self.numerator, lines)
        return min(above, below) if self.capped else above, below

    def rate(self, lines: Mapping[str, int]) -> Rate:
        """The exact rate of one bridge."""
        rate = share(*self.parts(lines), self.reason)
        return 1 - rate if self.complement and isinstance(rate, Fraction) else rate

    def combined(
        self,
        spans: Sequence[Mapping[str, int]],
        combine: Combine,
        months: int,
        *,
        yearly: bool = False,
    ) -> Rate:
        """The rate of several spans of ``months`` each; ``yearly`` compounds it to a year.

        A product of churn rates is the churn of the compounded retention.
        """
        kept: list[Fraction] = []
        for lines in spans:
            quotient = share(*self.parts(lines), self.reason)
            if isinstance(quotient, Undefined):
                return quotient
            kept.append(quotient)
        value = prod(kept, start=Fraction(1))
        if combine == "mean":
            value = sum(kept, Fraction(0)) / len(kept)
        return value
