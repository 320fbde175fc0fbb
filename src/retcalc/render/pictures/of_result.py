"""The one picture that stands for an answer, as a file."""

from __future__ import annotations

from collections.abc import Callable

from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.result import Result
from retcalc.render.pictures.draw import to_png_file, to_svg_file
from retcalc.render.pictures.money import movements_over_time, value_by_segment, waterfall
from retcalc.render.pictures.rates import lorenz, survival, triangle
from retcalc.render.pictures.spec import Picture

_DRAWN: dict[str, Callable[[Result], Picture | None]] = {
    "nrr": waterfall,
    "grr": waterfall,
    "summary": waterfall,
    "movements": movements_over_time,
    "cohort": triangle,
    "survival": survival,
    "clv": value_by_segment,
    "concentration": lorenz,
}


def plot_svg(result: Result) -> bytes:
    """Draw an answer as an SVG file; raises RetcalcError (RC183, RC470)."""
    return to_svg_file(_picture(result))


def plot_png(result: Result) -> bytes:
    """Draw an answer as a PNG file; raises RetcalcError (RC183, RC470)."""
    return to_png_file(_picture(result))


def _picture(result: Result) -> Picture:
    draw = _DRAWN.get(result.metric)
    if draw is None:
        fix = f"there are pictures of {', '.join(_DRAWN)}"
        raise RetcalcError(Finding("RC183", f"there is no picture of {result.metric}", fix=fix))
    picture = draw(result)
    if picture is None:
        fix = "--lorenz draws the curve" if result.metric == "concentration" else "choose more data"
        raise RetcalcError(Finding("RC183", "there is nothing to draw", fix=fix))
    return picture
