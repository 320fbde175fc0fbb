"""Kinds of dated rows that are easily read wrongly: ends, doubles, flags, ids, amounts."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from dated import Term, cells, closings, terms
from readings import HEADER, Reading, of_terms, reading, table

from oracle.intervals import last_day, month_of
from oracle.panels import money_text


def some(rows: Sequence[Term], rng: random.Random) -> int:
    """Choose a row that is neither the first nor the last; its line is two more."""
    return rng.randint(1, len(rows) - 2)


# Ends


def _quarters(rng: random.Random) -> list[Term]:
    """Make rows of a quarter each that follow one another, from the first of a month."""
    first = 12 * rng.randint(2019, 2023) + rng.randrange(12)
    made = []
    for number in rng.sample(range(100, 1000), 12):
        month = first + rng.randrange(9)
        for _ in range(rng.randint(2, 5)):
            start, end = (last_day(m - 1) + timedelta(1) for m in (month, month + 3))
            made.append(Term(f"acc-{number}", start, end, 12 * rng.randint(100, 8000)))
            month += 3
    late = Term("acc-late", last_day(first + 20), None, 12 * rng.randint(100, 8000))
    return [*made, late]


def _ended(rows: Iterable[Term], write: Callable[[date], str]) -> list[list[str]]:
    """Give the cells of rows with the end written in some way."""
    return [[*cells(t)[:2], "" if t.end is None else write(t.end), *cells(t)[3:]] for t in rows]


@reading
def end_inclusive(rng: random.Random) -> Reading:
    """The end is the last day that is paid for."""
    rows = _quarters(rng)
    lines = _ended(rows, lambda end: str(end - timedelta(1)))
    settle = ("--period-end", "inclusive")
    return of_terms(rows, lines, codes="RC253 RC899", refused=None, settle=settle)


@reading
def end_exclusive(rng: random.Random) -> Reading:
    """The end is the day of the next start."""
    rows = _quarters(rng)
    settle = ("--period-end", "exclusive")
    return of_terms(rows, _ended(rows, str), refused=None, settle=settle)


@reading
def end_last_second(rng: random.Random) -> Reading:
    """The end is the last second of a day that is paid for."""
    rows = _quarters(rng)
    lines = _ended(rows, lambda end: f"{end - timedelta(1)} 23:59:59")
    return of_terms(rows, lines, refused=None, settle=("--period-end", "inclusive"))


@reading
def end_votes_both_ways(rng: random.Random) -> Reading:
    """Half of the ends are the last day paid for, half the day after."""
    rows, other = _quarters(rng), itertools.cycle((0, 1))
    lines = _ended(rows, lambda end: str(end - timedelta(next(other))))
    return of_terms(rows, lines, codes="RC253", refused=True)


@reading
def end_word(rng: random.Random) -> Reading:
    """A word or a far day means that there is no end."""
    rows = terms(rng)
    word = rng.choice(
        ("9999-12-31", "NULL", "None", "NaT", "\\N", "n/a", "-", "ongoing", "current", "present")
    )
    lines = [[c or word if n == 2 else c for n, c in enumerate(cells(t))] for t in rows]
    return of_terms(rows, lines, codes="RC863")


# Rows that stand twice


@reading
def row_twice(rng: random.Random) -> Reading:
    """One row stands twice, word for word."""
    rows = terms(rng)
    lines = [cells(term) for term in rows]
    at = some(rows, rng)
    lines.insert(at + 1, lines[at])
    return of_terms(
        rows, lines, codes="RC252", refused=True, line=at + 3, settle=("--duplicates", "first")
    )


@reading
def row_of_two_versions(rng: random.Random) -> Reading:
    """A subscription stands twice, with the price before and after a correction."""
    rows = terms(rng)
    lines = [[f"sub_{n}", *cells(term), "2024-01-01"] for n, term in enumerate(rows)]
    at = some(rows, rng)
    old = [*lines[at][:4], money_text(rows[at].minor + 1200), lines[at][5], "2023-01-01"]
    lines.insert(rng.choice((at, at + 1)), old)
    return of_terms(
        rows,
        lines,
        ("subscription_id", *HEADER, "updated_at"),
        codes="RC252",
        refused=True,
        settle=("--duplicates", "last"),
    )


# What says that a row brings no MRR


def _flagged(rng: random.Random, title: str, good: str, bad: Sequence[str]) -> Reading:
    """Mark some rows as bringing nothing; they do not count."""
    rows = terms(rng)
    off = set(rng.sample(range(len(rows) - 1), 1))
    word = rng.choice(bad)
    lines = [[*cells(t), word if n in off else good] for n, t in enumerate(rows)]
    kept = [term for n, term in enumerate(rows) if n not in off]
    right = closings(kept)
    first = min(month_of(term.start) for term in rows)
    made = Reading(table(lines, (*HEADER, title)), right, frozenset({"RC815", "RC253"}))
    return (
        made if first == min(month_of(t.start) for t in kept) else _flagged(rng, title, good, bad)
    )


@reading
def status_without_revenue(rng: random.Random) -> Reading:
    return _flagged(rng, "status", "active", ("trialing", "failed", "refunded", "void", "Trial"))


@reading
def trial_flag(rng: random.Random) -> Reading:
    return _flagged(rng, "is_trial", "false", ("true",))


@reading
def paid_flag(rng: random.Random) -> Reading:
    return _flagged(rng, "is_paid", "Yes", ("No",))


# Who is the account


@reading
def id_beside_owner(rng: random.Random) -> Reading:
    """An id that differs in every row stands beside the account."""
    rows = terms(rng)
    owner = rng.choice(("customer_id", "owner_id", "account_id", "company_id"))
    lines = [[f"r{n}", *cells(term)] for n, term in enumerate(rows, 1000)]
    settle = ("--customer-column", owner)
    return of_terms(
        rows, lines, ("id", owner, *HEADER[1:]), codes="RC256 RC891", refused=None, settle=settle
    )


# What an amount means


def _priced(rng: random.Random, title: str, minor: Callable[[int], str], codes: str) -> Reading:
    rows = terms(rng)
    lines = [[*cells(t)[:3], minor(t.minor), t.plan] for t in rows]
    return of_terms(rows, lines, (*HEADER[:3], title, "plan"), codes=codes)


@reading
def amount_in_cents(rng: random.Random) -> Reading:
    title = rng.choice(("mrr_cents", "mrr (cents)", "monthly_amount_cents", "MRR in cents"))
    return _priced(rng, title, str, "RC899 RC891")


@reading
def amount_a_year(rng: random.Random) -> Reading:
    title = rng.choice(("arr", "ARR", "annual_amount", "Annual Contract Value", "yearly_price"))
    return _priced(rng, title, lambda minor: money_text(12 * minor), "RC890")


@reading
def amount_monthly_beside_interval(rng: random.Random) -> Reading:
    """The header says monthly, whatever the billing interval says."""
    rows = terms(rng)
    title = rng.choice(("mrr", "monthly_amount", "net_mrr"))
    lines = [[*cells(t), rng.choice(("year", "month", "quarter"))] for t in rows]
    return of_terms(rows, lines, (*HEADER[:3], title, "plan", "billing_interval"))


@reading
def amount_by_interval_words(rng: random.Random) -> Reading:
    rows = terms(rng)
    words = {
        "Annual": 12,
        "2-Year": 24,
        "P1M": 1,
        "month-to-month": 1,
        "Quarterly": 3,
        "jährlich": 12,
    }
    lines = []
    for term in rows:
        word = rng.choice(list(words))
        price = money_text(words[word] * term.minor)
        lines.append([*cells(term)[:3], price, term.plan, word])
    return of_terms(
        rows,
        lines,
        (*HEADER[:3], "amount", "plan", rng.choice(("Billed", "cycle", "Payment plan"))),
        codes="RC890 RC891",
    )


@reading
def price_a_seat(rng: random.Random) -> Reading:
    rows, lines = terms(rng), []
    for n, term in enumerate(rows):
        seats = rng.randint(1, 40)
        rows[n] = replace(term, minor=term.minor * seats)
        lines.append([*cells(term), str(seats)])
    header = (*HEADER[:3], rng.choice(("price_per_seat", "unit_price")), "plan", "seats")
    return of_terms(
        rows,
        lines,
        header,
        codes="RC258 RC899 RC891",
        refused=None,
        settle=("--quantity", "multiply"),
    )


@reading
def amount_beside_seats(rng: random.Random) -> Reading:
    """Whether an amount is for one seat or for all is asked."""
    rows = terms(rng)
    lines = [[*cells(t), str(rng.randint(2, 40))] for t in rows]
    header = (*HEADER[:3], "amount", "plan", "quantity")
    settle = ("--quantity", "ignore")
    return of_terms(rows, lines, header, codes="RC258", refused=True, settle=settle)


# Lines without a period


@reading
def lines_without_period(rng: random.Random) -> Reading:
    """An invoice line has no period: what it means is asked when it is much money."""
    rows = [replace(t, end=t.end) for t in _quarters(rng)[:-1]]
    lines = [
        [t.account, money_text(3 * t.minor), str(t.start), str(t.end - timedelta(1))]
        for t in rows
        if t.end
    ]
    at = some(rows, rng)
    lines.insert(at, [rows[at].account, "9000000.00", "", ""])
    last = max(month_of(term.start) for term in rows) - 1  # the latest starts on its first day
    right = closings(rows, last)
    return Reading(
        table(lines, ("account", "amount", "period_start", "period_end")),
        right,
        frozenset({"RC251"}),
        True,
        at + 2,
        ("--undated", "one-off"),
    )


# The last month


@reading
def start_in_far_future(rng: random.Random) -> Reading:
    """One start lies years ahead: the window does not follow it."""
    rows = terms(rng)
    at = some(rows, rng)
    start = rows[-1].start + timedelta(rng.randint(400, 365 * 5))
    lines = [cells(term) for term in rows]
    lines.insert(at, ["acc-far", str(start), "", "100.00", "Pro"])
    return of_terms(rows, lines, codes="RC860", line=at + 2)


# Rows that look odd


@reading
def rows_like_headers(rng: random.Random) -> Reading:
    """Every row holds several dates, as a header of months does."""
    rows = terms(rng)
    lines = [[*cells(t), str(t.start), str(t.start + timedelta(3))] for t in rows]
    return of_terms(rows, lines, (*HEADER, "created_at", "first_seen_at"))
