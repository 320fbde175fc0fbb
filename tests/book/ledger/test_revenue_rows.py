"""Rows without revenue are left out by a status or a flag; by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from book.command import answer, closings


def test_a_status_counts_in_a_panel(tmp_path: Path) -> None:
    text = (
        "customer_id,month,mrr,status\nA,2025-01,100,active\nA,2025-02,100,churned\n"
        "B,2025-01,50,active\nB,2025-02,50,active\nC,2025-02,30,trial\n"
    )
    done = answer(tmp_path, text)
    assert closings(done) == ["150.00", "50.00"]
    assert "2 rows of 2 accounts (66.7%), 130.00 of 330.00 (39.4%)" in done.stderr


@pytest.mark.parametrize(("column", "value"), [("is_trial", "True"), ("invoice_paid", "No")])
def test_flags_count(tmp_path: Path, column: str, value: str) -> None:
    other = {"True": "False", "No": "Yes"}[value]
    text = (
        f"customer_id,start_date,end_date,mrr,{column}\nA,2024-01-05,,100,{other}\n"
        f"B,2024-01-05,,20,{value}\nC,2024-02-29,,1,{other}\n"
    )
    done = answer(tmp_path, text)
    expected = ["100.00", "101.00"]
    assert closings(done) == expected
    assert f"{column} is {value}" in done.stderr
