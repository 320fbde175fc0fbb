"""Discount rate and horizon of lifetime value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Terms:
    """What limits a life's worth: yearly discount rate and horizon in months; None for none."""

    discount_rate: Fraction | None = None
    horizon: int | None = None

    @property
    def monthly(self) -> float:
        """Worth of the next month's money against this one's."""
        return math.pow(1 + (self.discount_rate or 0), -1 / MONTHS_A_YEAR)
