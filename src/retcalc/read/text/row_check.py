"""Checks every physical line of a text: width, quotes, blank lines, lone carriage returns.

Polars reads well-formed text exactly, but takes a short row silently and refuses other damage
without saying where. So one pass of one regular expression over all lines finds those that are not
a whole well-formed row by themselves, and only these are looked at closely.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

import polars as pl

from retcalc.core.findings import Finding, Spot
from retcalc.read.text.dialect import LONGEST_FIELD, Dialect
from retcalc.read.text.lines import Lines, row_pattern, split_row
from retcalc.read.wording import MOST_SPOTS, counted, shown

_WIDEST_PATTERN = 500  # columns; beyond, the automaton of the counted pattern outgrows its cache
_SHOWN_ROW = 200

_FAULTS = {  # kind: code, message, remedy
    "long": (
        "RC307",
        "a row has more fields than the header",
        "quote a field that holds the delimiter, or remove the field too many",
    ),
    "short": (
        "RC308",
        "a row has fewer fields than the header",
        "complete the row; the file may be cut or hold a line break inside a field",
    ),
    "open": (
        "RC309",
        "a quote is opened here and not closed properly",
        'close it, or write a quote inside a field as ""',
    ),
    "stray": (
        "RC309",
        "a quote stands in the middle of a field",
        'put the field in quotes and double the quote inside it: "5"" pipe"',
    ),
    "return": (
        "RC306",
        "a carriage return stands inside a row",
        "remove it, or put its field in quotes",
    ),
}


@dataclass(frozen=True, slots=True)
class Survey:
    """Physical line numbers, ascending, of what is odd.

    ``blank`` lines are no rows; ``inner`` lines continue a row that a quoted line break cut;
    ``faults`` lists by kind the first lines of rows that cannot be read.
    """

    blank: list[int] = field(default_factory=list)
    inner: list[int] = field(default_factory=list)
    faults: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def survey(data: bytes, dialect: Dialect, *, trailing: bool) -> Survey:
    """Look at every line from the first row on.

    With ``trailing`` each row must end with one delimiter too many.
    """
    odd = _odd_lines(data, dialect, trailing=trailing)
    fields = len(dialect.header) + trailing
    found = Survey()
    if odd["quotes"].sum() == 0:
        found.blank.extend(odd.filter("blank")["line"])
        rest = odd.filter(~pl.col("blank"))
        returns = rest["bare_return"]
        found.faults["return"] += rest.filter(returns)["line"].to_list()
        found.faults["short"] += rest.filter(~returns & (rest["fields"] < fields))["line"].to_list()
        found.faults["long"] += rest.filter(~returns & (rest["fields"] >= fields))["line"].to_list()
    else:
        _look_at_quotes(odd, data, dialect, fields, trailing, found)
    return found


def _odd_lines(data: bytes, dialect: Dialect, *, trailing: bool) -> pl.DataFrame:
    """List the lines that are blank, or no well-formed row of the right width by themselves."""
    mark, width = dialect.delimiter, len(dialect.header)
    text = pl.col("text")
    fields = text.str.count_matches(mark, literal=True) + 1
    quotes = text.str.count_matches('"', literal=True)
    if width <= _WIDEST_PATTERN:
        whole = text.str.contains(f"^(?:{_pattern(dialect, trailing)})$")
    else:
        plain = text.str.contains(f"^(?:{row_pattern(mark)})$") & (quotes == 0)
        whole = plain & (fields == width + trailing)
        if trailing:
            whole &= text.str.ends_with(mark)
    blank = text.str.contains(f"^[ \\t\\r\\x{ord(mark):02x}]*$")
    return (
        pl.scan_lines(data, name="text", row_index_name="line", row_index_offset=1, glob=False)
        .filter((pl.col("line") >= dialect.line) & (~whole | blank))
        .select(
            "line",
            blank=blank & (fields <= width + trailing),
            fields=fields,
            quotes=quotes,
            bare_return=text.str.contains("\r", literal=True),
        )
        .collect()
        .sort("line")
    )


def _pattern(dialect: Dialect, trailing: bool) -> str:
    tail = f"\\x{ord(dialect.delimiter):02x}" if trailing else ""
    return row_pattern(dialect.delimiter, f"{{{len(dialect.header) - 1}}}") + tail


def _look_at_quotes(
    odd: pl.DataFrame, data: bytes, dialect: Dialect, fields: int, trailing: bool, found: Survey
) -> None:
    """Walk the odd lines of a text with quotes.

    A whole row has an even number of quotes, so a row that runs over lines goes from one line with
    an odd number to the next such line; no line between them needs to be looked at.
    """
    lines = Lines(data)
    whole = re.compile(_pattern(dialect, trailing))
    tangled = odd.filter(pl.col("quotes") % 2 == 1)["line"].to_list()
    done = faults = 0
    columns = (odd[title].to_list() for title in ("line", "blank", "quotes"))
    for line, blank, quotes in zip(*columns, strict=True):
        if line <= done or faults == MOST_SPOTS:
            continue
        if blank:
            found.blank.append(line)
            continue
        last = line
        if quotes % 2:
            following = bisect_right(tangled, line)
            last = tangled[following] if following < len(tangled) else 0
        text = lines.between(line, last, 2 * LONGEST_FIELD) if last else None
        if text is not None and whole.fullmatch(text):
            found.inner.extend(range(line + 1, last + 1))
            done = last
            continue
        kind = "open" if text is None else _fault(text, dialect, fields, last > line)
        found.faults[kind].append(line)
        faults += 1
        if kind in {"long", "short"}:
            done = last


def _fault(text: str, dialect: Dialect, fields: int, several_lines: bool) -> str:
    """Say what is wrong with a row that does not match the pattern."""
    row = split_row(text, dialect.delimiter)
    if row is not None:
        return "short" if len(row) < fields else "long"
    if several_lines:
        return "open"
    if "\r" in re.sub('"[^"]*"', "", text):
        return "return"
    return "stray"


def fault_findings(found: Survey, data: bytes, name: str, dialect: Dialect) -> list[Finding]:
    """Word the faults of a survey, one finding a kind, every line of it a spot."""
    findings = []
    for kind, all_lines in found.faults.items():
        if not all_lines:
            continue
        code, message, fix = _FAULTS[kind]
        lines = Lines(data)
        listed = all_lines[:MOST_SPOTS]
        spots = tuple(Spot(name, line, lines.text(line, _SHOWN_ROW)) for line in listed)
        value = f"the row is {shown(spots[0].value or '')}"
        if kind in {"long", "short"}:
            row = split_row(Lines(data).text(listed[0]), dialect.delimiter)
            if row is not None:
                has = counted(len(row), "field")
                value = f"the row has {has}, the header has {len(dialect.header)}"
        findings.append(Finding(code, message, spots, value=value, fix=fix))
    return findings
