"""Texts that frame a table: rules and footers of database shells, Markdown tables, stacked headers.

Everything is made plain in place, so that every row keeps its physical line number.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from retcalc.core.findings import Finding
from retcalc.read.text.table_frame import FOOTER, find_frame
from retcalc.read.wording import counted, note, shown

_HEAD = 1 << 14  # bytes that hold the first lines
_TAIL = 1 << 12  # bytes that hold a footer
_YEAR = re.compile(rb"(?:19|20)\d\d")
_WORD = re.compile(rb"[^\d]*[A-Za-z][^\d]*")
_MONTH = re.compile(
    rb"(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|fev|avr|mai|juin|aout|ago|"
    rb"mrz|maa|mei|gen|mag|giu|lug|set|ott|dic|abr|out)[a-z\xc3-\xc5\x80-\xbf]*\.?"
)
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
        above, below = [c for c in upper[1:] if c], [c for c in lower[1:] if c]
        filled = _filled(upper)
        if (
            above
            and below
            and all(map(_YEAR.fullmatch, above))
            and all(map(_MONTH.fullmatch, below))
        ):
            names = [lower[0] or upper[0]]
            names += [b" ".join((m, y)) for y, m in zip(filled[1:], lower[1:], strict=True)]
            return first, mark.join(names)
        months = sum(bool(_MONTH.match(c) and re.search(rb"\d", c)) for c in above)
        if months < 2 or lower[0] or not below or not all(map(_WORD.fullmatch, below)):
            continue
        if any(not c for c in lower[1:]):
            continue
        names = [upper[0], *(b" ".join(p) for p in zip(filled[1:], lower[1:], strict=True))]
        return first, mark.join(names)
    return None


def _filled(cells: list[bytes]) -> list[bytes]:
    """Empty cells take what stands left of them, as merged cells are exported."""
    filled: list[bytes] = []
    for cell in cells:
        filled.append(cell or (filled[-1] if len(filled) > 1 else b""))
    return filled
