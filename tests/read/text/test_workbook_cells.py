"""Workbooks as people keep them: formula errors, merged cells, cover sheets, dates of 1904."""

from __future__ import annotations

import re
import shlex
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from helpers import run

pytest.importorskip("fastexcel")
xlsxwriter = pytest.importorskip("xlsxwriter")

Rows = list[list[object]]
PANEL: Rows = [
    ["account", "month", "mrr", "remark"],
    ["a", "2024-01", 10, "x"],
    ["b", "2024-01", 20, "x"],
    ["a", "2024-02", 12, "x"],
    ["b", "2024-02", 20, "x"],
]


class Error(str):
    """The result of a formula that fails."""


def workbook(
    path: Path,
    sheets: dict[str, Rows],
    *,
    merged: dict[str, object] | None = None,
    corner: tuple[int, int] = (0, 0),
    **options: object,
) -> Path:
    """Write sheets from a corner on; ``merged`` ranges go on the first one."""
    with xlsxwriter.Workbook(path, options) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows, corner[0]):
                for x, cell in enumerate(row, corner[1]):
                    if isinstance(cell, Error):
                        sheet.write_formula(y, x, "=1/0", None, str(cell))
                    elif isinstance(cell, datetime):
                        sheet.write_datetime(y, x, cell, day)
                    elif cell is not None:
                        sheet.write(y, x, cell)
        for area, value in (merged or {}).items():
            book.worksheets()[0].merge_range(area, value)
    return path


def closings(path: Path, *args: str) -> list[str]:
    done = run("movements", path, "-f", "json", *args)
    assert done.exit_code == 0, done.stderr
    return [row["closing_mrr"] for row in done.json["rows"]]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!"])
@pytest.mark.parametrize("column", [0, 1, 2])
def test_a_formula_error_is_named_with_its_cell(tmp_path: Path, error: str, column: int) -> None:
    rows = [list(row) for row in PANEL]
    rows[3][column] = Error(error)
    done = run("movements", workbook(tmp_path / "b.xlsx", {"MRR": rows}))
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC332: a formula of the workbook gives an error" in done.stderr
    assert f'b.xlsx, line 4, column {column + 1} "{PANEL[0][column]}"' in done.stderr
    assert f'the cell {"ABC"[column]}4 of the sheet "MRR" holds {error}' in done.stderr


def test_a_formula_error_in_a_wide_sheet_is_no_empty_cell(tmp_path: Path) -> None:
    rows: Rows = [["Account", "2024-01", "2024-02"], ["a", 10, Error("#REF!")], ["b", 5, 5]]
    path = workbook(tmp_path / "b.xlsx", {"MRR": rows}, corner=(2, 1))
    done = run("movements", path)
    assert done.exit_code == 3
    assert 'the cell D4 of the sheet "MRR" holds #REF!' in done.stderr
    assert "line 4, column 3" in done.stderr


def test_a_formula_error_in_a_column_that_plays_no_part(tmp_path: Path) -> None:
    rows = [list(row) for row in PANEL]
    rows[2][3] = Error("#N/A")
    assert closings(workbook(tmp_path / "b.xlsx", {"MRR": rows})) == ["30.00", "32.00"]


def test_merged_labels_stand_in_every_row_of_their_range(tmp_path: Path) -> None:
    rows: Rows = [
        ["segment", "account", "month", "mrr"],
        [None, None, "2024-01", 10],
        [None, None, "2024-02", 12],
        [None, None, "2024-01", 20],
        [None, None, "2024-02", 25],
        ["Small", 9, "2024-01", 5],
        [None, 9, "2024-02", 5],
    ]
    merged = {"A2:A5": "Big", "A6:A7": "Small", "B2:B3": "a", "B4:B5": 7}
    path = workbook(tmp_path / "b.xlsx", {"MRR": rows}, merged=merged)
    assert closings(path) == ["35.00", "42.00"]
    done = run("nrr", path, "--by", "segment", "-f", "json")
    notes = {note["code"]: note["message"] for note in done.json["notes"]}
    assert notes["RC874"] == "6 cells of segment, account filled from merged cells above"
    found = {r["segment"].get("segment"): r["closing_mrr"] for r in done.json["rows"]}
    assert found == {"Big": "37.00", "Small": "5.00", None: "42.00"}


