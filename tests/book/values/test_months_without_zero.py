"""Months written with and without a leading zero are of one spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from book.command import answer, closings


@pytest.mark.parametrize("marks", ["2023-9 2023-10 2023-11", "2023/9 2023/10 2023/11"])
def test_months_without_a_leading_zero(tmp_path: Path, marks: str) -> None:
    rows = [f"a,{month},{n}" for n, month in enumerate(marks.split(), 5)]
    text = "\n".join(["account,month,mrr", *rows]) + "\n"
    assert closings(answer(tmp_path, text)) == ["5.00", "6.00", "7.00"]


@pytest.mark.parametrize("month", ["2023-0", "2023-13", "2023-00"])
def test_there_is_no_such_month(tmp_path: Path, month: str) -> None:
    done = answer(tmp_path, f"account,month,mrr\na,2023-12,1\na,{month},1\n")
    assert (done.exit_code, done.stdout) == (3, "") and "error RC221" in done.stderr
    assert "line 3, column 2" in done.stderr
