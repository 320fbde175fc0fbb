"""Quarters, half-years and years: asked about, then read as such, never as months."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import Run, run

QUARTERS = [("Q1 2024", "Q2 2024"), ("2024-Q1", "2024-Q2"), ("2024Q1", "2024Q2")]
QUARTERS += [
    ("Q1-24", "Q2-24"),
    ("1Q24", "2Q24"),
    ("T1 2024", "T2 2024"),
    ("MRR Q1 2024", "MRR Q2 2024"),
]
HALVES = [("H1 2024", "H2 2024"), ("2024-H1", "2024-H2")]
YEARS = [("2024", "2025"), ("FY24", "FY25"), ("FY2024", "FY2025"), ("CY 2024", "CY 2025")]
ALL = [(*pair, n) for pairs, n in ((QUARTERS, 3), (HALVES, 6), (YEARS, 12)) for pair in pairs]
WORDS = {3: "quarters", 6: "half-years", 12: "years"}


def sheet(folder: Path, first: str, second: str) -> str:
    """A 300 and 360; B 150 and gone."""
    (folder / "w.csv").write_text(f"Customer,{first},{second}\nA,300,360\nB,150,\n")
    return "w.csv"


def panel(folder: Path, first: str, second: str) -> str:
    (folder / "l.csv").write_text(
        f"customer,month,mrr\nA,{first},300\nB,{first},150\nA,{second},360\n"
    )
    return "l.csv"


def closings(done: Run) -> list[tuple[str, str]]:
    return [(row["month"], row["closing_mrr"]) for row in done.json["rows"]]


def month(number: int) -> str:
    """The months of 2024 and 2025, from 0."""
    return f"{2024 + number // 12}-{number % 12 + 1:02d}"


@pytest.mark.parametrize("lay", [sheet, panel])
@pytest.mark.parametrize(("first", "second", "months"), ALL)
def test_asked_then_read(tmp_path: Path, lay: object, first: str, second: str, months: int) -> None:
    name = lay(tmp_path, first, second)  # type: ignore[operator]
    asked = run("movements", name, cwd=tmp_path)
    assert (asked.exit_code, asked.stdout) == (3, "")
    assert asked.stderr.count("retcalc: error") == 1
    assert f"error RC259: amounts of {WORDS[months]}" in asked.stderr
    assert "--periods mrr " in asked.stderr
    assert "--periods total " in asked.stderr
    level = run("movements", name, "--periods", "mrr", "-f", "json", cwd=tmp_path)
    assert closings(level) == [
        (month(n), "450.00" if n < months else "360.00") for n in range(2 * months)
    ]
    assert f"note RC890: the data is in {WORDS[months]}" in level.stderr
    total = run("movements", name, "--periods", "total", "-f", "json", cwd=tmp_path)
    before, after = f"{450 / months:.2f}", f"{360 / months:.2f}"
    assert closings(total) == [
        (month(n), before if n < months else after) for n in range(2 * months)
    ]


def test_a_third_of_a_quarter_is_exact(tmp_path: Path) -> None:
    """Three accounts at 100 a quarter are 100.00 a month."""
    (tmp_path / "w.csv").write_text("Customer,Q1 2024,Q2 2024\nA,100,99\nB,100,99\nC,100,99.03\n")
    done = run("movements", "w.csv", "--periods", "total", "-f", "json", cwd=tmp_path)
    assert [mrr for _, mrr in closings(done)] == ["100.00"] * 3 + ["99.01"] * 3


def test_nrr_of_a_quarter(tmp_path: Path) -> None:
    """(300 + 60) of 450 from one quarter to the next."""
    name = panel(tmp_path, "2024-Q1", "2024-Q2")
    done = run("nrr", name, "--periods", "mrr", "--window", "1q", "-f", "json", cwd=tmp_path)
    assert done.json["rows"][-1]["nrr"] == 0.8


@pytest.mark.parametrize("lay", [sheet, panel])
def test_a_quarter_that_is_missing(tmp_path: Path, lay: object) -> None:
    name = lay(tmp_path, "Q1 2024", "Q3 2024")  # type: ignore[operator]
    args = ("movements", name, "--periods", "mrr", "-f", "json")
    asked = run(*args, cwd=tmp_path)
    assert "error RC233" in asked.stderr
    done = run(*args, "--allow-empty-months", cwd=tmp_path)
    assert [mrr for _, mrr in closings(done)] == ["450.00"] * 3 + ["0.00"] * 3 + ["360.00"] * 3


@pytest.mark.parametrize("lay", [sheet, panel])
def test_as_of_within_a_quarter(tmp_path: Path, lay: object) -> None:
    name = lay(tmp_path, "Q1 2024", "Q2 2024")  # type: ignore[operator]
    args = ("movements", name, "--periods", "mrr", "--as-of", "2024-04", "-f", "json")
    assert closings(run(*args, cwd=tmp_path))[-1] == ("2024-04", "360.00")


def test_quarters_and_years_beside_months_are_their_totals(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text(
        "Customer,Jan 2024,Feb 2024,Mar 2024,Q1 2024,2024\nA,1,2,3,6,6\nB,4,4,4,12,12\n"
    )
    done = run("movements", "w.csv", "-f", "json", cwd=tmp_path)
    assert closings(done) == [("2024-01", "5.00"), ("2024-02", "6.00"), ("2024-03", "7.00")]


def test_a_quarter_is_no_start_of_a_subscription(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("customer,start,end,mrr\nA,2024-Q1,,100\n")
    done = run("movements", "s.csv", "--periods", "mrr", cwd=tmp_path)
    assert done.exit_code == 3
    assert "error RC221" in done.stderr


def test_the_config_and_init_hold_it(tmp_path: Path) -> None:
    name = sheet(tmp_path, "Q1 2024", "Q2 2024")
    assert run("init", name, "--periods", "mrr", cwd=tmp_path).exit_code == 0
    assert 'periods: "mrr"' in (tmp_path / "retcalc.yaml").read_text()
    assert len(closings(run("movements", "-f", "json", cwd=tmp_path))) == 6


def test_a_panel_is_no_sheet_for_its_columns_of_years(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("customer,month,mrr,2023,2024\nA,2024-01,1,9,9\n")
    done = run("movements", "l.csv", "-f", "json", cwd=tmp_path)
    assert closings(done) == [("2024-01", "1.00")]
