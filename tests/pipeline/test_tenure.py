"""tenure: spells against a walk account by account, phases by hand, and the command."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from helpers import run
from retcalc.kernels.lifetimes import AtRisk, at_risk, started, with_starts
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
        found = started(found, last)
        expected, unknown = walk(lives, known, first, last)
        mine = at_risk(found, last).get(0, ())
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


def write(folder: Path, paid: dict[str, str]) -> Path:
    """A mark a month from 2024-01 on: ``1`` pays."""
    rows = [
        f"{account},2024-{m + 1:02},10"
        for account, marks in paid.items()
        for m, mark in enumerate(marks)
        if mark == "1"
    ]
    path = folder / "mrr.csv"
    path.write_text("\n".join(["account,month,mrr", *rows]) + "\n")
    return path


# old: there from the start · a: gone after one month · b: after three, then back · c: stays
# d: one month, then the data ends
PAID = {"old": "1111111111", "a": "01", "b": "0111001", "c": "0111111111", "d": "0000000001"}


def answer(*args: object) -> Any:
    return run("tenure", *args, "-f", "json").json


def table(json: Any) -> list[tuple[Any, ...]]:
    return [(r["phase"], r["entered"], r["churned"], r["hazard"]) for r in json["rows"]]


def test_phases_by_hand(tmp_path: Path) -> None:
    json = answer(write(tmp_path, PAID))
    assert table(json) == [
        ("0-30", 3, 1, 1 / 3),
        ("30-90", 2, 1, 1 / 2),
        ("90-180", 1, 0, 0.0),
        ("180+", 1, 0, 0.0),
    ]
    notes = {note["code"]: note["message"] for note in json["notes"]}
    assert notes["RC855"].startswith("1 account pays already in 2024-01")
    assert "RC897" in notes
    assert json["definition"]["grain"] == "month"


def test_a_sign_up_date_gives_the_age(tmp_path: Path) -> None:
    """old signed up seven months before the data, c a month before it paid."""
    customers = tmp_path / "customers.csv"
    customers.write_text("account,signup_date\nold,2023-06-11\nc,2024-01-20\na,2024-05-05\n")
    path = write(tmp_path, PAID)
    json = answer(path, "--customers", customers)
    assert table(json) == [
        ("0-30", 2, 1, 1 / 2),
        ("30-90", 2, 1, 1 / 2),
        ("90-180", 1, 0, 0.0),
        ("180+", 2, 0, 0.0),
    ]
    assert "signup_date" in json["definition"]["life"]
    assert "RC855" not in {note["code"] for note in json["notes"]}
    named = answer(path, "--customers", customers, "--cohort-date", "signup_date")
    assert named["rows"] == json["rows"]


def test_phases_of_ones_own_and_segments(tmp_path: Path) -> None:
    customers = tmp_path / "customers.csv"
    customers.write_text("account,size\nold,L\na,S\nb,S\nc,L\nd,L\n")
    args = ("--customers", customers, "--by", "size", "--phases", "60", "--confidence", "95")
    json = answer(write(tmp_path, PAID), *args)
    rows = [
        (r["segment"].get("size"), r["phase"], r["entered"], r["churned"]) for r in json["rows"]
    ]
    assert rows == [
        *(("L", "0-60", 1, 0), ("L", "60+", 1, 0)),
        *(("S", "0-60", 2, 1), ("S", "60+", 1, 1)),
        *((None, "0-60", 3, 1), (None, "60+", 2, 1)),
    ]
    assert json["rows"][0]["hazard_lower"] == 0.0


def test_nobody_seen_has_no_hazard(tmp_path: Path) -> None:
    json = answer(write(tmp_path, {"x": "11", "y": "01"}))
    assert {row["hazard"] for row in json["rows"]} == {None}
    assert json["rows"][0]["reasons"] == {"hazard": "no_accounts_entered"}


def test_a_window_counts_the_lives_that_began_in_it(tmp_path: Path) -> None:
    path = write(tmp_path, {**PAID, "e": "0000111111"})
    json = answer(path, "--window", "6m")
    assert [row["entered"] for row in json["rows"]] == [1, 1, 1, 0]
    assert "RC855" not in {note["code"] for note in json["notes"]}


def test_strict_refuses_to_leave_accounts_out(tmp_path: Path) -> None:
    done = run("tenure", write(tmp_path, {"x": "11", "y": "01"}), "--strict")
    assert done.exit_code == 3
    assert "RC855" in done.stderr


@pytest.mark.parametrize("text", ["", "30,30", "90,30", "0,30", "a", "30;90", "-5", "30,"])
def test_phases_that_are_none(tmp_path: Path, text: str) -> None:
    done = run("tenure", write(tmp_path, PAID), f"--phases={text}")
    assert done.exit_code == 2
    assert "RC163" in done.stderr
