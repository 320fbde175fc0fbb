"""Files of one month each, the amounts under the month itself, joined by account."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from helpers import Run, run

JANUARY = "customer_id,customer_email,Jan 2025\nA,a@x,100\nB,b@x,50\nC,c@x,\n"
FEBRUARY = "customer_id,customer_email,Feb 2025\nA,a@x,120\nC,c@x,30\n"
MARCH = "customer_email,Mar 2025,customer_id\nc@x,30,C\nd@x,10,D\na@x,-,A\n"


def closings(done: Run) -> list[tuple[str, str]]:
    return [(row["month"], row["closing_mrr"]) for row in done.json["rows"]]


@pytest.mark.parametrize("order", list(permutations(["x.csv", "y.csv", "z.csv"])))
def test_files_in_any_order(tmp_path: Path, order: tuple[str, ...]) -> None:
    """A 100, 120, none; B 50, absent, absent; C none, 30, 30; D comes in March with 10."""
    for name, text in zip(("x.csv", "y.csv", "z.csv"), (JANUARY, FEBRUARY, MARCH), strict=True):
        (tmp_path / name).write_text(text)
    done = run("movements", *order, "-f", "json", cwd=tmp_path)
    assert closings(done) == [("2025-01", "150.00"), ("2025-02", "150.00"), ("2025-03", "40.00")]
    february, march = done.json["rows"][1:3]
    assert (february["churn_mrr"], february["expansion_mrr"], february["new_mrr"]) == (
        "50.00",
        "20.00",
        "30.00",
    )
    assert (march["churn_mrr"], march["new_mrr"]) == ("120.00", "10.00")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2025-01", "2025-02"),
        ("Jan-25", "Feb-25"),
        ("2025-01-31", "2025-02-28"),
        ("01/2025", "02/2025"),
    ],
)
def test_a_folder_of_them(tmp_path: Path, first: str, second: str) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "one.csv").write_text(f"Customer,{first}\nA,100\nB,50\n")
    (tmp_path / "d" / "two.csv").write_text(f"Customer,{second}\nA,120\nC,30\n")
    done = run("movements", "d", "-f", "json", cwd=tmp_path)
    assert closings(done) == [("2025-01", "150.00"), ("2025-02", "150.00")]
    assert "the column of the month is its MRR, one file a month" in done.stderr


def test_a_month_twice_is_refused(tmp_path: Path) -> None:
    """Also where the accounts differ and nothing else would show it."""
    (tmp_path / "x.csv").write_text("Customer,Jan 2025\nA,100\n")
    (tmp_path / "y.csv").write_text("Customer,2025-01\nB,50\n")
    done = run("movements", "x.csv", "y.csv", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC207" in done.stderr
    assert "x.csv" in done.stderr
    assert "y.csv" in done.stderr


def test_a_month_between_is_missing(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Customer,Jan 2025\nA,100\n")
    (tmp_path / "y.csv").write_text("Customer,Mar 2025\nA,100\n")
    done = run("movements", "x.csv", "y.csv", cwd=tmp_path)
    assert done.exit_code == 3
    assert "error RC233" in done.stderr


def test_a_bad_amount_is_named_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Customer,Plan,Jan 2025\nA,Pro,100\nB,Pro,many\n")
    done = run("movements", "x.csv", cwd=tmp_path)
    assert "error RC214" in done.stderr
    assert "x.csv, line 3, column 3" in done.stderr


def test_a_month_beside_a_panel_is_no_panel_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("customer,month,amount,Jan 2025\nA,2025-02,100,7\n")
    done = run("movements", "x.csv", "-f", "json", cwd=tmp_path)
    assert closings(done) == [("2025-02", "100.00")]
