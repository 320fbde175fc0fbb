"""What a workbook says of cells beside their values: formula errors and merged ranges.

The reader of workbooks gives both as empty cells, so they are read from the XML of the sheet.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

_MARKED = re.compile(rb"""\bt=["']e["']|mergeCell\s""")
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range, all four borders counted from 1 and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Marks:
    """Errors by row and column, merged ranges, and ``first``, the first column that is used.

    Rows and columns count from 1 as in the sheet.
    """

    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merged: tuple[Merged, ...] = ()
    first: int = 1


def sheet_marks(data: bytes, title: str) -> Marks:
    """The marks of a sheet of an .xlsx; none for other kinds of workbook.

    Raises ValueError or what zipfile raises where the file is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        path = _path(archive, title)
        xml = archive.read(path) if path in archive.namelist() else b""
    if not _MARKED.search(xml):
        return Marks()
    errors: dict[tuple[int, int], str] = {}
    merged: list[Merged] = []
    first, row = 1 << 20, 0
    for element in _elements(xml):
        if _tag(element) == "row":
            row = int(element.get("r") or row + 1)
            for column, cell in _cells(element):
                value = next((e for e in cell if _tag(e) in ("v", "is")), None)
                first = first if value is None else min(first, column)
                if cell.get("t") == "e" and value is not None:
                    errors[row, column] = value.text or "an error"
            element.clear()
        elif _tag(element) == "mergeCell":
            (left, top), (right, bottom) = map(_place, (element.get("ref") or "").split(":"))
            merged.append(Merged(top, left, bottom, right))
    return Marks(errors, tuple(merged), first)


def column_letters(column: int) -> str:
    """The letters of a column: ``A`` for 1, ``AB`` for 28."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _path(archive: zipfile.ZipFile, title: str) -> str:
    """Where the XML of a sheet lies in the archive, "" where that is not told."""
    names = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    if not set(names) <= set(archive.namelist()):
        return ""
    sheets, relations = (list(_elements(archive.read(name))) for name in names)
    for sheet in sheets:
        if _tag(sheet) != "sheet" or sheet.get("name") != title:
            continue
        key = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
        target = next((r.get("Target", "") for r in relations if r.get("Id") == key), "")
        return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return ""


def _elements(xml: bytes) -> Iterator[ElementTree.Element]:
    """All elements as they close; a document with declarations of its own is refused."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise ValueError
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(xml)):  # noqa: S314
            yield element
    except ElementTree.ParseError:
        raise ValueError from None


def _cells(row: ElementTree.Element) -> Iterator[tuple[int, ElementTree.Element]]:
    column = 0
    for cell in row:
        reference = cell.get("r")
        column = _place(reference)[0] if reference else column + 1
        yield column, cell


def _place(reference: str) -> tuple[int, int]:
    """Column and row of a reference such as ``AB12``."""
    match = _PLACE.fullmatch(reference)
    if match is None:
        raise ValueError
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return column, int(match[2])


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
