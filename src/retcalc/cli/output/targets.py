"""What may be written: not over an input, and not twice."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from retcalc.cli.options import Options
from retcalc.core.findings import Finding, RetcalcError

_STDIN = "-"


def check_targets(options: Options) -> None:
    """Refuse an output that is an input or another output, before any work is done (RC154)."""
    outputs = [*(options.output or ()), *filter(None, [options.errors_out])]
    if not outputs:
        return
    inputs = list(_inputs(options))
    kept = {_identity(path) for path in inputs}
    folders = [os.path.realpath(path) for path in inputs if os.path.isdir(path)]  # noqa: PTH112
    seen: set[object] = set()
    for path in outputs:
        identity = _identity(path)
        if identity in kept or _is_part(path, folders):
            raise _refusal(f"{path} is an input too")
        if identity in seen:
            raise _refusal(f"{path} is named twice as output")
        seen.add(identity)


def _refusal(message: str) -> RetcalcError:
    return RetcalcError(Finding("RC154", message, fix="write to another file"))


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
    """What two names of one file have in common: links of both kinds lead to the same."""
    try:
        found = os.stat(0 if path == _STDIN else path)  # noqa: PTH116 (0 is standard input)
    except (OSError, ValueError):
        try:
            return os.path.realpath(path)
        except (OSError, ValueError):
            return path
    # A device may be named twice: nothing of it is lost.
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else object()


def _is_part(path: str, folders: list[str]) -> bool:
    """Tell whether a Parquet file would lie in a folder that is read as a whole."""
    real = os.path.realpath(path) if "\0" not in path else ""
    return real.endswith(".parquet") and any(real.startswith(f + os.sep) for f in folders)
