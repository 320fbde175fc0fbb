"""Pictures of money: the bridge, MRR over time, its movements, CLV by segment."""

from __future__ import annotations

from collections.abc import Iterator

from retcalc.core.months import format_month
from retcalc.core.result import Block, Result, Row
from retcalc.render.numbers import money_on_screen, screen_value
from retcalc.render.pictures.spec import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    SHADE,
    SKY,
    Picture,
    Points,
    Spec,
    amount,
    area_layers,
    code,
    dots,
    ends,
    legend,
    line_layer,
    money_axis,
    month_axis,
    segment_name,
    share,
    short,
    total_rows,
    whole,
)

FLOWS = {
    "new_mrr": ("New", BLUE, 1),
    "reactivation_mrr": ("Reactivation", GREEN, 1),
    "expansion_mrr": ("Expansion", SKY, 1),
    "segment_in_mrr": ("From other segments", PURPLE, 1),
    "contraction_mrr": ("Contraction", AMBER, -1),
    "churn_mrr": ("Churn", ORANGE, -1),
    "segment_out_mrr": ("To other segments", GREY, -1),
}
_SIGNED = {"fx_mrr": ("Currency effect", PURPLE)}


def waterfall(result: Result) -> Picture | None:
    """From opening to closing MRR: the steps of the total row, each from where the last ended."""
    row, currency = result.rows[-1], result.currency
    if not row.values.get("opening_mrr") and not row.values.get("closing_mrr"):
        return None
    points: Points = []
    level = 0.0
    for label, colour, value, flow in _steps(row):
        height = amount(value, result)
        start, level = (level, level + height) if flow else (0.0, height)
        words = f"{label}: {money_on_screen(value, currency)}{code(result)}"
        points.append({"x": label, "a": start, "b": level, "c": colour, "words": words})
    order = [point["x"] for point in points]
    colours = {"field": "c", "type": "nominal", "scale": None, "legend": None}
    x = {"field": "x", "type": "nominal", "sort": order, "axis": {"labelAngle": -35}}
    spec = {
        "data": {"values": points},
        "mark": {"type": "bar", "cornerRadius": 1},
        "encoding": {
            "x": {**x, "title": None},
            "y": {"field": "a", "type": "quantitative", **money_axis("MRR", result)},
            "y2": {"field": "b"},
            "color": colours,
            "description": {"field": "words"},
        },
    }
    alt = f"{result.window}. " + "; ".join(point["words"] for point in points)
    return Picture("From opening to closing MRR", alt, spec)


def _steps(row: Row) -> Iterator[tuple[str, str, int, bool]]:
    """Label, colour, signed amount, and whether it is a step from the last level."""
    yield "Opening", GREY, whole(row.values["opening_mrr"]), False
    for name, (label, colour, sign) in FLOWS.items():
        if row.values.get(name):
            yield label, colour, sign * whole(row.values[name]), True
    for name, (label, colour) in _SIGNED.items():
        if row.values.get(name):
            yield label, colour, whole(row.values[name]), True
    yield "Closing", GREY, whole(row.values["closing_mrr"]), False


def mrr_over_time(result: Result) -> Picture | None:
    """MRR at every month-end."""
    rows = total_rows(result)
    if len(rows) < 2:
        return None
    points = [_month_end(row, result) for row in rows]
    y = {"field": "y", "type": "quantitative", **money_axis("MRR", result)}
    encoding = {"x": month_axis([point["x"] for point in points]), "y": y}
    spec = {"data": {"values": points}, "encoding": encoding, "layer": area_layers()}
    return Picture("MRR at month-end", ends("MRR", points), spec)


def _month_end(row: Row, result: Result, name: str = "closing_mrr") -> Spec:
    month, value = format_month(whole(row.values["month"])), whole(row.values[name])
    at = f"{month}: {money_on_screen(value, result.currency)}{code(result)}"
    return {"x": month, "y": amount(value, result), "at": at, "words": at}


