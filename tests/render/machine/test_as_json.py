"""JSON as scripts rely on it, compared with text written by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.render_samples import NAUGHTY, SHA, by_plan, concentration, note, nrr, one_column
from retcalc import __version__
from retcalc.core.findings import Finding, Spot
from retcalc.core.result import Block, Column, Currency, Row, Source
from retcalc.render.machine.as_json import to_json


def test_the_interface_example():
    expected = f"""{{
  "retcalc": "{__version__}",
  "schema": 1,
  "metric": "nrr",
  "definition": {{
    "profile": "default",
    "basis": "endpoints",
    "formula": "(opening + expansion - contraction - churn) / opening"
  }},
  "window": {{
    "opening": "2025-10",
    "closing": "2026-10",
    "months": 12
  }},
  "currency": "USD",
  "rows": [
    {{
      "segment": {{}},
      "opening_mrr": "1000.00",
      "new_mrr": "0.00",
      "reactivation_mrr": "0.00",
      "expansion_mrr": "120.00",
      "contraction_mrr": "20.00",
      "churn_mrr": "40.00",
      "closing_mrr": "1060.00",
      "opening_accounts": 50,
      "new_accounts": 0,
      "reactivated_accounts": 0,
      "churned_accounts": 7,
      "closing_accounts": 43,
      "nrr": 1.06,
      "grr": 0.94
    }}
  ],
  "notes": [],
  "sources": [
    {{
      "path": "data.csv",
      "sha256": "{SHA}",
      "rows": 123,
      "total_mrr": "1060.00"
    }}
  ]
}}
"""
    assert to_json(nrr()) == expected


def test_segments_come_first_and_the_total_last():
    rows = json.loads(to_json(by_plan("Pro", "Free")))["rows"]
    assert [row["segment"] for row in rows] == [{"plan": "Pro"}, {"plan": "Free"}, {}]


def test_reasons_and_small_only_where_they_are():
    result = one_column("rate", None, Fraction(1, 3))
    rows = (Row({"x": None}, reasons={"x": "no_opening_mrr"}, small=True), result.rows[1])
    assert json.loads(to_json(replace(result, rows=rows)))["rows"] == [
        {"segment": {}, "x": None, "reasons": {"x": "no_opening_mrr"}, "small": True},
        {"segment": {}, "x": 0.3333333333333333},
    ]


def test_nested_tables_and_further_parts():
    columns = (Column("age", "Age", "count"), Column("kept", "Kept", "rate"))
    average = Block(columns, (Row({"age": 0, "kept": Fraction(1)}), Row({"age": 1, "kept": None})))
    result = concentration("Acme")
    made = json.loads(to_json(replace(result, extra={**result.extra, "average": average})))
    assert made["rows"] == [
        {
            "segment": {},
            "gini": 0.612,
            "top": [{"account": "Acme", "mrr": "12345.50", "share": 0.3333333333333333}],
        }
    ]
    assert made["fit"] == {"model": "sbg", "alpha": 0.704, "log_likelihood": -1680.27}
    assert made["average"] == [{"age": 0, "kept": 1.0}, {"age": 1, "kept": None}]
    assert list(made)[-4:] == ["fit", "average", "notes", "sources"]


def test_a_nested_table_by_segment_names_it():
    columns = (Column("age", "Age", "count"),)
    block = Block(columns, (Row({"age": 0}, {"plan": "Pro"}), Row({"age": 0})))
    made = json.loads(to_json(replace(nrr(), extra={"average": block})))
    assert made["average"] == [{"segment": {"plan": "Pro"}, "age": 0}, {"segment": {}, "age": 0}]


def test_notes_say_where_and_how_often():
    bare = Finding("RC894", "the window is 3 months")
    without_line = Finding("RC843", "m", (Spot("a.csv"),))
    result = nrr(notes=(note("RC843", 12, 40), bare, without_line))
    assert json.loads(to_json(result))["notes"] == [
        {
            "code": "RC843",
            "message": "months count as zero",
            "file": "data.csv",
            "line": 12,
            "count": 2,
        },
        {"code": "RC894", "message": "the window is 3 months"},
        {"code": "RC843", "message": "m", "file": "a.csv", "count": 1},
    ]


def test_what_is_not_known_is_null():
    source = Source("customers.csv", SHA, 5)
    result = replace(nrr(), window=None, currency=Currency(), sources=(source,))
    made = json.loads(to_json(result))
    assert made["window"] is None
    assert made["currency"] is None
    assert made["sources"][0]["total_mrr"] is None
    assert "config" not in made


def test_the_config_is_named_by_its_hash():
    made = json.loads(to_json(replace(nrr(), config_sha256="ab" * 32)))
    assert made["config"] == {"sha256": "ab" * 32}
    assert list(made)[5:8] == ["currency", "config", "rows"]


def test_sub_minor_money_and_months():
    result = replace(one_column("money", 8333333333), currency=Currency("USD", 2, 8))
    assert json.loads(to_json(result))["rows"][0]["x"] == "83.33333333"
    assert json.loads(to_json(one_column("month", 2026 * 12)))["rows"][0]["x"] == "2026-01"


def test_infinity_is_refused():
    with pytest.raises(ValueError, match="Invalid literal"):
        to_json(one_column("rate", float("inf")))


def test_unseen_characters_are_escaped_and_come_back():
    text = to_json(one_column("text", "\x1b[31m \x9b \u202e \u2028 \udcff \U000e0041 é名"))
    assert r"\u001b[31m \u009b \u202e \u2028 \udcff \udb40\udc41 é名" in text
    assert json.loads(text)["rows"][0]["x"] == "\x1b[31m \x9b \u202e \u2028 \udcff \U000e0041 é名"


def test_naughty_names_come_back():
    for text in NAUGHTY:
        made = to_json(replace(by_plan(text), title=text))
        made.encode("utf-8")
        assert json.loads(made)["rows"][0]["segment"] == {"plan": text}


# Decoding gives unpaired surrogates of this range only (PEP 383).
NAMES = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=["Cs"])
)


@given(NAMES)
def test_any_name_comes_back(text):
    made = to_json(one_column("text", text))
    made.encode("utf-8")
    assert json.loads(made)["rows"][0]["x"] == text


@given(st.fractions())
def test_a_rate_is_the_nearest_double(value):
    assert json.loads(to_json(one_column("rate", value)))["rows"][0]["x"] == float(value)
