"""The one place that writes cells: formats, sheets, and a check of every answer of XlsxWriter.

Text goes in as text only, so no name becomes a formula, a link or a number. The file holds no
clock: its creation date is the closing month.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from io import BytesIO
from typing import Any

from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import last_day
from retcalc.core.optional_libraries import load
from retcalc.core.result import Currency, Result
from retcalc.render.numbers import NOT_AVAILABLE
from retcalc.render.words import safe_text
from retcalc.render.workbook.tables import Cell, Table

MOST_ROWS = 1_048_575  # of a sheet, below its header
_LONGEST = 32_767  # characters of a cell
_WIDEST, _NARROWEST = 42, 9
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


class Workbook:
    """A workbook in memory; ``finish`` gives its bytes."""

    def __init__(self, head: Result) -> None:
        self._bytes = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        self._file = load("xlsxwriter", "a workbook").Workbook(self._bytes, options)
        self._file.set_properties({"created": _created(head), "title": safe_text(head.title)})
        self._file.set_calc_mode("auto")
        self._formats = _formats(self._file, head.currency)

    def sheet(self, name: str) -> Any:
        """Add a sheet that prints on whole pages, landscape."""
        sheet = self._file.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RPage &P of &N")
        return sheet

    def chart(self, kind: str, subtype: str = "") -> Any:
        """Make a native chart."""
        return self._file.add_chart({"type": kind, "subtype": subtype})

    def warning(self) -> Any:
        """Format of a check that fails."""
        return self._formats["warning"]

    def text(self, sheet: Any, row: int, column: int, text: str, style: str = "text") -> None:
        """Write text as text, cut where a cell would not hold it."""
        safe = safe_text(text)
        safe = safe if len(safe) <= _LONGEST else safe[: _LONGEST - 1] + "…"
        _done(sheet.write_string(row, column, safe, self._formats[style]))

    def formula(
        self, sheet: Any, row: int, column: int, formula: str, value: float | str, style: str
    ) -> None:
        """Write a formula with the value that it has."""
        _done(sheet.write_formula(row, column, f"={formula}", self._formats[style], value))

    def number(self, sheet: Any, row: int, column: int, value: float, style: str) -> None:
        """Write a number."""
        _done(sheet.write_number(row, column, value, self._formats[style]))

    def cell(self, sheet: Any, place: tuple[int, int], cell: Cell, *, total: bool = False) -> None:
        """Write one figure of a table."""
        row, column = place
        end = "_total" if total else ""
        if isinstance(cell.value, Fraction) and cell.unit == "month":
            day = datetime.combine(last_day(int(cell.value)), datetime.min.time())
            _done(sheet.write_datetime(row, column, day, self._formats["month" + end]))
        elif isinstance(cell.value, Fraction):
            bound = "_at_least" if cell.at_least else ""
            value, style = float(cell.value), "pale" if cell.pale else cell.unit + bound + end
            if cell.formula is None:
                self.number(sheet, row, column, value, style)
            else:
                self.formula(sheet, row, column, cell.formula, value, style)
        elif isinstance(cell.value, bool):
            self.text(sheet, row, column, "yes" if cell.value else "no", "text" + end)
        elif cell.value is not None:
            self.text(sheet, row, column, cell.value, "text" + end)
        elif cell.unit != "month":
            self.text(sheet, row, column, NOT_AVAILABLE, "missing")

    def table(self, table: Table) -> Any:
        """Write a table as a sheet of its own; raises RetcalcError (RC471) where it is too long."""
        if len(table.rows) > MOST_ROWS:
            text = f"{table.name} has {len(table.rows):,} rows, a sheet holds {MOST_ROWS:,}"
            raise RetcalcError(Finding("RC471", text, fix="-o FILE.csv  or  -o FILE.parquet"))
        sheet = self.sheet(table.name)
        self._heads(sheet, table)
        for number, cells in enumerate(table.cells()):
            total = bool(table.by) and not table.rows[number].segment
            self._names(sheet, table, number, total=total)
            for column, cell in zip(table.columns, cells, strict=True):
                self.cell(sheet, table.place(number, column.name), cell, total=total)
        return sheet

    def lines(self, name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Any:
        """Write a sheet of text."""
        sheet = self.sheet(name)
        for column, head in enumerate(heads):
            self.text(sheet, 0, column, head, "head")
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                self.text(sheet, number, column, text, "wrapped")
        sheet.set_column(0, max(0, len(heads) - 2), 28)
        sheet.set_column(len(heads) - 1, len(heads) - 1, 90)
        sheet.freeze_panes(1, 0)
        return sheet

    def finish(self) -> bytes:
        """Close the workbook and give the file."""
        self._file.close()
        return self._bytes.getvalue()

    def _heads(self, sheet: Any, table: Table) -> None:
        labels = [*table.by, *(column.label for column in table.columns)]
        for number, label in enumerate(labels):
            row, column = (number, 0) if table.across else (0, number)
            if table.across and number >= len(table.by):
                row += 1
            self.text(sheet, row, column, label, "head")
        if table.across:
            sheet.set_column(0, 0, 26)
            sheet.set_column(1, len(table.rows), 16)
            sheet.freeze_panes(len(table.by) + 1, 1)
            return
        for number, label in enumerate(labels):
            sheet.set_column(number, number, min(max(len(label) + 2, _NARROWEST), _WIDEST))
        sheet.freeze_panes(1, len(table.by) + 1)
        sheet.repeat_rows(0)

    def _names(self, sheet: Any, table: Table, number: int, *, total: bool) -> None:
        for position, name in enumerate(table.by):
            text = table.rows[number].segment.get(name, "")
            if total:
                text = "Total" if position == 0 else ""
            row, column = (position, number + 1) if table.across else (number + 1, position)
            style = "head" if table.across else "text_total" if total else "text"
            self.text(sheet, row, column, text, style)


def _done(code: int) -> None:
    if code:
        fix = "run again with --debug and report it"
        raise RetcalcError(Finding("RC700", f"a cell could not be written ({code})", fix=fix))


def _created(head: Result) -> datetime:
    if head.window is None:
        return _NEVER
    return datetime.combine(last_day(head.window.closing), datetime.min.time(), UTC)


def _formats(file: Any, currency: Currency) -> dict[str, Any]:
    decimals = "." + "0" * currency.digits if currency.digits else ""
    patterns = {
        "money": f"#,##0{decimals};[Red]-#,##0{decimals}",
        "count": "#,##0",
        "rate": "0.0%",
        "ratio": '0.00"x"',
        "number": "#,##0.00",
        "number_at_least": '"≥ "#,##0.00',
        "money_at_least": f'"≥ "#,##0{decimals}',
        "ratio_at_least": '"≥ "0.00"x"',
        "any": "General",
        "month": "yyyy-mm",
        "text": "@",
        "flag": "@",
    }
    made = {name: file.add_format({"num_format": code}) for name, code in patterns.items()}
    for name, code in patterns.items():
        made[f"{name}_total"] = file.add_format({"num_format": code, "bold": True, "top": 1})
    head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "bg_color": "#E8EEF3"}
    made["head"] = file.add_format({**head, "num_format": "@"})
    pale = {"num_format": patterns["rate"], "top": 1, "italic": True, "font_color": "#7A7A7A"}
    made["pale"] = file.add_format(pale)
    made["missing"] = file.add_format({"align": "right", "font_color": "#7A7A7A"})
    made["wrapped"] = file.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    made["warning"] = file.add_format({"bold": True, "bg_color": "#F8CBAD"})
    made["status"] = file.add_format({"bold": True, "align": "center"})
    return made
