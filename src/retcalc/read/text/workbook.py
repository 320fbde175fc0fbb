"""Workbooks: one sheet as the text of a table, which is then parsed as CSV.

A row of the sheet is a line of the text, so that a message names the row people see.
"""

from __future__ import annotations

import io
import re
import zipfile
from importlib.util import find_spec

import polars as pl

from retcalc.core.findings import Finding, RetcalcError
from retcalc.read.polars_guard import silenced
from retcalc.read.wording import note, refuse, shown

_MARK = re.compile(rb"\[Content_Types\]\.xml|_rels/|xl/|mimetypeapplication/vnd\.oasis")
_BREAKS = r"[\r\n]+"


def is_workbook(data: bytes) -> bool:
    """Tell a workbook (.xlsx, .xlsm, .ods) by its first bytes."""
    return data.startswith(b"PK\x03\x04") and _MARK.search(data, 0, 4096) is not None


def sheet_text(
    data: bytes, name: str, sheet: str | None, max_bytes: int
) -> tuple[bytes, list[Finding]]:
    """The cells of a sheet as CSV: the one named, else the first that holds any.

    Dates come out in ISO form, numbers in full, text as it is. Raises RetcalcError (RC470 without
    the library, RC317, RC325, RC331).
    """
    if find_spec("fastexcel") is None:
        text = "reading workbooks needs fastexcel, which is not installed"
        raise RetcalcError(Finding("RC470", text, fix='pip install "retcalc[excel]"'))
    _refuse_bomb(data, name, max_bytes)
    sheets = _sheets(data, name)
    filled = [title for title, cells in sheets.items() if cells.height]
    if sheet is not None and sheet not in sheets:
        value = f"the sheets are: {shown(', '.join(sheets))}"
        raise refuse("RC331", f"there is no sheet {sheet!r}", name, value=value)
    if not filled:
        raise refuse("RC301", "the workbook is empty", name)
    chosen = sheet if sheet is not None else filled[0]
    notes = []
    if sheet is None and len(filled) > 1:
        others = shown(", ".join(filled[1:]))
        notes.append(note("RC849", f"the sheet {chosen} is read, not {others}", name))
    cells = sheets[chosen].with_columns(pl.all().str.replace_all(_BREAKS, " "))
    out = io.BytesIO()
    cells.write_csv(out, include_header=False, null_value="")
    return out.getvalue(), notes


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
