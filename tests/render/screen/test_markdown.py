"""Markdown for GitHub: a fixed number of columns, and names shown letter for letter."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from render.render_samples import NAUGHTY, SHA, by_plan, concentration, note, nrr, one_column
from retcalc import __version__
from retcalc.render.screen.markdown import escape_md, to_md
from retcalc.render.words import safe_text

PARSER = MarkdownIt("commonmark").enable("table")


def cells(line: str) -> list[str]:
    """Split a table line at the bars that are not escaped."""
    return re.findall(r"(?:\\.|[^|\\])+", line.strip("|"))


def parsed_rows(text: str) -> list[list[str]]:
    """Rows of every table as the parser sees them, as the text a reader sees."""
    rows: list[list[str]] = []
    for token in PARSER.parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and token.level >= 4 and rows:
            children = token.children or []
            rows[-1].append("".join(c.content for c in children if c.type != "html_inline"))
    return rows


def test_the_bridge():
    expected = f"""## Net revenue retention

2025-10 to 2026-10 (12 months) · USD\\
profile default · basis endpoints

|  | MRR | accounts | % of opening |
| --- | ---: | ---: | ---: |
| opening | 1,000.00 | 50 | 100.0% |
| + new | 0.00 | 0 | 0.0% |
| + reactivated | 0.00 | 0 | 0.0% |
| + expansion | 120.00 |  | 12.0% |
| − contraction | 20.00 |  | 2.0% |
| − churned | 40.00 | 7 | 4.0% |
| **= closing** | **1,060.00** | **43** | **106.0%** |

|  |  |  |
| --- | ---: | --- |
| NRR | 106.0% | (opening + expansion - contraction - churn) / opening |
| GRR | 94.0% |  |

- note RC843: months count as zero (data.csv, line 12, and 1 more)
- from data.csv: 123 rows, total 1,060.00, sha256 {SHA}
- retcalc {__version__}
"""
    assert to_md(nrr(notes=(note("RC843", 12, 40),))) == expected


def test_segments_and_a_bold_total():
    lines = to_md(by_plan("Pro|Plus")).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert table[0].startswith("| plan | Opening MRR | New |")
    assert table[1].startswith("| --- | ---: | ---: |")
    assert table[2].startswith(r"| Pro\|Plus | 1,000.00 | 0.00 |")
    assert table[3].startswith("| **Total** | **1,000.00** | **0.00** |")


def test_nested_tables_have_headings():
    text = to_md(concentration("Acme"))
    assert "### Top accounts\n\n| Account | MRR | Share |\n| --- | ---: | ---: |\n" in text
    assert "| Acme | 12,345.50 | 33.3% |" in text
    assert "### fit\n\n|  |  |\n| --- | ---: |\n| model | sbg |\n| alpha | 0.704 |\n" in text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", r"a\|b"),
        ("a\\|b", r"a\\\|b"),
        ("`*_[]~$", r"\`\*\_\[\]\~\$"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("http://x.com", r"http\://x.com"),
        ("www.x.com", r"www\.x.com"),
        ("a@b.co", "a@<!-- -->b.co"),
        ("#12", "#<!-- -->12"),
        (":smile:", ":<!-- -->smile:"),
        ("plan: Pro # @ www", "plan: Pro # @ www"),
    ],
)
def test_what_is_escaped(text, escaped):
    assert escape_md(text) == escaped


def check(text: str) -> None:
    result = by_plan(text)
    made = to_md(replace(result, columns=result.columns[:3]))
    made.encode("utf-8")
    table = [line for line in made.splitlines() if line.startswith("|")]
    assert len(table) == 4
    assert {len(cells(line)) for line in table} == {4}
    rows = parsed_rows(made)
    assert [len(row) for row in rows] == [4, 4, 4]
    assert rows[1][0] == safe_text(text).strip()


def test_naughty_names_stay_in_their_cell():
    for text in NAUGHTY:
        check(text)


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("|\\`*_[]<>&\n@:#/")))
def test_any_name_stays_in_its_cell(text):
    check(text)


def test_titles_headers_and_notes_are_escaped():
    result = nrr(by=("a|<b>",), notes=(replace(note(), message="<img src=x>\n| a | b |"),))
    text = to_md(replace(result, title="*x* <y>\n# z"))
    assert text.startswith("## \\*x\\* &lt;y&gt;\\\\n# z\n")
    assert "| a\\|&lt;b&gt; |" in text
    assert "- note RC843: &lt;img src=x&gt;\\\\n\\| a \\| b \\|\n" in text


def test_no_html_but_the_empty_comment():
    for text in NAUGHTY:
        made = to_md(one_column("text", text, text)).replace("<!-- -->", "")
        assert "<" not in made
