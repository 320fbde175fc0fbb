"""A life that is cut where the data ends is a lower bound, in every form of the answer."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from acceptance.inline import panel, write
from helpers import run

# three start in the second month; one of them leaves after two months, two stay to the end
STAY = {"old": [10] * 5, "a": [0, 10, 10, 0, 0], "b": [0, 10, 10, 10, 10], "c": [0, 10, 10, 10, 10]}
BOUND = "66.7% still there at 3 months"  # S(3) = 2/3; the life is 1 + 1 + 2/3 = 2.67 months


def test_clv_is_at_least(tmp_path):
    args = ["clv", panel(tmp_path, STAY), "--margin", "1"]
    row = run(*args, "-f", "json").json["rows"][-1]
    assert row["at_least"] == ["lifespan_months", "clv"]
    assert row["lifespan_months"] == pytest.approx(8 / 3)
    assert float(row["clv"]) == pytest.approx(80 / 3)
    told = run(*args).stdout
    assert "≥ 2.67" in told
    assert "≥ 26.67" in told
    assert BOUND in told


def test_a_horizon_that_was_asked_for_is_no_lower_bound(tmp_path):
    args = ["clv", panel(tmp_path, STAY), "--margin", "1", "--horizon"]
    assert "at_least" not in run(*args, "2", "-f", "json").json["rows"][-1]
    assert "at_least" in run(*args, "36", "-f", "json").json["rows"][-1]


def test_a_life_that_is_whole_is_a_plain_figure(tmp_path):
    rows = {"old": [10] * 4, "a": [0, 10, 0, 0], "b": [0, 10, 10, 0]}
    told = run("clv", panel(tmp_path, rows), "--margin", "1").stdout
    assert "≥" not in told


def test_clv_to_cac_is_at_least(tmp_path):
    costs = write(tmp_path / "costs.csv", ["month,spend", *(f"2024-0{m},10" for m in range(1, 6))])
    rows = {**STAY, "d": [0, 0, 0, 10, 10]}
    args = ["clv-cac", panel(tmp_path, rows), "--margin", "1", "--costs", costs]
    row = run(*args, "--window", "3m", "-f", "json").json["rows"][-1]
    assert row["at_least"] == ["lifespan_months", "clv", "clv_cac"]


def test_the_mean_life_of_survival_is_at_least(tmp_path):
    args = ["survival", panel(tmp_path, STAY)]
    (life,) = run(*args, "-f", "json").json["life"]
    assert life["at_least"] == ["mean_months"]
    assert BOUND in run(*args).stdout


def test_a_workbook_writes_the_number_with_its_sign(tmp_path):
    out = tmp_path / "clv.xlsx"
    run("clv", panel(tmp_path, STAY), "--margin", "1", "-o", str(out))
    cells = [c for sheet in load_workbook(BytesIO(Path(out).read_bytes())) for c in _cells(sheet)]
    formats = {c.number_format for c in cells if "≥" in (c.number_format or "")}
    assert formats == {'"≥ "#,##0.00'}


def _cells(sheet):
    return [cell for row in sheet.iter_rows() for cell in row]


def test_the_tile_of_a_report_says_so(tmp_path):
    out = tmp_path / "report.html"
    run("report", panel(tmp_path, STAY), "--margin", "1", "-o", str(out))
    page = out.read_text(encoding="utf-8")
    assert "≥ 26.67" in page
    assert BOUND in page
