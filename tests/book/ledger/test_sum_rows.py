"""Sums of a panel under names that an account may have too: the arithmetic tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import run

GROUPS = """Region,Customer,Jan-25,Feb-25
EMEA,A,100,100
EMEA,B,50,60
EMEA,All EMEA,150,160
US,C,30,30
US,D,20,0
US,All US,50,30
,Grand,200,190
"""
SHEET = "Customer,Jan-25,Feb-25\nA,100,100\nB,50,60\n{},150,160\n"
PANEL = """customer,month,mrr
A,2025-01,100
B,2025-01,50
{},2025-01,150
A,2025-02,100
B,2025-02,70
{},2025-02,170
"""


def closings(path: Path, *args: str) -> list[str]:
    return [r["closing_mrr"] for r in run("movements", path, *args, "-f", "json").json["rows"]]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (GROUPS, ["200.00", "190.00"]),
        (SHEET.format("All customers"), ["150.00", "160.00"]),
        (SHEET.format("∑"), ["150.00", "160.00"]),
        (SHEET.format("MRR gesamt"), ["150.00", "160.00"]),
        (PANEL.replace("{}", "(all customers)"), ["150.00", "170.00"]),
        (PANEL.replace("{}", "everyone"), ["150.00", "170.00"]),
    ],
)
def test_a_sum_is_refused_and_left_out(tmp_path: Path, text: str, right: list[str]) -> None:
    path = tmp_path / "mrr.csv"
    path.write_text(text)
    done = run("movements", path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC212: total row among the accounts" in done.stderr
    assert "is a sum of other rows in every month" in done.stderr
    assert closings(path, "--drop-total-rows") == right


@pytest.mark.parametrize(
    "text",
    [
        SHEET.format("All Star Inc").replace("160", "161"),
        PANEL.replace("{}", "Grand Hotel").replace("170", "171"),
        "customer,month,mrr\nA,2025-01,10\nGrand,2025-01,10\n",  # a sum of one account is none
    ],
)
def test_an_account_of_such_a_name_is_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mrr.csv"
    path.write_text(text)
    assert run("movements", path).exit_code == 0
