"""Finds the text of physical lines in bytes without cutting all of them up."""

from __future__ import annotations

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
