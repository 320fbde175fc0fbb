"""Lives by the day: walked day by day over dictionaries. An oracle: see `walk`."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

DAY = timedelta(days=1)
MONTH = Fraction(3_652_500, 120_000)  # days: a year of 365.25 in twelve
UNITS = {"days": Fraction(1), "weeks": Fraction(7), "months": MONTH}


@dataclass(frozen=True, slots=True)
class Dated:
    """One dated row; the end is the first day without it, None while it runs."""

    account: str
    start: date
    end: date | None
    amount: int
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """Watched on the days of life after `entry` up to `leave`; `ended` when it ended then."""

    plan: str
    entry: int
    leave: int
    ended: bool
    begun: date


def lives(
    rows: Iterable[Dated], closing: date, opening: date | None = None, since: date | None = None
) -> list[Life]:
    """The first life of every account that has begun by the closing day, as seen at its end.

    `opening`: watched only from the end of that day on. `since`: only those begun after that day.
    """
    of: dict[str, list[Dated]] = {}
    for row in rows:
        of.setdefault(row.account, []).append(row)
    found = [_life(own, closing, opening) for own in of.values()]
    return [one for one in found if one and (since is None or one.begun > since)]


def _life(rows: Sequence[Dated], closing: date, opening: date | None) -> Life | None:
    paid = [row for row in rows if row.amount > 0 and (row.end is None or row.end >= row.start)]
    if not paid:
        return None
    first = min(row.start for row in paid)
    if first > closing:
        return None
    begun = sorted((-row.amount, row.plan) for row in paid if row.start == first)
    day = first
    while day <= closing and any(row.start <= day and (row.end or date.max) > day for row in paid):
        day += DAY
    ended = day <= closing
    leave = (day - first).days if ended else (closing - first).days
    entry = 0
    if opening is not None:
        if day <= opening:
            return None
        entry = max(0, (opening - first).days)
    return Life(begun[0][1], entry, leave, ended, first)


@dataclass(frozen=True, slots=True)
class Age:
    """The curve at one age, in days."""

    at_risk: int
    events: int
    survival: Fraction


def kaplan_meier(watched: Sequence[Life]) -> list[Age]:
    """The product limit at every day of life from 0 to the last one that was watched."""
    survival, ages = Fraction(1), []
    for age in range(max((one.leave for one in watched), default=-1) + 1):
        at_risk = sum(one.entry < age <= one.leave or one.entry == age == 0 for one in watched)
        events = sum(one.ended and one.leave == age for one in watched)
        if events:
            survival *= 1 - Fraction(events, at_risk)
        ages.append(Age(at_risk, events, survival))
    return ages


def in_unit(ages: Sequence[Age], unit: str) -> list[Age]:
    """The curve after 0, 1, 2 … weeks or months; the last is as far as anyone was watched."""
    read, before = list(ages[:1]), 0
    while before < len(ages) - 1:
        until = min(int(len(read) * UNITS[unit]), len(ages) - 1)
        events = sum(age.events for age in ages[before + 1 : until + 1])
        read.append(Age(ages[before + 1].at_risk, events, ages[until].survival))
        before = until
    return read


def mean_months(ages: Sequence[Age], months: int) -> Fraction:
    """The area under the curve up to so many months."""
    area, end = Fraction(0), months * MONTH
    for day, age in enumerate(ages):
        area += age.survival * max(Fraction(0), min(Fraction(1), end - day))
    return area / MONTH


def phases(watched: Sequence[Life], ends: Sequence[int]) -> list[tuple[int, int]]:
    """How many were seen on some day of each phase, and how many of them left on one.

    The first phase is the days of life 1 to ends[0]; a life of no days ends on its first.
    """
    counts = []
    for after, until in zip([0, *ends], [*ends, 10**9], strict=True):
        last = [max(one.leave, 1) if one.ended else one.leave for one in watched]
        both = list(zip(watched, last, strict=True))
        seen = [(one, day) for one, day in both if min(day, until) > max(one.entry, after)]
        left = [one for one, day in seen if one.ended and after < day <= until]
        counts.append((len(seen), len(left)))
    return counts


def last_day(month: int) -> date:
    """The last day of the month `12 * year + month - 1`."""
    year, index = divmod(month, 12)
    return date(year, index + 1, monthrange(year, index + 1)[1])
