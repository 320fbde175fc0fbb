"""Checks every physical line of a text: width, quotes, blank lines, lone carriage returns.

Polars reads well-formed text exactly but a short row, a stray quote or a lone carriage return
silently wrong or without saying where. So one pass of one regular expression over all lines finds
those that are not a whole well-formed row by themselves, and only these are looked at closely.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from retcalc.findings import Finding, Spot
from retcalc.read.dialect import LONGEST_FIELD, Dialect, row_pattern, split_row
from retcalc.read.report import MOST_SPOTS, counted, shown

_UNCLOSED, _STRAY, _RETURN, _LONG, _SHORT, _BIG = "quote", "stray", "return", "long", "short", "big"


@dataclass(frozen=True, slots=True)
class Survey:
    """What is odd about the lines. ``inner`` are the lines that continue a quoted line break."""

    blank: list[int] = field(default_factory=list)
    inner: list[int] = field(default_factory=list)
    faults: dict[str, list[int]] = field(default_factory=dict)


def survey(data: bytes, dialect: Dialect, *, trailing: bool) -> Survey:
    """Look at every line from the first row on.

    With ``trailing`` each row must end with one delimiter too many.
    """
    width = len(dialect.header)
    mark = dialect.delimiter
    code = f"\\x{ord(mark):02x}"
    tail = code if trailing else ""
    pattern = row_pattern(mark, f"{{{width - 1}}}") + tail
    text = pl.col("text")
    whole = text.str.contains(f"^{pattern}$")
    blank = text.str.contains(f"^[ \\t\\r{code}]*$")
    fields = text.str.count_matches(mark, literal=True) + 1
    odd = (
        pl.scan_lines(data, name="text", row_index_name="line", row_index_offset=1, glob=False)
        .filter((pl.col("line") >= dialect.line) & (~whole | blank))
        .select(
            "line",
            blank=blank & (fields <= width + trailing),
            fields=fields,
            quotes=text.str.count_matches('"', literal=True),
            bare_return=text.str.contains("\r", literal=True),
        )
        .collect()
        .sort("line")
    )
    if odd["quotes"].max() in {None, 0}:
        return _without_quotes(odd, width + trailing)
    return _with_quotes(odd, Lines(data), dialect, re.compile(pattern), width + trailing)
