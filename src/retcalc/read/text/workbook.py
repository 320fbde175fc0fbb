"""Workbooks: one sheet as the text of a table, which is then parsed as CSV.

A row of the sheet is a line of the text, so that a message names the row people see.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import polars as pl

from retcalc.core.findings import Finding, RetcalcError, Spot
from retcalc.read.polars_guard import silenced
from retcalc.read.text.dialect import LINE, Dialect
from retcalc.read.text.sheet_marks import Marks, Merged, column_letters, sheet_marks
from retcalc.read.wording import MOST_SPOTS, counted, note, quoted, refuse, shown

_BREAKS = r"[\r\n]+"
_FIRST_ROWS = 100  # of a sheet, to see whether it fits
_MOST_OFFERED = 5  # sheets that a fix names
_AMOUNT = re.compile(r"\W*[A-Za-z]{0,3}\W*[\d.,'\s]*\d[\d.,'\s]*\W*[A-Za-z]{0,3}\W*")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its cells as CSV, and what it says of cells beside their values."""

    file: str
    title: str
    text: bytes
    marks: Marks

    def refuse_errors(self, dialect: Dialect, columns: Sequence[str]) -> None:
        """Refuse formula errors below the header in columns that are read (RC332)."""
        found: dict[str, list[tuple[int, int, str]]] = {}
        for (row, column), error in sorted(self.marks.errors.items()):
            title = self._title(dialect, column)
            if row >= dialect.line and title in columns:
                found.setdefault(title, []).append((row, column, error))
        if found:
            raise RetcalcError([self._error(dialect, t, cells) for t, cells in found.items()])

    def fill_merged(
        self, frame: pl.DataFrame, dialect: Dialect, labels: Sequence[str]
    ) -> tuple[pl.DataFrame, list[Finding]]:
        """Labels that are merged over rows stand in each of them; noted.

        ``labels`` are columns whose values are names, whatever they look like; elsewhere a value
        that looks like an amount is refused, as nobody can tell what part of it belongs where
        (RC333).
        """
        filled: dict[str, dict[int, str]] = {}
        rows = {line: row for row, line in enumerate(frame[LINE])} if self.marks.merged else {}
        for merged in self.marks.merged:
            title = self._title(dialect, merged.left)
            if title not in frame.columns or merged.top not in rows:
                continue
            text = frame[title][rows[merged.top]]
            if title not in labels and _AMOUNT.fullmatch(text):
                raise self._merged_amount(dialect, merged, text)
            below = range(merged.top + 1, merged.bottom + 1)
            filled.setdefault(title, {}).update((line, text) for line in below if line in rows)
        for title, texts in filled.items():
            values = frame[title].to_list()
            for line, text in texts.items():
                values[rows[line]] = text
            frame = frame.with_columns(pl.Series(title, values, pl.String))
        if not filled:
            return frame, []
        cells = counted(sum(map(len, filled.values())), "cell")
        message = f"{cells} of {shown(', '.join(filled))} filled from merged cells above"
        return frame, [note("RC874", message, self.file)]

    def _title(self, dialect: Dialect, column: int) -> str:
        position = column - self.marks.first
        return dialect.header[position] if 0 <= position < len(dialect.header) else ""

    def _error(
        self, dialect: Dialect, title: str, cells: Sequence[tuple[int, int, str]]
    ) -> Finding:
        row, column, error = cells[0]
        cell = f"{column_letters(column)}{row}"
        return Finding(
            "RC332",
            "a formula of the workbook gives an error",
            tuple(Spot(self.file, row, error) for row, _, error in cells[:MOST_SPOTS]),
            column=dialect.header.index(title) + 1,
            header=title,
            value=f'the cell {cell} of the sheet "{shown(self.title)}" holds {shown(error)}',
            fix="correct the formula in the workbook and save it again",
        )

    def _merged_amount(self, dialect: Dialect, merged: Merged, text: str) -> RetcalcError:
        title = self._title(dialect, merged.left)
        first, last = (
            f"{column_letters(column)}{row}"
            for column, row in ((merged.left, merged.top), (merged.right, merged.bottom))
        )
        return RetcalcError(
            Finding(
                "RC333",
                "an amount stands in merged cells",
                (Spot(self.file, merged.top, text),),
                column=dialect.header.index(title) + 1,
                header=title,
                value=f'the cells {first} to {last} of the sheet "{shown(self.title)}" share '
                f"{shown(text)}",
                fix="split the merged cells in the workbook and give each its own amount",
            )
        )


