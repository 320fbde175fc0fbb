"""tenure: phases by hand, through the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpers import run


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
