"""The average rows of cohort through the command line: what stands behind each age, and how it is
drawn where that is little."""

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest

from helpers import run
from oracle.panels import random_panel, write_panel

PALE = "* average of fewer than 3 cohorts or 10 accounts: pale, read with care"


def export(folder: Path, cohorts: dict[int, int], months: int = 6) -> Path:
    """So many accounts that start in each month and stay, 10 a month; one of each leaves after
    two months."""
    lines = [
        f"c{start}-{n},2024-{month + 1:02},10"
        for start, accounts in cohorts.items()
        for n in range(accounts)
        for month in range(start, months)
        if n or month < start + 2
    ]
    path = folder / "mrr.csv"
    path.write_text("\n".join(["account,month,mrr", *lines]) + "\n")
    return path


@pytest.fixture
def mrr(tmp_path: Path) -> Path:
    """20 accounts start in each of the months January to April: age 4 is that of two cohorts."""
    return export(tmp_path, {0: 20, 1: 20, 2: 20, 3: 20})


def averages(path: Path, *options: object) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = run("cohort", path, *options, "-f", "json").json["average"]
    return rows


def test_cohorts_and_accounts_behind_every_age(mrr: Path) -> None:
    rows = averages(mrr)
    assert [row["cohorts"] for row in rows] == [4, 4, 4, 3, 2, 1]
    assert [row["accounts"] for row in rows] == [80, 80, 80, 60, 40, 20]
    assert [row.get("small") for row in rows] == [None] * 4 + [True] * 2


def test_few_accounts_are_marked_too(tmp_path: Path) -> None:
    """Three cohorts of three are enough cohorts and too few accounts; four of three are enough."""
    rows = averages(export(tmp_path, {0: 3, 1: 3, 2: 3, 3: 3}))
    assert [row["accounts"] for row in rows] == [12, 12, 12, 9, 6, 3]
    assert [row.get("small") for row in rows] == [None] * 3 + [True] * 3


def test_how_many_cohorts_are_enough_is_for_the_config(mrr: Path) -> None:
    config = mrr.parent / "few.yaml"
    config.write_text("min_cohorts: 1\nmin_group: 0\n")
    assert not any(row.get("small") for row in averages(mrr, "-c", config))
    config.write_text("min_cohorts: 5\n")
    assert all(row.get("small") for row in averages(mrr, "-c", config))
    config.write_text("min_cohorts: few\n")
    assert run("cohort", mrr, "-c", config).exit_code == 2


def test_the_screen_marks_them(mrr: Path) -> None:
    lines = run("cohort", mrr, env={"COLUMNS": "80"}).stdout.splitlines()
    (average,) = (line for line in lines if line.startswith("average"))
    assert average.split()[1:] == ["100.0%", "100.0%", "95.0%", "95.0%", "95.0%*", "95.0%*"]
    assert [line.split() for line in lines if re.match("(cohorts|accounts)  ", line)] == [
        ["cohorts", "4", "4", "4", "3", "2", "1"],
        ["accounts", "80", "80", "80", "60", "40", "20"],
    ]
    assert PALE in lines
    (base,) = (number for number, line in enumerate(lines) if line.startswith("   0% "))
    assert lines[base - 1] == "      ███ ███ ███ ███ ░░░ ░░░"


def test_colour_is_dim_there(mrr: Path) -> None:
    text = run("cohort", mrr, env={"FORCE_COLOR": "1", "COLUMNS": "80"}).stdout
    dim = re.findall(r"\x1b\[2m([^\x1b]*%\*)\x1b", text)
    assert "".join(dim).split() == ["95.0%*", "95.0%*"]


def test_averages_with_enough_behind_them_carry_no_mark(mrr: Path) -> None:
    text = run("cohort", mrr, "--ages", "3").stdout
    assert "*" not in text
    assert "░" not in text


def test_pages_and_pictures_are_pale_there(mrr: Path, tmp_path: Path) -> None:
    page = tmp_path / "cohort.html"
    assert run("cohort", mrr, "-o", page).exit_code == 0
    assert re.findall(r'<td class="pale"[^>]*>([^<]*)', page.read_text()) == ["95.0%*"] * 2
    report = tmp_path / "report.html"
    assert run("report", mrr, "-o", report).exit_code == 0
    text = report.read_text()
    assert "Pale, as few cohorts or accounts stand behind: Accounts from age 4 on" in text
    assert 'stroke-opacity="0.35"' in text or 'opacity="0.35"' in text


def test_the_workbook_has_what_stands_behind(mrr: Path, tmp_path: Path) -> None:
    book = tmp_path / "cohort.xlsx"
    assert run("report", mrr, "-o", book).exit_code == 0
    sheet = openpyxl.load_workbook(book, data_only=True)["Cohort retention"]
    rows = {row[0].value: row[2:] for row in sheet.iter_rows()}
    assert [cell.value for cell in rows["cohorts"]] == [4, 4, 4, 3, 2, 1]
    assert [cell.value for cell in rows["accounts"]] == [80, 80, 80, 60, 40, 20]
    assert [bool(cell.font.i) for cell in rows["average"]] == [False] * 4 + [True] * 2


@pytest.mark.parametrize("seed", range(1000, 1025))
def test_gross_curves_never_rise(seed: int, tmp_path: Path) -> None:
    """Of one cohort, and of the constant-composition average whatever the oldest age shown."""
    path = write_panel(random_panel(seed), tmp_path / "mrr.csv")
    done = run("cohort", path, "-f", "csv")
    cells: dict[str, list[float]] = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        cells.setdefault(row["cohort"], []).append(float(row["gross_mrr_retention"]))
    for curve in cells.values():
        assert curve == sorted(curve, reverse=True)
    for ages in range(max(map(len, cells.values()), default=0)):
        answer = json.loads(
            run("cohort", path, "--average", "constant", "--ages", ages, "-f", "json").stdout
        )
        curve = [row["gross_mrr_retention"] for row in answer["average"]]
        assert curve == sorted(curve, reverse=True)
