"""What the pictures show, as Vega-Lite specifications: plain data, no drawing.

A picture is 480 units wide, so that its words stay legible both on a phone and two in a row on a
desk. Colours are the blue-to-orange side of the Okabe-Ito palette, told apart by colour-blind
readers; lines differ in dash as well. Every mark has a description, which becomes its tooltip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from retcalc.core.result import Result, Row, Value
from retcalc.render.numbers import double
from retcalc.render.words import safe_text

Spec = dict[str, Any]
Points = list[dict[str, Any]]

WIDTH, HEIGHT = 400, 230
INK, MUTED, GRID = "#1f2933", "#52606d", "#d9dfe5"
BLUE, SKY, GREEN = "#0072b2", "#56b4e9", "#009e73"
AMBER, ORANGE, PURPLE, GREY = "#e69f00", "#d55e00", "#9a4f88", "#61707f"
PALE = "#eef5fa"  # beside BLUE where shades run from nothing to all
SERIES = (BLUE, ORANGE, GREEN, PURPLE, AMBER, SKY)
DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (4, 4), (10, 4))
MOST_SERIES = len(SERIES)
SHADE = 0.18  # of an area under or around a line
FAINT = 0.35  # of a line with little behind it
_MOST_LABELS = 6
_LONGEST_NAME = 24


@dataclass(frozen=True, slots=True)
class Picture:
    """A specification with its title and the words that stand for it."""

    title: str
    alt: str
    spec: Spec


def ends(name: str, points: Points) -> str:
    """Say in words where a line begins and ends; points carry them as ``at``."""
    if not points:
        return name
    return f"{name} from {points[0]['at']} to {points[-1]['at']}"


def month_axis(months: Sequence[str]) -> Spec:
    """An axis of months as text, free of time zones, with as many labels as there is room for."""
    step = -(-len(months) // _MOST_LABELS)
    shown = list(months)[::-1][::step][::-1]
    axis = {"values": shown, "labelAngle": 0, "labelOverlap": False}
    return {"field": "x", "type": "ordinal", "sort": list(months), "title": None, "axis": axis}


def money_axis(title: str, result: Result, count: int = 6) -> Spec:
    """An axis of money in whole units, with the currency beside the title."""
    named = safe_text(result.currency.code or "")
    words = f"{title}, {named}" if named else title
    return {"title": words, "axis": {"format": "~s", "tickCount": count}}


def rate_axis(title: str, *, zero: bool) -> Spec:
    """An axis of percentages on ``y``."""
    axis = {"format": ".0%", "tickCount": 6}
    scale = {"zero": zero, "nice": True}
    return {"field": "y", "type": "quantitative", "title": title, "axis": axis, "scale": scale}


def legend(entries: Sequence[tuple[str, str]]) -> Spec:
    """A colour for every name, in this order."""
    names, colours = zip(*entries, strict=True)
    scale = {"domain": list(names), "range": list(colours)}
    return {"field": "k", "type": "nominal", "title": None, "scale": scale}


def series(names: Sequence[str]) -> Spec:
    """A colour and a dash for every line."""
    dashes = {"domain": list(names), "range": [list(dash) for dash in DASHES[: len(names)]]}
    colours = legend(list(zip(names, SERIES, strict=False)))
    return {
        "color": {**colours, "legend": {"symbolType": "stroke", "symbolSize": 300}},
        "strokeDash": {"field": "k", "type": "nominal", "title": None, "scale": dashes},
    }


def line_layer(names: Sequence[str], step: str | None = None) -> Spec:
    """A line a name between the points, or steps."""
    shape = {"interpolate": step} if step else {}
    return {"mark": {"type": "line", "strokeWidth": 2.5, **shape}, "encoding": series(names)}


def with_pale_end(layer: Spec) -> list[Spec]:
    """A layer in full for the points that hold ``firm``, and pale for those that hold ``pale``."""
    parts = {"firm": 1.0, "pale": FAINT}
    return [
        {
            **layer,
            "mark": {**layer["mark"], "opacity": opacity},
            "transform": [{"filter": f"datum.{field}"}],
        }
        for field, opacity in parts.items()
    ]


def dots(names: Sequence[str]) -> Spec:
    """Small points, which carry the tooltips of the lines."""
    colour = {**legend(list(zip(names, SERIES, strict=False))), "legend": None}
    mark = {"type": "point", "filled": True, "size": 26, "strokeWidth": 0, "opacity": 1}
    return {"mark": mark, "encoding": {"color": colour, "description": {"field": "words"}}}


def area_layers() -> list[Spec]:
    """One line over a shaded area, with its points."""
    mark = {"type": "point", "filled": True, "size": 26, "opacity": 1, "color": BLUE}
    return [
        {"mark": {"type": "area", "color": BLUE, "opacity": SHADE}},
        {"mark": {"type": "line", "color": BLUE, "strokeWidth": 2.5}},
        {"mark": mark, "encoding": {"description": {"field": "words"}}},
    ]


def groups_of(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by the short name of their segment, without those of the total."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if row.segment:
            groups.setdefault(tuple(row.segment.values()), []).append(row)
    named: dict[str, list[Row]] = {}
    for found in groups.values():
        name = short(segment_name(found[0]))
        named[name if name not in named else f"{name} ({len(named) + 1})"] = found
    return named


def total_rows(result: Result) -> list[Row]:
    """Rows of the total."""
    return [row for row in result.rows if not row.segment]


def segment_name(row: Row) -> str:
    """Name of a row's segment, safe to show."""
    return ", ".join(safe_text(value) for value in row.segment.values())


def short(name: str) -> str:
    """A name that fits a legend."""
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def code(result: Result) -> str:
    """The currency behind an amount, after a blank; nothing where it is not known."""
    return f" {safe_text(result.currency.code)}" if result.currency.code else ""


def amount(value: Value, result: Result) -> float:
    """Money in whole units of the currency, near enough for a picture."""
    return double(number(value)) / float(result.currency.per_major)


def share(value: Value) -> float:
    """A rate, near enough for a picture."""
    return double(number(value))


def whole(value: Value) -> int:
    """A whole number; raises TypeError for anything else."""
    if not isinstance(value, int):
        raise TypeError(f"{value!r} where a whole number belongs")
    return value


def number(value: Value) -> int | float | Fraction:
    """A number; raises TypeError for anything else."""
    if not isinstance(value, int | float | Fraction):
        raise TypeError(f"{value!r} where a number belongs")
    return value
