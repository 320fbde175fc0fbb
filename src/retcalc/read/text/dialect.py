"""From clean text to its dialect: the delimiter and the header, and where the rows begin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from retcalc.core.findings import Finding, RetcalcError, Spot
from retcalc.read.id_codes import CODE
from retcalc.read.text.lines import dated_alike, record_end, split_row
from retcalc.read.wording import counted, note, refuse, shown

FILE = "__file"
LINE = "__line"
BOM = b"\xef\xbb\xbf"
MOST_COLUMNS = 10_000
LONGEST_FIELD = 1 << 20  # bytes
MOST_BLANK = 1_048_576  # lines of a whole sheet

Accepts = Callable[[Sequence[str]], bool]

_DELIMITERS = (",", ";", "\t", "|")
_SPOKEN = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
_SEP_LINE = re.compile(rb'"?sep=([^\r\n\w"])"?\r?(?:\n|\Z)', re.IGNORECASE)
_PREAMBLE_LINES = 50
_PAGE = re.compile(rb"\s*<(?:[!?]|(?:html|head|body|title|div|table|svg|error)\b)", re.IGNORECASE)
_JSON = re.compile(rb'\s*(?:\{\s*["}]|\[\s*(?:["\[\]{]|-?\d+\s*[,\]]))')


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text is laid out.

    ``header`` names every column, a nameless one ``column_N``; ``raw_header`` is as written. Rows
    begin at byte ``offset``, which is physical line ``line``.
    """

    delimiter: str
    header: tuple[str, ...]
    raw_header: tuple[str, ...]
    offset: int
    line: int
    blank_lines: tuple[int, ...] = ()
    notes: tuple[Finding, ...] = field(default=())


def is_reserved(title: str) -> bool:
    """Tell whether a column name means something else to Polars, or to this room."""
    pattern = title == "*" or (title.startswith("^") and title.endswith("$"))
    return pattern or title in (FILE, LINE) or title.startswith(CODE)


def recognise(
    data: bytes, name: str, accepts: Accepts, *, delimiter: str | None, skip_lines: int
) -> Dialect:
    """Find delimiter and header; raises RetcalcError when there is no table to be seen.

    ``accepts`` tells whether a header holds the columns the caller needs. Where no delimiter
    gives such a header, the one that gives most columns is taken and the caller complains.
    """
    given = _named_delimiter(delimiter, name) if delimiter is not None else None
    start = _skipped(data, name, skip_lines)
    notes: list[Finding] = []
    if match := _SEP_LINE.match(data, start.offset):
        notes.append(note("RC803", f"the line sep={match[1].decode()} honoured", name, start.line))
        given = given or match[1].decode()
        start = _Position(match.end(), start.line + 1)
    blank, start = _blank_lines(data, name, start, ",;\t|" + (given or ""))
    if start.offset >= len(data):
        raise refuse("RC301", "the file is empty", name)
    _refuse_other_text(data, name, start)
    text, after = _record(data, name, start)
    found = {mark: split_row(text, mark) for mark in ((given,) if given else _DELIMITERS)}
    headers = {mark: _name_all(raw) for mark, raw in found.items() if raw}
    accepted = [mark for mark, header in headers.items() if accepts(header)]
    if not accepted:
        _refuse_preamble(data, name, start, accepts, given)
    if not headers and "\r" in text and '"' not in text:
        raise _stray_return(name, start.line, _head(data, start))
    if not headers:
        raise _stray_quote(name, start.line, _head(data, start))
    mark = max(accepted or headers, key=lambda each: len(headers[each]))
    header, raw = headers[mark], found[mark] or []
    if len(header) == 1 and not accepted and given is None:
        raise _no_delimiter(name, data, start)
    if mark != "," and given is None:
        notes.append(note("RC801", f"columns are separated by {_SPOKEN[mark]}", name, start.line))
    notes += _check_header(name, start.line, header, raw, accepted=bool(accepted))
    more_blank, body = _blank_lines(data, name, after, mark, len(header))
    return Dialect(
        mark, header, tuple(raw), body.offset, body.line, (*blank, *more_blank), tuple(notes)
    )


