"""The cohort triangle of the total as sheets: figures, and shares as formulas over them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from retcalc.core.result import Block, Result, Row, Unit
from retcalc.render.numbers import exact
from retcalc.render.words import cohort_name
from retcalc.render.workbook.file import Workbook
from retcalc.render.workbook.tables import Cell, Table, letters

_TRIANGLES = (
    # sheet, figure, figure at the start
    ("Cohort accounts", "accounts", "initial_accounts"),
    ("Cohort MRR", "mrr", "initial_mrr"),
)
_FIRST = 2  # column of age 0, behind the cohort and its size at the start


def add_triangles(book: Workbook, flat: Table, result: Result) -> None:
    """Write per figure a sheet of the triangle and one of its shares, with the average row."""
    if not any(not row.segment for row in flat.rows):
        return
    for name, figure, start in _TRIANGLES:
        _figures(book, name, flat, figure, start)
    _shares(book, "Cohort retention", "Cohort accounts", flat, result, "account_retention")
    _shares(book, "Cohort net MRR", "Cohort MRR", flat, result, "net_mrr_retention")


def _cohorts(flat: Table) -> dict[object, list[int]]:
    """Row numbers of the total by cohort, oldest first; within a cohort by age."""
    found: dict[object, list[int]] = {}
    for number, row in enumerate(flat.rows):
        if not row.segment:
            found.setdefault(cohort_name(row), []).append(number)
    return found


def _figures(book: Workbook, name: str, flat: Table, figure: str, start: str) -> None:
    cohorts = _cohorts(flat)
    sheet = _sheet(book, name, cohorts, "Accounts" if figure == "accounts" else "MRR at start")
    unit = flat.columns[flat.index[figure]].unit
    for line, rows in enumerate(cohorts.values(), 1):
        _cohort(book, sheet, line, flat.rows[rows[0]])
        book.cell(sheet, (line, 1), Cell(flat.number(rows[0], start), unit))
        for age, row in enumerate(rows):
            book.cell(sheet, (line, _FIRST + age), Cell(flat.number(row, figure), unit))


def _shares(
    book: Workbook, name: str, behind: str, flat: Table, result: Result, share: str
) -> None:
    cohorts = _cohorts(flat)
    sheet = _sheet(book, name, cohorts, "At start")
    first, last = 2, len(cohorts) + 1
    unit: Unit = "count" if share == "account_retention" else "money"
    start = "initial_accounts" if unit == "count" else "initial_mrr"
    for line, rows in enumerate(cohorts.values(), 1):
        _cohort(book, sheet, line, flat.rows[rows[0]])
        size = Cell(flat.number(rows[0], start), unit, f"'{behind}'!B{line + 1}")
        book.cell(sheet, (line, 1), size)
        for age, row in enumerate(rows):
            at = f"'{behind}'!{letters(_FIRST + age)}{line + 1}"
            value = flat.number(row, share)
            formula = None if value is None else f"{at}/'{behind}'!$B{line + 1}"
            book.cell(sheet, (line, _FIRST + age), Cell(value, "rate", formula))
    for number, label in enumerate(("average", "cohorts", "accounts")):
        style = "text" if number else "text_total"
        book.text(sheet, last + number, 0, label, style)
        book.text(sheet, last + number, 1, "", style)
    for age, average in enumerate(_averages(result)):
        column = letters(_FIRST + age)
        figures = f"'{behind}'!{column}${first}:{column}${last}"
        starts = f"'{behind}'!$B${first}:$B${last}"
        formula = f"SUM({figures})/SUMPRODUCT(ISNUMBER({figures})*{starts})"
        figure = Cell(_number(average, share), "rate", formula, pale=average.small)
        book.cell(sheet, (last, _FIRST + age), figure, total=True)
        for below, count in enumerate(("cohorts", "accounts"), 1):
            book.cell(sheet, (last + below, _FIRST + age), Cell(_number(average, count), "count"))
    scale = {"type": "2_color_scale", "min_color": "#F3F8FC", "max_color": "#3F86B8"}
    ages = max(map(len, cohorts.values()))
    limits = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
    sheet.conditional_format(1, _FIRST, last, _FIRST + ages - 1, {**scale, **limits})


def _averages(result: Result) -> list[Row]:
    """The average rows of the total."""
    block = result.extra["average"]
    return [row for row in block.rows if not row.segment] if isinstance(block, Block) else []


def _number(row: Row, name: str) -> Fraction | None:
    value = row.values[name]
    return exact(value) if isinstance(value, int | float | Fraction) else None


def _sheet(book: Workbook, name: str, cohorts: dict[object, list[int]], start: str) -> Any:
    sheet = book.sheet(name)
    ages = max(map(len, cohorts.values()))
    for column, head in enumerate(["Cohort", start, *map(str, range(ages))]):
        book.text(sheet, 0, column, head, "head")
    sheet.set_column(0, 1, 12)
    sheet.set_column(_FIRST, _FIRST + ages - 1, 8 if "MRR" not in name or "net" in name else 12)
    sheet.freeze_panes(1, _FIRST)
    sheet.repeat_rows(0)
    return sheet


def _cohort(book: Workbook, sheet: Any, line: int, row: Row) -> None:
    month = row.values["cohort"]
    if isinstance(month, int):
        book.cell(sheet, (line, 0), Cell(Fraction(month), "month"))
    else:
        book.text(sheet, line, 0, cohort_name(row))
