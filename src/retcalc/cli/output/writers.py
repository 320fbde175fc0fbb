"""Which renderer makes which format: by name for standard output, by extension for files."""

from __future__ import annotations

from collections.abc import Callable

from retcalc.cli.options import Options
from retcalc.core.result import Result

Writer = Callable[[Result, Options], bytes]


def _json(result: Result, options: Options) -> bytes:  # noqa: ARG001
    from retcalc.render.machine.as_json import to_json

    return to_json(result).encode()


def _csv(result: Result, options: Options) -> bytes:
    from retcalc.render.machine.as_csv import to_csv

    return to_csv(result, raw=options.raw_csv).encode()


def _md(result: Result, options: Options) -> bytes:  # noqa: ARG001
    from retcalc.render.screen.markdown import to_md

    return to_md(result).encode()


def _html(result: Result, options: Options) -> bytes:  # noqa: ARG001
    from retcalc.render.page.page import result_html

    return result_html(result).encode()


def _xlsx(result: Result, options: Options) -> bytes:  # noqa: ARG001
    from retcalc.render.workbook.workbook import result_workbook

    return result_workbook(result)


def _parquet(result: Result, options: Options) -> bytes:  # noqa: ARG001
    from retcalc.render.machine.as_parquet import to_parquet

    return to_parquet(result)


def _svg(result: Result, options: Options) -> bytes:  # noqa: ARG001
    from retcalc.render.pictures.of_result import plot_svg

    return plot_svg(result)


def _png(result: Result, options: Options) -> bytes:  # noqa: ARG001
    from retcalc.render.pictures.of_result import plot_png

    return plot_png(result)


FORMATS: dict[str, Writer] = {"json": _json, "csv": _csv, "md": _md}
WRITERS: dict[str, Writer] = {
    ".json": _json,
    ".csv": _csv,
    ".md": _md,
    ".html": _html,
    ".xlsx": _xlsx,
    ".parquet": _parquet,
    ".svg": _svg,
    ".png": _png,
}
