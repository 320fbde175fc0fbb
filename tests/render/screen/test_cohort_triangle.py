"""The triangle on a terminal and in Markdown, and the curve of its average row."""

from __future__ import annotations

import io
import re
from fractions import Fraction

import pytest
from rich.cells import cell_len

from retcalc.core.months import parse_month
from retcalc.core.result import Block, Column, Result, Row
from retcalc.render.screen.curve import curve_lines
from retcalc.render.screen.markdown import to_md
from retcalc.render.screen.terminal import screen_of, screen_text

JAN = parse_month("2024-01")
RATES = ("account_retention", "net_mrr_retention", "gross_mrr_retention")
BARS = "▁▂▃▄▅▆▇█"
HOSTILE = "\x1b[31m|[b]red"


def triangle(
    cells: dict[tuple[int, int], tuple[int, int]],
    shown: str = "account_retention",
    segments: tuple[str, ...] = (),
) -> Result:
    """Cells by cohort and age: accounts and initial accounts; MRR is ten times the accounts.

    The average of age 2 and later rests on too little.
    """
    columns = (
        Column("cohort", "Cohort", "month"),
        Column("age", "Age", "count"),
        Column("accounts", "Accounts", "count", screen=shown == "accounts"),
        Column("mrr", "MRR", "money", screen=shown == "mrr"),
        Column("initial_accounts", "Initial accounts", "count"),
        *(Column(name, "Retention", "rate", screen=shown == name) for name in RATES),
    )
    named = [*({"plan": s} for s in segments), {}]
    rows = tuple(_row(c, a, n, of, name) for name in named for (c, a), (n, of) in cells.items())
    ages = sorted({age for _, age in cells})
    average = tuple(
        Row({"age": a, **_average(a), "cohorts": 7, "accounts": 1200}, name, small=a > 1)
        for name in named
        for a in ages
    )
    block = Block((columns[1], *columns[-3:]), average)
    rules = {"formula": "kept / start", "period": "month", "min_group": 10, "min_cohorts": 3}
    by = ("plan",) if segments else ()
    title = "Retention by cohort"
    return Result("cohort", title, rules, columns, rows, extra={"average": block}, by=by)


def _average(age: int) -> dict[str, Fraction]:
    return dict.fromkeys(RATES, Fraction(max(10 - age, 0), 10))


def _row(cohort: int, age: int, accounts: int, start: int, segment: dict[str, str]) -> Row:
    values = {"cohort": JAN + cohort, "age": age, "accounts": accounts, "mrr": accounts * 1000}
    rates = dict.fromkeys(RATES, Fraction(accounts, start))
    return Row({**values, "initial_accounts": start, **rates}, segment, small=start < 10)


SMALL = {(0, 0): (20, 20), (0, 1): (15, 20), (0, 2): (9, 20), (1, 0): (8, 8), (1, 1): (9, 8)}
LONG = {(c, a): (1000 - 10 * a, 1000) for c in range(24) for a in range(24 - c)}


def show(result: Result, width: int = 80, encoding: str = "utf-8", **environ: str) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding, write_through=True)
    screen = screen_of(stream, {"COLUMNS": str(width), **environ})
    stream.write(screen_text(result, screen, quiet=True))
    return raw.getvalue().decode(encoding)


def test_a_triangle_as_it_is_printed() -> None:
    assert show(triangle(SMALL)).startswith(
        "Retention by cohort\n"
        "kept / start · period month · min group 10 · min cohorts 3\n"
        "\n"
        "Retention by age in months\n"
        "Cohort    Accounts       0      1      2\n"
        "────────────────────────────────────────\n"
        "2024-01         20  100.0%  75.0%  45.0%\n"
        "2024-02*         8  100.0% 112.5%\n"
        "────────────────────────────────────────\n"
        "average             100.0%  90.0% 80.0%*\n"
        "cohorts                  7      7      7\n"
        "accounts             1,200  1,200  1,200\n"
        "\n"
        "Curve of the average row\n"
    )


def test_figures_themselves_keep_a_percent_average() -> None:
    text = show(triangle(SMALL, "mrr"))
    assert "2024-01         20  200.00 150.00  90.00\n" in text
    assert "average             100.0%  90.0% 80.0%*\n" in text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_every_figure_is_whole_at_any_width(width: int) -> None:
    lines = show(triangle(LONG), width).splitlines()
    assert max(map(cell_len, lines)) <= width
    found: dict[str, list[str]] = {}
    for line in lines:
        if re.match(r"2\d{3}-\d\d ", line):
            found.setdefault(line[:7], []).extend(re.findall(r"[\d.]+%", line))
    for cohort in range(24):
        name = f"{2024 + cohort // 12}-{cohort % 12 + 1:02}"
        assert found[name] == [f"{100 - age}.0%" for age in range(24 - cohort)]


def test_colour_only_shades_the_figures() -> None:
    plain = show(triangle(SMALL))
    coloured = show(triangle(SMALL), FORCE_COLOR="1")
    assert "\x1b[" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    shades = [re.search(rf"\x1b\[([0-9;]*)m +{f}%", coloured) for f in ("100.0", "75.0", "45.0")]
    assert len({shade and shade[1] for shade in shades} - {None}) == 3
    assert show(triangle(SMALL), FORCE_COLOR="1", NO_COLOR="1") == plain


def test_one_triangle_a_segment_and_names_made_safe() -> None:
    text = show(triangle(SMALL, segments=("Basic", HOSTILE)))
    assert [line for line in text.splitlines() if line.startswith("Retention by age")] == [
        "Retention by age in months: Basic",
        r"Retention by age in months: \x1b[31m|[b]red",
        "Retention by age in months: Total",
    ]
    assert text.count("Curve of") == 1
    assert "\x1b" not in text


def test_ascii_streams_get_ascii() -> None:
    text = show(triangle(SMALL), encoding="ascii")
    assert text.isascii()
    assert " 100% ###" in text


def test_no_cells_at_all() -> None:
    assert (
        show(triangle({}))
        == "Retention by cohort\nkept / start · period month · min group 10 · min cohorts 3\n"
    )


def test_markdown_has_a_table_a_triangle() -> None:
    text = to_md(triangle(SMALL, segments=("a|b",)))
    assert "### Retention by age in months: a\\|b\n\n| Cohort | Accounts | 0 | 1 | 2 |\n" in text
    assert "| 2024-02\\* | 8 | 100.0% | 112.5% |  |\n" in text
    assert "| **average** |  | **100.0%** | **90.0%** | **80.0%\\*** |\n" in text
    assert "| cohorts |  | 7 | 7 | 7 |\n" in text


def test_heights_of_a_curve() -> None:
    """Six lines for 100%: a half is three full lines, a quarter one and four eighths."""
    shares = [Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(0), None]
    assert list(curve_lines(shares, 80, "─", BARS)) == [
        " 100% ███",
        "      ███",
        "      ███",
        "  50% ███ ███",
        "      ███ ███ ▄▄▄",
        "      ███ ███ ███",
        "   0% ────────────────────",
        "      0   1   2   3   4",
    ]


def test_a_curve_above_the_start_gets_a_higher_axis() -> None:
    lines = list(curve_lines([Fraction(1), Fraction(13, 10)], 80, "-", "#"))
    assert lines[0].startswith(" 140%")
    assert lines[3].startswith("  70%")


def test_a_long_curve_fits_and_says_which_ages_it_shows() -> None:
    lines = list(curve_lines([Fraction(1)] * 200, 40, "-", "#"))
    assert max(map(len, lines)) <= 40
    assert lines[-1].split() == ["0", "36", "72", "108", "144", "180"]
