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


@pytest.mark.parametrize(
    "text",
    [
        "Customer,Product,2025-01,2025-02\nA,X,100,100\nA,Y,50,60\nA,Total,150,160\n"
        "B,X,30,30\nB,Total,30,30\n",
        "customer,product,month,mrr\nA,X,2025-01,100\nA,Y,2025-01,50\nA,all,2025-01,150\n"
        "B,X,2025-01,30\nB,all,2025-01,30\nA,X,2025-02,100\nA,Y,2025-02,60\nA,all,2025-02,160\n"
        "B,X,2025-02,30\nB,all,2025-02,30\n",
    ],
)
def test_the_total_of_each_account_below_its_products_counts_once(tmp_path, text):
    """A has 100 + 50, then 100 + 60; B 30."""
    (tmp_path / "mrr.csv").write_text(text)
    refused = run("movements", "mrr.csv", cwd=tmp_path)
    assert "error RC212" in refused.stderr
    assert "fix    --drop-total-rows" in refused.stderr
    options = ("--drop-total-rows", "--duplicates", "sum", "-f", "json")
    rows = run("movements", "mrr.csv", *options, cwd=tmp_path).json["rows"]
    assert [r["closing_mrr"] for r in rows] == ["180.00", "190.00"]


def test_rows_that_stand_twice_are_no_totals(tmp_path):
    (tmp_path / "mrr.csv").write_text("customer,2025-01\nA,100\nA,100\nB,30\nB,30\n")
    assert "error RC212" not in run("movements", "mrr.csv", cwd=tmp_path).stderr
