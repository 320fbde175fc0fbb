"""One history written in every shape that can hold it gives identical figures."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from book.books import write
from helpers import run

FIRST = 12 * 2023 + 10  # November: a year changes within
History = dict[str, list[int]]  # cents of every month from FIRST on


def day(month: int) -> str:
    """First day of a month."""
    return f"{month // 12:04}-{month % 12 + 1:02}-01"


def last_day(month: int) -> str:
    lengths = (31, 29 if (month // 12) % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return f"{day(month)[:8]}{lengths[month % 12]}"


def cents(amount: int) -> str:
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02}"


def runs(amounts: list[int]) -> list[tuple[int, int, int]]:
    """First month, number of months and amount of every stretch with one amount above zero."""
    found, at = [], FIRST
    for amount, same in groupby(amounts):
        length = len(list(same))
        if amount:
            found.append((at, length, amount))
        at += length
    return found


def long(history: History) -> list[str]:
    rows = ["account,month,mrr"]
    for name, amounts in history.items():
        rows += [f"{name},{day(FIRST + i)[:7]},{cents(a)}" for i, a in enumerate(amounts)]
    return rows


def wide(history: History) -> list[str]:
    months = range(FIRST, FIRST + len(next(iter(history.values()))))
    rows = [",".join(["account", *(day(m)[:7] for m in months)])]
    for name, amounts in history.items():
        empty = "0" if name == "first" else ""  # a month that is empty for all is no month
        rows.append(",".join([name, *(cents(a) if a else empty for a in amounts)]))
    return rows


def intervals(history: History) -> list[str]:
    rows = ["account,start_date,end_date,mrr"]
    for name, amounts in history.items():
        for at, length, amount in runs(amounts):
            running = at + length == FIRST + len(amounts)
            rows.append(f"{name},{day(at)},{'' if running else day(at + length)},{cents(amount)}")
    return rows


def movements(history: History) -> list[str]:
    rows = ["date,account,mrr_change,mrr_after"]
    for name, amounts in history.items():
        for i, (before, after) in enumerate(zip([0, *amounts], amounts, strict=False)):
            if before != after:
                rows.append(f"{last_day(FIRST + i)},{name},{cents(after - before)},{cents(after)}")
    return rows


def invoices(history: History) -> list[str]:
    """Each stretch as one invoice for all of its months, its last day included."""
    rows = ["account,amount,period_start,period_end"]
    for name, amounts in history.items():
        for at, length, amount in runs(amounts):
            end = last_day(at + length - 1)
            rows.append(f"{name},{cents(amount * length)},{day(at)},{end}")
    return rows


SHAPES: dict[str, Callable[[History], list[str]]] = {
    "long": long,
    "wide": wide,
    "intervals": intervals,
    "movements": movements,
    "invoices": invoices,
}


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A few accounts over some months; somebody pays in the first one."""
    months = draw(st.integers(2, 9))
    amount = st.sampled_from([0, 0, 1, 999, 1000, 2500, 12345])
    accounts = draw(
        st.lists(st.lists(amount, min_size=months, max_size=months), min_size=1, max_size=5)
    )
    history = {f"a{i}": amounts for i, amounts in enumerate(accounts) if any(amounts)}
    history["first"] = [
        draw(st.integers(1, 5000)),
        *draw(st.lists(amount, min_size=months - 1, max_size=months - 1)),
    ]
    return history


def figures(folder: Path, shape: str, history: History, *args: str) -> object:
    months = len(history["first"])
    path = write(folder, "\n".join(SHAPES[shape](history)), f"{shape}.csv")
    as_of = day(FIRST + months - 1)[:7]
    done = run("movements", path, "--shape", shape, "--as-of", as_of, *args, "-f", "json").json
    return done["rows"]


@given(history=histories())
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_shape_gives_the_same_movements(tmp_path: Path, history: History) -> None:
    expected = figures(tmp_path, "long", history)
    for shape in ("wide", "movements"):
        assert figures(tmp_path, shape, history) == expected, shape
    stretches = [run for amounts in history.values() for run in runs(amounts)]
    closing = FIRST + len(history["first"]) - 1
    if closing <= max(at + length for at, length, _ in stretches):  # else all have ended before it
        assert figures(tmp_path, "intervals", history) == expected
    if closing == max(at for at, _, _ in stretches):  # else the invoices end before the last month
        assert figures(tmp_path, "invoices", history) == expected


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_told_by_its_header(tmp_path: Path, shape: str) -> None:
    history = {"first": [100, 100, 250], "a": [0, 50, 50]}
    path = write(tmp_path, "\n".join(SHAPES[shape](history)))
    done = run("movements", path, "--as-of", "2024-01", "-f", "json")
    assert f"read as {shape}" in "".join(note["message"] for note in done.json["notes"])
    assert [row["closing_mrr"] for row in done.json["rows"]] == ["1.00", "1.50", "3.00"]