def fan(result: Result) -> Picture | None:
    """MRR as it was and of the months to come, with the interval around it."""
    rows, block = total_rows(result), result.extra.get("seen")
    if len(rows) < 2:
        return None
    past = [row for row in block.rows if not row.segment] if isinstance(block, Block) else []
    seen = [_month_end(row, result, "mrr") for row in past]
    ahead = [*seen[-1:], *(_month_end(row, result, "mrr") for row in rows)]
    points = [*({**p, "k": "Seen"} for p in seen), *({**p, "k": "Forecast"} for p in ahead)]
    names = ["Seen", "Forecast"] if seen else ["Forecast"]
    encoding = {
        "x": month_axis(list(dict.fromkeys(point["x"] for point in points))),
        "y": {
            "field": "y",
            "type": "quantitative",
            **money_axis("MRR", result),
            "scale": {"zero": False},
        },
    }
    joint = [{"x": p["x"], "lo": p["y"], "hi": p["y"]} for p in seen[-1:]]
    interval = {
        "data": {"values": [*joint, *_band(result)]},
        "mark": {"type": "area", "color": ORANGE, "opacity": SHADE},
        "encoding": {"y": {"field": "lo", "type": "quantitative"}, "y2": {"field": "hi"}},
    }
    layers = [interval, line_layer(names), dots(names)]
    level = str(result.definition.get("interval")).split(",")[0].removeprefix("conformal ")
    alt = f"{ends('Forecast MRR', ahead[1:] if seen else ahead)}. The band is the {level} interval"
    spec = {"data": {"values": points}, "encoding": encoding, "layer": layers}
    return Picture(f"Forecast MRR, with {level} interval", alt, spec)


def _band(result: Result) -> Iterator[Spec]:
    """The interval of the total in every month that has one."""
    for row in total_rows(result):
        low, high = row.values["lower"], row.values["upper"]
        if low is not None and high is not None:
            month = format_month(whole(row.values["month"]))
            yield {"x": month, "lo": amount(low, result), "hi": amount(high, result)}


def movements_over_time(result: Result) -> Picture | None:
    """What came and what went every month, gains above and losses below the line."""
    rows = total_rows(result)
    if len(rows) > 1:  # the first month of the data is a stock, not a movement
        rows = [row for row in rows if row.values["opening_mrr"]] or rows
    flows = {n: f for n, f in FLOWS.items() if any(row.values.get(n) for row in rows)}
    if not rows or not flows:
        return None
    points = []
    for row in rows:
        month = format_month(whole(row.values["month"]))
        for rank, (name, (label, _, sign)) in enumerate(flows.items()):
            if value := whole(row.values[name]):
                words = f"{month}, {label.lower()}: {money_on_screen(value, result.currency)}"
                height = sign * amount(value, result)
                points.append({"x": month, "y": height, "k": label, "o": rank, "words": words})
    months = [format_month(whole(row.values["month"])) for row in rows]
    spec = {
        "data": {"values": points},
        "mark": {"type": "bar"},
        "encoding": {
            "x": month_axis(months),
            "y": {"field": "y", "type": "quantitative", **money_axis("MRR", result)},
            "color": legend([(label, colour) for label, colour, _ in flows.values()]),
            "order": {"field": "o"},
            "description": {"field": "words"},
        },
    }
    alt = f"{months[0]} to {months[-1]}, stacked by kind: gains above the line, losses below it"
    return Picture("MRR movements by month", alt, spec)


def value_by_segment(result: Result, name: str = "clv") -> Picture | None:
    """CLV, a bar a segment, largest first."""
    rows = [row for row in result.rows if row.segment and row.values.get(name) is not None]
    if len(rows) < 2:
        return None
    ordered = sorted(rows, key=lambda row: (-share(row.values[name]), segment_name(row)))[:12]
    points = [_bar(row, name, result) for row in ordered]
    y = {"field": "x", "type": "nominal", "sort": None, "title": None}
    x = {"field": "y", "type": "quantitative", **money_axis("CLV", result, count=5)}
    bars = {"mark": {"type": "bar", "color": BLUE}, "encoding": {"description": {"field": "words"}}}
    text = {
        "mark": {"type": "text", "align": "left", "dx": 5, "color": INK},
        "encoding": {"text": {"field": "t"}},
    }
    spec = {
        "data": {"values": points},
        "height": 38 * len(points),
        "encoding": {"y": {**y, "axis": {"labelLimit": 160}}, "x": x},
        "layer": [bars, text],
    }
    return Picture("CLV by segment", "; ".join(point["words"] for point in points), spec)


def _bar(row: Row, name: str, result: Result) -> Spec:
    value = screen_value(row.values[name], "money", result.currency)
    label = short(segment_name(row))
    words = f"{label}: {value}{code(result)}"
    height = amount(row.values[name], result)
    return {"x": label, "y": height, "t": value, "words": words}
