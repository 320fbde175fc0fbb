"""Ages of lives: days, weeks and months, and a curve by the day read at the ages of a unit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from retcalc.core.choices import AgeUnit
from retcalc.metrics.customers.lives.survival import Point

MONTH_DAYS = Fraction(487, 16)  # 30.4375: a year of 365.25 days in twelve
DAYS: dict[AgeUnit, Fraction] = {"days": Fraction(1), "weeks": Fraction(7), "months": MONTH_DAYS}


def at_ages(points: Sequence[Point], unit: AgeUnit) -> tuple[Point, ...]:
    """Read a curve by the day at every age of a unit: age 2 in weeks is what is so after 14 days.

    ``events`` are those since the age before, ``at_risk`` the accounts watched when it began. The
    last age is as far as anyone was watched, also where that is less than a whole one.

    >>> daily = tuple(Point(day, 9, int(day == 8), Fraction(1), None, None) for day in range(11))
    >>> [(point.age, point.at_risk, point.events) for point in at_ages(daily, "weeks")]
    [(0, 9, 0), (1, 9, 0), (2, 9, 1)]
    """
    length = DAYS[unit]
    if length == 1 or not points:
        return tuple(points)
    read, since = [points[0]], 0
    for age in range(1, ceil((len(points) - 1) / length) + 1):
        until = min(floor(age * length), len(points) - 1)
        events = sum(point.events for point in points[since + 1 : until + 1])
        end = points[until]
        at_risk = points[since + 1].at_risk
        read.append(Point(age, at_risk, events, end.survival, end.lower, end.upper))
        since = until
    return tuple(read)
