"""Pictures of rates: retention over time and by age, survival, concentration, the triangle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from retcalc.core.months import format_month
from retcalc.core.result import Block, Result, Row, Value
from retcalc.render.numbers import percent, screen_value
from retcalc.render.pictures.spec import (
    BLUE,
    GREY,
    INK,
    MOST_SERIES,
    PALE,
    SHADE,
    Picture,
    Points,
    Spec,
    area_layers,
    dots,
    ends,
    groups_of,
    line_layer,
    month_axis,
    number,
    rate_axis,
    share,
    total_rows,
    whole,
    with_pale_end,
)
from retcalc.render.presentation import age_unit
from retcalc.render.words import cohort_name

Lines = Mapping[str, Sequence[tuple[Any, Value]]]  # by name: place and share


def trailing(result: Result) -> Picture | None:
    """NRR and GRR of the window that ends with each month."""
    if len(result.rows) < 2:
        return None
    lines = {
        label: [(format_month(whole(row.values["month"])), row.values[name]) for row in result.rows]
        for name, label in (("nrr", "NRR"), ("grr", "GRR"))
    }
    points = _rate_points(lines)
    spec = {
        "data": {"values": points},
        "encoding": {
            "x": month_axis([month for month, _ in lines["NRR"]]),
            "y": rate_axis("share of opening MRR", zero=False),
        },
        "layer": [_whole_line(), line_layer(list(lines)), dots(list(lines))],
    }
    alt = "; ".join(ends(name, [point for point in points if point["k"] == name]) for name in lines)
    return Picture(result.title, alt, spec)


def _whole_line() -> Spec:
    mark = {"type": "rule", "color": GREY, "strokeWidth": 1.2, "strokeDash": [3, 3]}
    return {"data": {"values": [{"y": 1}]}, "mark": mark, "encoding": {"x": None}}


def curves(result: Result) -> Picture | None:
    """The average row of the cohort triangle: accounts, net MRR and gross MRR by age."""
    block = result.extra["average"]
    rows = [r for r in block.rows if not r.segment] if isinstance(block, Block) else []
    if len(rows) < 2:
        return None
    names = {
        "account_retention": "Accounts",
        "net_mrr_retention": "Net MRR",
        "gross_mrr_retention": "Gross MRR",
    }
    lines = {k: [(whole(r.values["age"]), r.values[n]) for r in rows] for n, k in names.items()}
    picture = _by_age("Retention by age, all cohorts", lines, result, "share of the start")
    return _pale(picture, dict.fromkeys(lines, _firm_ages(rows)))


def curves_by_segment(result: Result) -> Picture | None:
    """Account retention by age, a line a segment."""
    block = result.extra["average"]
    groups = groups_of(block.rows) if isinstance(block, Block) and result.by else {}
    lines = {
        name: [(whole(row.values["age"]), row.values["account_retention"]) for row in rows]
        for name, rows in groups.items()
    }
    if not 1 < len(lines) <= MOST_SERIES:
        return None
    picture = _by_age("Account retention by segment", lines, result, "share of the start")
    return _pale(picture, {name: _firm_ages(rows) for name, rows in groups.items()})


def _firm_ages(rows: Sequence[Row]) -> int:
    """The first age with too little behind its average; past the last where there is none."""
    return next((whole(r.values["age"]) for r in rows if r.small), len(rows))


def _pale(picture: Picture, firm_ages: Mapping[str, int]) -> Picture:
    """Every line pale from the age on at which too little stands behind it."""
    points = picture.spec["data"]["values"]
    if all(point["x"] < firm_ages[point["k"]] for point in points):
        return picture
    parted = [
        {
            **point,
            "firm": point["x"] < firm_ages[point["k"]],
            "pale": point["x"] >= firm_ages[point["k"]] - 1,
        }
        for point in points
    ]
    layers = [part for layer in picture.spec["layer"] for part in with_pale_end(layer)]
    spec = {**picture.spec, "data": {"values": parted}, "layer": layers}
    ends_of = {p["k"]: p["x"] for p in points}
    few = "; ".join(f"{k} from age {n} on" for k, n in firm_ages.items() if n <= ends_of[k])
    alt = f"{picture.alt}. Pale, as few cohorts or accounts stand behind: {few}"
    return Picture(f"{picture.title}; pale where few are behind", alt, spec)


def triangle(result: Result) -> Picture | None:
    """The cohort triangle of the total: every cell with its share of the start."""
    rows = [row for row in total_rows(result) if row.values["account_retention"] is not None]
    if not rows:
        return None
    points = [_cell(row) for row in rows]
    ages, cohorts = (len({point[axis] for point in points}) for axis in ("x", "y"))
    scale = {"domain": [0, 1], "range": [PALE, BLUE], "clamp": True}
    cells = {
        "mark": {"type": "rect", "stroke": "white"},
        "encoding": {
            "color": {"field": "v", "type": "quantitative", "scale": scale, "legend": None},
            "description": {"field": "words"},
        },
    }
    light = {"condition": {"test": "datum.v > 0.6", "value": "white"}, "value": INK}
    text = {
        "mark": {"type": "text", "fontSize": 10},
        "encoding": {"text": {"field": "t"}, "color": light},
    }
    unit = age_unit(result)
    x = {"field": "x", "type": "ordinal", "title": f"age in {unit}"}
    spec = {
        "data": {"values": points},
        "width": 44 * ages,
        "height": 20 * cohorts,
        "encoding": {
            "x": {**x, "axis": {"labelAngle": 0, "orient": "top"}},
            "y": {"field": "y", "type": "ordinal", "title": "cohort", "sort": None},
        },
        "layer": [cells, text],
    }
    alt = f"{cohorts} cohorts from {points[0]['y']} to {points[-1]['y']}, by age"
    return Picture(f"Account retention by cohort and age in {unit}", alt, spec)


def _cell(row: Row) -> Spec:
    cohort, age = cohort_name(row), whole(row.values["age"])
    shown = percent(number(row.values["account_retention"]))
    words = f"{cohort}, age {age}: {shown}"
    value = share(row.values["account_retention"])
    return {"y": cohort, "x": age, "v": value, "t": shown, "words": words}


def survival(result: Result) -> Picture | None:
    """The Kaplan-Meier curve of all accounts with its interval, and the fitted curve."""
    rows = total_rows(result)
    if len(rows) < 2:
        return None
    band = [
        {
            "x": whole(row.values["age"]),
            "lo": share(row.values["lower"]),
            "hi": share(row.values["upper"]),
        }
        for row in rows
        if row.values["lower"] is not None and row.values["upper"] is not None
    ]
    lines = {"Observed": [(whole(r.values["age"]), r.values["survival"]) for r in rows]}
    projection = result.extra.get("projection")
    if isinstance(projection, Block) and age_unit(result) == "months":
        lines["sBG fit"] = [(whole(r.values["age"]), r.values["survival"]) for r in projection.rows]
    interval = {
        "data": {"values": band},
        "mark": {"type": "area", "color": BLUE, "opacity": SHADE, "interpolate": "step-after"},
        "encoding": {"y": {"field": "lo", "type": "quantitative"}, "y2": {"field": "hi"}},
    }
    picture = _by_age("Survival", lines, result, "share still there", step="step-after")
    layers = [interval, *picture.spec["layer"]]
    level = str(result.definition.get("interval") or "interval").removeprefix("log-log ")
    alt = f"{picture.alt}. The band is the {level} interval of what was observed"
    return Picture(
        f"Survival by age, with {level} interval", alt, {**picture.spec, "layer": layers}
    )


def survival_by_segment(result: Result) -> Picture | None:
    """Kaplan-Meier curves, a line a segment."""
    lines = {
        name: [(whole(row.values["age"]), row.values["survival"]) for row in rows]
        for name, rows in (groups_of(result.rows) if result.by else {}).items()
    }
    if not 1 < len(lines) <= MOST_SERIES:
        return None
    return _by_age("Survival by segment", lines, result, "share still there", step="step-after")


def lorenz(result: Result) -> Picture | None:
    """The share of MRR that the smallest accounts hold, beside the line of equal accounts."""
    block = result.extra.get("lorenz")
    rows = [row for row in block.rows if not row.segment] if isinstance(block, Block) else []
    if not rows:
        return None
    points = [_below(row, result) for row in rows]
    axis = {"format": ".0%", "tickCount": 5}
    x = {"field": "x", "type": "quantitative", "title": "accounts, smallest first", "axis": axis}
    y = {"field": "y", "type": "quantitative", "title": "share of closing MRR", "axis": axis}
    equal = {
        "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
        "mark": {"type": "line", "color": GREY, "strokeDash": [4, 4]},
    }
    spec = {
        "data": {"values": points},
        "encoding": {"x": x, "y": y},
        "layer": [equal, *area_layers()],
    }
    alt = f"{points[len(points) // 2]['words']}. The dashed line is where all accounts are equal"
    return Picture("Concentration of closing MRR", alt, spec)


def _below(row: Row, result: Result) -> Spec:
    accounts, mrr = row.values["share_of_accounts"], row.values["share_of_mrr"]
    shown = [screen_value(value, "rate", result.currency) for value in (accounts, mrr)]
    words = f"smallest {shown[0]} of accounts: {shown[1]} of MRR"
    return {"x": share(accounts), "y": share(mrr), "words": words}


def _by_age(
    title: str,
    lines: Lines,
    result: Result,
    words: str,
    *,
    step: str | None = None,
) -> Picture:
    unit = age_unit(result)
    points = _rate_points(lines, f"age {{}} {unit}")
    age = {"field": "x", "type": "quantitative", "title": f"age in {unit}"}
    spec = {
        "data": {"values": points},
        "encoding": {
            "x": {**age, "axis": {"tickMinStep": 1, "tickCount": 6, "format": "d"}},
            "y": rate_axis(words, zero=True),
        },
        "layer": [line_layer(list(lines), step), dots(list(lines))],
    }
    alt = "; ".join(ends(k, [point for point in points if point["k"] == k]) for k in lines)
    return Picture(title, alt, spec)


def _rate_points(lines: Lines, place: str = "{}") -> Points:
    points = []
    for name, line in lines.items():
        for x, value in line:
            if value is not None:
                at = f"{place.format(x)}: {percent(number(value))}"
                words = f"{name}, {at}"
                points.append({"x": x, "y": share(value), "k": name, "at": at, "words": words})
    return points
