"""Reads Parquet with its own types, and survives what hostile files do to the reader."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from retcalc.core.findings import Finding
from retcalc.read.id_codes import CODE
from retcalc.read.polars_guard import POLARS_FAILURES, silenced
from retcalc.read.selection import LOOKED_AT, Wanted
from retcalc.read.text.dialect import LINE, MOST_COLUMNS, Accepts, is_reserved
from retcalc.read.wording import note, refuse, shown

_MOST_ROWS = 2**32 - 2  # Polars' own limit, and that of the row number
_BOMB_RATIO = 200
_DIGITS = 18  # that 64 bits always hold
_PROBE_SECONDS = 120
_NO_CELLS = (pl.List, pl.Array, pl.Map, pl.Struct, pl.Duration, pl.Object, pl.Unknown)
# What Polars says of types it cannot hold, and what to say of it.
_UNREADABLE = {
    "time zone": ("a column has a time zone without a name", "write its timestamps in UTC"),
    "precision": ("a decimal column has more than 38 digits", "write it with 38 digits at most"),
}

Kinds = Mapping[str, pl.DataType]


@dataclass(frozen=True, slots=True)
class Part:
    """A Parquet file to read: bytes, or the address of a remote one."""

    name: str
    source: bytes | str
    keys: tuple[tuple[str, str | None], ...] = ()


def read_parquet(
    part: Part, wanted: Wanted, *, max_bytes: int, untrusted: bool
) -> tuple[pl.DataFrame, Kinds, tuple[str, ...], list[Finding], int]:
    """Read a Parquet file; raises RetcalcError (RC303, RC312, RC314, RC322, RC323, RC325).

    Gives the frame with LINE, the row number from 1; the types that its columns of codes and of
    whole units have in the file; the header; notes; and the number of rows in the file. The
    ``key=value`` folders it lies in are text columns behind its own.
    """
    if untrusted and isinstance(part.source, bytes):
        _probe(part.name, part.source)
    try:
        with silenced():
            schema = _scan(part).collect_schema()
            rows = int(_scan(part).select(pl.len()).collect().item())
    except POLARS_FAILURES as error:
        raise _damaged(part, str(error)) from None
    keys = {key: value for key, value in part.keys if key not in schema}
    nested = [title for title, kind in schema.items() if isinstance(kind, _NO_CELLS)]
    flat = [title for title in schema if title not in nested]
    header = (*flat, *keys)
    _check(part.name, header, (*schema, *keys), wanted.accepts, nested)
    _refuse_bomb(part, rows, len(wanted.columns(header)), max_bytes)
    try:
        frame, binary = _collected(part, wanted, header, keys, schema, rows)
    except POLARS_FAILURES as error:
        raise _damaged(part, str(error)) from None
    notes = list[Finding]()
    if binary:
        message = f"columns of bytes that are not UTF-8 left out: {shown(', '.join(binary))}"
        notes.append(note("RC811", message, part.name))
    if nested:
        message = (
            f"columns that hold lists, records or durations left out: {shown(', '.join(nested))}"
        )
        notes.append(note("RC811", message, part.name))
    coded = [title for title in wanted.coded(header) if title not in binary]
    kinds = {CODE + title: schema.get(title, pl.String()) for title in coded}
    kinds |= {title: schema[title] for title in _countable(wanted, header, schema)}
    return frame, kinds, tuple(t for t in header if t not in binary), notes, rows


def _collected(
    part: Part,
    wanted: Wanted,
    header: Sequence[str],
    keys: Mapping[str, str | None],
    schema: pl.Schema,
    rows: int,
) -> tuple[pl.DataFrame, list[str]]:
    """The wanted columns, and the columns of bytes that were left out."""
    wanted.look(header, lambda titles: _first_rows(part, titles, schema))
    kept = wanted.columns(header)
    own = [title for title in kept if title not in keys]
    texts = [pl.lit(keys[title], pl.String).alias(title) for title in kept if title in keys]
    scan = _scan(part, row_index_name=LINE, row_index_offset=1).select(*own, LINE)
    scan = scan.with_columns(*texts, pl.col(LINE).cast(pl.UInt32)).select(*kept, LINE)
    with silenced():
        binary = list[str]()
        if any(schema.get(title) == pl.Binary for title in own):
            held, binary = _with_texts(part.name, scan.collect(), header, wanted.accepts)
            scan = held.lazy()
        units = pl.col(_countable(wanted, header, schema)).to_physical()
        scan = scan.with_columns(units.cast(pl.Int64, wrap_numerical=True))
        coded = [title for title in wanted.coded(header) if title not in binary]
        frame = wanted.coders.collect(scan, coded, rows)
    if frame.height != rows:
        raise _damaged(part)
    return frame, binary


def _first_rows(part: Part, titles: Sequence[str], schema: pl.Schema) -> pl.DataFrame:
    """The texts and flags among some columns of the first rows, to look at."""
    texts = [t for t in titles if schema.get(t) in (pl.String, pl.Boolean) or _is_list(schema, t)]
    with silenced():
        return _scan(part).select(texts).head(LOOKED_AT).collect()


def _is_list(schema: pl.Schema, title: str) -> bool:
    """True for a column of words from a fixed list."""
    return isinstance(schema.get(title), pl.Categorical | pl.Enum)


def _countable(wanted: Wanted, header: Sequence[str], schema: pl.Schema) -> list[str]:
    """Columns of decimals that 64 bits hold, which is half of what they take."""
    kinds = {title: schema.get(title) for title in wanted.counted(header)}
    return [t for t, k in kinds.items() if isinstance(k, pl.Decimal) and k.precision <= _DIGITS]


def _with_texts(
    name: str, frame: pl.DataFrame, header: Sequence[str], accepts: Accepts
) -> tuple[pl.DataFrame, list[str]]:
    """Read columns of bytes as UTF-8; gives also those that hold something else."""
    binary: list[str] = []
    for title in (t for t in frame.columns if frame[t].dtype == pl.Binary):
        try:
            frame = frame.with_columns(pl.col(title).cast(pl.String))
        except POLARS_FAILURES:
            binary.append(title)
            if accepts(header) and not accepts([t for t in header if t not in binary]):
                rows = enumerate(frame[title], 1)
                row = next(row for row, value in rows if value != _repaired(value))
                message = f"the column {shown(title)} holds bytes that are not UTF-8"
                fix = "write the column as text"
                raise refuse("RC303", message, name, line=row, fix=fix) from None
    return frame.drop(binary), binary


def _repaired(value: bytes | None) -> bytes | None:
    return None if value is None else value.decode("utf-8", "replace").encode()


def _scan(part: Part, **row_index: Any) -> pl.LazyFrame:
    return pl.scan_parquet(part.source, glob=False, hive_partitioning=False, **row_index)


def _check(
    name: str,
    header: Sequence[str],
    with_nested: Sequence[str],
    accepts: Accepts,
    nested: Sequence[str],
) -> None:
    if len(with_nested) > MOST_COLUMNS:
        raise refuse("RC311", f"more than {MOST_COLUMNS:,} columns", name)
    for title in with_nested:
        if is_reserved(title):
            message = f"a column may not be called {shown(title)}"
            raise refuse("RC314", message, name, fix="rename the column")
    if nested and not accepts(header) and accepts(with_nested):
        message = "a column that is needed holds lists, records or durations"
        value = f"such columns are {shown(', '.join(nested))}"
        raise refuse("RC323", message, name, value=value, fix="write it as plain columns")


def _refuse_bomb(part: Part, rows: int, columns: int, max_bytes: int) -> None:
    """Refuse what a tiny file claims to hold; a cell takes at least a byte or eight in memory."""
    least = 8 * rows * columns
    packed = len(part.source) if isinstance(part.source, bytes) else max_bytes
    if rows > _MOST_ROWS or (least > max_bytes and least > _BOMB_RATIO * packed):
        message = f"{packed:,} bytes claim to hold {rows:,} rows"
        fix = "if that is right, write the table in smaller files"
        raise refuse("RC325", message, part.name, fix=fix)


def _damaged(part: Part, said: str = "") -> Exception:
    if isinstance(part.source, str):
        return refuse("RC407", "the address cannot be read as Parquet", part.name)
    if "more than one occurrence" in said:
        message, fix = "several columns have the same name", "rename or remove one of them"
        return refuse("RC312", message, part.name, fix=fix)
    for word, (message, fix) in _UNREADABLE.items():
        if word in said:
            return refuse("RC322", message, part.name, fix=fix)
    if part.source[-4:] not in {b"PAR1", b"PARE"}:
        return refuse("RC322", "the Parquet file is cut: its end is missing", part.name)
    message = "the Parquet file is damaged, encrypted or uses a feature that is not known"
    return refuse("RC322", message, part.name, fix="write it again, without encryption")


def _probe(name: str, source: bytes) -> None:
    """Read an untrusted file in a child process first: what kills it, kills the child."""
    command = [sys.executable, "-P", "-m", "retcalc.read.parquet.probe"]
    try:
        done = subprocess.run(  # noqa: S603 (our own module, nothing of the user's)
            command, input=source, capture_output=True, timeout=_PROBE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done is None or done.returncode != 0:
        raise refuse("RC322", "the Parquet file breaks the reader", name)
