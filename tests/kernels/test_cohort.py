"""Every cohort cell against a walk over dictionaries, and the laws of a triangle.

The walk shares nothing with the kernel: it takes each account by itself, month by month.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field

import polars as pl
import pytest

from retcalc.kernels.cohort import Cell, Cohort, Periods
from retcalc.kernels.cohort import cohorts as cohorts_of
from retcalc.kernels.rows.cohorts import cohort_sums

JAN = 12 * 2024  # 2024-01
SCHEMA = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}
EVERY = [(1, 1), (3, 1), (12, 1), (1, 5), (3, 2), (3, 12), (12, 7)]  # months, fiscal start


@dataclass
class Account:
    """One account: MRR by month, the segment of its first month, an optional date."""

    paid: dict[int, int]
    seg: int = 0
    later_seg: int = 0
    born: int | None = None


@dataclass
class Walked:
    """A cohort as the walk sees it."""

    accounts: int = 0
    mrr: int = 0
    cells: dict[int, list[int]] = field(default_factory=dict)


def cohorts(panel, last, periods, starts=None):
    return cohorts_of(cohort_sums(panel, last, starts), last, periods)


def frame(accounts: list[Account]) -> pl.DataFrame:
    rows = [
        (code, month, mrr, a.seg if month == min(a.paid) else a.later_seg)
        for code, a in enumerate(accounts)
        for month, mrr in sorted(a.paid.items())
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def starts_of(accounts: list[Account]) -> pl.DataFrame:
    rows = [(code, a.born) for code, a in enumerate(accounts)]
    return pl.DataFrame(rows, schema={"account": pl.UInt32, "start_month": pl.Int32}, orient="row")


def period_start(month: int, length: int, fiscal: int) -> int:
    """The latest month, at or before this one, that a period can start in."""
    starts = {(fiscal - 1 + step) % 12 for step in range(0, 12, length)}
    while month % 12 not in starts:
        month -= 1
    return month


def walk(
    accounts: list[Account], last: int, length: int, fiscal: int, *, dated: bool
) -> dict[tuple[int, int], Walked]:
    found: dict[tuple[int, int], Walked] = defaultdict(Walked)
    for account in accounts:
        born = account.born if dated else min(account.paid, default=None)
        if born is None or account.seg < 0 or min(account.paid, default=last + 1) > last:
            continue
        seen = {month: mrr for month, mrr in account.paid.items() if born <= month <= last}
        if not seen:
            continue
        start = period_start(born, length, fiscal)
        cohort = found[account.seg, start]
        cohort.accounts += 1
        cohort.mrr += seen[min(seen)]
        age = 0
        while start + length - 1 + age * length <= last:
            month = born + age * length
            cell = cohort.cells.setdefault(age, [0, 0, 0])
            cell[0] += month in seen
            cell[1] += seen.get(month, 0)
            lived = [seen.get(m, 0) for m in range(min(seen), month + 1)]
            cell[2] += min(lived, default=0)
            age += 1
    return found


def as_walked(cohort: Cohort) -> Walked:
    cells = {age: [c.accounts, c.mrr, c.gross_mrr] for age, c in enumerate(cohort.cells)}
    return Walked(cohort.initial_accounts, cohort.initial_mrr, cells)


def some_accounts(seed: int) -> tuple[list[Account], int]:
    rng = random.Random(seed)
    length, first = rng.choice([1, 3, 8, 20, 40]), JAN - rng.randrange(12)
    top = rng.choice([3, 500_00, 10**13])
    accounts = []
    for _ in range(rng.randint(1, 14)):
        begin = rng.randrange(length)
        stay = rng.choice([0.0, 0.6, 0.95, 1.0])
        months = {begin} | {m for m in range(begin, length) if rng.random() < stay}
        paid = {first + m: rng.randint(1, top) for m in months}
        born = rng.choice([None, first + begin, first + begin + rng.randint(-9, 4)])
        accounts.append(Account(paid, rng.choice([-1, 0, 0, 1, 2]), rng.choice([-1, 0, 1]), born))
    return accounts, first + rng.randrange(length)


@pytest.mark.parametrize("seed", range(300))
def test_every_cell_is_that_of_the_walk(seed: int) -> None:
    accounts, last = some_accounts(seed)
    length, fiscal = EVERY[seed % len(EVERY)]
    for dated in (False, True):
        starts = starts_of(accounts) if dated else None
        found = cohorts(frame(accounts), last, Periods(length, fiscal), starts)
        expected = walk(accounts, last, length, fiscal, dated=dated)
        assert {key: as_walked(c) for key, c in found.by_segment.items()} == expected


@pytest.mark.parametrize("seed", range(0, 300, 5))
def test_laws_of_a_triangle(seed: int) -> None:
    accounts, last = some_accounts(seed)
    for account in accounts:
        account.seg = account.later_seg = 0
    panel = frame(accounts)
    for length, fiscal in EVERY:
        found = cohorts(panel, last, Periods(length, fiscal)).by_segment
        there = [a for a in accounts if min(a.paid) <= last]
        assert sum(c.initial_accounts for c in found.values()) == len(there)
        for cohort in found.values():
            first = Cell(cohort.initial_accounts, cohort.initial_mrr, cohort.initial_mrr)
            assert cohort.cells[:1] in ((), (first,))
            gross = [cell.gross_mrr for cell in cohort.cells]
            assert gross == sorted(gross, reverse=True)
            assert all(c.gross_mrr <= min(c.mrr, cohort.initial_mrr) for c in cohort.cells)
    found = cohorts(panel, last, Periods()).by_segment
    for month in range(JAN - 12, last + 1):
        cells = [c.cells[month - s] for (_, s), c in found.items() if s <= month]
        assert sum(c.mrr for c in cells) == sum(a.paid.get(month, 0) for a in accounts)
        assert sum(c.accounts for c in cells) == sum(month in a.paid for a in accounts)


def test_by_hand() -> None:
    """Three accounts over four months, summed with pencil and paper.

    a pays 100, 50, -, 70; b pays 40, 60, 60, 30; c comes a month later: 10, 5, 20.
    """
    a = Account({JAN: 100, JAN + 1: 50, JAN + 3: 70})
    b = Account({JAN: 40, JAN + 1: 60, JAN + 2: 60, JAN + 3: 30})
    c = Account({JAN + 1: 10, JAN + 2: 5, JAN + 3: 20})
    found = cohorts(frame([a, b, c]), JAN + 3, Periods()).by_segment
    assert found == {
        (0, JAN): Cohort(
            2, 140, (Cell(2, 140, 140), Cell(2, 110, 90), Cell(1, 60, 40), Cell(2, 100, 30))
        ),
        (0, JAN + 1): Cohort(1, 10, (Cell(1, 10, 10), Cell(1, 5, 5), Cell(1, 20, 5))),
    }


def test_a_quarter_is_seen_when_its_last_account_is() -> None:
    """One account starts in January, one in March: at age 1 they are in April and in June."""
    early = Account({JAN + m: 10 for m in range(5)})
    late = Account({JAN + m: 7 for m in range(2, 5)})
    panel = frame([early, late])
    assert cohorts(panel, JAN + 1, Periods(3)).by_segment == {(0, JAN): Cohort(1, 10, ())}
    assert cohorts(panel, JAN + 4, Periods(3)).by_segment[0, JAN].cells == (Cell(2, 17, 17),)
    later = cohorts(panel, JAN + 5, Periods(3)).by_segment[0, JAN].cells
    assert later == (Cell(2, 17, 17), Cell(1, 10, 10))  # nobody has a row in June


def test_fiscal_periods() -> None:
    """A fiscal year from February: January 2024 closes the year that began in February 2023."""
    assert Periods(12, 2).start(JAN) == JAN - 11
    assert Periods(12, 2).start(JAN + 1) == JAN + 1
    assert Periods(3, 2).start(JAN) == JAN - 2
    assert Periods(3, 1).start(JAN + 5) == JAN + 3


def test_a_date_before_the_first_payment_counts_nothing_till_then() -> None:
    trial = Account({JAN + 2: 30, JAN + 3: 20}, born=JAN)
    found = cohorts(frame([trial]), JAN + 3, Periods(), starts_of([trial]))
    assert found.by_segment == {
        (0, JAN): Cohort(1, 30, (Cell(), Cell(), Cell(1, 30, 30), Cell(1, 20, 20)))
    }
    assert (found.undated, found.early) == (0, 0)


def test_accounts_that_no_date_places_are_counted() -> None:
    accounts = [
        Account({JAN: 1}),
        Account({JAN: 2}, born=JAN + 1),
        Account({JAN: 3, JAN + 1: 4}, born=JAN + 1),
        Account({JAN: 5}, seg=-1),
        Account({JAN + 1: 7}, born=JAN + 1),  # pays in the month of its date: not early
    ]
    found = cohorts(frame(accounts), JAN + 1, Periods(), starts_of(accounts))
    assert found.by_segment == {(0, JAN + 1): Cohort(2, 11, (Cell(2, 11, 11),))}
    assert (found.undated, found.early) == (2, 2)


def test_sums_beyond_64_bits() -> None:
    large = 2**62
    accounts = [Account({JAN: large, JAN + 1: large - 1}) for _ in range(3)]
    found = cohorts(frame(accounts), JAN + 1, Periods()).by_segment[0, JAN]
    assert found.initial_mrr == 3 * large
    assert found.cells[1] == Cell(3, 3 * (large - 1), 3 * (large - 1))


def test_an_empty_panel_has_no_cohorts() -> None:
    assert cohorts(frame([]), JAN, Periods()).by_segment == {}


def test_segments_of_a_period_add_up() -> None:
    one = Cohort(2, 30, (Cell(2, 30, 30), Cell(1, 25, 20)))
    other = Cohort(1, 12, (Cell(1, 12, 12), Cell(1, 9, 9)))
    assert one + other == Cohort(3, 42, (Cell(3, 42, 42), Cell(2, 34, 29)))
