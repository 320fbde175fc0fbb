"""Months that name no year: refused with --year, which then reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import Run, run


def closings(done: Run) -> list[tuple[str, str]]:
    return [(row["month"], row["closing_mrr"]) for row in done.json["rows"]]


@pytest.mark.parametrize(
    "names",
    ["Nov,Dec,Jan", "November,December,January", "nov.,dez.,janv", "MRR Nov,MRR Dec,MRR Jan"],
)
def test_a_sheet_is_asked_for_its_year(tmp_path: Path, names: str) -> None:
    """November to January runs into the next year."""
    (tmp_path / "w.csv").write_text(f"Customer,{names}\nAcme,100,100,120\nBeta,50,50,0\n")
    asked = run("movements", "w.csv", cwd=tmp_path)
    assert (asked.exit_code, asked.stdout) == (3, "")
    assert asked.stderr.count("retcalc: error") == 1
    assert "error RC202" in asked.stderr
    assert "--year 2025" in asked.stderr
    done = run("movements", "w.csv", "--year", 2024, "-f", "json", cwd=tmp_path)
    assert closings(done) == [("2024-11", "150.00"), ("2024-12", "150.00"), ("2025-01", "120.00")]


def test_the_name_of_the_file_offers_the_year(tmp_path: Path) -> None:
    (tmp_path / "mrr_2024-06.csv").write_text("Customer,May,Jun\nAcme,100,120\n")
    asked = run("movements", "mrr_2024-06.csv", cwd=tmp_path)
    assert "--year 2024   if May is of 2024" in asked.stderr


def test_cells_without_a_year(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("customer,month,mrr\nA,Jan,100\nA,February,120\n")
    asked = run("movements", "l.csv", cwd=tmp_path)
    assert "error RC221" in asked.stderr
    assert "--year 2025" in asked.stderr
    done = run("movements", "l.csv", "--year", 2025, "-f", "json", cwd=tmp_path)
    assert closings(done) == [("2025-01", "100.00"), ("2025-02", "120.00")]


def test_the_config_and_init_hold_the_year(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text("Customer,Jan,Feb\nAcme,100,120\n")
    assert run("init", "w.csv", "--year", 2023, cwd=tmp_path).exit_code == 0
    assert "dates: {year: 2023}" in (tmp_path / "retcalc.yaml").read_text()
    done = run("movements", "-f", "json", cwd=tmp_path)
    assert closings(done) == [("2023-01", "100.00"), ("2023-02", "120.00")]


def test_words_that_may_be_months_are_no_sheet(tmp_path: Path) -> None:
    """One such word alone, beside the columns of a panel, is a column like any other."""
    (tmp_path / "l.csv").write_text("customer,month,mrr,set\nA,2025-01,100,x\nA,2025-02,120,y\n")
    done = run("movements", "l.csv", "-f", "json", cwd=tmp_path)
    assert closings(done) == [("2025-01", "100.00"), ("2025-02", "120.00")]
