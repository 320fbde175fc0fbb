"""Reads data files into one table: the only door to them.

Whatever is wrong with a file as such is refused here, by name and line; what its cells mean is
not looked at.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.result import Source
from retcalc.read.files.content import Content, fetch, name_notes
from retcalc.read.files.month_columns import month_column
from retcalc.read.files.month_names import MONTH, month_of_name
from retcalc.read.files.paths import STDIN, Place, expand
from retcalc.read.files.prefetch import hashed
from retcalc.read.id_codes import CODE, Distinct, distinct
from retcalc.read.merge import merge_frames, merge_notes
from retcalc.read.polars_guard import POLARS_FAILURES, silenced
from retcalc.read.selection import Planner, Wanted
from retcalc.read.text.dialect import FILE, LINE, Accepts, recognise
from retcalc.read.text.encoding import to_clean_utf8
from retcalc.read.text.rows import first_rows, read_rows
from retcalc.read.text.table_art import without_art
from retcalc.read.wording import counted, note, refuse

if TYPE_CHECKING:
    from retcalc.read.text.workbook import Sheet

__all__ = ["FILE", "LINE", "ReadRules", "Table", "read_table"]


@dataclass(frozen=True, slots=True)
class ReadRules:
    """How the user wants the files read; what is None is recognised.

    ``month_from_name`` gives every row a column month, as the name of its file says.
    ``max_bytes`` caps what a compressed file may unpack to. ``untrusted`` tries a Parquet file in
    a child process first. ``sheet`` is the one to read of a workbook. ``expect_rows`` counts the
    data rows of all files together.
    """

    encoding: str | None = None
    delimiter: str | None = None
    skip_lines: int = 0
    remote: bool = False
    allow_empty: bool = False
    expect_rows: int | None = None
    expect_sha256: str | None = None
    untrusted: bool = False
    sheet: str | None = None
    month_from_name: bool = False
    max_bytes: int = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of all files, in the order given.

    ``frame`` has the materialised columns, then FILE, the index into ``sources`` (UInt16), and
    LINE (UInt32): the physical line a row begins on in a text, the row number from 1 in Parquet.
    Columns of texts are pl.String, "" for an empty field; those of Parquet have their own types.
    Columns that were wanted as codes are only told by ``coded`` and ``text``; decimals that were
    wanted as whole units are Int64 in the frame, of 10**-``scales``, and themselves by ``column``.
    ``header`` names all columns of the first file, materialised or not.
    """

    frame: pl.DataFrame
    header: tuple[str, ...]
    sources: tuple[Source, ...]
    texts: Mapping[str, pl.Series] = field(default_factory=dict)
    scales: Mapping[str, int] = field(default_factory=dict)

    def column(self, title: str) -> pl.Series:
        """A column with the type it has in the file."""
        raw = self.frame[title]
        if title not in self.scales:
            return raw
        return raw.cast(pl.Decimal(38, 0)) * Decimal(1).scaleb(-self.scales[title])

    def codes_or_cells(self, title: str) -> pl.Series:
        """A column as it is held: equal where its texts are, but for null and ""."""
        return self.frame[CODE + title if title in self.texts else title]

    def coded(self, title: str) -> Distinct:
        """A column as texts, "" where null, and their codes."""
        if title in self.texts:
            return Distinct(self.texts[title], self.frame[CODE + title])
        return distinct(self.text(title))

    def text(self, title: str) -> pl.Series:
        """A column as texts, "" where null."""
        if title in self.texts:
            return self.texts[title][self.frame[CODE + title]]
        return self.column(title).cast(pl.String).fill_null("")

    def filter(self, mask: pl.Series) -> Table:
        """The rows where ``mask`` is true, and the texts they have."""
        frame, texts = self.frame.filter(mask), {}
        for title, values in self.texts.items():
            kept = Distinct(values, frame[CODE + title]).used()
            texts[title] = kept.values
            frame = frame.with_columns(kept.codes.alias(CODE + title))
        return replace(self, frame=frame, texts=texts)

    def renamed(self, title: str, name: str) -> Table:
        """A column a second time, under another name."""
        if title not in self.texts:
            return replace(self, frame=self.frame.with_columns(self.column(title).alias(name)))
        codes = self.frame[CODE + title].alias(CODE + name)
        texts = {**self.texts, name: self.texts[title]}
        return replace(self, frame=self.frame.with_columns(codes), texts=texts)

    def __contains__(self, title: str) -> bool:
        """Tell whether a column is materialised."""
        return title in self.texts or title in self.frame.columns


