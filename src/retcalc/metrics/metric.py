"""What a metric is: a name, a formula in words and a pure function over facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from retcalc.core.result import Unit
from retcalc.kernels.bridge import Bridge


@dataclass(frozen=True, slots=True)
class Undefined:
    """No number, and the reason code why (``no_opening_mrr``)."""

    reason: str


Rate = Fraction | Undefined


@dataclass(frozen=True, slots=True)
class Facts:
    """The sums of one row with the switches of the definition that a formula may ask for.

    ``months`` is the length of the span. With ``segment_as_of_closing`` an account that changed
    its segment is judged in the one it came to, so its opening MRR counts there.
    """

    bridge: Bridge
    months: int = 1
    reactivation_in_nrr: bool = False
    segment_as_of_closing: bool = False

    @property
    def opening_mrr(self) -> int:
        """MRR of the opening set."""
        moved = self.bridge.segment_in_mrr - self.bridge.segment_out_mrr
        return self.bridge.opening_mrr + (moved if self.segment_as_of_closing else 0)

    @property
    def opening_accounts(self) -> int:
        """Accounts of the opening set."""
        moved = self.bridge.segment_in_accounts - self.bridge.segment_out_accounts
        return self.bridge.opening_accounts + (moved if self.segment_as_of_closing else 0)

    @property
    def returned_mrr(self) -> int:
        """Reactivation that the definition counts as retained; 0 by default."""
        return self.bridge.reactivation_mrr if self.reactivation_in_nrr else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One entry of the dictionary: ``formula`` is the line that stands beside the number.

    ``compute`` takes Facts where the metric is arithmetic on a bridge, else what its module says.
    """

    name: str
    label: str
    unit: Unit
    formula: str
    source: str
    compute: Callable[..., Any]


def share(numerator: int, denominator: int, reason: str) -> Rate:
    """An exact quotient; undefined, with its reason, for a denominator that is not positive."""
    return Fraction(numerator, denominator) if denominator > 0 else Undefined(reason)
