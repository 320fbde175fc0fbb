"""Phases of a life: accounts seen and churned in each, against a walk account by account."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import polars as pl
import pytest

from retcalc.kernels.lifetimes import AtRisk, at_risk, begun, month_ages, with_starts
from retcalc.kernels.rows.lifetimes import lifetimes
from retcalc.metrics.customers.lives.hazard import phases, seen_and_churned

JAN = 12 * 2024

SCHEMA = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}

ENDS = (30, 90, 180)


def frame(lives: list[set[int]]) -> pl.DataFrame:
    rows = [(code, month, 5, 0) for code, months in enumerate(lives) for month in sorted(months)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def phase_of(month_of_life: int, ends: tuple[int, ...] = ENDS) -> int:
    """The phase that holds the middle day of a month of life."""
    middle = (Fraction(month_of_life) - Fraction(1, 2)) * Fraction("30.4375")
    return sum(middle >= end for end in ends)


def walk(
    lives: list[set[int]], born: list[int | None], first: int, last: int
) -> tuple[dict[int, tuple[int, int]], int]:
    """Accounts seen and churned by phase, month of life by month of life."""
    seen: Counter[int] = Counter()
    churned: Counter[int] = Counter()
    unknown = 0
    for every, told in zip(lives, born, strict=True):
        months = {m for m in every if m <= last}
        if not months:
            continue
        begin = min(months)
        start = begin if told is None else min(told, begin)
        if told is None and begin == first:
            unknown += 1
            continue
        entered = set()
        month = begin
        while month < last:
            phase = phase_of(month + 1 - start)
            entered.add(phase)
            month += 1
            if month not in months:
                churned[phase] += 1
                break
        seen.update(entered)
    return {p: (seen[p], churned[p]) for p in range(len(ENDS) + 1)}, unknown


@pytest.mark.parametrize("seed", range(200))
def test_every_phase_is_that_of_the_walk(seed: int) -> None:
    rng = random.Random(seed)
    length, first = rng.choice([1, 3, 9, 20]), JAN
    lives, born = [], []
    for _ in range(rng.randint(1, 12)):
        begin = rng.randrange(length)
        stay = rng.choice([0.5, 0.85, 1.0])
        lives.append(
            {first + begin} | {first + m for m in range(begin, length) if rng.random() < stay}
        )
        born.append(rng.choice([None, first + begin - rng.randint(-2, 9)]))
    last = first + rng.randrange(length)
    told = pl.DataFrame(
        list(enumerate(born)), schema={"account": pl.UInt32, "start_month": pl.Int32}, orient="row"
    )
    for dates, known in ((None, [None] * len(born)), (told, born)):
        found = with_starts(lifetimes(frame(lives)), first, dates, dates_first=True)
        found = found.filter(begun("start_month", last))
        expected, unknown = walk(lives, known, first, last)
        mine = at_risk(month_ages(found, last)).get(0, ())
        assert [seen_and_churned(mine, p) for p in phases(ENDS)] == list(expected.values())
        assert found["start_month"].null_count() == unknown


def test_months_of_life_by_hand() -> None:
    """Middles at 15.2, 45.7, 76.1, 106.5, 136.9, 167.4 and 197.8 days."""
    assert [phase_of(m) for m in range(1, 8)] == [0, 1, 1, 2, 2, 2, 3]
    assert [p.months for p in phases(ENDS)] == ["1", "2-3", "4-6", "7+"]
    assert [p.months for p in phases((10, 20, 365))] == ["none", "1", "2-12", "13+"]


@pytest.mark.parametrize("ends", [(30, 90, 180), (1, 16, 46, 365), (15, 45), (700,)])
def test_each_month_of_life_is_in_one_phase(ends: tuple[int, ...]) -> None:
    for month in range(1, 30):
        held = [seen_and_churned([AtRisk(month - 1, month, True, 1)], p) for p in phases(ends)]
        assert held.index((1, 1)) == phase_of(month, ends)
        assert sum(seen for seen, _ in held) == 1
