"""The pictures by name, and the one that stands for an answer, as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.result import Result
from retcalc.render.pictures import money, rates
from retcalc.render.pictures.draw import to_png_file, to_svg_file
from retcalc.render.pictures.spec import Picture
from retcalc.render.presentation import PRESENTATIONS, PictureName, shown_as

DRAW: Mapping[PictureName, Callable[[Result], Picture | None]] = {
    "waterfall": money.waterfall,
    "mrr_over_time": money.mrr_over_time,
    "movements_over_time": money.movements_over_time,
    "value_by_segment": money.value_by_segment,
    "trailing": rates.trailing,
    "curves": rates.curves,
    "curves_by_segment": rates.curves_by_segment,
    "triangle": rates.triangle,
    "survival": rates.survival,
    "survival_by_segment": rates.survival_by_segment,
    "lorenz": rates.lorenz,
    "fan": money.fan,
}


def plot_svg(result: Result) -> bytes:
    """Draw an answer as an SVG file; raises RetcalcError (RC183, RC470)."""
    return to_svg_file(_picture(result))


def plot_png(result: Result) -> bytes:
    """Draw an answer as a PNG file; raises RetcalcError (RC183, RC470)."""
    return to_png_file(_picture(result))


def _picture(result: Result) -> Picture:
    name = shown_as(result.metric).picture
    if name is None:
        drawn = (answer for answer, how in PRESENTATIONS.items() if how.picture)
        fix = f"there are pictures of {', '.join(drawn)}"
        raise RetcalcError(Finding("RC183", f"there is no picture of {result.metric}", fix=fix))
    picture = DRAW[name](result)
    if picture is None:
        fix = (
            "--lorenz   draws the curve" if result.metric == "concentration" else "choose more data"
        )
        raise RetcalcError(Finding("RC183", "there is nothing to draw", fix=fix))
    return picture
