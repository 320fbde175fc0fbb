"""Workbooks, written with XlsxWriter and read back through the command line."""

from datetime import datetime
from pathlib import Path
from unittest import mock

import pytest

from helpers import run

pytest.importorskip("fastexcel")
xlsxwriter = pytest.importorskip("xlsxwriter")

PANEL = [
    ["account", "month", "mrr"],
    ["007", "2024-01", 1234.5],
    ["b", "2024-01", 0.1 + 0.2],
    ["007", "2024-02", 113.94],
    ["b", "2024-02", 20],
]


def workbook(path: Path, sheets: dict[str, list[list[object]]], first_row: int = 0) -> Path:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "mmm yy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows, first_row):
                for x, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(y, x, cell, day)
                    else:
                        sheet.write(y, x, cell)
    return path


def test_a_sheet_is_read_like_the_same_text(tmp_path: Path) -> None:
    path = workbook(tmp_path / "mrr.xlsx", {"MRR": PANEL})
    text = tmp_path / "mrr.csv"
    text.write_text(
        "account,month,mrr\n007,2024-01,1234.5\nb,2024-01,0.30\n007,2024-02,113.94\nb,2024-02,20\n"
    )
    found, expected = (run("movements", p, "-f", "json").json["rows"] for p in (path, text))
    assert found == expected


def test_months_as_dates_in_the_header(tmp_path: Path) -> None:
    header = ["Account", datetime(2024, 1, 31), datetime(2024, 2, 29)]
    path = workbook(tmp_path / "wide.xlsx", {"MRR": [header, ["a", 10, 12.5], ["b", None, 3]]})
    rows = run("movements", path, "-f", "json").json["rows"]
    assert [row["closing_mrr"] for row in rows] == ["10.00", "15.50"]


def test_messages_name_the_row_of_the_sheet(tmp_path: Path) -> None:
    rows = [*PANEL, ["c\nc", "2024-02", "oops"]]
    path = workbook(tmp_path / "mrr.xlsx", {"MRR": rows}, first_row=2)
    done = run("nrr", path)
    assert done.exit_code == 3
    assert "error RC214" in done.stderr
    assert "mrr.xlsx, line 8, column 3" in done.stderr


def test_several_sheets(tmp_path: Path) -> None:
    other = [PANEL[0], ["x", "2024-01", 1], ["x", "2024-02", 2]]
    path = workbook(tmp_path / "b.xlsx", {"Cover": [], "Main": PANEL, "Other": other})
    assert "error RC334" in run("nrr", path).stderr
    done = run("nrr", path, "--sheet", "Main", "-f", "json")
    assert done.total["opening_mrr"] == "1234.80"
    assert run("nrr", path, "--sheet", "Other", "-f", "json").total["nrr"] == 2
    missing = run("nrr", path, "--sheet", "Third")
    assert (missing.exit_code, "error RC331" in missing.stderr) == (3, True)


def test_an_empty_workbook(tmp_path: Path) -> None:
    done = run("nrr", workbook(tmp_path / "b.xlsx", {"Cover": []}))
    assert (done.exit_code, "error RC301" in done.stderr) == (3, True)


def test_without_the_library_one_line_says_what_to_install(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", {"MRR": PANEL})
    with mock.patch("retcalc.read.text.workbook.find_spec", return_value=None):
        done = run("nrr", path)
    assert done.exit_code == 4
    assert 'pip install "retcalc[excel]"' in done.stderr


def test_a_workbook_that_unpacks_to_too_much(tmp_path: Path) -> None:
    from retcalc.core.findings import RetcalcError
    from retcalc.read import ReadPlan, ReadRules, read_table

    path = workbook(tmp_path / "b.xlsx", {"MRR": PANEL})
    with pytest.raises(RetcalcError) as error:
        read_table([str(path)], ReadRules(max_bytes=100), lambda _: ReadPlan())
    assert error.value.findings[0].code == "RC325"
