"""Workbooks as a reader sees them, recalculated by LibreOffice from formulas alone."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

SOFFICE = shutil.which("soffice")
_CACHED = re.compile(r"(</f>)<v>[^<]*</v>")


def values(data: bytes) -> dict[str, dict[str, Any]]:
    """Values of all cells by sheet and address, those that the file carries."""
    book = openpyxl.load_workbook(BytesIO(data), data_only=True)
    return {
        sheet.title: {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row}
        for sheet in book.worksheets
    }


def formulas(data: bytes) -> dict[str, dict[str, str]]:
    """Formulas by sheet and address."""
    book = openpyxl.load_workbook(BytesIO(data))
    return {
        sheet.title: {
            cell.coordinate: cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        }
        for sheet in book.worksheets
    }


def recalculated(data: bytes, folder: Path) -> dict[str, dict[str, Any]]:
    """Values after LibreOffice has worked out every formula; the file's own are taken out."""
    assert SOFFICE is not None
    source, out = folder / "in" / "book.xlsx", folder / "out"
    source.parent.mkdir()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(source, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = _CACHED.sub(r"\1", content.decode()).encode()
            new.writestr(name, content)
    profile = (folder / "profile").resolve().as_uri()
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx"]
        + ["--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return values((out / "book.xlsx").read_bytes())
