"""Texts that frame a table: rules and footers of database shells, Markdown tables, stacked headers.

Everything is made plain in place, so that every row keeps its physical line number.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from retcalc.core.findings import Finding
from retcalc.core.months.written import bare_month, month_of_header
from retcalc.read.text.table_frame import FOOTER, find_frame
from retcalc.read.wording import counted, note, shown

_HEAD = 1 << 14  # bytes that hold the first lines
_TAIL = 1 << 12  # bytes that hold a footer
_YEAR = re.compile(rb"((?:19|20)\d\d)(?:\.0)?")
_WORD = re.compile(rb"[^\d]*[A-Za-z][^\d]*")
# One field and nothing else, whatever separates fields.
_ONE_FIELD = re.compile(rb'"(?:[^"]|"")*"|[^,;\t|"]*')
_RULE = re.compile(rb'"?-{2,}"?(?:([,;\t])"?-+"?)(?:\1"?-+"?)*\s*')


@dataclass(frozen=True, slots=True)
class Plain:
    """A text without its art: ``aside`` are the lines that were blanked, from 1."""

    data: bytes
    notes: tuple[Finding, ...] = ()
    aside: frozenset[int] = frozenset()


def without_art(data: bytes, name: str, skip_lines: int = 0) -> Plain:
    """The text without what is no row of the table, and notes of what was left aside.

    The first ``skip_lines`` lines are not looked at.
    """
    head = data[:_HEAD].split(b"\n")
    if len(head) - skip_lines < 2:
        return Plain(data)
    frame = find_frame(head, skip_lines)
    if frame is not None:
        drawn = frame.plain(data)
        if drawn is None:
            return Plain(data)
        texts = [text for text in drawn[1].values() if text.strip("+-=|: ")]
        message = f"what frames the table is left aside{_told(texts)}"
        return Plain(drawn[0], (note("RC870", message, name, frame.rule + 1),), frozenset(drawn[1]))
    data, notes = _without_footer(data, name)
    if _RULE.fullmatch(head[skip_lines + 1]):
        start = sum(len(line) + 1 for line in head[: skip_lines + 1])
        data = data[:start] + data[start + len(head[skip_lines + 1]) :]
        found = note("RC870", "the rule under the header is left aside", name, skip_lines + 2)
        return Plain(data, (*notes, found), frozenset({skip_lines + 2}))
    joined = _stacked(head) if not skip_lines else None
    if joined is None:
        return Plain(data, notes)
    first, text = joined
    rest = data[sum(len(line) + 1 for line in head[: first + 2]) :]
    found = note("RC870", "two rows of headers are read as one", name, first + 1)
    aside = frozenset({*(n + 1 for n in range(first) if head[n].strip()), first + 2})
    return Plain(b"\n" * first + text + b"\n\n" + rest, (*notes, found), aside)


def _told(lines: Sequence[str]) -> str:
    """The first of the lines, and how many more there are."""
    if not lines:
        return ""
    more = f" and {counted(len(lines) - 1, 'more line')}" if len(lines) > 1 else ""
    return f': "{shown(lines[0])}"{more}'


def _without_footer(data: bytes, name: str) -> tuple[bytes, tuple[Finding, ...]]:
    """Cut the lines of one field below the rows: below a blank line any, else those well known."""
    start = max(len(data) - _TAIL, 0)
    lines = data[start:].split(b"\n")
    below = len(lines)
    texts = [line.strip().rstrip(b",;\t").strip() for line in lines]
    while below and _ONE_FIELD.fullmatch(texts[below - 1]):
        below -= 1
    footer = [text for text in texts[below:] if text]
    if below < 1 + bool(start) or not footer:  # no row in sight above it
        return data, ()
    close = list(itertools.takewhile(bool, texts[below:]))
    if not all(FOOTER.fullmatch(text.strip(b'" ')) for text in close):
        return data, ()
    line = data.count(b"\n", 0, start) + 1 + below
    message = "the footer below the rows is left aside"
    message += _told([text.decode("utf-8", "ignore").strip('" ') for text in footer])
    found = note("RC870", message, name, line + texts[below:].index(footer[0]))
    return data[:start] + b"\n".join(lines[:below]) + b"\n", (found,)


def _stacked(lines: list[bytes]) -> tuple[int, bytes] | None:
    """Two stacked rows of headers as one, with the number of the first; None where there are none.

    Years above months, months above measures, or a row of units under months.
    """
    for first in range(min(6, len(lines) - 1)):
        mark = b";" if lines[first].count(b";") > lines[first].count(b",") else b","
        mark = b"\t" if b"\t" in lines[first] else mark
        upper, lower = (
            [c.strip().strip(b'"') for c in lines[n].rstrip(b"\r").split(mark)]
            for n in (first, first + 1)
        )
        if len(upper) < 3 or len(upper) != len(lower):
            continue
        filled = _filled(upper)
        names = _years_above(upper, lower, filled) or _measures_below(upper, lower, filled)
        if names is not None:
            return first, mark.join(names)
    return None


def _years_above(upper: list[bytes], lower: list[bytes], filled: list[bytes]) -> list[bytes] | None:
    """Each month with the year that stands above it, or above a month to its left."""
    years = [_YEAR.fullmatch(cell) for cell in filled[1:]]
    if not all(year or not cell for year, cell in zip(years, filled[1:], strict=True)):
        return None
    months = [
        bool(y) and bare_month(c.decode(errors="ignore"))
        for y, c in zip(years, lower[1:], strict=True)
    ]
    if sum(map(bool, months)) < 2:
        return None
    below = zip(years, lower[1:], strict=True)
    named = [b" ".join((cell, year[1])) if year and cell else cell for year, cell in below]
    return [lower[0] or upper[0], *named]


def _measures_below(
    upper: list[bytes], lower: list[bytes], filled: list[bytes]
) -> list[bytes] | None:
    """Months with a measure such as MRR or seats, or a unit, below each."""
    below = [cell for cell in lower[1:] if cell]
    if lower[0] or not below or not all(map(_WORD.fullmatch, below)):
        return None
    if sum(month_of_header(c.decode(errors="ignore")) is not None for c in upper[1:]) < 2:
        return None
    if any(not cell for cell in lower[1:]):
        return None
    return [upper[0], *(b" ".join(p) for p in zip(filled[1:], lower[1:], strict=True))]


def _filled(cells: list[bytes]) -> list[bytes]:
    """Empty cells take what stands left of them, as merged cells are exported."""
    filled: list[bytes] = []
    for cell in cells:
        filled.append(cell or (filled[-1] if len(filled) > 1 else b""))
    return filled
