"""What a report is made of: the Results of one close, and the bands to hold them against.

A leaf: plain data, no computation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from retcalc.result import Result


@dataclass(frozen=True, slots=True)
class Band:
    """What others publish of a metric: rates and ratios, over ``months`` where that matters."""

    metric: str
    who: str
    source: str
    good: Fraction
    low: Fraction | None = None
    top: Fraction | None = None
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Results by part, in reading order; ``left_out`` says per missing part what it needs."""

    parts: Mapping[str, Result]
    bands: tuple[Band, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def head(self) -> Result:
        """The part that stands for the whole: its window, currency, sources and notes."""
        return self.parts["summary"]