Kinds = Mapping[str, pl.DataType]


@dataclass(frozen=True, slots=True)
class _One:
    """One file, read."""

    frame: pl.DataFrame
    kinds: Kinds
    header: tuple[str, ...]
    source: Source
    notes: list[Finding]


def read_table(
    paths: Sequence[str], rules: ReadRules, planner: Planner
) -> tuple[Table, tuple[Finding, ...]]:
    """Read files, folders of Parquet parts, or ``-`` for standard input.

    ``planner`` tells what to read under a header. A plain table whose header does not fit is
    returned all the same, and the checks of a file cover all of it, whatever is read.

    Raises RetcalcError: RC3xx for content (exit 3), RC4xx for access (exit 4).
    """
    places, notes = expand(paths, remote=rules.remote)
    single, piped = len(places) == 1, any(place.path == STDIN for place in places)
    wanted = Wanted(planner, single=single, settled=piped and not single)
    files = [_read_one(place, rules, wanted) for place in places]
    if wanted.late:
        wanted = Wanted(planner, single=single, sought=wanted.sought, settled=True)
        files = [_read_one(place, rules, wanted) for place in places]
    sources = tuple(file.source for file in files)
    _check_rows(files, rules)
    _check_sha256(sources, rules.expect_sha256)
    frame = merge_frames(
        [file.frame for file in files],
        [file.header for file in files],
        [source.path for source in sources],
        [file.kinds for file in files],
    )
    frame, texts = wanted.coders.sorted(frame)
    notes += [each for file in files for each in file.notes]
    kinds = files[0].kinds.items()
    scales = {t: k.scale for t, k in kinds if isinstance(k, pl.Decimal) and t in frame.columns}
    return Table(frame, files[0].header, sources, texts, scales), merge_notes(notes)


def _read_one(place: Place, rules: ReadRules, wanted: Wanted) -> _One:
    if place.remote and place.path.lower().partition("?")[0].endswith((".parquet", ".pq")):
        frame, kinds, header, notes, count = _parquet(place.path, place.path, rules, wanted)
        notes.append(note("RC813", "no content hash of a remote Parquet file", place.path))
        return _One(frame, kinds, header, Source(place.path, "", count), notes)
    content = _fetch_remote(place) if place.remote else fetch(place, rules.max_bytes)
    if content.is_parquet:
        data = content.name, content.data
        frame, kinds, header, notes, count = _parquet(*data, rules, wanted, place.keys)
    else:
        frame, kinds, header, notes, count = _text(content, rules, wanted)
    notes += name_notes(content)
    source = Source(place.path, content.stored.sha256.result(), count)
    return _One(frame, kinds, header, source, notes)


_Read = tuple[pl.DataFrame, Kinds, tuple[str, ...], list[Finding], int]


def _parquet(
    name: str,
    source: bytes | str,
    rules: ReadRules,
    wanted: Wanted,
    keys: tuple[tuple[str, str | None], ...] = (),
) -> _Read:
    from retcalc.read.parquet.parquet import Part, read_parquet

    part = Part(name, source, keys)
    return read_parquet(part, wanted, max_bytes=rules.max_bytes, untrusted=rules.untrusted)


