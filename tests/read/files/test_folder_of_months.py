"""A folder of texts is read as its files are; the month in a name is read in any spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import Run, run

JANUARY, FEBRUARY = "customer_id,mrr\nA,100\nB,50\n", "customer_id,mrr\nA,120\nC,30\n"


def closings(done: Run) -> list[tuple[str, str]]:
    return [(row["month"], row["closing_mrr"]) for row in done.json["rows"]]


TWO = [("2025-01", "150.00"), ("2025-02", "150.00")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("mrr_2025-01.csv", "mrr_2025-02.csv"),
        ("mrr_2025_01.csv", "mrr_2025_02.csv"),
        ("2025-01.csv", "2025-02.csv"),
        ("202501.csv", "202502.csv"),
        ("mrr_20250131.csv", "mrr_20250228.csv"),
        ("mrr-jan-2025.csv", "mrr-feb-2025.csv"),
        ("Jan 2025.csv", "Feb 2025.csv"),
        ("MRR January_2025 final.csv", "MRR February_2025 final.csv"),
        ("mrr_2025_jan.csv", "mrr_2025_feb.csv"),
        ("jan25.csv", "feb25.csv"),
        ("janvier 2025.csv", "février 2025.csv"),
        ("export 01-2025.csv", "export 02-2025.csv"),
    ],
)
def test_a_folder_of_one_month_files(tmp_path: Path, first: str, second: str) -> None:
    """A 100 to 120, B 50 leaves, C 30 comes: 150 and 150."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / first).write_text(JANUARY)
    (folder / second).write_text(FEBRUARY)
    asked = run("movements", "folder/", cwd=tmp_path)
    assert (asked.exit_code, asked.stdout) == (3, "")
    assert "fix    --month-from-name" in asked.stderr
    done = run("movements", "folder/", "--month-from-name", "-f", "json", cwd=tmp_path)
    assert closings(done) == TWO


def test_what_else_lies_in_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "2025-01.csv").write_text(JANUARY)
    (tmp_path / "2025-02.csv").write_text(FEBRUARY)
    (tmp_path / "notes.txt").write_text("not data")
    (tmp_path / ".hidden.csv").write_text("x")
    (tmp_path / "_old.csv").write_text("x")
    done = run("movements", ".", "--month-from-name", "-f", "json", cwd=tmp_path)
    assert closings(done) == TWO
    assert "RC812: 1 entry of the folder not ending in .csv, .tsv or .xlsx ignored" in done.stderr


def test_a_folder_without_data(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not data")
    done = run("movements", ".", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "error RC402" in done.stderr


def test_two_months_in_one_name(tmp_path: Path) -> None:
    (tmp_path / "mrr_2025-01_2025-02.csv").write_text(JANUARY)
    done = run("movements", "mrr_2025-01_2025-02.csv", "--month-from-name", cwd=tmp_path)
    assert done.exit_code == 3
    assert "error RC339" in done.stderr
    assert "it holds 2025-01, 2025-02" in done.stderr


def test_no_output_among_the_data(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.csv").write_text("customer,month,mrr\nA,2025-01,1\n")
    done = run("movements", "d", "-o", "d/out.csv", cwd=tmp_path)
    assert "error RC154" in done.stderr
    assert not (tmp_path / "d" / "out.csv").exists()
