"""Which renderer makes which format: by name for standard output, by extension for files."""

from __future__ import annotations

from collections.abc import Callable

from retcalc.cli.options import Options
from retcalc.result import Result

Writer = Callable[[Result, Options], bytes]


def _json(result: Result, options: Options) -> bytes:  # noqa: ARG001
    from retcalc.render.as_json import to_json

    return to_json(result).encode()


def _csv(result: Result, options: Options) -> bytes:
    from retcalc.render.as_csv import to_csv

    return to_csv(result, raw=options.raw_csv).encode()


def _md(result: Result, options: Options) -> bytes:  # noqa: ARG001
    from retcalc.render.as_md import to_md

    return to_md(result).encode()


FORMATS: dict[str, Writer] = {"json": _json, "csv": _csv, "md": _md}
WRITERS: dict[str, Writer] = {".json": _json, ".csv": _csv, ".md": _md}
