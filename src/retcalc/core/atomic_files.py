"""The only place that writes: whole files or nothing, and standard output."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from retcalc.core.findings import Finding, RetcalcError, Spot

_SUFFIX = ".retcalc-tmp"
_NAME_BYTES = 200  # of the name, kept in that of its temporary file; file systems allow 255
_FULL = ("RC451", "there is no space left")
_FORBIDDEN = ("RC452", "there is no permission")
_NO_FOLDER = ("RC454", "its folder does not exist")
_NO_NAME = ("RC455", "the name is of no use")
_REASONS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: ("RC452", "the file system is read-only"),
    errno.EISDIR: ("RC453", "it is a folder"),
    errno.ENOENT: _NO_FOLDER,
    errno.ENOTDIR: _NO_FOLDER,
    errno.ENAMETOOLONG: _NO_NAME,
    errno.EINVAL: _NO_NAME,
    errno.ELOOP: _NO_NAME,
    errno.EBADF: ("RC456", "it is closed"),
}


def write_atomic(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file so that at any moment it is the whole old one or the whole new one.

    A link is followed, the mode of an old file is kept, a device or pipe is written directly.
    Raises RetcalcError (RC45x, exit 4); the old file is then as it was and nothing is left over.
    Raises BrokenPipeError where the reader of a pipe has gone.
    """
    check_folder(path)
    try:
        mode, target = _mode(path), Path(os.path.realpath(path))
        if mode is None and os.path.lexists(target):  # reached by a link through no folder
            raise FileNotFoundError(errno.ENOENT, "")
        if mode is None or stat.S_ISREG(mode):
            _replace(target, data, mode)
        else:
            with Path(path).open("wb", buffering=0) as stream:
                _write_all(stream.fileno(), data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _refusal(error, os.fspath(path)) from error
    except ValueError as error:  # a NUL in the name
        raise _refusal(OSError(errno.EINVAL, ""), os.fspath(path)) from error


def check_folder(path: str | os.PathLike[str]) -> None:
    """Refuse a file whose folder does not exist as it is named: ``nope/..`` is no folder.

    Raises RetcalcError (RC45x, exit 4).
    """
    try:
        if not stat.S_ISDIR(Path(path).parent.stat().st_mode):
            raise NotADirectoryError(errno.ENOTDIR, "")
    except OSError as error:
        raise _refusal(error, os.fspath(path)) from error
    except ValueError as error:  # a NUL in the name
        raise _refusal(OSError(errno.EINVAL, ""), os.fspath(path)) from error


def write_stdout(text: str, stream: TextIO | None = None) -> bool:
    """Write text to standard output; False where the reader has gone.

    What the encoding lacks is written as an escape. Raises RetcalcError (RC45x, exit 4) where
    the text could not be written whole.
    """
    stream = sys.stdout if stream is None else stream
    try:
        if stream is None:
            raise OSError(errno.EBADF, "")
        stream.flush()
        data = text.encode(stream.encoding or "utf-8", "backslashreplace")
        if hasattr(stream, "buffer"):
            stream.buffer.write(data)
        else:
            stream.write(data.decode(stream.encoding or "utf-8"))
        stream.flush()
    except BrokenPipeError:
        _abandon(stream)
        return False
    except OSError as error:
        _abandon(stream)
        raise _refusal(error, "standard output") from error
    return True


def _mode(path: str | os.PathLike[str]) -> int | None:
    try:
        return Path(path).stat().st_mode
    except FileNotFoundError:
        return None


def create_atomic(path: str | os.PathLike[str], data: bytes) -> bool:
    """Write a new file wholly or not at all; False where there is one of that name already.

    Of several processes that create the same file at once, exactly one succeeds. Raises
    RetcalcError (RC45x, exit 4).
    """
    try:
        _replace(Path(path), data, None, new=True)
    except FileExistsError:
        return False
    except OSError as error:
        raise _refusal(error, os.fspath(path)) from error
    return True


def make_folder(path: str | os.PathLike[str]) -> None:
    """Make a folder and its parents where they are missing; raises RetcalcError (RC45x)."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refusal(error, os.fspath(path)) from error
    except ValueError as error:  # a NUL in the name
        raise _refusal(OSError(errno.EINVAL, ""), os.fspath(path)) from error


def _replace(target: Path, data: bytes, mode: int | None, *, new: bool = False) -> None:
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "")
    kept = os.fsdecode(os.fsencode(target.name)[:_NAME_BYTES])
    _remove_stale(target.parent, f".{kept}.")
    temporary = target.parent / f".{kept}.{os.getpid()}{_SUFFIX}"
    # The system applies the umask; O_EXCL refuses a file or link somebody put there.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, flags, 0o666)
    try:
        try:
            if mode is not None:
                temporary.chmod(stat.S_IMODE(mode))
            _write_all(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
        if new:  # a link never takes the place of a file, a rename does
            os.link(temporary, target)
            temporary.unlink()
        else:
            temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _sync_folder(folder: Path) -> None:
    """Make the new name last; the file itself is whole already, so a refusal is no failure."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove_stale(folder: Path, prefix: str) -> None:
    """Remove what killed runs left behind for the same file."""
    for entry in folder.iterdir():
        name = entry.name
        if not (name.startswith(prefix) and name.endswith(_SUFFIX)):
            continue
        owner = name[len(prefix) : -len(_SUFFIX)]
        if owner.isascii() and owner.isdigit() and not _is_running(int(owner)):
            with suppress(OSError):
                entry.unlink()


def _is_running(pid: int) -> bool:
    if pid == os.getpid():
        return False  # a leftover of an earlier process of this number: this one writes in turn
    if os.name == "nt":
        return True  # there is no signal 0 on Windows: it would end the process
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _abandon(stream: TextIO | None) -> None:
    """Send what is still buffered nowhere, so that the interpreter's exit does not fail on it."""
    if stream is not None:
        with suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)


def _refusal(error: OSError, path: str) -> RetcalcError:
    number = error.errno or errno.EIO
    code, reason = _REASONS.get(number, ("RC450", os.strerror(number).lower()))
    return RetcalcError(Finding(code, f"output cannot be written: {reason}", (Spot(path),)))
