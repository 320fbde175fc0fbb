"""From a place to its bytes: opened once, watched for changes, decompressed under a cap.

What a file is, its first bytes say; its name is only compared with that.
"""

from __future__ import annotations

import gzip
import io
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from retcalc.core.findings import Finding
from retcalc.read.files.paths import STDIN, Place, refuse_os_error
from retcalc.read.files.prefetch import Stored, hashed, read_stored
from retcalc.read.polars_guard import POLARS_FAILURES, silenced
from retcalc.read.wording import note, refuse

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_CHUNK = 1 << 20
# No real export shrinks this well; below the floor the ratio does not matter.
_BOMB_RATIO = 200
_BOMB_FLOOR = 64 * 2**20

# Thrift or other binary follows the letters; a header line that starts with them is text.
_PARQUET = re.compile(rb"PAR1(?![ -~\s])")
_FOREIGN: tuple[tuple[re.Pattern[bytes], str, str], ...] = tuple(
    (re.compile(magic), what, fix)
    for magic, what, fix in (
        (rb"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "export the sheet as CSV"),
        (rb"BZh[1-9]1AY&SY", "compressed with bzip2", "unpack it first: bunzip2 FILE"),
        (rb"\xfd7zXZ\0", "compressed with xz", "unpack it first: unxz FILE"),
        (rb"7z\xbc\xaf", "a 7z archive", "unpack it first"),
        (rb"\x1f\x8b|\x28\xb5\x2f\xfd", "compressed twice", "unpack it once"),
        (rb"\x78[\x01\x9c\xda](?![ -~]{4})", "compressed with zlib", "unpack it first"),
        (rb"\x04\x22\x4d\x18", "compressed with lz4", "unpack it first: unlz4 FILE"),
        (rb"(?s).{257}ustar", "a tar archive", "unpack it first: tar -xf FILE"),
        (rb"PARE(?![ -~]{4})", "an encrypted Parquet file", "write it without encryption"),
        (rb"ARROW1\0", "an Arrow (Feather) file", "write it as Parquet"),
        (rb"ORC(?![ -~\s])", "an ORC file", "write it as Parquet"),
        (rb"Obj\x01", "an Avro file", "write it as Parquet"),
        (rb"SQLite format 3\0", "an SQLite database", "export the table as CSV"),
        (rb"%PDF-", "a PDF document", "export the table as CSV"),
    )
)
_WORKBOOK = re.compile(rb"\[Content_Types\]\.xml|_rels/|xl/|mimetypeapplication/vnd\.oasis")


@dataclass(frozen=True, slots=True)
class Content:
    """A stored file and what its bytes unpack to (the same object when not packed)."""

    name: str
    stored: Stored
    data: bytes

    @property
    def is_parquet(self) -> bool:
        """True when the content is Parquet, whatever the file is called."""
        return _PARQUET.match(self.data) is not None

    @property
    def is_workbook(self) -> bool:
        """True when the content is a workbook, whatever the file is called."""
        return _is_workbook(self.data)


def fetch(place: Place, max_bytes: int) -> Content:
    """Read a local file or standard input whole; raises RetcalcError.

    ``max_bytes`` caps what a compressed file may unpack to.
    """
    stored = _read_stdin() if place.path == STDIN else _read_file(place.path)
    data = _unpacked(stored.data, place.path, max_bytes)
    _refuse_foreign(data, place.path)
    return Content(place.path, stored, data)


def name_notes(content: Content) -> list[Finding]:
    """Note a name that promises another kind of content than there is."""
    path = Path(content.name)
    packed_name = path.suffix.lower() in {".gz", ".zst"}
    ending = (path.with_suffix("") if packed_name else path).suffix.lower()
    if packed_name and content.data is content.stored.data:
        return [note("RC810", f"named {path.suffix} but not compressed", content.name)]
    if content.is_parquet and ending in {".csv", ".tsv", ".txt"}:
        return [note("RC810", f"named {ending} but holds Parquet", content.name)]
    if content.is_workbook:
        if ending not in {".xlsx", ".xlsm", ".ods"}:
            return [note("RC810", f"named {ending} but holds a workbook", content.name)]
        return []
    if not content.is_parquet and ending in {".parquet", ".pq"}:
        return [note("RC810", f"named {ending} but holds text", content.name)]
    return []


def _read_stdin() -> Stored:
    try:
        return hashed(sys.stdin.buffer.read())
    except OSError as error:
        refuse_os_error(STDIN, error)
    except (AttributeError, ValueError):  # no standard input, or a closed one
        raise refuse("RC408", "there is no standard input to read", STDIN) from None


def _read_file(path: str) -> Stored:
    try:
        stored = read_stored(path)
    except OSError as error:
        refuse_os_error(path, error)
    except MemoryError:
        raise refuse("RC411", "the file does not fit in memory", path) from None
    if not stored.same:
        raise refuse("RC326", "the file changed while it was read", path, fix="run again")
    return stored


def _unpacked(stored: bytes, name: str, max_bytes: int) -> bytes:
    if stored.startswith(_GZIP):
        chunks = _gunzip(stored, name)
    elif stored.startswith(_ZSTD):
        chunks = _unzstd(stored, name)
    else:
        return stored
    out = io.BytesIO()
    with silenced():
        for chunk in chunks:
            out.write(chunk)
            size = out.tell()
            if size > max_bytes or size > max(_BOMB_FLOOR, _BOMB_RATIO * len(stored)):
                raise refuse(
                    "RC325",
                    f"{len(stored):,} bytes unpack to {size:,} and more",
                    name,
                    fix="if that is right, unpack the file first and give the result",
                )
    return out.getvalue()


def _gunzip(stored: bytes, name: str) -> Iterator[bytes]:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(stored)) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except (OSError, EOFError, zlib.error):
        raise refuse("RC324", "the compressed file is damaged or cut", name) from None


# A zstd frame of one full stop. Polars hands out lines, so a last line break would be lost;
# behind this tail nothing is the last line.
_TAIL = bytes.fromhex("28b52ffd2001090000") + b"."


def _unzstd(stored: bytes, name: str) -> Iterator[bytes]:
    """Unpack zstd text with Polars, the only zstd at hand; CRLF comes out as LF."""
    held = b""
    try:
        lines = pl.scan_lines(stored + _TAIL, glob=False)
        for batch in lines.collect_batches(maintain_order=True):
            out = io.BytesIO()
            batch.write_csv(out, include_header=False, quote_style="never")
            yield held
            held = out.getvalue()
    except pl.exceptions.ComputeError:
        raise refuse(
            "RC324",
            "the compressed file holds something else than UTF-8 text",
            name,
            fix="unpack it first: zstd -d FILE",
        ) from None
    except POLARS_FAILURES:
        raise refuse("RC324", "the compressed file is damaged or cut", name) from None
    yield held.removesuffix(b".\n")


def _refuse_foreign(data: bytes, name: str) -> None:
    if data.startswith(b"PK\x03\x04") and not _is_workbook(data):
        fix = "unpack it first: unzip FILE"
        raise refuse("RC317", "this is a zip archive", name, fix=fix)
    for magic, what, fix in _FOREIGN:
        if magic.match(data):
            raise refuse("RC317", f"this is {what}", name, fix=fix)


def _is_workbook(data: bytes) -> bool:
    """Tell a workbook (.xlsx, .xlsm, .ods) by its first bytes."""
    return data.startswith(b"PK\x03\x04") and _WORKBOOK.search(data, 0, 4096) is not None
