"""Pictures drawn: Vega-Lite specifications to SVG and PNG, with the network shut off.

The SVG is parsed and written anew: ids get a prefix so that several fit one page, descriptions of
marks become tooltips, and what is never seen is left out.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from retcalc.core.optional_libraries import load
from retcalc.render.pictures.spec import GRID, HEIGHT, INK, MUTED, WIDTH, Picture, Spec

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"  # the first comes with vl-convert
VEGA_LITE = "6.4"
PNG_SCALE = 2
_SVG = "http://www.w3.org/2000/svg"
_HIDDEN = {"role", "aria-label", "aria-roledescription", "aria-hidden", "pointer-events", "class"}
_REFERENCE = re.compile(r"url\(#([^)]*)\)")


def to_svg(picture: Picture, name: str = "picture") -> str:
    """Draw a picture for a page: its size follows the page, ``name`` makes its ids unique."""
    root = _drawn(picture, background=False)
    box = (root.get("width", ""), root.get("height", ""))
    _clean(root, name)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.attrib |= {"role": "img", "aria-label": picture.alt, "viewBox": f"0 0 {box[0]} {box[1]}"}
    return ET.tostring(root, encoding="unicode")


def to_svg_file(picture: Picture) -> bytes:
    """Draw a picture as a file of its own, on white, with its title above."""
    root = _drawn(picture, background=True)
    _clean(root, "picture")
    root.attrib |= {"role": "img", "aria-label": picture.alt}
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def to_png_file(picture: Picture) -> bytes:
    """Draw a picture as PNG, on white, with its title above."""
    text = to_svg_file(picture).decode()
    return bytes(load("vl_convert", "a picture").svg_to_png(text, scale=PNG_SCALE))


def _drawn(picture: Picture, *, background: bool) -> ET.Element:
    vl_convert = load("vl_convert", "a picture")
    text = vl_convert.vegalite_to_svg(
        _complete(picture, background=background), vl_version=VEGA_LITE, allowed_base_urls=[]
    )
    return ET.fromstring(text)  # noqa: S314


def _complete(picture: Picture, *, background: bool) -> Spec:
    title: Spec = {"title": {"text": picture.title, "anchor": "start"}} if background else {}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": HEIGHT,
        "padding": {"left": 6, "top": 6, "right": 16, "bottom": 6},
        "background": "white" if background else None,
        **title,
        **picture.spec,
        "config": _config(),
    }


def _config() -> Spec:
    return {
        "font": FONT,
        "view": {"stroke": None},
        "title": {"fontSize": 15, "color": INK, "offset": 12},
        "text": {"fontSize": 12},
        "bar": {"discreteBandSize": {"band": 0.82}},
        "axis": {
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "labelColor": MUTED,
            "titleColor": MUTED,
            "gridColor": GRID,
            "domainColor": MUTED,
            "tickColor": MUTED,
            "labelFlush": False,
        },
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False},
        "legend": {
            "orient": "top",
            "direction": "horizontal",
            "columns": 3,
            "labelFontSize": 12,
            "labelColor": INK,
            "labelLimit": 150,
            "symbolStrokeWidth": 2.5,
            "offset": 8,
        },
    }


def _clean(root: ET.Element, name: str) -> None:
    ET.register_namespace("", _SVG)
    ids: dict[str, str] = {}
    for parent in root.iter():
        for child in list(parent):
            if child.get("display") == "none" or _is_nothing(child):
                parent.remove(child)
    for element in root.iter():
        label, mark = element.get("aria-label"), element.get("role") == "graphics-symbol"
        drawn = element.tag != f"{{{_SVG}}}g"
        for key in _HIDDEN & set(element.attrib):
            del element.attrib[key]
        if label and mark and drawn:
            title = ET.Element(f"{{{_SVG}}}title")
            title.text = label
            element.insert(0, title)
        if "id" in element.attrib:
            element.set("id", ids.setdefault(element.attrib["id"], f"{name}-{len(ids)}"))
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, _REFERENCE.sub(lambda m: f"url(#{ids[m[1]]})", value))


def _is_nothing(element: ET.Element) -> bool:
    return element.get("class") == "background" and not {"fill", "stroke"} & set(element.attrib)