@dataclass(frozen=True, slots=True)
class _Position:
    """A line's beginning: byte offset and physical line number."""

    offset: int
    line: int


def _named_delimiter(delimiter: str, name: str) -> str:
    mark = _NAMED.get(delimiter, delimiter)
    if len(mark) != 1 or not mark.isascii() or mark.isalnum() or mark in '"\r\n\0':
        raise refuse(
            "RC329",
            f"{delimiter!r} cannot separate columns",
            name,
            fix='give one character, e.g. --delimiter ";" or --delimiter tab',
        )
    return mark


def _next_line(data: bytes, position: _Position) -> _Position:
    end = data.find(b"\n", position.offset)
    return _Position(len(data) if end < 0 else end + 1, position.line + 1)


def _skipped(data: bytes, name: str, lines: int) -> _Position:
    start = _Position(len(BOM) if data.startswith(BOM) else 0, 1)
    for _ in range(lines):
        if start.offset >= len(data):
            message = f"the file has fewer lines than the {lines} to skip"
            raise refuse("RC327", message, name, fix="--skip-lines with a smaller number")
        start = _next_line(data, start)
    return start


def too_blank(name: str) -> RetcalcError:
    """Make the error of a text that is blank for longer than any sheet."""
    message = f"there are more than {MOST_BLANK:,} blank lines"
    return refuse("RC330", message, name, fix="remove them")


def _blank_lines(
    data: bytes, name: str, start: _Position, marks: str, width: int = 0
) -> tuple[list[int], _Position]:
    """Pass over blank lines and lines of delimiters only (``width`` columns of them at most)."""
    blank: list[int] = []
    skippable = marks.encode() + b" \t\r\n"
    while start.offset < len(data):
        following = _next_line(data, start)
        # A long line is no blank line; looking at its beginning is enough.
        head = data[start.offset : min(following.offset, start.offset + MOST_COLUMNS)]
        if head.strip(skippable) or (width and head.count(marks.encode()) >= width):
            break
        blank.append(start.line)
        if len(blank) > MOST_BLANK:
            raise too_blank(name)
        start = following
    return blank, start


def _record(data: bytes, name: str, start: _Position) -> tuple[str, _Position]:
    """Give the text of the first record, which may run over lines in quotes, and what follows."""
    end = record_end(data, start.offset, LONGEST_FIELD)
    if end is None:
        first_line_end = data.find(b"\n", start.offset, start.offset + LONGEST_FIELD)
        if first_line_end < 0 and len(data) - start.offset > LONGEST_FIELD:
            raise _too_big(data, name, start)
        raise _stray_quote(name, start.line, _head(data, start))
    breaks = data.count(b"\n", start.offset, end - 1) + 1
    text = data[start.offset : end].decode().removesuffix("\n").removesuffix("\r")
    return text, _Position(end, start.line + breaks)


def _head(data: bytes, start: _Position) -> str:
    """Give the beginning of a line, for a message."""
    head = data[start.offset : start.offset + 400].partition(b"\n")[0]
    return shown(head.decode("utf-8", "ignore").strip())


def _too_big(data: bytes, name: str, start: _Position) -> RetcalcError:
    sample = data[start.offset : start.offset + LONGEST_FIELD]
    if max(sample.count(mark.encode()) for mark in _DELIMITERS) >= MOST_COLUMNS:
        return _too_many_columns(name, start.line)
    return refuse("RC310", "the header is longer than 1 MiB", name, line=start.line)


def _too_many_columns(name: str, line: int) -> RetcalcError:
    return refuse("RC311", f"more than {MOST_COLUMNS:,} columns", name, line=line)


def _stray_quote(name: str, line: int, text: str) -> RetcalcError:
    message = "a quote in the header is not closed, or stands inside a name"
    return refuse("RC309", message, name, line=line, value=f"the line is {text}")


def _stray_return(name: str, line: int, text: str) -> RetcalcError:
    message, fix = "a carriage return stands inside the header", "end lines with LF or CRLF"
    return refuse("RC306", message, name, line=line, value=f"the line is {text}", fix=fix)


