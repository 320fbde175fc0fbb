"""What a metric is: a docstring, a unit, and for a rate the one description that all follows from.

The formula in words and the source are those of the docstring and stand nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Literal

from retcalc.core.result import Column, MadeOf, Quotient, Unit
from retcalc.kernels.bridge import Bridge
from retcalc.metrics.rate_formula import Lines, Rate, RateFormula, Undefined, share

__all__ = ["Metric", "Rate", "Undefined", "lines_of", "share"]

Fact = Literal["revenue", "accounts", "segments"]
LINES = tuple(f.name for f in fields(Bridge))


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One entry of the dictionary.

    ``rate`` describes a metric that is arithmetic on a bridge. ``complement_of``: the metric whose
    complement it is. ``made_from``: the metric whose rate, with the months of the span, ``convert``
    turns into this one. ``shown_in``: the answers that show it, in the order of ``place``.
    ``headline`` is its place among the headline figures of a report. ``made_of`` is how a figure
    that no ``rate`` describes follows from others of its row, over so many months.
    ``better`` says which way is good news. ``everyone``: explain lists every account, not only
    those that a line of the rate looks at.
    """

    name: str
    label: str
    unit: Unit
    doc: str | None
    rate: RateFormula | None = None
    complement_of: Metric | None = None
    made_from: Metric | None = None
    convert: Callable[[Rate, int], Rate] | None = None
    shown_in: tuple[str, ...] = ()
    place: int = 0
    headline: int | None = None
    made_of: Callable[[int], MadeOf] | None = None
    better: Literal["more", "less"] | None = None
    everyone: bool = False

    @property
    def formula(self) -> str:
        """The line that stands beside the number."""
        return docstring_field(self.doc, "Formula")

    @property
    def source(self) -> str:
        """Where the definition comes from, with a published example."""
        return docstring_field(self.doc, "Source")

    @property
    def described(self) -> RateFormula | None:
        """The description of the metric itself, or of the one it is made from."""
        return self.made_from.rate if self.made_from else self.rate

    @property
    def needs(self) -> frozenset[Fact]:
        """The facts without which there is no such metric."""
        lines = self.described.lines if self.described else ()
        kinds: tuple[tuple[Fact, str], ...] = (
            ("revenue", "_mrr"),
            ("accounts", "_accounts"),
            ("segments", "segment_"),
        )
        return frozenset(k for k, part in kinds if any(part in n for n in lines))

    @property
    def of_opening(self) -> bool:
        """Whether it says what became of the opening accounts."""
        return self.rate is not None and any(
            n.startswith("opening_") for n in self.rate.denominator
        )

    def of(self, **lines: int) -> Rate:
        """The value over the lines of a bridge; those that are not named are 0."""
        return self.value({**dict.fromkeys(LINES, 0), **lines}, 1)

    def value(self, bridge: Lines, months: int, formula: RateFormula | None = None) -> Rate:
        """The value over a bridge of so many months; ``formula`` in place of the usual one."""
        formula = formula or self.described
        assert formula is not None  # noqa: S101  only metrics over a bridge are asked
        return self.converted(formula.rate(bridge), months)

    def column(
        self, *, screen: bool = True, formula: RateFormula | None = None, months: int = 1
    ) -> Column:
        """The column of the metric over so many months; ``formula`` in place of the usual one."""
        made_of = self._cells(formula or self.rate, months)
        return Column(self.name, self.label, self.unit, screen, made_of, self.headline)

    def _cells(self, formula: RateFormula | None, months: int) -> MadeOf | None:
        """How it follows from other columns of its row."""
        if self.made_of is not None:
            return self.made_of(months)
        if formula is None:
            return None
        plain = formula.without_complement()
        return Quotient(plain.numerator, plain.denominator, plain.capped, plain.complement)

    def converted(self, rate: Rate, months: int) -> Rate:
        """The metric from the rate of its description over so many months."""
        return self.convert(rate, months) if self.convert else rate


def complement(of: Metric, **other: object) -> Metric:
    """The metric that is one less another one, under every profile."""
    assert of.rate is not None  # noqa: S101
    rate = replace(of.rate, complement=True)
    return Metric(unit=of.unit, rate=rate, complement_of=of, **other)  # type: ignore[arg-type]


def lines_of(bridge: Bridge) -> Lines:
    """The lines of a bridge by name."""
    return {name: getattr(bridge, name) for name in LINES}


@cache
def docstring_field(doc: str | None, name: str) -> str:
    """A field of a metric's docstring (``Formula``) with its continued lines; empty without one."""
    found = re.search(rf"^{name}: (.*(?:\n +.*)*)", doc or "", re.MULTILINE)
    return " ".join(found[1].split()) if found else ""
