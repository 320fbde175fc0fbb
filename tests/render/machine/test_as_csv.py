"""CSV: flat, plain figures, names that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.render_samples import HOSTILE, NAUGHTY, by_plan, concentration, nrr, one_column
from retcalc.core.result import Column, Row
from retcalc.render.machine.as_csv import to_csv

FORMULA_STARTS = "=+-@＝＋－＠"


def parse(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_the_interface_example():
    assert to_csv(nrr()) == (
        "opening_mrr,new_mrr,reactivation_mrr,expansion_mrr,contraction_mrr,churn_mrr,closing_mrr,"
        "opening_accounts,new_accounts,reactivated_accounts,churned_accounts,closing_accounts,"
        "nrr,grr\n"
        "1000.00,0.00,0.00,120.00,20.00,40.00,1060.00,50,0,0,7,43,1.06,0.94\n"
    )


def test_segments_first_and_an_empty_total():
    lines = to_csv(by_plan("Pro", "Small, self-service")).splitlines()
    assert lines[0].startswith("plan,opening_mrr,")
    assert lines[1].startswith("Pro,1000.00,")
    assert lines[2].startswith('"Small, self-service",1000.00,')
    assert lines[3].startswith(",1000.00,")


def test_values_of_every_kind():
    units = ["text", "money", "rate", "month", "flag", "flag", "number", "rate"]
    columns = tuple(Column(f"c{i}", "", unit) for i, unit in enumerate(units))  # type: ignore[arg-type]
    values = ['say "hi"', -500, Fraction(1, 3), 2026 * 12 + 8, True, False, 7, None]
    row = Row({f"c{i}": value for i, value in enumerate(values)})
    result = replace(nrr(), columns=columns, rows=(row,))
    assert to_csv(result).splitlines()[1] == (
        '"say ""hi""",-5.00,0.3333333333333333,2026-09,true,false,7,'
    )


def test_nested_tables_are_left_out():
    assert to_csv(concentration("Acme")) == "gini\n0.612\n"


def test_no_rows_are_still_a_header():
    assert to_csv(replace(nrr(), rows=(), columns=(Column("a", "", "count"),))) == "a\n"


def test_a_segment_named_like_a_figure_keeps_its_own_header():
    result = nrr(Row({}, {"nrr": "x"}), by=("nrr",))
    assert parse(to_csv(result))[0][0] == "segment_nrr"


def test_a_lone_empty_cell_is_a_row():
    text = to_csv(one_column("text", "", None))
    assert text == 'x\n""\n""\n'
    assert parse(text) == [["x"], [""], [""]]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM", "'@SUM"),
        ("\t=1", "'\t=1"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\x00x", "'\x00x"),
        ("  =1", "'  =1"),
        ("\u3000=1", "'\u3000=1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("a=1", "a=1"),
        ("'=1", "'=1"),
        (" x", " x"),
        ("", ""),
    ],
)
def test_formulas_are_guarded(text, cell):
    result = one_column("text", text)
    assert parse(to_csv(result))[1] == [cell]
    assert parse(to_csv(result, raw=True))[1] == [text]


def test_headers_and_segments_are_guarded_and_numbers_are_not():
    result = nrr(Row({"nrr": -1, "opening_mrr": -5}, {"=x": "-y"}), by=("=x",))
    header, row = parse(to_csv(result))
    assert header[0] == "'=x"
    assert row[:2] == ["'-y", "-0.05"]


def test_naughty_names_come_back():
    for text in NAUGHTY:
        shown = text.encode("utf-8", "backslashreplace").decode()
        result = by_plan(text)
        raw, guarded = parse(to_csv(result, raw=True)), parse(to_csv(result))
        assert raw[1][0] == shown
        assert guarded[1][0] in (shown, "'" + shown)
        assert guarded[1][0].lstrip()[:1] not in tuple(FORMULA_STARTS)
        assert {len(row) for row in raw} == {len(row) for row in guarded} == {15}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2))
def test_any_text_comes_back(texts):
    result = nrr(Row({}, {"a": texts[0]}), Row({}, {"a": texts[1]}), by=("a",))
    result = replace(result, columns=(Column("x", "", "money"),))
    assert parse(to_csv(result, raw=True)) == [["a", "x"], [texts[0], ""], [texts[1], ""]]


def test_lines_end_with_a_line_feed_only():
    text = to_csv(by_plan(*(name for name in HOSTILE if "\r" not in name)))
    assert "\r" not in text
    assert text.endswith("\n")
