"""Churn hazard of a phase of life: the share of accounts that leave in it, of those seen in it.

Formula: lives that end in the phase / accounts seen in the phase
Numerator: accounts whose last day with MRR belongs to the phase; of month-grained data, whose
    first month without
Denominator: accounts at risk on at least one day, or month, of life of the phase. One whose
    observation ends in the phase while it pays counts as seen and not as churned
Grain: days where rows are dated: days 1 to 30 of a life are the phase 0-30. Months else; the m-th
    month of life belongs to the phase that holds its middle, day (m - 1/2) * 30.4375
Unit: fraction
Null: no_accounts_entered when nobody was seen in the phase
Source: B2B retention guide (Aritic/Albacross): 50 accounts at the start, 7 leave: 14%

>>> compute(7, 50)
Fraction(7, 50)
>>> [str(phase) for phase in phases((30, 90, 180))]
['0-30', '30-90', '90-180', '180+']
>>> [phase.months for phase in phases((30, 90, 180))]
['1', '2-3', '4-6', '7+']
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from retcalc.core.result import Quotient
from retcalc.kernels.lifetimes import AtRisk
from retcalc.metrics.customers.lives.age import MONTH_DAYS
from retcalc.metrics.metric import Metric, Rate, share


@dataclass(frozen=True, slots=True)
class Phase:
    """Days of life from ``start`` up to ``end``, None without an end."""

    start: int
    end: int | None

    def __str__(self) -> str:
        return f"{self.start}+" if self.end is None else f"{self.start}-{self.end}"

    @property
    def after(self) -> int:
        """The last month of life before the phase."""
        return _months_within(self.start)

    @property
    def until(self) -> int | None:
        """The last month of life in the phase."""
        return None if self.end is None else _months_within(self.end)

    @property
    def months(self) -> str:
        """The months of life in the phase: "4-6"; "none" where no month has its middle there."""
        first, until = self.after + 1, self.until
        if until is None:
            return f"{first}+"
        if until < first:
            return "none"
        return str(first) if until == first else f"{first}-{until}"


def phases(boundaries: Sequence[int]) -> list[Phase]:
    """The phases that ascending boundaries in days make, the last one open."""
    starts = [0, *boundaries]
    return [Phase(a, b) for a, b in zip(starts, [*boundaries, None], strict=True)]


def seen_and_churned(
    accounts_at_risk: Iterable[AtRisk], phase: Phase, *, by_day: bool = False
) -> tuple[int, int]:
    """Accounts at risk in some month, or day, of a phase, and those among them that churned in it.

    A life of no days ends on its first.

    >>> lives = [AtRisk(0, 19, True, 1), AtRisk(0, 60, True, 2), AtRisk(0, 517, False, 7)]
    >>> [seen_and_churned(lives, phase, by_day=True) for phase in phases((30, 90))]
    [(10, 1), (9, 2), (7, 0)]
    """
    after, until = (phase.start, phase.end) if by_day else (phase.after, phase.until)
    seen = churned = 0
    for same in accounts_at_risk:
        left = max(same.exit, 1) if same.churned else same.exit
        last = left if until is None else min(left, until)
        if last > max(same.entry, after):
            seen += same.accounts
            churned += same.accounts if same.churned and last == left else 0
    return seen, churned


def compute(churned: int, entered: int) -> Rate:
    """Churn hazard of one phase."""
    return share(churned, entered, "no_accounts_entered")


def _months_within(days: int) -> int:
    """How many months of life have their middle before a day."""
    return -floor(-(days / MONTH_DAYS + Fraction(1, 2))) - 1


METRIC = Metric(
    doc=__doc__,
    name="hazard",
    label="Churn hazard",
    unit="rate",
    better="less",
    made_of=lambda _: Quotient({"churned": 1}, {"entered": 1}),
)
