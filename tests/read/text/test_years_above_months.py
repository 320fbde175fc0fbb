"""Two rows of headers with the year above the months, as spreadsheets merge them."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from helpers import Run, run

ROWS = [["Acme", 100, 100, 100, 120], ["Beta", 50, 50, 50, 0]]
FOUR = [("2024-11", "150.00"), ("2024-12", "150.00"), ("2025-01", "150.00"), ("2025-02", "120.00")]


def closings(done: Run) -> list[tuple[str, str]]:
    return [(row["month"], row["closing_mrr"]) for row in done.json["rows"]]


@pytest.mark.parametrize(
    "head",
    [
        ",2024,,2025,\nCustomer,Nov,Dec,Jan,Feb\n",
        "Customer,2024,2024,2025,2025\n,Nov,Dec,Jan,Feb\n",
        "MRR by month,,,,\n\n,2024,,2025,\nCustomer,November,December,Januar,Februar\n",
        ",2024,,2025,\nCliente,nov.,diciembre,enero,feb\n",
        ",2024,,2025,\nKunde,Nov,Dez,Jän,März\n".replace("Jän", "Jan").replace("März", "Feb"),
    ],
)
def test_years_above_months_of_a_text(tmp_path: Path, head: str) -> None:
    body = "".join(",".join(map(str, row)) + "\n" for row in ROWS)
    (tmp_path / "w.csv").write_text(head + body)
    done = run("movements", "w.csv", "-f", "json", cwd=tmp_path)
    assert closings(done) == FOUR
    assert "note RC870" in done.stderr


def test_label_and_total_columns_beside(tmp_path: Path) -> None:
    """A column without a year keeps its name; a total of a year is no month."""
    (tmp_path / "w.csv").write_text(
        ",,2024,,,2025,,\nCustomer,Plan,Nov,Dec,Total,Jan,Feb,Total\n"
        "Acme,Pro,100,100,200,100,120,220\nBeta,Basic,50,50,100,50,0,50\n"
    )
    done = run("movements", "w.csv", "-f", "json", cwd=tmp_path)
    assert closings(done) == FOUR
    pro = run("movements", "w.csv", "--where", "Plan=Pro", "-f", "json", cwd=tmp_path)
    assert [mrr for _, mrr in closings(pro)] == ["100.00", "100.00", "100.00", "120.00"]


@pytest.mark.parametrize("year", [2024, "2024"])
def test_merged_years_of_a_workbook(tmp_path: Path, year: object) -> None:
    book = xlsxwriter.Workbook(tmp_path / "w.xlsx")
    sheet = book.add_worksheet()
    sheet.merge_range(0, 1, 0, 2, year)
    sheet.merge_range(0, 3, 0, 4, 2025 if year == 2024 else "2025")
    sheet.write_row(1, 0, ["Customer", "Nov", "Dec", "Jan", "Feb"])
    for number, row in enumerate(ROWS, 2):
        sheet.write_row(number, 0, row)
    book.close()
    assert closings(run("movements", "w.xlsx", "-f", "json", cwd=tmp_path)) == FOUR
