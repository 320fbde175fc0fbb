"""The closing month of dated rows, where nobody names one."""

from __future__ import annotations

from pathlib import Path

import pytest

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
