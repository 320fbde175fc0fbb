"""Pictures: what they are drawn from, by hand, and that the drawing is always the same."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree

import pytest

from helpers import run
from render.render_samples import HOSTILE, VALUES, by_month, by_plan, nrr
from render.report_data import demo
from retcalc.core.result import Column, Currency, Result, Row
from retcalc.render.pictures.draw import to_svg, to_svg_file
from retcalc.render.pictures.money import movements_over_time, value_by_segment, waterfall

SVG = "{http://www.w3.org/2000/svg}"


def test_the_waterfall_steps_from_opening_to_closing():
    points = waterfall(nrr()).spec["data"]["values"]
    # 1,000 + 120 - 20 - 40 = 1,060; what is zero is no step
    assert [(p["x"], p["a"], p["b"]) for p in points] == [
        ("Opening", 0, 1000),
        ("Expansion", 1000, 1120),
        ("Contraction", 1120, 1100),
        ("Churn", 1100, 1060),
        ("Closing", 0, 1060),
    ]


def test_losses_are_below_the_line():
    points = movements_over_time(by_month(2)).spec["data"]["values"]
    assert [(p["x"], p["k"], p["y"]) for p in points[:3]] == [
        ("2026-01", "Expansion", 120),
        ("2026-01", "Contraction", -20),
        ("2026-01", "Churn", -40),
    ]


def test_a_picture_is_the_same_whatever_was_drawn_before():
    first = to_svg(waterfall(nrr()), "a")
    to_svg(movements_over_time(by_month(12)), "b")
    assert to_svg(waterfall(nrr()), "a") == first


def test_marks_have_tooltips_and_ids_have_the_name():
    root = ElementTree.fromstring(to_svg(waterfall(by_plan("x")), "mine"))
    titles = [element.text for element in root.iter(f"{SVG}title")]
    assert "Closing: 1,060.00 USD" in titles
    assert root.get("role") == "img"
    assert all(e.get("id").startswith("mine-") for e in root.iter() if e.get("id"))
    assert root.get("width") is None


def clv(*names):
    rows = tuple(
        Row({"clv": Fraction(100 * (number + 1))}, {"plan": name})
        for number, name in enumerate(names)
    )
    columns = (Column("clv", "CLV", "money"),)
    return Result("clv", "CLV", {}, columns, rows, currency=Currency("USD"), by=("plan",))


@pytest.mark.parametrize("start", range(0, len(HOSTILE), 6))
def test_any_name_is_drawn_and_stays_text(start):
    picture = value_by_segment(clv(*HOSTILE[start : start + 6], "\ufffe", "x" * 40_000))
    root = ElementTree.fromstring(to_svg_file(picture))
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{tag}"
        for tag in ("svg", "g", "rect", "path", "line", "text", "title", "defs", "clipPath")
    }
    longest = max(len(element.text or "") for element in root.iter(f"{SVG}text"))
    assert longest < 30


def test_no_months_no_picture():
    empty = Row({**VALUES, "opening_mrr": 0, "closing_mrr": 0})
    assert waterfall(nrr(empty)) is None


@pytest.mark.parametrize("command", ["movements", "cohort", "survival", "nrr"])
def test_plot_writes_a_picture_beside_the_answer(command, tmp_path):
    demo(tmp_path)
    done = run(command, "mrr.csv", "--plot", "x.svg", "--quiet", "-f", "json", cwd=tmp_path)
    assert done.json["metric"] == command
    root = ElementTree.fromstring((tmp_path / "x.svg").read_bytes())
    assert root.tag == f"{SVG}svg"
    assert len(root.get("aria-label")) > 20


def test_plot_as_png_and_its_refusals(tmp_path):
    demo(tmp_path)
    assert run("nrr", "mrr.csv", "--plot", "x.png", cwd=tmp_path).exit_code == 0
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    done = run("nrr", "mrr.csv", "--plot", "x.gif", cwd=tmp_path)
    assert (done.exit_code, done.stdout, "RC182" in done.stderr) == (2, "", True)
    done = run("validate", "mrr.csv", "-o", "x.svg", cwd=tmp_path)
    assert (done.exit_code, "RC183" in done.stderr) == (2, True)
