"""A last row that is the sum of those above it is a total, whatever it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from book.command import answer, closings

ROWS = "account,2024-01,2024-02,2024-03\na,10,20,5.10\nb,1,2,\nc,0.10,,3\n"
SUMS = "Company,11.10,22,8.10\n"


@pytest.mark.parametrize("name", ["Company", "All accounts", "\u03a3", "x"])
def test_the_sum_of_the_rows_above_is_no_account(tmp_path: Path, name: str) -> None:
    text = ROWS + SUMS.replace("Company", name)
    done = answer(tmp_path, text)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC212" in done.stderr and "line 5, column 1" in done.stderr
    assert f'"{name}" is a sum of other rows in every month' in done.stderr
    assert "fix    --drop-total-rows" in done.stderr
    left = answer(tmp_path, text, "--drop-total-rows")
    assert closings(left) == ["11.10", "22.00", "8.10"] and "RC837" in left.stderr


@pytest.mark.parametrize(
    "text",
    [
        ROWS + "d,11.10,22,8.11\n",
        "account,2024-01,2024-02,2024-03\na,10,10,10\nb,20,20,20\nc,5,5,5\nd,35,35,35\n",
        "account,2024-01,2024-02,2024-03\na,1,2,3\nb,1,2,4\nc,2,4,7\n",
        "account,2024-01,2024-02,2024-03\na,1,2,3\nb,,,\nc,,,\nd,1,2,3\n",
    ],
    ids=["a cent apart", "the same each month", "two accounts", "one that pays"],
)
def test_what_may_be_a_coincidence_is_an_account(tmp_path: Path, text: str) -> None:
    assert answer(tmp_path, text).exit_code == 0
