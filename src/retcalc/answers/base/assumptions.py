"""Assumptions of lifetime value: margin, lifespan method, discount, horizon, target, lag."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from retcalc.core.choices import LifespanMethod
from retcalc.core.findings import Finding, RetcalcError
from retcalc.metrics.discounting import Terms

DEFAULT_TARGET = Fraction(3)
_SHARE = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(%?)\s*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRules:
    """Rules of lifetime value; rates are fractions, times months.

    ``margins``: gross margins, one for all periods or one a period, oldest first; empty when not
    known. ``count_first_month``: accounts that pay in the first month of the data begin there.
    ``signup_column``: column of the customers file that says when they began.
    """

    margins: tuple[Fraction, ...] = ()
    method: LifespanMethod = "survival"
    terms: Terms = Terms()
    target: Fraction = DEFAULT_TARGET
    lag: int = 0
    count_first_month: bool = False
    signup_column: str | None = None

    @property
    def margin(self) -> Fraction:
        """The gross margin; raises RC165 where it is not one known number."""
        if len(self.margins) == 1:
            return self.margins[0]
        if self.margins:
            fix = "--margin 0.8   one margin; several only with clv --trend"
            raise RetcalcError(Finding("RC165", "there is more than one gross margin", fix=fix))
        fix = "--margin 0.8   or in retcalc.yaml  clv: {gross_margin: 0.8}"
        raise RetcalcError(Finding("RC165", "the gross margin is not known", fix=fix))


def parse_margins(text: str) -> tuple[Fraction, ...]:
    """Read ``0.8``, ``80%`` or a list ``0.75,0.8``; raises RC165."""
    margins = tuple(_share(part) for part in text.split(","))
    if any(margin is None or not 0 < margin <= 1 for margin in margins):
        fix = "--margin 0.8   or  --margin 80%"
        message = f"{text!r} is not a gross margin: a share above 0, at most 1"
        raise RetcalcError(Finding("RC165", message, fix=fix))
    return tuple(margin for margin in margins if margin is not None)


def parse_rate(text: str, option: str) -> Fraction:
    """Read a rate from 0 to 1 such as ``10%`` or ``0.10``; raises RC168."""
    rate = _share(text)
    if rate is None or rate > 1:
        fix = f"{option} 10%   or  {option} 0.10"
        raise RetcalcError(Finding("RC168", f"{text!r} is not a rate from 0 to 1", fix=fix))
    return rate


def parse_horizon(months: int) -> int:
    """Check a horizon in months, 1 to 1200; raises RC168."""
    if not 1 <= months <= 1200:
        message = f"{months} is not a horizon: 1 to 1200 months"
        raise RetcalcError(Finding("RC168", message, fix="--horizon 60"))
    return months


def _share(text: str) -> Fraction | None:
    match = _SHARE.fullmatch(text)
    return Fraction(match[1]) / (100 if match[2] else 1) if match else None