def read_sheet(
    data: bytes, name: str, title: str | None, max_bytes: int, fit: Callable[[bytes], int]
) -> tuple[Sheet, list[Finding]]:
    """The sheet that is named, else the one that fits best, else the first that holds any cells.

    ``fit`` tells how well the first rows of a sheet fit, 0 for not at all. Dates come out in ISO
    form, numbers in full, text as it is. Raises RetcalcError (RC470 without the library, RC301,
    RC317, RC325, RC331; RC334 where several sheets fit).
    """
    if find_spec("fastexcel") is None:
        text = "reading workbooks needs fastexcel, which is not installed"
        raise RetcalcError(Finding("RC470", text, fix='pip install "retcalc[excel]"'))
    _refuse_bomb(data, name, max_bytes)
    sheets = _sheets(data, name)
    filled = [each for each, cells in sheets.items() if cells.height]
    if title is not None and title not in sheets:
        value = f"the sheets are: {shown(', '.join(sheets))}"
        fix = f"--sheet {quoted((filled or [*sheets])[0])}"
        raise refuse("RC331", f"there is no sheet {title!r}", name, value=value, fix=fix)
    if not filled:
        raise refuse("RC301", "the workbook is empty", name)
    chosen = title if title is not None else _best(sheets, filled, name, fit)
    notes = []
    if title is None and len(filled) > 1:
        others = shown(", ".join(each for each in filled if each != chosen))
        notes.append(note("RC849", f"the sheet {chosen} is read, not {others}", name))
    try:
        marks = sheet_marks(data, chosen)
    except (ValueError, zipfile.BadZipFile, NotImplementedError, zlib.error):
        raise _damaged(name) from None
    return Sheet(name, chosen, _text(sheets[chosen]), marks), notes


def _best(
    sheets: Mapping[str, pl.DataFrame],
    filled: Sequence[str],
    name: str,
    fit: Callable[[bytes], int],
) -> str:
    """The one sheet that fits best, the first where none fits; several are refused."""
    if len(filled) == 1:
        return filled[0]
    fits = {title: fit(_text(sheets[title].head(_FIRST_ROWS))) for title in filled}
    best = [title for title in filled if fits[title] == max(fits.values())]
    if len(best) > 1 and max(fits.values()):
        raise refuse(
            "RC334",
            f"{len(best)} sheets of the workbook hold a table that fits",
            name,
            value=f"the sheets are: {shown(', '.join(best))}",
            fix="   or ".join(f"--sheet {quoted(title)}" for title in best[:_MOST_OFFERED]),
        )
    return best[0]


def _text(sheet: pl.DataFrame) -> bytes:
    """The cells as CSV, a line a row."""
    out = io.BytesIO()
    cells = sheet.with_columns(pl.all().str.replace_all(_BREAKS, " "))
    cells.write_csv(out, include_header=False, null_value="")
    return out.getvalue()


def _sheets(data: bytes, name: str) -> dict[str, pl.DataFrame]:
    try:
        with silenced():
            return pl.read_excel(
                data,
                sheet_id=0,
                engine="calamine",
                has_header=False,
                infer_schema_length=0,
                drop_empty_rows=False,
                drop_empty_cols=False,
                raise_if_empty=False,
                read_options={"skip_rows": 0},
            )
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 (a panic of the library is no Exception)
        raise _damaged(name) from None


def _damaged(name: str) -> RetcalcError:
    message = "the workbook is damaged, protected or of another kind"
    return refuse("RC317", message, name, fix="export the sheet as CSV")


def _refuse_bomb(data: bytes, name: str, max_bytes: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise _damaged(name) from None
    if size > max_bytes:
        message = f"{len(data):,} bytes unpack to {size:,}"
        raise refuse("RC325", message, name, fix="export the sheet as CSV")