def _no_delimiter(name: str, data: bytes, start: _Position) -> RetcalcError:
    later = [n for n, text in _first_lines(data, start) if any(m in text for m in _DELIMITERS)]
    line, text, skip = start.line, _head(data, start), later[0] - 1 if later else 0
    return refuse(
        "RC318",
        "no table here: the first line is one column",
        name,
        line=line,
        value=f"the line is {text}; separators tried: comma, semicolon, tab, pipe",
        fix='--delimiter "X"' + (f"   or --skip-lines {skip}" if skip else ""),
    )


def _name_all(raw: Sequence[str]) -> tuple[str, ...]:
    """Name the nameless columns by their position."""
    names: list[str] = []
    for position, title in enumerate(raw, 1):
        name = title if title.strip() else f"column_{position}"
        while name is not title and name in raw:
            name += "_"
        names.append(name)
    return tuple(names)


def _refuse_other_text(data: bytes, name: str, start: _Position) -> None:
    for pattern, what in ((_JSON, "JSON"), (_PAGE, "a web page or XML")):
        if pattern.match(data, start.offset):
            raise refuse(
                "RC316",
                f"this is {what}, not a table",
                name,
                line=start.line,
                value=f"it begins {_head(data, start)}",
                fix="export the data as CSV or Parquet",
            )


def _refuse_preamble(
    data: bytes, name: str, start: _Position, accepts: Accepts, given: str | None
) -> None:
    """Look for the needed columns below the first line: title lines, comments.

    What is dated as the line above or below it is a row among rows and no header.
    """
    lines = _first_lines(data, start)
    for (_, above), (number, text), (_, below) in zip(lines, lines[1:], lines[2:], strict=False):
        for mark in (given,) if given else _DELIMITERS:
            raw = split_row(text, mark)
            if raw and accepts(_name_all(raw)):
                near = [split_row(each, mark) or [] for each in (above, below)]
                if any(dated_alike(raw, row) for row in near):
                    continue
                raise refuse(
                    "RC315",
                    f"the columns needed are found on line {number}, below other text",
                    name,
                    line=start.line,
                    fix=f"--skip-lines {number - 1}",
                )


def _first_lines(data: bytes, start: _Position) -> list[tuple[int, str]]:
    """The first lines that are not blank, with their numbers."""
    lines: list[tuple[int, str]] = []
    while start.offset < len(data) and len(lines) < _PREAMBLE_LINES + 2:
        following = _next_line(data, start)
        if following.offset - start.offset > LONGEST_FIELD:
            break
        text = data[start.offset : following.offset].decode().rstrip("\r\n")
        lines += [(start.line, text)] if text.strip(" \t,;|") else []
        start = following
    return lines


def _check_header(
    name: str, line: int, header: Sequence[str], raw: Sequence[str], *, accepted: bool
) -> list[Finding]:
    """Refuse names that cannot be told apart; note columns that have none."""
    if len(header) > MOST_COLUMNS:
        raise _too_many_columns(name, line)
    nameless = [position for position, title in enumerate(raw, 1) if not title.strip()]
    if 2 * len(nameless) > len(header) and not accepted:
        message = f"{len(nameless)} of {len(header)} columns have no name"
        fix = "--skip-lines N if the header is further down"
        raise refuse("RC313", message, name, line=line, fix=fix)
    for title in header:
        if is_reserved(title):
            message = f"a column may not be called {shown(title)}"
            raise refuse("RC314", message, name, line=line, fix="rename the column")
    repeated = [title for title, times in Counter(header).items() if times > 1]
    if repeated:
        raise RetcalcError([_duplicate(name, line, header, title) for title in repeated])
    if not nameless:
        return []
    columns = ", ".join(map(str, nameless[:5])) + ("…" if len(nameless) > 5 else "")
    message = f"{counted(len(nameless), 'column')} without a name (position {columns})"
    return [note("RC808", message, name, line)]


def _duplicate(name: str, line: int, header: Sequence[str], title: str) -> Finding:
    columns = [position for position, each in enumerate(header, 1) if each == title]
    return Finding(
        "RC312",
        f"{len(columns)} columns have the same name",
        (Spot(name, line, title),),
        column=columns[0],
        header=title,
        value=f'"{shown(title)}" is the name of columns {", ".join(map(str, columns))}',
        fix="rename or remove one of them",
    )