def _text(content: Content, rules: ReadRules, wanted: Wanted) -> _Read:
    added = {MONTH: month_of_name(content.name)} if rules.month_from_name else {}

    def accepts(header: Sequence[str]) -> bool:
        known = wanted.accepts((*header, *added))
        return known or month_column(header, wanted.accepts) is not None

    raw, notes, sheet = content.data, list[Finding](), None
    if content.is_workbook:
        sheet, notes = _sheet(content, rules, accepts)
        raw = sheet.text
    data, more = to_clean_utf8(raw, content.name, rules.encoding)
    notes += more
    plain = without_art(data, content.name, rules.skip_lines)
    data, notes = plain.data, [*notes, *plain.notes]
    dialect = recognise(
        data,
        content.name,
        accepts,
        delimiter=rules.delimiter,
        skip_lines=rules.skip_lines,
    )
    column = month_column(dialect.header, wanted.accepts)
    if column is not None:
        dialect, added = column.renamed(dialect), {MONTH: column.month}
        notes.append(column.of_one_file(content.name, wanted.months))
    elif MONTH in dialect.header:
        added = {}
    header = (*dialect.header, *added)
    wanted.look(header, partial(first_rows, data, dialect))
    columns = [title for title in wanted.columns(header) if title not in added]
    if sheet is not None:
        sheet.refuse_errors(dialect, columns)
    frame, more = read_rows(data, content.name, dialect, columns, plain.aside)
    if sheet is not None:
        frame, filled = sheet.fill_merged(frame, dialect, wanted.coded(header))
        more += filled
    frame = column.filled(frame) if column is not None else frame
    frame = frame.with_columns(pl.lit(month).alias(title) for title, month in added.items())
    coded = [title for title in wanted.coded(header) if title not in added]
    kinds = dict.fromkeys((CODE + title for title in coded), pl.String())
    frame = wanted.coders.collect(frame.lazy(), coded, frame.height)
    return frame, kinds, header, [*notes, *dialect.notes, *more], frame.height


def _sheet(content: Content, rules: ReadRules, accepts: Accepts) -> tuple[Sheet, list[Finding]]:
    """The sheet of a workbook whose header is known: best right at its top, else further down."""
    from retcalc.read.text.workbook import read_sheet

    def fit(text: bytes) -> int:
        try:
            data = without_art(text, content.name, rules.skip_lines).data
            dialect = recognise(
                data, content.name, accepts, delimiter=",", skip_lines=rules.skip_lines
            )
        except RetcalcError as error:
            return int(error.findings[0].code == "RC315")
        return 2 if accepts(dialect.header) else 0

    return read_sheet(content.data, content.name, rules.sheet, rules.max_bytes, fit)


def _fetch_remote(place: Place) -> Content:
    """Fetch a remote text with Polars; unpacked, and CRLF comes out as LF."""
    out = io.BytesIO()
    try:
        with silenced():
            lines = pl.scan_lines(place.path, glob=False).collect()
            lines.write_csv(out, include_header=False, quote_style="never")
    except POLARS_FAILURES:
        message = "the address cannot be read as UTF-8 text"
        raise refuse("RC407", message, place.path, fix="download the file first") from None
    data = out.getvalue()
    return Content(place.path, hashed(data), data)


def _check_rows(files: Sequence[_One], rules: ReadRules) -> None:
    """Refuse a table without rows, or with another number than expected; note an empty file."""
    total = sum(file.source.rows for file in files)
    if total == 0 and not rules.allow_empty:
        message = "there is a header but no data row"
        raise refuse("RC302", message, files[0].source.path, fix="--allow-empty")
    if rules.expect_rows is not None and total != rules.expect_rows:
        raise refuse(
            "RC391",
            f"{counted(rules.expect_rows, 'row')} expected, {total:,} found",
            files[0].source.path,
            fix=f"--expect-rows {total}   if that is right; else check the export",
        )
    for file in files:
        if file.source.rows == 0 and total:
            file.notes.append(note("RC814", "a file without data rows", file.source.path))


def _check_sha256(sources: Sequence[Source], expected: str | None) -> None:
    if expected is None:
        return
    first = sources[0]
    if len(sources) > 1:
        message = f"one content hash is given for {len(sources)} files"
        raise refuse("RC392", message, first.path, fix="read one file, or drop --expect-sha256")
    if first.sha256 != expected.strip().lower():
        message = "the file is not the one expected"
        fix = f"--expect-sha256 {first.sha256}   if it is the new one; else check the export"
        raise refuse("RC392", message, first.path, value="its content has changed", fix=fix)
