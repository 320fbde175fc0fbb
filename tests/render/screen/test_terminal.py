"""The screen: whole figures at any width, nothing obeyed, nothing hidden."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from render.render_samples import (
    DEFINITION,
    NAUGHTY,
    SHA,
    VALUES,
    by_month,
    by_plan,
    concentration,
    note,
    nrr,
    one_column,
)
from retcalc import __version__
from retcalc.core.findings import RetcalcError
from retcalc.core.result import Block, Column, Result, Row, Source
from retcalc.render.screen.fit_width import fold
from retcalc.render.screen.terminal import print_to_stdout, screen_of, screen_text
from retcalc.render.words import safe_text


class Stream(io.StringIO):
    """A text stream that may claim to be a terminal or of another encoding."""

    def __init__(self, *, terminal: bool = False, encoding: str = "utf-8") -> None:
        super().__init__()
        self._terminal = terminal
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self._terminal


def show(result: Result, width: int | None = None, encoding: str = "utf-8", **options: bool) -> str:
    environ = {} if width is None else {"COLUMNS": str(width)}
    stream = Stream(encoding=encoding)
    stream.write(screen_text(result, screen_of(stream, environ), **options))
    return stream.getvalue()


def table_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def test_the_bridge():
    assert show(nrr(notes=(note("RC843", 12, 40),)), 80) == (
        "Net revenue retention · 2025-10 to 2026-10 (12 months) · USD\n"
        "profile default · basis endpoints\n"
        "\n"
        "                    MRR  accounts  % of opening\n"
        "───────────────────────────────────────────────\n"
        "  opening      1,000.00        50        100.0%\n"
        "+ new              0.00         0          0.0%\n"
        "+ reactivated      0.00         0          0.0%\n"
        "+ expansion      120.00                   12.0%\n"
        "− contraction     20.00                    2.0%\n"
        "− churned         40.00         7          4.0%\n"
        "───────────────────────────────────────────────\n"
        "= closing      1,060.00        43        106.0%\n"
        "\n"
        "NRR  106.0%  (opening + expansion - contraction - churn) / opening\n"
        "GRR   94.0%\n"
        "\n"
        "note RC843: months count as zero (data.csv, line 12, and 1 more)\n"
        "\n"
        "from data.csv: 123 rows, total 1,060.00, sha256 3f2a91c04b7e\n"
    )


def test_the_bridge_in_ascii():
    lines = show(nrr(), 80, "latin-1").splitlines()
    assert lines[0] == "Net revenue retention | 2025-10 to 2026-10 (12 months) | USD"
    assert lines[4] == "-" * 47
    assert lines[9] == "- contraction     20.00                    2.0%"


def test_fx_and_segment_lines_only_when_they_are_not_zero():
    names = ("fx_mrr", "segment_in_mrr", "segment_out_mrr")
    columns = (*nrr().columns[:6], *(Column(n, n, "money") for n in names), *nrr().columns[6:])
    dull = Row({**VALUES, **dict.fromkeys(names, 0)})
    text = show(replace(nrr(dull), columns=columns))
    assert "currency" not in text
    assert "segments" not in text
    full = Row({**VALUES, "fx_mrr": -150, "segment_in_mrr": 100, "segment_out_mrr": 200})
    text = show(replace(nrr(full), columns=columns))
    assert "+ currency effect         -1.50                   -0.2%\n" in text
    assert "+ from other segments      1.00                    0.1%\n" in text
    assert "− to other segments        2.00                    0.2%\n" in text


def test_an_undefined_rate_says_why():
    values = {**dict.fromkeys(VALUES, 0), "nrr": None, "grr": None}
    reasons = {"nrr": "no_opening_mrr", "grr": "no_opening_mrr"}
    text = show(nrr(Row(values, reasons=reasons, small=True)))
    assert "  opening      0.00         0           n/a\n" in text
    assert "NRR*  n/a  (opening" in text
    assert (
        "\n\n* small group: one account moves its rates a lot\n"
        "n/a NRR, GRR: no opening MRR\n" in text
    )


def test_segments_small_groups_and_reasons_at_80_columns():
    columns = (
        Column("opening_mrr", "Opening MRR", "money"),
        Column("churn_mrr", "Churn", "money"),
        Column("nrr", "NRR", "rate"),
        Column("hidden", "Hidden", "rate", screen=False),
    )
    rows = (
        Row({"opening_mrr": 12000000, "churn_mrr": 0, "nrr": Fraction(1)}, {"plan": "Enterprise"}),
        Row(
            {"opening_mrr": 0, "churn_mrr": 0, "nrr": None},
            {"plan": "Free"},
            {"nrr": "no_opening_mrr", "hidden": "other"},
            small=True,
        ),
        Row({"opening_mrr": 12000000, "churn_mrr": 0, "nrr": Fraction(1)}),
    )
    definition = {
        **DEFINITION,
        "min_group": 10,
        "reactivation_in_nrr": True,
        "gap": None,
        "x": False,
    }
    result = Result("nrr", "NRR", definition, columns, rows, by=("plan",))
    assert show(result, 80) == (
        "NRR\n"
        "(opening + expansion - contraction - churn) / opening · profile default · basis\n"
        "endpoints · min group 10 · reactivation in NRR\n"
        "\n"
        "plan        Opening MRR  Churn     NRR\n"
        "──────────────────────────────────────\n"
        "Enterprise   120,000.00   0.00  100.0%\n"
        "Free*              0.00   0.00     n/a\n"
        "──────────────────────────────────────\n"
        "Total        120,000.00   0.00  100.0%\n"
        "\n"
        "* fewer than 10 accounts: one account moves its rates a lot\n"
        "n/a NRR: no opening MRR\n"
    )


def test_the_same_reason_in_many_rows_is_said_once():
    row = Row({"x": None}, reasons={"x": "no_churn"})
    result = replace(one_column("rate", 1), rows=(row, row))
    assert show(result).endswith("\n\nn/a X: no churn (in 2 rows)\n")


def test_months_fold_headers_before_they_split():
    assert "\n".join(show(by_month(1), 90).splitlines()[3:]) == (
        "          Opening                                                      Closing\n"
        "Month         MRR   New  Reactivation  Expansion  Contraction  Churn       MRR\n"
        "──────────────────────────────────────────────────────────────────────────────\n"
        "2026-01  1,000.00  0.00          0.00     120.00        20.00  40.00  1,060.00\n"
        "\n"
        "          Opening       New  Reactivated   Churned   Closing\n"
        "Month    accounts  accounts     accounts  accounts  accounts     NRR    GRR\n"
        "───────────────────────────────────────────────────────────────────────────\n"
        "2026-01        50         0            0         7        43  106.0%  94.0%"
    )


@pytest.mark.parametrize("width", [20, 30, 40, 60, 80, 100, 120, 200])
def test_no_figure_is_ever_cut(width):
    huge = {**VALUES, "opening_mrr": 10**17 + 1, "closing_mrr": -(10**17)}
    plans = by_plan("Pro", "Small and medium business, self-service", "名前が長い会社です" * 4)
    result = replace(plans, rows=(*plans.rows[:-1], Row(huge)))
    text = show(result, width)
    for figure in ("1,000,000,000,000,000.01", "-1,000,000,000,000,000.00", "106.0%", "120.00"):
        assert figure in text
    assert "…" not in text
    blocks = [line for line in text.splitlines() if line.startswith("Total")]
    assert sum(len(re.findall(r"[\d,.]+%?", line)) for line in blocks) == 14
    if width >= 40:
        assert max(map(cell_len, text.splitlines())) <= width


def test_every_block_repeats_the_labels():
    text = show(by_month(3), 60)
    assert text.count("2026-02") == text.count("Month") > 1
    plans = show(by_plan("Pro"), 40)
    assert plans.count("Pro") == plans.count("Total") == plans.count("plan") > 1


def test_blocks_are_even():
    widths = [len(line) for line in show(by_plan("Pro"), 100).splitlines() if set(line) == {"─"}]
    assert max(widths) - min(widths) < 30


def test_a_pipe_has_no_width():
    lines = show(by_month(2)).splitlines()
    header = next(line for line in lines if line.startswith("Month"))
    assert header.split("  ")[0] == "Month"
    assert "Reactivated accounts" in header
    assert header.endswith("NRR    GRR")
    assert "\x1b" not in show(by_plan("Pro"))


def test_text_that_is_not_a_label_folds():
    columns = (
        Column("check", "Check", "text"),
        Column("value", "Value", "number"),
        Column("why", "Why", "text"),
    )
    row = Row({"check": "nrr", "value": 1, "why": "the quick brown fox jumps over the dog"})
    result = Result("check", "Checks", {}, columns, (row, row))
    assert show(result, 40) == (
        "Checks\n"
        "\n"
        "Check  Value  Why\n"
        "────────────────────────────────────────\n"
        "nrr        1  the quick brown fox jumps\n"
        "              over the dog\n"
        "nrr        1  the quick brown fox jumps\n"
        "              over the dog\n"
    )


def test_the_last_row_without_a_name_is_the_total():
    columns = (Column("account", "Account", "text"), Column("mrr", "MRR", "money"))
    rows = tuple(Row({"account": name, "mrr": 100}) for name in ("a", "b", None))
    assert show(Result("explain", "Explain", {}, columns, rows)) == (
        "Explain\n\nAccount   MRR\n─────────────\na        1.00\nb        1.00\n"
        "─────────────\nTotal    1.00\n"
    )


def test_nested_tables_and_a_fit():
    assert show(concentration("Acme [b]x[/b]", "\x1b[31mred")) == (
        "Revenue concentration\n"
        "profile default\n"
        "\n"
        "Gini  0.612\n"
        "\n"
        "Top accounts\n"
        "Account              MRR  Share\n"
        "───────────────────────────────\n"
        "Acme [b]x[/b]  12,345.50  33.3%\n"
        "\\x1b[31mred    12,345.50  33.3%\n"
        "\n"
        "fit\n"
        "model                 sbg\n"
        "alpha               0.704\n"
        "log likelihood  -1,680.27\n"
    )


def test_nested_tables_of_many_rows_are_named():
    block = Block((Column("a", "A", "text"),), (Row({"a": "z"}),))
    columns = (Column("top", "Top", "block"),)
    rows = (Row({"top": block}, {"plan": "Pro"}), Row({"top": block}))
    text = show(Result("c", "C", {}, columns, rows, by=("plan",)))
    assert "\n\nTop, Pro\nA\n─\nz\n\nTop, Total\nA\n─\nz\n" in text
    columns = (Column("profile", "Profile", "text"), *columns)
    rows = tuple(Row({"profile": name, "top": block}) for name in ("lazy", "default"))
    assert "\n\nTop, lazy\nA\n─\nz\n\nTop, default\n" in show(Result("c", "C", {}, columns, rows))


def test_further_parts_are_tables():
    columns = (Column("age", "Age", "count"), Column("kept", "Kept", "rate"))
    average = Block(columns, (Row({"age": 0, "kept": Fraction(1)}), Row({"age": 12, "kept": None})))
    bare = Result("cohort", "Cohorts", {}, (), (), extra={"at_risk": average})
    assert show(bare) == (
        "Cohorts\n\nat risk\nAge    Kept\n───────────\n  0  100.0%\n 12     n/a\n"
    )


def test_a_bridge_alone_keeps_its_formula_in_the_heading():
    result = nrr()
    text = show(replace(result, columns=result.columns[:7], sources=()))
    assert text.splitlines()[1].startswith("(opening + expansion")
    assert "accounts" not in text
    assert text.endswith("= closing      1,060.00        106.0%\n")


def test_quiet_and_verbose():
    sources = tuple(Source(f"part{i}.csv", SHA, 1) for i in range(5))
    result = replace(nrr(notes=(note(),)), sources=sources, config_sha256="ab" * 32)
    assert show(result).endswith("part2.csv: 1 row, sha256 3f2a91c04b7e\nfrom 2 more files\n")
    quiet = show(result, quiet=True)
    assert "note" not in quiet
    assert "part0" not in quiet
    verbose = show(result, verbose=True)
    assert verbose.endswith(
        f"part4.csv: 1 row, sha256 {SHA}\nconfig sha256 {'ab' * 32}\nretcalc {__version__}\n"
    )


def test_names_are_never_markup_or_control():
    for text in NAUGHTY:
        result = replace(by_plan(text), title=text, by=(text,))
        result = replace(result, rows=(Row(VALUES, {text: text}), Row(VALUES)))
        shown = show(result)
        assert safe_text(text).rstrip() in shown
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown)


@given(st.text(st.characters(exclude_categories=[])), st.integers(1, 90))
def test_any_name_at_any_width(text, width):
    shown = show(by_plan(text), width)
    assert "\x1b" not in shown
    assert "1,000.00" in shown
    shown.encode("utf-8")


@given(
    st.text(st.characters(categories=["L", "Zs", "P", "So"])), st.integers(4, 60), st.integers(0, 2)
)
def test_fold_keeps_every_letter(text, width, indent):
    lines = fold(text, width, indent)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(cell_len(line) <= width for line in lines)


def test_fold_divides_long_words_and_keeps_blanks():
    assert fold("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert fold("a  b", 10) == ["a  b"]
    assert fold("one two three", 7) == ["one two", "three"]
    assert fold("one two three four", 9, indent=2) == ["one two", "  three", "  four"]
    assert fold("", 5) == [""]
    assert fold("名前", 2) == ["名", "前"]


@pytest.mark.parametrize(
    ("terminal", "environ", "styled"),
    [
        (True, {}, True),
        (False, {}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "0"}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (False, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour(terminal, environ, styled):
    stream = Stream(terminal=terminal)
    stream.write(screen_text(nrr(), screen_of(stream, environ)))
    assert ("\x1b[" in stream.getvalue()) is styled


@pytest.mark.parametrize(
    ("terminal", "environ", "width"),
    [
        (True, {"COLUMNS": "100"}, 100),
        (True, {}, 80),
        (True, {"COLUMNS": "x"}, 80),
        (True, {"COLUMNS": "100", "TERM": "dumb"}, 100),
        (False, {}, 1_000_000),
        (False, {"COLUMNS": "60"}, 60),
        (False, {"FORCE_COLOR": "1"}, 1_000_000),
    ],
)
def test_width(terminal, environ, width):
    assert screen_of(Stream(terminal=terminal), environ).width == width


def test_standard_output(capsys):
    assert print_to_stdout(nrr(), quiet=True) is True
    assert capsys.readouterr().out.startswith("Net revenue retention · 2025-10 to 2026-10")


def test_no_standard_output(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    with pytest.raises(RetcalcError, match="RC456"):
        print_to_stdout(nrr())
