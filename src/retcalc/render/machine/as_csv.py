"""A Result as flat CSV: one header, money plain, rates as fractions, RFC 4180 with LF ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from retcalc.core.result import Result
from retcalc.render.machine.rounded_sums import rounded_sums
from retcalc.render.numbers import Machine, machine_value
from retcalc.render.words import escape_code

_QUOTED = re.compile(r'[",\r\n]|^\s|\s$')
_SURROGATE = re.compile("[\ud800-\udfff]")
# What a spreadsheet takes for a formula, also behind blanks it would skip (OWASP).
_FORMULA = re.compile(r"[\s\x00\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n\x00]")


class Text(str):
    """A cell of words, not of figures: the formula guard looks at these only."""

    __slots__ = ()


def to_csv(result: Result, *, raw: bool = False) -> str:
    """Write the rows of a result, segment columns first; nested tables are left out.

    A text cell that a spreadsheet would run as a formula gets a leading apostrophe, unless
    ``raw``. Numbers are never touched. An undefined value is an empty cell.
    """
    return csv_text(_table(result), raw=raw)


def csv_text(table: Iterable[Iterable[Machine]], *, raw: bool = False) -> str:
    """Write any table of cells; strings that hold no number belong in ``Text``."""
    return "".join(_line([_cell(value, raw=raw) for value in row]) for row in table)


def _table(result: Result) -> Iterator[list[Machine]]:
    columns = [column for column in result.columns if column.unit != "block"]
    names = [column.name for column in columns]
    # A segment may be called like a figure; two equal headers would hide one of them.
    by = [f"segment_{name}" if name in names else name for name in result.by]
    yield [Text(name) for name in (*by, *names)]
    for row in rounded_sums(result.rows, result.columns, result.currency):
        cells: list[Machine] = [Text(row.segment.get(name, "")) for name in result.by]
        for column in columns:
            value = machine_value(row.values.get(column.name), column.unit, result.currency)
            cells.append(Text(value) if column.unit == "text" and value is not None else value)
        yield cells


def _cell(value: Machine, *, raw: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    text = _SURROGATE.sub(lambda match: escape_code(match[0]), value)
    if isinstance(value, Text) and not raw and _FORMULA.match(text):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _line(cells: list[str]) -> str:
    # A lone empty cell is quoted: a blank line would be no row at all.
    return (",".join(cells) or '""') + "\n"
