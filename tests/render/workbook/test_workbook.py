"""The workbook of a report: text stays text, and formulas give what the JSON says."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest

from render.report_data import HOSTILE_NAMES, demo, document, written
from render.workbook.sheets import SOFFICE, formulas, recalculated, values

FLAT = {"Movements": "movements", "Trailing": "trailing", "Cohorts": "cohort"}
ACROSS = {"Summary": "summary", "CLV": "clv", "CLV and CAC": "clv_cac"}
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not here")


def plain(value):
    """A JSON value as a sheet carries it."""
    if isinstance(value, str):
        if re.fullmatch(r"\d{4}-\d\d", value):
            return value
        return float(value) if re.fullmatch(r"-?\d+(\.\d+)?", value) else value
    return "n/a" if value is None else value


def same(cell, value):
    value = plain(value)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m}" == value
    if isinstance(value, int | float) and isinstance(cell, int | float):
        return cell == pytest.approx(value, rel=1e-9, abs=1e-9)
    return cell == value


def compare(data, report):
    """Hold every figure of the sheets against the JSON; gives how many were compared."""
    book = (
        openpyxl.load_workbook(BytesIO(data), data_only=True) if isinstance(data, bytes) else data
    )
    count = 0
    for name, part in {**FLAT, **ACROSS}.items():
        if part not in report:
            continue
        fields = [key for key in report[part]["rows"][0] if key not in ("segment", "reasons")]
        fields = [key for key in fields if key not in ("small", "at_least", "top")]
        table = [list(row) for row in book[name].iter_rows(values_only=True)]
        if name in ACROSS:
            table = [list(row) for row in zip(*table, strict=True)]
            table = [row[:1] + row[2:] for row in table]  # the line between names and figures
        if name != "Trailing":  # the only one without segments
            table = [row[1:] for row in table]
        assert len(table) == len(report[part]["rows"]) + 1
        for cells, row in zip(table[1:], report[part]["rows"], strict=True):
            for cell, key in zip(cells, fields, strict=True):
                assert same(cell, row[key]), (name, key, cell, row[key])
                count += 1
    return count


def test_the_values_that_the_file_carries_are_those_of_the_json(demo_report):
    assert compare(demo_report["xlsx"], document(demo_report)["parts"]) > 5000


@needs_office
def test_every_formula_gives_its_value_in_libreoffice(demo_report, tmp_path):
    found = recalculated(demo_report["xlsx"], tmp_path)
    carried = values(demo_report["xlsx"])
    count = 0
    for sheet, cells in formulas(demo_report["xlsx"]).items():
        for address in cells:
            before, after = carried[sheet][address], found[sheet][address]
            assert same(after, before), (sheet, address, cells[address], before, after)
            count += 1
    assert count > 1500
    checks = [found["Checks"][f"E{row}"] for row in range(4, 40) if found["Checks"].get(f"A{row}")]
    assert len(checks) > 12
    assert set(checks) == {"OK"}
    assert found["Checks"]["B1"] == "OK"


def test_the_roll_forward_and_the_rates_are_formulas(demo_report):
    sheet = formulas(demo_report["xlsx"])["Movements"]
    names = [c.value for c in openpyxl.load_workbook(BytesIO(demo_report["xlsx"]))["Movements"][1]]
    closing, rate = names.index("Closing MRR"), names.index("NRR")
    column = openpyxl.utils.get_column_letter
    assert all(f"{column(closing + 1)}{row}" in sheet for row in range(2, 98))
    assert sheet[f"{column(rate + 1)}90"].startswith("=")


@pytest.mark.parametrize("profile", ["monthly", "reactivation-included", "survivors-only"])
def test_a_definition_of_another_kind_shows_numbers_that_agree(profile, tmp_path):
    files = written(demo(tmp_path), "--definition", profile, "--margin", "0.8", "--by", "plan")
    assert values(files["xlsx"])["Checks"]["B1"] == "OK"
    compare(files["xlsx"], document(files)["parts"])


def test_no_name_becomes_a_formula_a_link_or_a_number(hostile_report):
    book = openpyxl.load_workbook(BytesIO(hostile_report["xlsx"]))
    typed = {cell.value: cell.data_type for sheet in book for row in sheet for cell in row}
    for name in HOSTILE_NAMES[:3]:
        assert typed[name] == "s"
    assert not any(sheet._hyperlinks for sheet in book)
    assert all(
        not re.search(r"HYPERLINK|SCRIPT|http", text, re.IGNORECASE)
        for cells in formulas(hostile_report["xlsx"]).values()
        for text in cells.values()
    )


def test_a_long_name_is_cut_to_what_a_cell_holds(hostile_report):
    texts = [v for cells in values(hostile_report["xlsx"]).values() for v in cells.values()]
    longest = max((t for t in texts if isinstance(t, str)), key=len)
    assert len(longest) == 32_767
    assert longest.endswith("…")


@needs_office
def test_hostile_names_recalculate(hostile_report, tmp_path):
    assert recalculated(hostile_report["xlsx"], tmp_path)["Checks"]["B1"] == "OK"


def test_the_file_knows_no_clock(demo_report):
    book = openpyxl.load_workbook(BytesIO(demo_report["xlsx"]))
    assert book.properties.created == datetime(2026, 10, 31)
    with zipfile.ZipFile(BytesIO(demo_report["xlsx"])) as archive:
        assert {info.date_time[:3] for info in archive.infolist()} == {(1980, 1, 1)}


def test_sheets_are_set_up_for_reading_and_printing(demo_report):
    book = openpyxl.load_workbook(BytesIO(demo_report["xlsx"]))
    for name in ("Summary", "Movements", "Cohorts", "Checks", "Sources"):
        assert book[name].freeze_panes, name
        assert book[name].page_setup.orientation == "landscape"
        assert book[name].sheet_properties.pageSetUpPr.fitToPage
    assert len(book["Charts"]._charts) == 7
    assert book["Movements"]["J2"].number_format.startswith("#,##0.00")
