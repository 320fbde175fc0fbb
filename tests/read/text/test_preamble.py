"""Where a table begins: no row of data is its header, a header below text is found."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from helpers import Run, run

HEADERS = {
    "own words": "Name,Joined,Left",
    "with an id": "key,Name,Joined,Left",
    "known words": "customer_id,DateJoined,DateLeft",
    "two letters": "id,f,t",
}
# two days, the second one blank for who is still there
DATES = {
    "iso": ["2024-01-04,2024-08-20", "2024-01-05,", "2024-02-06,2024-04-14"],
    "first of months": ["2024-01-01,2024-08-01", "2024-01-01,", "2024-02-01,2024-04-01"],
    "either first": ["1/4/2024,8/2/2024", "1/5/2024,", "2/6/2024,4/1/2024"],
    "with dots": ["4.1.2024,2.8.2024", "5.1.2024,", "6.2.2024,1.4.2024"],
    "months": ["2024-01,2024-08", "2024-01,", "2024-02,2024-04"],
    "words": ["Jan 2024,Aug 2024", "Jan 2024,", "Feb 2024,Apr 2024"],
    "timestamps": ["2024-01-04 10:00:00,2024-08-20 11:00:00", "2024-01-05 10:00:00,"]
    + ["2024-02-06 10:00:00,2024-04-14 10:00:00"],
}
IDS = {"digits": "{}", "letters": "S{}", "names": "Acme {} Ltd"}


@pytest.mark.parametrize("ids", IDS.values(), ids=IDS)
@pytest.mark.parametrize("dates", DATES.values(), ids=DATES)
@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("skip", [0, 1])
def test_a_row_with_two_dates_is_no_header(
    tmp_path: Path, ids: str, dates: list[str], header: str, count: int, skip: int
) -> None:
    more = header.count(",") - 2
    rows = [f"{ids.format(n)},{'X,' * more}{text}" for n, text in enumerate(dates[:count], 15)]
    (tmp_path / "d.csv").write_text("\n".join([header, *rows]) + "\n")
    done = run("movements", "d.csv", *(["--skip-lines", str(skip)] if skip else []), cwd=tmp_path)
    assert "RC315" not in done.stderr


def by_its_fixes(folder: Path, *options: str) -> Run:
    """Run, and take the one fix of RC315 as it is printed."""
    done = run("movements", "d.csv", "-f", "json", *options, cwd=folder)
    assert "error RC315" in done.stderr, done.stderr
    fix = re.search(r"fix +(--skip-lines \d+)\n", done.stderr)
    assert fix is not None
    return run("movements", "d.csv", "-f", "json", *options, *shlex.split(fix[1]), cwd=folder)


@pytest.mark.parametrize(
    "above",
    ["My report\n\n", "My report,,,\n", "Exported,2024-03-01\n,\n", "From 2024-01-01,to,,\n"],
)
@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("account,month,mrr,plan\na,2024-01,100,x\na,2024-02,80,x\n", ["100.00", "80.00"]),
        ("Client,2024-01,2024-02,2024-03\na,100,80,80\nb,50,0,0\n", ["150.00", "80.00", "80.00"]),
        ("Client,01/2024,02/2024\na,100.50,80.25\n", ["100.50", "80.25"]),
    ],
)
def test_a_header_below_text_is_found(
    tmp_path: Path, above: str, table: str, expected: list[str]
) -> None:
    (tmp_path / "d.csv").write_text(above + table)
    done = by_its_fixes(tmp_path)
    assert done.exit_code == 0, done.stderr
    assert [row["closing_mrr"] for row in done.json["rows"]] == expected


def test_lives_below_text_are_found(tmp_path: Path) -> None:
    """Two join in January, one in February; one leaves in March, one in May."""
    rows = "1,Pro,2024-01-04,2024-03-20\n2,Pro,2024-01-05,2024-05-02\n3,Pro,2024-02-06,\n"
    table = "customer,plan,start_date,end_date\n" + rows
    (tmp_path / "d.csv").write_text("Our customers,,,\n" + table)
    done = by_its_fixes(tmp_path, "--as-of", "2024-02")
    assert done.exit_code == 0, done.stderr
    assert [row["closing_accounts"] for row in done.json["rows"]] == [2, 3]


def test_a_text_of_one_column_names_the_line_where_columns_begin(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("My report\n\nwho,when,what\na,2024-01,100\na,2024-02,80\n")
    done = run("movements", "d.csv", cwd=tmp_path)
    assert "error RC318" in done.stderr
    assert "--skip-lines 2\n" in done.stderr
    done = run("movements", "d.csv", "--skip-lines", "2", cwd=tmp_path)
    assert "the columns are: who, when, what" in done.stderr
