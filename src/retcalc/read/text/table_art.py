"""Texts that frame a table: rules and footers of database shells, Markdown tables, stacked headers.

Everything is made plain in place, so that every row keeps its physical line number.
"""

from __future__ import annotations

import re

from retcalc.core.findings import Finding
from retcalc.read.wording import counted, note

_HEAD = 1 << 14  # bytes that hold the first lines
_TAIL = 400  # bytes that hold a footer
_RULE = re.compile(rb"[ \t]*\|?[ \t:|+-]*-{2,}[ \t:|+-]*")
_FOOTER = re.compile(rb"\(?\d+ rows?(?: affected| selected\.?| in set.*)?\)?|Completion time: .*")
_YEAR = re.compile(rb"(?:19|20)\d\d")
_WORD = re.compile(rb"[^\d]*[A-Za-z][^\d]*")
_MONTH = re.compile(
    rb"(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|fev|avr|mai|juin|aout|ago|"
    rb"mrz|maa|mei|gen|mag|giu|lug|set|ott|dic|abr|out)[a-z\xc3-\xc5\x80-\xbf]*\.?"
)


def without_art(data: bytes, name: str) -> tuple[bytes, list[Finding]]:
    """The text without what is no row of the table, and a note of what was left aside."""
    head = data[:_HEAD]
    lines = head.split(b"\n")
    if len(lines) < 2:
        return data, []
    notes: list[Finding] = []
    data, cut = _without_footer(data)
    if cut:
        notes.append(
            note("RC870", f"{counted(cut, 'footer line')} below the rows left aside", name)
        )
    if _RULE.fullmatch(lines[1].rstrip(b"\r")) and b"-" in lines[1]:
        data = _plain_columns(data, lines)
        notes.append(note("RC870", "the line under the header is a rule, left aside", name, 2))
        return data, notes
    joined = _stacked(lines)
    if joined is None:
        return data, notes
    first, text = joined
    rest = data[sum(len(line) + 1 for line in lines[: first + 2]) :]
    return b"\n" * first + text + b"\n\n" + rest, [
        *notes,
        note("RC870", "two rows of headers are read as one", name, first + 1),
    ]


def _without_footer(data: bytes) -> tuple[bytes, int]:
    """Cut lines such as ``(3 rows)`` from the end; tells how many."""
    cut = 0
    while True:
        tail = data[-_TAIL:].rstrip()
        line = tail.rpartition(b"\n")[2].strip().strip(b",;\t")
        if b"\n" not in tail or not _FOOTER.fullmatch(line):
            return data, cut
        end = data.rstrip().rfind(b"\n")
        data, cut = data[:end].rstrip() + b"\n", cut + 1


def _plain_columns(data: bytes, lines: list[bytes]) -> bytes:
    """Rows between pipes without the outer ones and the rule; cells lose their padding."""
    body = data.split(b"\n")
    body[1] = b""
    if b"|" not in lines[0]:
        return b"\n".join(body)
    plain = (re.sub(rb"[ \t]*\|[ \t]*", b"|", line.strip().strip(b"|").strip()) for line in body)
    return b"\n".join(plain)


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
