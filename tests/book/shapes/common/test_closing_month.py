"""The closing month of dated rows, where nobody names one."""

from __future__ import annotations

from pathlib import Path

import pytest

from book.command import answer, closings
from helpers import run


@pytest.mark.parametrize("starts", [("01", "01"), ("01", "17"), ("02", "30")])
def test_rows_that_all_start_in_one_month_close_there(tmp_path: Path, starts) -> None:
    path = tmp_path / "subscriptions.csv"
    lines = [f"{name},2024-01-{day},,50" for name, day in zip("ab", starts, strict=True)]
    path.write_text("\n".join(["customer_id,start_date,end_date,mrr", *lines]) + "\n")
    done = run("movements", path, "-f", "json")
    assert [(row["month"], row["closing_mrr"]) for row in done.json["rows"]] == [
        ("2024-01", "100.00")
    ]
    assert "RC864" in [note["code"] for note in done.json["notes"]]


def test_a_last_month_that_is_not_over_does_not_close(tmp_path: Path) -> None:
    rows = [f"c{i},2025-{m:02},100" for m in (1, 2) for i in range(20)]
    text = "\n".join(["customer_id,month,mrr", *rows, "c1,2025-03,100", "c2,2025-03,100"])
    done = answer(tmp_path, text)
    assert closings(done) == ["2000.00", "2000.00"]
    assert "note RC864: 2025-03 has 2 rows, the month before 20" in done.stderr
    assert closings(answer(tmp_path, text, "--as-of", "2025-03"))[-1] == "200.00"


def test_days_that_stop_in_the_middle_of_a_month(tmp_path: Path) -> None:
    text = (
        "customer_id,date,amount\nA,2026-01-05,100\nB,2026-01-20,100\nA,2026-02-05,100\n"
        "B,2026-02-20,100\nA,2026-03-05,100\n"
    )
    assert closings(answer(tmp_path, text)) == ["200.00", "200.00"]
