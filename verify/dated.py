"""Dated rows of known content, and what each account pays in each month, by plain arithmetic.

Subscriptions that follow each other or overlap, credits, plans that change.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from harness import ROOT

sys.path.insert(0, str(ROOT / "tests"))

from oracle.intervals import last_day, month_of
from oracle.panels import money_text, month_text

Months = dict[tuple[str, int], int]  # what an account pays in a month, in minor units
PLANS = ("Basic", "Pro", "Caf\u00e9")
ANCHORS = 2  # accounts that are there from the first month to the last and never end


@dataclass(frozen=True, slots=True)
class Term:
    """One row: a price a month from its start up to the day before its end, None while it runs."""

    account: str
    start: date
    end: date | None
    minor: int
    plan: str = "Basic"

    @classmethod
    def of(cls, row: list[str]) -> Term:
        """Make the term of a row of cells."""
        account, start, end, amount, plan = row
        until = date.fromisoformat(end) if end else None
        return cls(account, date.fromisoformat(start), until, round(float(amount) * 100), plan)


def terms(rng: random.Random, accounts: int = 12, months: int = 18) -> list[Term]:
    """Make rows nothing can be said against: an account has one at a time, or a pause between.

    Prices are whole multiples of 12 cents, so that a year's price has two decimals; the last start
    is the last day of a month, which is the month to close at.
    """
    first = 12 * rng.randint(2019, 2023) + rng.randrange(12)
    made = []
    for place, number in enumerate(rng.sample(range(100, 1000), accounts)):
        month = 0 if place < ANCHORS else rng.randrange(months - 1)
        while month < months:
            stays = months if place < ANCHORS else rng.randint(1, months)
            start = day_in(rng, first + month)
            month += stays + 1
            end = day_in(rng, first + month - 1) if month <= months else None
            price, plan = 12 * rng.randint(100, 8000), rng.choice(PLANS)
            made.append(Term(f"acc-{number}", start, end, price, plan))
            month += rng.choice((1, months))
    made[0] = replace(made[0], start=last_day(first).replace(day=1))
    late = Term("acc-late", last_day(first + months - 1), None, 12 * rng.randint(100, 8000))
    return sorted([*made, late], key=lambda term: (term.start, term.account))


def busy_terms(rng: random.Random, accounts: int | None = None) -> list[Term]:
    """Make rows as billing systems have them: at the same time, of several plans, and credits.

    Rows of one account that run at the same time are of one plan.
    """
    made = terms(rng, accounts or rng.randint(4, 12), rng.randint(6, 24))
    last = made[-1].start
    for term in list(made):
        start = term.start + timedelta(days=rng.randrange(90))
        if rng.random() < 0.5 and start <= last and (term.end is None or start < term.end):
            minor = rng.randint(-2 * term.minor, term.minor) or 1
            made.append(replace(term, start=start, minor=minor))
    return made


def day_in(rng: random.Random, month: int) -> date:
    """Choose a day of a month that is neither its first nor among its last."""
    return last_day(month).replace(day=rng.randint(2, 27))


def closing_month(rows: Iterable[Term]) -> int:
    """The last month of the rows: the one of their latest start."""
    return max(month_of(term.start) for term in rows)


def paid(rows: Iterable[Term], last: int) -> Months:
    """What each account pays at the end of each month up to ``last``; nothing below zero."""
    summed: Months = defaultdict(int)
    for term in rows:
        for month in range(month_of(term.start), last + 1):
            if term.end is None or term.end > last_day(month):
                summed[term.account, month] += term.minor
    return {key: minor for key, minor in summed.items() if minor > 0}


def plans(rows: Iterable[Term], last: int) -> dict[tuple[str, int], str]:
    """The plan of each account in each month it has a row."""
    return {
        (term.account, month): term.plan
        for term in rows
        for month in range(month_of(term.start), last + 1)
        if term.end is None or term.end > last_day(month)
    }


def closings(rows: list[Term], last: int | None = None) -> dict[str, tuple[str, int]]:
    """The MRR and the accounts at the end of each month, as text of money and a count."""
    last = closing_month(rows) if last is None else last
    months = paid(rows, last)
    first = min(month_of(term.start) for term in rows)
    found = {}
    for month in range(first, last + 1):
        amounts = [minor for (_, at), minor in months.items() if at == month]
        found[month_text(month)] = (money_text(sum(amounts)), len(amounts))
    return found


def cells(term: Term) -> list[str]:
    """The cells of a row: account, start, end, price a month, plan."""
    end = "" if term.end is None else term.end.isoformat()
    sign = "-" if term.minor < 0 else ""
    return [
        term.account,
        term.start.isoformat(),
        end,
        sign + money_text(abs(term.minor)),
        term.plan,
    ]
