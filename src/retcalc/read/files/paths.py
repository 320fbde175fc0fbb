"""From what the user named to the files to open: existence, kind, folders of files.

Nothing is globbed and nothing but the file system is asked; a name is always taken literally.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote

from retcalc.core.findings import Finding, nearest
from retcalc.read.wording import counted, note, refuse

STDIN = "-"
MOST_FILES = 65_535  # the file index is a UInt16

TEXTS = tuple(e + p for e in (".csv", ".tsv", ".xlsx") for p in ("", ".gz", ".zst"))
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True)
class Place:
    """One thing to read. ``keys`` are the ``key=value`` folders between a given folder and it."""

    path: str
    remote: bool = False
    keys: tuple[tuple[str, str | None], ...] = ()


def expand(paths: Sequence[str], *, remote: bool) -> tuple[list[Place], list[Finding]]:
    """List the files behind the given paths, in order; raises RetcalcError (RC401-RC410)."""
    places: list[Place] = []
    notes: list[Finding] = []
    for path in paths:
        if path == STDIN:
            places.append(Place(path))
        elif _SCHEME.match(path):
            places.append(_remote(path, allowed=remote))
        elif stat.S_ISDIR(_stat(path).st_mode):
            parts, others = _folder(path)
            places += parts
            notes += others
        else:
            places.append(Place(path))
    if len(places) > MOST_FILES:
        raise refuse("RC409", f"more than {MOST_FILES:,} files at once", paths[0])
    _check_once(places)
    return places, notes


def refuse_os_error(path: str, error: OSError) -> NoReturn:
    """Raise the finding that stands for an operating system error about a path."""
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            raise refuse("RC401", "no such file", path, fix=_did_you_mean(path)) from None
        case errno.EACCES | errno.EPERM:
            raise refuse("RC403", "no permission to read this file", path) from None
        case errno.ELOOP:
            raise refuse("RC405", "this link points back to itself", path) from None
        case _:
            reason = (error.strerror or "input/output error").lower()
            raise refuse("RC408", f"the file cannot be read: {reason}", path) from None


def _stat(path: str) -> os.stat_result:
    """Stat a path that must be a regular file or a folder."""
    try:
        found = os.stat(path)  # noqa: PTH116 (a Path would tidy the name the user gave)
    except OSError as error:
        refuse_os_error(path, error)
    except ValueError:  # a NUL in the name
        raise refuse("RC401", "no such file", path) from None
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        raise refuse(
            "RC404",
            "this is a device, pipe or socket, not a file",
            path,
            fix="to read a pipe, give - as the file: zcat data.csv.gz | retcalc … -",
        )
    return found


def _did_you_mean(path: str) -> str | None:
    target = Path(path)
    try:
        names = [each.name for each in target.parent.iterdir()]
    except OSError:
        return None
    near = nearest(target.name, names)
    return f"did you mean {target.parent / near}?" if near else None


def _remote(path: str, *, allowed: bool) -> Place:
    if not allowed:
        raise refuse(
            "RC406",
            "this is a network address, and nothing is fetched without being asked",
            path,
            fix="--remote   or download the file first",
        )
    return Place(path, remote=True)


def _folder(folder: str) -> tuple[list[Place], list[Finding]]:
    """List the Parquet parts under a folder, or the texts and workbooks in it, sorted.

    Hidden and ``_``-names are bookkeeping.
    """
    parts: list[Path] = []
    others = 0

    def fail(error: OSError) -> NoReturn:
        refuse_os_error(error.filename or folder, error)

    for root, folders, files in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if name[0] not in "._"]
        here = Path(root)
        others += sum((here / name).is_symlink() for name in folders)
        for name in files:
            if name.endswith(".parquet") and name[0] not in "._":
                parts.append(here / name)
            elif name[0] not in "._":
                others += 1
    kind = ".parquet"
    if not parts:
        parts, kind = _texts(folder), ".csv, .tsv or .xlsx"
        others -= len(parts)
    places = [Place(str(part), keys=_keys(part.relative_to(folder))) for part in sorted(parts)]
    for place in places:
        if stat.S_ISDIR(_stat(place.path).st_mode):
            raise refuse("RC404", "this is a folder, not a Parquet part", place.path)
    ignored = counted(others, "entry", "entries")
    message = f"{ignored} of the folder not ending in {kind} ignored"
    return places, [note("RC812", message, folder)] if others else []


def _texts(folder: str) -> list[Path]:
    """The texts and workbooks that lie in a folder itself."""
    names = [each for each in Path(folder).iterdir() if each.name[0] not in "._"]
    found = [each for each in names if each.name.lower().endswith(TEXTS)]
    if not found:
        message = "this folder holds no .parquet, .csv, .tsv or .xlsx file"
        fix = "name the files themselves" if names else None
        raise refuse("RC402", message, folder, fix=fix)
    return found


def _keys(part: Path) -> tuple[tuple[str, str | None], ...]:
    keys = (name.partition("=") for name in part.parts[:-1] if "=" in name)
    return tuple((unquote(k), None if v == _HIVE_NULL else unquote(v)) for k, _, v in keys)


def _check_once(places: Sequence[Place]) -> None:
    """Refuse a file that is given twice: its money would count twice."""
    seen: dict[tuple[int, int] | str, str] = {}
    for place in places:
        if place.remote or place.path == STDIN:
            key: tuple[int, int] | str = place.path
        else:
            found = _stat(place.path)
            key = (found.st_dev, found.st_ino)
        if key in seen:
            same = f"it was given before as {seen[key]}"
            fix = "name it once"
            raise refuse("RC410", "this file is given twice", place.path, value=same, fix=fix)
        seen[key] = place.path