@pytest.mark.parametrize("area", ["B2:B3", "B2:C2"])
def test_a_merged_amount_is_refused(tmp_path: Path, area: str) -> None:
    """Nobody can tell whether it counts once, in each cell, or in parts."""
    rows: Rows = [["Account", "2024-01", "2024-02"], ["a", None, None], ["b", None, 5]]
    path = workbook(tmp_path / "b.xlsx", {"MRR": rows}, merged={area: 30})
    done = run("movements", path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC333: an amount stands in merged cells" in done.stderr
    assert f'the cells {area.replace(":", " to ")} of the sheet "MRR" share 30' in done.stderr


def test_a_cover_sheet_leads_to_the_sheet_that_fits(tmp_path: Path) -> None:
    cover: Rows = [["MRR report"], ["Prepared by", "Ann"], ["Date", datetime(2024, 3, 1)]]
    path = workbook(tmp_path / "b.xlsx", {"Cover": cover, "Jan data": PANEL, "Notes": [["x"]]})
    assert closings(path) == ["30.00", "32.00"]
    done = run("movements", path)
    assert "note RC849: the sheet Jan data is read, not Cover, Notes" in " ".join(
        done.stdout.split()
    )


def test_a_sheet_whose_header_stands_further_down_fits_too(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {"Cover": [["Report"]], "Data": [["Our MRR"], *PANEL]}
    path = workbook(tmp_path / "b.xlsx", sheets)
    done = run("movements", path)
    assert "error RC315" in done.stderr
    fix = re.search(r"fix +(.*)", done.stderr)
    assert fix is not None
    assert closings(path, *shlex.split(fix[1])) == ["30.00", "32.00"]


def test_several_sheets_that_fit_are_asked_about(tmp_path: Path) -> None:
    other: Rows = [PANEL[0], ["x", "2024-01", 1, ""], ["x", "2024-02", 2, ""]]
    path = workbook(tmp_path / "b.xlsx", {"Cover": [["x"]], "All of it": PANEL, 'In "$"': other})
    done = run("movements", path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC334: 2 sheets of the workbook hold a table that fits" in done.stderr
    fix = re.search(r"fix +(.*)   or (.*)", done.stderr)
    assert fix is not None
    assert fix[1] == '--sheet "All of it"'
    assert closings(path, *shlex.split(fix[1])) == ["30.00", "32.00"]
    assert closings(path, *shlex.split(fix[2])) == ["1.00", "2.00"]


def test_a_customers_file_with_a_cover_sheet(tmp_path: Path) -> None:
    mrr = workbook(tmp_path / "mrr.xlsx", {"MRR": PANEL})
    listed: Rows = [["account", "region"], ["a", "North"], ["b", "South"]]
    crm = workbook(tmp_path / "crm.xlsx", {"Read me": [["Our customers"]], "List": listed})
    done = run("nrr", mrr, "--customers", crm, "--by", "region", "-f", "json")
    found = {r["segment"].get("region"): r["closing_mrr"] for r in done.json["rows"]}
    assert found == {"North": "12.00", "South": "20.00", None: "32.00"}


def test_days_of_the_calendar_of_1904(tmp_path: Path) -> None:
    rows: Rows = [["account", "month", "mrr"]]
    rows += [["a", datetime(2024, 1, 31), 10], ["a", datetime(2024, 2, 29), 12]]
    done = run(
        "movements", workbook(tmp_path / "b.xlsx", {"M": rows}, date_1904=True), "-f", "json"
    )
    assert [row["month"] for row in done.json["rows"]] == ["2024-01", "2024-02"]


def test_a_sheet_with_declarations_of_its_own_is_refused(tmp_path: Path) -> None:
    """Entities that unfold without end have no place in a workbook."""
    rows = [list(row) for row in PANEL]
    rows[1][2] = Error("#N/A")
    path, hostile = workbook(tmp_path / "b.xlsx", {"MRR": rows}), tmp_path / "h.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(hostile, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)
            new.writestr(name, data)
    done = run("movements", hostile)
    assert (done.exit_code, "error RC317" in done.stderr) == (3, True)
