"""One month a file, with the month in its name: joined by account, in any order."""

from __future__ import annotations

import json
from pathlib import Path

from helpers import run


def test_months_stand_in_the_names_of_files(tmp_path: Path) -> None:
    """A 100 to 120, B 50 leaves, C 30 comes: 150 and 150."""
    (tmp_path / "mrr_2025-01.csv").write_text("customer_id,mrr\nA,100\nB,50\n")
    (tmp_path / "mrr_2025-02.csv").write_text("customer_id,mrr\nA,120\nC,30\n")
    files = ("mrr_2025-02.csv", "mrr_2025-01.csv")
    asked = run("nrr", *files, cwd=tmp_path)
    assert asked.exit_code == 3
    assert "--month-from-name" in asked.stderr
    done = run("movements", *files, "--month-from-name", "-f", "json", cwd=tmp_path)
    assert done.exit_code == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    assert [(r["month"], r["closing_mrr"]) for r in rows] == [
        ("2025-01", "150.00"),
        ("2025-02", "150.00"),
    ]


def test_a_month_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a_2025-01.csv").write_text("customer_id,mrr\nA,100\n")
    (tmp_path / "b_202501.csv").write_text("customer_id,mrr\nA,100\n")
    args = ("a_2025-01.csv", "b_202501.csv", "--month-from-name")
    assert "error RC219" in run("nrr", *args, cwd=tmp_path).stderr


def test_a_name_without_a_month_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mrr.csv").write_text("customer_id,mrr\nA,100\n")
    done = run("nrr", "mrr.csv", "--month-from-name", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC339" in done.stderr


def test_a_number_before_a_month_may_be_its_year(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text("Customer,24-Jan,24-Feb\nA,100,120\nB,50,0\n")
    asked = run("nrr", "w.csv", cwd=tmp_path)
    assert '--date-format "%y-%b"' in asked.stderr
    done = run("movements", "w.csv", "--date-format", "%y-%b", "-f", "csv", cwd=tmp_path)
    assert [row.split(",")[0] for row in done.stdout.splitlines()[1:]] == ["2024-01", "2024-02"]
