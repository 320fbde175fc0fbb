"""Lines of a text: found in bytes without cutting all of them up, split into fields, compared."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BLOCK = 1 << 16
_NEAR = 64  # lines; so few are found faster one by one


def record_end(data: bytes, offset: int, most: int) -> int | None:
    """Give where the row that begins at ``offset`` ends, behind its line break.

    A row runs on over lines while a quote is open. None when it is not closed within ``most``
    bytes or at the end of the data.
    """
    end, open_quote = offset, True
    quotes = 0
    while open_quote and end < len(data) and end - offset <= most:
        begin, end = end, data.find(b"\n", end) + 1 or len(data)
        quotes += data.count(b'"', begin, end)
        open_quote = quotes % 2 == 1
    return None if open_quote or end - offset > most else end


class Lines:
    """The physical lines of a text, 1 the first. Ask for them in ascending order: it only walks on.

    Blocks are passed over by counting their line breaks, so that a far line costs little.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._offset = 0
        self._line = 1

    def text(self, line: int, most: int = 1 << 20) -> str:
        """Give one line without its line break, cut after ``most`` bytes."""
        self._move_to(line)
        end = self._data.find(b"\n", self._offset, self._offset + most)
        stop = self._offset + most if end < 0 else end
        return self._data[self._offset : stop].decode("utf-8", "ignore").removesuffix("\r")

    def between(self, first: int, last: int, most: int) -> str | None:
        """Give the text from one line to another, without the last line break.

        None when it is longer than ``most`` bytes.
        """
        self._move_to(first)
        begin, end = self._offset, self._offset
        for _ in range(last - first + 1):
            if end - begin > most:
                return None
            found = self._data.find(b"\n", end)
            end = len(self._data) if found < 0 else found + 1
        text = self._data[begin:end]
        if len(text) > most:
            return None
        return text.removesuffix(b"\n").removesuffix(b"\r").decode()

    def _move_to(self, line: int) -> None:
        while self._line < line:
            near = line - self._line < _NEAR
            breaks = 0 if near else self._data.count(b"\n", self._offset, self._offset + _BLOCK)
            if breaks and self._line + breaks < line:
                self._line += breaks
                self._offset += _BLOCK
            else:
                self._line += 1
                self._offset = self._data.find(b"\n", self._offset) + 1


def row_pattern(delimiter: str, more: str = "*") -> str:
    """Give the regular expression of one well-formed row, without anchors.

    It means the same to Python and to Polars. ``more`` repeats the fields after the first.
    """
    mark = f"\\x{ord(delimiter):02x}"
    one = f'(?:"[^"]*(?:""[^"]*)*"|[^"{mark}\\r\\n]*)'
    return f"{one}(?:{mark}{one}){more}"


def split_row(text: str, delimiter: str) -> list[str] | None:
    """Split one row into its fields; None when its quotes are not well formed."""
    if re.fullmatch(row_pattern(delimiter), text) is None:
        return None
    if '"' not in text:
        return text.split(delimiter)
    mark = f"\\x{ord(delimiter):02x}"
    fields = re.finditer(f'(?:^|{mark})(?:"([^"]*(?:""[^"]*)*)"|([^"{mark}]*))', text)
    return [m[2] if m[1] is None else m[1].replace('""', '"') for m in fields]


def dated_alike(row: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether a cell of a row is written as a date, and the other row writes it likewise."""
    forms = [(_form(a), _form(b)) for a, b in zip(row, other, strict=False)]
    return any("y" in a and len(a) > 1 and a == b for a, b in forms)


def _form(cell: str) -> str:
    """How a cell is written: ``y`` for four digits, ``d`` for one or two, ``a`` for a word."""
    text = re.sub(r"[^\W\d_]+", "a", cell.strip())
    return re.sub(r"\d+", lambda m: {1: "d", 2: "d", 4: "y"}.get(len(m[0]), "n"), text)
