"""The page of a report in a real browser: quiet, alone, and within the width of a phone."""

from __future__ import annotations

import json

import pytest

from render.page.browser import CHROMIUM, browser
from render.report_data import document

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not here")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_report_is_quiet_alone_and_fits(page, demo_folder, width, scheme):
    page.open(demo_folder / "close.html", width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.requests() == [(demo_folder / "close.html").resolve().as_uri()]
    assert page.complaints() == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(18, 23, 28)") == (scheme == "dark")
    assert page.screenshot().startswith(b"\x89PNG")


def test_the_tiles_show_the_numbers_of_the_json(page, demo_folder):
    page.open(demo_folder / "close.html", 1280, "light")
    shown = json.loads(
        page.evaluate(
            "JSON.stringify([...document.querySelectorAll('.tile')].map(t => "
            "[t.dataset.metric, t.dataset.value, t.querySelector('.value').textContent]))"
        )
    )
    parts = document({"json": (demo_folder / "close.json").read_bytes()})["parts"]
    row = parts["summary"]["rows"][-1]
    tiles = {name: (value, text) for name, value, text in shown}
    for name in ("nrr", "grr", "logo_churn"):
        value, text = tiles[name]
        assert float(value) == row[name]
        assert float(text.strip().rstrip("%")) == pytest.approx(100 * row[name], abs=0.051)


def test_words_of_a_picture_fit_inside_it(page, demo_folder):
    page.open(demo_folder / "close.html", 390, "light")
    outside = page.evaluate(
        "[...document.querySelectorAll('figure svg')].flatMap(svg => "
        "{const b = svg.getBoundingClientRect(); return [...svg.querySelectorAll('text')]"
        ".filter(t => {const r = t.getBoundingClientRect(); return r.width && "
        "(r.left < b.left - 2 || r.right > b.right + 2)}).map(t => t.textContent)})"
    )
    assert outside == []


def test_hostile_names_run_nothing(page, hostile_folder):
    page.open(hostile_folder / "close.html", 390, "dark")
    assert page.complaints() == []
    assert page.requests() == [(hostile_folder / "close.html").resolve().as_uri()]
    assert page.evaluate("document.scripts.length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
