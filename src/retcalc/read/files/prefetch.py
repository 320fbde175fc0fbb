"""Files as they are stored: read whole, hashed meanwhile; a large one while the program loads."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from retcalc.core.speed.threads import start

_LARGE = 1 << 20  # bytes; a smaller file is not worth a thread


@dataclass(frozen=True, slots=True)
class Stored:
    """The bytes of a file, their SHA-256, and whether the file stayed the same meanwhile."""

    data: bytes
    sha256: Future[str]
    same: bool = True


_begun: dict[str, Future[Stored]] = {}


def begin(paths: Sequence[str]) -> None:
    """Begin to read the first of some files, where it is a large one.

    What cannot be read is left to ``read_stored``, which raises what is wrong.
    """
    _begun.clear()
    try:
        found = os.stat(paths[0])  # noqa: PTH116
    except (IndexError, OSError, ValueError):
        return
    if stat.S_ISREG(found.st_mode) and found.st_size >= _LARGE:
        _begun[paths[0]] = start(lambda: _read(paths[0]))


def read_stored(path: str) -> Stored:
    """Read a file, or wait for what has begun; raises OSError, MemoryError and ValueError."""
    begun = _begun.pop(path, None)
    if begun is None or begun.exception() is not None:
        return _read(path)
    return begun.result()


def hashed(data: bytes, *, same: bool = True) -> Stored:
    """Bytes whose SHA-256 is being found."""
    return Stored(data, start(lambda: hashlib.sha256(data).hexdigest()), same)


def _read(path: str) -> Stored:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        before = os.fstat(file.fileno())
        data = file.readall()
        after = os.fstat(file.fileno())
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return hashed(data, same=same and len(data) == after.st_size)
