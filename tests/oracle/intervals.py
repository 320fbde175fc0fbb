"""Subscription intervals to monthly recurring revenue, by the calendar. An oracle: see `walk`."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

MONTHS_OF = {
    "month": Fraction(1),
    "quarter": Fraction(3),
    "year": Fraction(12),
    "week": Fraction(12, 52),
}


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription; the end is the first day without it, None while it runs."""

    account: str
    start: date
    end: date | None
    amount: Fraction
    interval: str = "month"

    @property
    def mrr(self) -> Fraction:
        return self.amount / MONTHS_OF[self.interval]


def month_of(day: date) -> int:
    """The month of a day, as `12 * year + month - 1`."""
    return 12 * day.year + day.month - 1


def last_day(month: int) -> date:
    """The last day of a month."""
    year, index = divmod(month, 12)
    return date(year, index + 1, monthrange(year, index + 1)[1])


def monthly(subscriptions: Iterable[Subscription], last: int) -> dict[tuple[str, int], Fraction]:
    """The revenue of every account in force on the last day of each month up to `last`."""
    mrr: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for sub in subscriptions:
        for month in range(month_of(sub.start), last + 1):
            if sub.mrr > 0 and (sub.end is None or sub.end > last_day(month)):
                mrr[sub.account, month] += sub.mrr
    return dict(mrr)


def last_complete_month(starts: Iterable[date]) -> int:
    """The last calendar month that ends on or before the latest start."""
    latest = max(starts)
    month = month_of(latest)
    return month if latest == last_day(month) else month - 1
