"""What may be written: nothing that a run reads or keeps, and no file twice."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from retcalc.cli.options import Options
from retcalc.core.findings import Finding, RetcalcError

_STDIN = "-"


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """The files that options of a single command name: what it reads, and what it writes."""

    read: tuple[str, ...] = ()
    written: tuple[str, ...] = ()


def check_targets(options: Options, own: OwnFiles = OwnFiles(), *, replaces: str = "") -> None:
    """Refuse an output that is an input, a lock or another output (RC154), or has no folder.

    Comes before any work is done. ``replaces`` is a file that may be read and then replaced.
    """
    outputs = [*(options.output or ()), *filter(None, [options.errors_out]), *own.written]
    if not outputs:
        return
    from retcalc.core.atomic_files import check_folder

    inputs = [path for path in (*_inputs(options), *own.read) if path != replaces]
    kept = {_identity(path) for path in inputs}
    folders = [os.path.realpath(path) for path in inputs if os.path.isdir(path)]  # noqa: PTH112
    seen: set[object] = set()
    for path in outputs:
        check_folder(path)
        identity = _identity(path)
        if identity in kept or _is_part(path, folders):
            raise _refusal(f"{path} is an input too")
        if _is_lock(path):
            raise _refusal(f"{path} lies among the locks of closed months")
        if identity in seen:
            raise _refusal(f"{path} is named twice as output")
        seen.add(identity)


def check_lock_folder(options: Options, data: Sequence[str], folder: Path) -> None:
    """Refuse outputs among the locks of a run, and locks among the data it reads (RC154)."""
    for path in filter(None, [*(options.output or ()), options.errors_out]):
        if Path(_real(path)).parent == Path(_real(str(folder))):
            raise _refusal(f"{path} lies among the locks of closed months")
    folders = [os.path.realpath(path) for path in data if os.path.isdir(path)]  # noqa: PTH112
    if _is_part(str(folder / ".parquet"), folders):
        message = f"the locks would lie among the data in {folder}"
        fix = "--locks retcalc-locks   or another folder outside the data"
        raise RetcalcError(Finding("RC154", message, fix=fix))


_ELSEWHERE = "-o result.csv   or another file that is neither read nor written yet"


def _refusal(message: str) -> RetcalcError:
    return RetcalcError(Finding("RC154", message, fix=_ELSEWHERE))


def _inputs(options: Options) -> Iterator[str]:
    """Every file that a run may read, of the command line and of the config."""
    from retcalc.cli.request import load_for

    yield from options.data or ()
    named = [options.customers, options.costs, options.fx, options.mergers]
    yield from filter(None, [*named, options.config, options.definition])
    loaded = load_for(options)
    if loaded is not None:
        yield loaded.path
        yield from filter(None, [loaded.config.account.mergers, loaded.config.definition])
        for _, value in loaded.config.sources:
            yield from (value,) if isinstance(value, str) else value or ()


def _identity(path: str) -> object:
    """What all names of one file have in common, also that of a file which does not exist yet.

    Names that differ by case alone count as one: on many file systems they are.
    """
    real = _real(path)
    for name in (0,) if path == _STDIN else (path, real):
        try:
            found = os.stat(name)  # noqa: PTH116 (0 is standard input)
        except (OSError, ValueError):
            continue
        # A device may be named twice: nothing of it is lost.
        return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else object()
    return unicodedata.normalize("NFC", real).casefold()


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return path


def _is_part(path: str, folders: list[str]) -> bool:
    """Tell whether a file would be data of a folder that is read as a whole."""
    from retcalc.read.files.paths import TEXTS

    real = _real(path)
    if real.lower().endswith(TEXTS):
        return os.path.dirname(real) in folders  # noqa: PTH120
    return real.endswith(".parquet") and any(real.startswith(f + os.sep) for f in folders)


def _is_lock(path: str) -> bool:
    from retcalc.answers.gates.locks import is_lock_folder

    return is_lock_folder(Path(_real(path)).parent)
