"""The page of a report: what it holds, what it never holds, and that nothing in it runs."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from render.render_samples import HOSTILE, by_plan, concentration, nrr
from render.report_data import document
from retcalc.render.page.page import result_html


class Reader(HTMLParser):
    """Tags, ids, text and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags, self.ids, self.text, self.attributes = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_forbids_itself_everything_but_its_own_style(demo_report):
    page = demo_report["html"].decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert not re.search(r'(src|href)="(?!#|data:,)', page)
    assert "url(" not in page.replace("url(#", "")


@pytest.mark.parametrize("files", ["demo_report", "hostile_report"])
def test_nothing_runs_and_ids_are_unique(files, request):
    reader = Reader(request.getfixturevalue(files)["html"].decode())
    assert not {"script", "iframe", "object", "embed", "form", "img", "link", "base"} & {
        tag for tag in reader.tags if tag != "link"
    }
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert len(reader.ids) == len(set(reader.ids))


def test_names_are_shown_letter_for_letter_and_hidden_ones_as_escapes(hostile_report):
    page = hostile_report["html"].decode()
    text = "".join(Reader(page).text)
    assert "<script>alert(1)</script>" in text
    assert "=1+1" in text
    assert "\\u202egnp.exe" in text
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "{{7*7}}" in text
    assert "x" * 200 not in text


def test_pictures_have_words(demo_report):
    page = demo_report["html"].decode()
    pictures = re.findall(r"<svg[^>]*>", page)
    assert len(pictures) == 11
    assert all('role="img"' in p and re.search(r'aria-label="[^"]{20,}"', p) for p in pictures)
    assert re.search(r"Enterprise: [0-9,.]+ USD; Team: ", page)


def test_tiles_carry_the_numbers_of_the_json(demo_report):
    parts = document(demo_report)["parts"]
    page = demo_report["html"].decode()
    tiles = dict(re.findall(r'data-metric="(\w+)" data-value="([^"]*)"', page))
    summary, cac = parts["summary"]["rows"][-1], parts["clv_cac"]["rows"][-1]
    for name in ("nrr", "grr", "logo_churn"):
        assert float(tiles[name]) == summary[name]
    assert tiles["closing_mrr"] == summary["closing_mrr"] == "107157.00"
    assert float(tiles["clv_cac"]) == cac["clv_cac"]
    assert tiles["clv"] == cac["clv"]


def test_the_triangle_leaves_empty_cells_empty(demo_report):
    page = demo_report["html"].decode()
    table = re.search(r'<table class="heat">.*?</table>', page, re.DOTALL)[0]
    rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:]
    cells = [len(re.findall(r"<td", row)) - 1 for row in rows]
    # 24 cohorts, one month each; below them the average, its cohorts and its accounts
    assert cells == [*range(24, 0, -1), 24, 24, 24]


def test_benchmarks_stand_beside_the_figures(demo_report):
    text = "".join(Reader(demo_report["html"].decode()).text)
    assert "misses the benchmark: good ≥ 120%, top ≥ 140%" in re.sub(r"\s+", " ", text)
    assert "common rule of 3:1" in text


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_harmless_on_a_page_of_one_answer(name):
    for result in (by_plan(name, "b"), concentration(name)):
        reader = Reader(result_html(result))
        assert "script" not in reader.tags
        assert not [key for key, _ in reader.attributes if key.startswith("on")]


def test_a_single_answer_is_a_page_with_its_table():
    text = " ".join("".join(Reader(result_html(nrr())).text).split())
    assert "Net revenue retention" in text
    assert "1,060.00" in text
    assert "106.0%" in text
    assert "sha256" in text
