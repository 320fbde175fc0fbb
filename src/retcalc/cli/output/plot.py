"""--plot: the picture of an answer, as a file beside what the command prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from typer import Option

from retcalc.cli.options import Options
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.result import Result

Plot = Annotated[
    str | None,
    Option("--plot", help="Draw it: FILE.svg or FILE.png.", metavar="FILE", show_default=False),
]
_FORMS = (".svg", ".png")


def plotted(make: Callable[[], Result], path: str | None, options: Options) -> Result:
    """Make an answer and draw it, if a file is named; refuses the name before any work."""
    if path is None:
        return make()
    from retcalc.cli.output.deliver import write_file, written_as

    if Path(path).suffix.lower() not in _FORMS:
        fix = written_as(path, _FORMS, "--plot")
        raise RetcalcError(Finding("RC182", f"a picture is not written to {path}", fix=fix))
    result = make()
    write_file(path, result, options)
    return result
