"""From clean text and its dialect to the frame of rows: all columns text, with line numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.speed.threads import run_both
from retcalc.read.polars_guard import POLARS_FAILURES
from retcalc.read.selection import LOOKED_AT
from retcalc.read.text.dialect import (
    BOM,
    LINE,
    LONGEST_FIELD,
    MOST_BLANK,
    Dialect,
    too_blank,
)
from retcalc.read.text.lines import Lines, record_end, split_row
from retcalc.read.text.row_check import fault_findings, survey
from retcalc.read.wording import MOST_SPOTS, counted, note, refuse, spots

_SAMPLES, _SAMPLE = 64, 4096  # pieces of a text and their bytes
_FIRST = 1 << 18  # bytes of the first rows that are looked at
_EXTRA = "__extra"  # the empty column behind a trailing delimiter


def read_rows(
    data: bytes,
    name: str,
    dialect: Dialect,
    keep: Sequence[str],
    aside: Collection[int] = (),
) -> tuple[pl.DataFrame, list[Finding]]:
    """Read all rows; raises RetcalcError with every row that is not well formed.

    Lines left ``aside`` before are no blank lines of the file.

    The frame has the ``keep`` columns in their order, pl.String with "" for an empty field, and
    LINE, the physical line a row begins on.
    """
    _refuse_long_fields(data, name, dialect)
    _refuse_blank_stretch(data, name, dialect)
    if data.startswith(BOM, dialect.offset):  # Polars would drop it from the first cell
        message = "a byte order mark stands below the header: files were put together"
        raise refuse("RC328", message, name, line=dialect.line, fix="give them one by one")
    blank = list(dialect.blank_lines)
    trailing = _ends_with_delimiter(data, dialect)
    if dialect.offset >= len(data):
        frame: pl.DataFrame | None = pl.DataFrame(
            schema={**dict.fromkeys(keep, pl.String), LINE: pl.UInt32}
        )
    else:
        frame = _read_plain(data, dialect, keep, trailing=trailing)
    if frame is None:
        frame, more_blank, trailing = _read_surveyed(data, name, dialect, keep, trailing=trailing)
        blank += more_blank
    _refuse_repeated_header(frame, data, name, dialect, keep)
    notes = []
    blank = [line for line in blank if line not in aside]
    if blank:
        message = f"{counted(len(blank), 'blank line')} skipped"
        notes.append(Finding("RC804", message, spots(name, blank[:MOST_SPOTS])))
    if trailing:
        notes.append(note("RC807", "every row ends with a delimiter too many", name, dialect.line))
    if frame.height and not data.endswith(b"\n"):
        message = "the file does not end with a line break; its last row may be cut"
        notes.append(note("RC806", message, name, frame[LINE][-1]))
    return frame.drop(_EXTRA, strict=False), notes


def first_rows(data: bytes, dialect: Dialect, keep: Sequence[str]) -> pl.DataFrame:
    """Some columns of the first rows, to look at; lines that are no row of their own are passed."""
    text = data[dialect.offset : dialect.offset + _FIRST].decode("utf-8", "ignore")
    rows = (split_row(line, dialect.delimiter) for line in text.splitlines()[:LOOKED_AT])
    whole = [row for row in rows if row is not None and len(row) >= len(dialect.header)]
    places = {title: dialect.header.index(title) for title in keep if title in dialect.header}
    return pl.DataFrame({title: [row[n] for row in whole] for title, n in places.items()})


def _read_plain(
    data: bytes, dialect: Dialect, keep: Sequence[str], *, trailing: bool
) -> pl.DataFrame | None:
    """Read a text without quotes, blank lines and faults; None when it has any of them.

    Polars refuses a row that is too long, so when the number of delimiters is right in total, it
    is right in every row.
    """
    mark = dialect.delimiter.encode()
    more = len(dialect.header) + trailing - 1  # delimiters a row
    last_line = data.rfind(b"\n") + 1
    if (
        more == 0
        or data.find(b'"', dialect.offset) >= 0
        # Polars overlooks a delimiter at the very end.
        or (last_line < len(data) and data.count(mark, last_line) != more)
        or _has_lone_return(data)
    ):
        return None
    try:
        frame, marks = run_both(
            lambda: _scan(data, dialect, keep, trailing=trailing, quoted=False),
            lambda: data.count(mark, dialect.offset),
        )
    except POLARS_FAILURES:
        return None
    if marks != more * frame.height:
        return None
    empty_rows = pl.all_horizontal(pl.col(*keep) == "") if keep else pl.lit(True)
    extra = frame[_EXTRA].ne("").any() if trailing else False
    return None if extra or not frame.filter(empty_rows).is_empty() else frame


def _read_surveyed(
    data: bytes, name: str, dialect: Dialect, keep: Sequence[str], *, trailing: bool
) -> tuple[pl.DataFrame, list[int], bool]:
    """Look at all lines, then read: gives the frame, the blank lines, and ``trailing`` settled."""
    endless = _endless_quote(data, dialect)
    found = survey(data[:endless], dialect, trailing=trailing)
    if trailing and any(found.faults.values()):
        trailing = False
        found = survey(data[:endless], dialect, trailing=False)
    if any(found.faults.values()):
        raise RetcalcError(fault_findings(found, data, name, dialect))
    if endless is not None:
        raise _unreadable(name)
    lines = data.count(b"\n", dialect.offset) + (not data.endswith(b"\n"))
    try:
        frame = _scan(data, dialect, keep, trailing=trailing, quoted=True)
    except POLARS_FAILURES:
        raise _unreadable(name) from None
    if frame.height != lines - len(found.inner):
        raise _unreadable(name)
    if found.inner:
        numbers = pl.int_range(dialect.line, dialect.line + lines, dtype=pl.UInt32, eager=True)
        inner = pl.Series(found.inner, dtype=pl.UInt32)
        frame = frame.with_columns(numbers.filter(~numbers.is_in(inner.implode())).alias(LINE))
    if found.blank:
        dropped = pl.Series(found.blank, dtype=pl.UInt32)
        frame = frame.filter(~pl.col(LINE).is_in(dropped.implode()))
    return frame, found.blank, trailing


def _scan(
    data: bytes, dialect: Dialect, keep: Sequence[str], *, trailing: bool, quoted: bool
) -> pl.DataFrame:
    """Let Polars read the rows; its columns are named by position, so that any header goes."""
    width = len(dialect.header)
    places = {title: str(place) for place, title in enumerate(dialect.header)}
    columns = [pl.col(places[title]).alias(title) for title in keep]
    if trailing:
        columns.append(pl.col(str(width)).alias(_EXTRA))
    rows = pl.scan_csv(
        data,
        has_header=False,
        schema={str(place): pl.String for place in range(width + trailing)},
        separator=dialect.delimiter,
        quote_char='"' if quoted else None,
        skip_lines=dialect.line - 1,
        infer_schema=False,
        empty_string_is_null=False,
        row_index_name=LINE,
        row_index_offset=dialect.line,
        glob=False,
    ).select(*columns, pl.col(LINE).cast(pl.UInt32))
    # With the projection pushed down, Polars would no longer see that a row is too long.
    return rows.collect(optimizations=pl.QueryOptFlags(projection_pushdown=False))


def _ends_with_delimiter(data: bytes, dialect: Dialect) -> bool:
    """Tell whether the first row has one field more than the header, an empty last one."""
    end = record_end(data, dialect.offset, LONGEST_FIELD)
    text = data[dialect.offset : end].decode().rstrip("\r\n") if end else ""
    row = split_row(text, dialect.delimiter) if text.endswith(dialect.delimiter) else None
    return row is not None and len(row) == len(dialect.header) + 1


def _has_lone_return(data: bytes) -> bool:
    """Tell whether a carriage return stands anywhere but before a line feed."""
    if b"\r" not in data:
        return False
    lines = pl.scan_lines(data, name="text", glob=False)
    return bool(
        lines.select(pl.col("text").str.contains("\r", literal=True).any()).collect().item()
    )


def _refuse_long_fields(data: bytes, name: str, dialect: Dialect) -> None:
    """Refuse a field above 1 MiB, looking only where no line ends for that long."""
    offset = dialect.offset
    while offset + LONGEST_FIELD < len(data):
        stop = offset + LONGEST_FIELD + 1
        end = max(
            data.rfind(b"\n", offset, stop), data.rfind(dialect.delimiter.encode(), offset, stop)
        )
        if end < 0:
            line = data.count(b"\n", 0, offset) + 1
            raise refuse("RC310", "a field is longer than 1 MiB", name, line=line)
        offset = end + 1


def _refuse_blank_stretch(data: bytes, name: str, dialect: Dialect) -> None:
    """Refuse endless blank lines, each of which would take the memory of a row.

    Only a text that looks like it in one of many places is counted through.
    """
    step = max(len(data) // _SAMPLES, _SAMPLE)
    starts = range(dialect.offset, len(data), step)
    if any(b"\n\n" in (part := data[i : i + _SAMPLE]) or b"\n\r\n" in part for i in starts):
        breaks = (b"\n\n", b"\n\r\n")
        if 2 * sum(data.count(each, dialect.offset) for each in breaks) > MOST_BLANK:
            raise too_blank(name)


def _endless_quote(data: bytes, dialect: Dialect) -> int | None:
    """Give where a quote has been open for 1 MiB; what follows says nothing more."""
    offset, opened = dialect.offset, 0
    while offset + LONGEST_FIELD < len(data):
        end = data.rfind(b'"', offset, offset + LONGEST_FIELD)
        if end < 0 and opened % 2:
            return offset
        stop = (end if end >= 0 else data.find(b'"', offset)) + 1
        if stop == 0:
            return None
        opened += data.count(b'"', offset, stop)
        offset = stop
    return None


def _refuse_repeated_header(
    frame: pl.DataFrame, data: bytes, name: str, dialect: Dialect, keep: Sequence[str]
) -> None:
    if not keep:
        return
    raw = dict(zip(dialect.header, dialect.raw_header, strict=True))
    alike = pl.all_horizontal(pl.col(title) == raw[title] for title in keep)
    candidates = frame.filter(alike)[LINE].to_list()
    lines = Lines(data)
    repeated = [
        line
        for line in candidates
        if split_row(lines.text(line), dialect.delimiter) == list(dialect.raw_header)
    ]
    if repeated:
        raise RetcalcError(
            Finding(
                "RC319",
                f"the header stands again among the rows ({counted(len(repeated), 'time')})",
                spots(name, repeated[:MOST_SPOTS]),
                fix="remove the repeated lines, or give the parts as files of their own",
            )
        )


def _unreadable(name: str) -> RetcalcError:
    return refuse("RC399", "the rows cannot be told apart", name, fix="save the table anew as CSV")
