"""Tables as shells, Markdown and spreadsheets write them; every right value worked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers import run

PSQL = """ customer_id | month   | mrr
-------------+---------+-----
 A           | 2025-01 | 100
 A           | 2025-02 | 120
 B           | 2025-01 |  50
(3 rows)
"""
SERVER = "customer_id,month,mrr\nA,2025-01,100\nA,2025-02,120\nB,2025-01,50\n\n(3 rows affected)\n"
MARKDOWN = """| customer_id | month | mrr |
|---|---|---|
| A | 2025-01 | 100 |
| A | 2025-02 | 120 |
| B | 2025-01 | 50 |
"""
YEARS = ",2024,,2025\nCustomer,Nov,Dec,Jan\nAcme,100,100,120\nBeta,50,50,0\n"
UNITS = (
    "MRR report,,,\n,,,\nCustomer,Jan-25,Feb-25,Mar-25\n,MRR,MRR,MRR\nA,100,100,120\nB,50,50,0\n"
)
PAIRS = "Customer,Jan-25,,Feb-25,\n,MRR,Seats,MRR,Seats\nA,100,10,120,12\nB,50,5,0,0\n"


def closings(folder: Path, text: str, *args: str) -> list[str]:
    (folder / "data.txt").write_text(text)
    done = run("movements", "data.txt", "-f", "json", *args, cwd=folder)
    assert done.exit_code == 0, done.stderr
    return [row["closing_mrr"] for row in json.loads(done.stdout)["rows"]]


@pytest.mark.parametrize("text", [PSQL, SERVER, MARKDOWN])
def test_what_frames_a_table_is_no_row(tmp_path: Path, text: str) -> None:
    assert closings(tmp_path, text) == ["150.00", "120.00"]
    done = run("movements", "data.txt", cwd=tmp_path)
    assert "note RC870: " in done.stdout


def test_an_error_names_the_line_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text(PSQL.replace("| 120", "| 1x0"))
    done = run("movements", "data.txt", cwd=tmp_path)
    assert "data.txt, line 4" in done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (YEARS, ["150.00", "150.00", "120.00"]),
        (PAIRS, ["150.00", "120.00"]),
        (UNITS.partition(",,,\n,,,\n")[2], ["150.00", "150.00", "120.00"]),
    ],
)
def test_stacked_headers_are_one(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert closings(tmp_path, text) == expected


@pytest.mark.parametrize(
    "row",
    ["S1,A,Pro,2025-01-05,2025-06-10,canceled", "15,B,Pro,1/14/2004,8/20/2004,gone"],
)
def test_a_row_of_data_is_no_header(tmp_path: Path, row: str) -> None:
    text = f"subscription_id,customer_id,plan,start_date,end_date,state_of_it\n{row}\n"
    (tmp_path / "subs.csv").write_text(text + "S2,C,Pro,2025-01-09,,active\n")
    done = run("nrr", "subs.csv", cwd=tmp_path)
    assert "RC315" not in done.stderr


def test_lives_without_amounts_answer_in_accounts(tmp_path: Path) -> None:
    """Three join in January, one in February, one in March; two leave in April and later."""
    rows = "15,2004-01-04,2004-08-20\n19,2004-01-05,2004-09-20\n22,2004-01-05,2004-04-14\n"
    rows += "25,2004-02-06,\n55,2004-03-31,2004-12-05\n"
    (tmp_path / "lives.csv").write_text("customer_id,DateJoined,DateLeft\n" + rows)
    done = run("retention", "lives.csv", "-f", "json", "--monthly", cwd=tmp_path)
    assert done.exit_code == 0, done.stderr
    rows_found = json.loads(done.stdout)["rows"]
    assert [r["closing_accounts"] for r in rows_found][-2:] == [4, 5]
    assert run("movements", "lives.csv", cwd=tmp_path).exit_code == 0
    refused = run("nrr", "lives.csv", cwd=tmp_path)
    assert refused.exit_code == 3
    assert "or name the amount with --mrr-column" in refused.stderr


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Jan-24", "Feb-24"),
        ("01/2024", "02/2024"),
        ("2024-1", "2024-2"),
        ("Januar 2024", "Februar 2024"),
        ("janv. 2024", "févr. 2024"),
        ("1704067200", "1706745600"),
        ("1704067200000", "1706745600000"),
        ("1/31/2024 0:00", "2/29/2024 0:00"),
        ("31 Jan 2024", "29 Feb 2024"),
    ],
)
def test_months_in_any_spelling(tmp_path: Path, one: str, two: str) -> None:
    text = f"account,month,mrr\na,{one},100\na,{two},80\nb,{one},50\nb,{two},50\n"
    assert closings(tmp_path, text) == ["150.00", "130.00"]
