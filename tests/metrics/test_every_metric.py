"""No metric is forgotten: each over a bridge is shown, explained, judged and a live cell."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from helpers import run
from retcalc.answers.gates.check import judged
from retcalc.answers.gates.published_bands import bands
from retcalc.cli.output.demo_data import demo_files
from retcalc.metrics import bridge_metrics, metrics

PANEL = "account,month,mrr\na,2024-01,100\nb,2024-01,60\na,2024-02,130\nc,2024-02,5\n"
SCHEMA = Path(__file__).parents[2] / "configs" / "schema" / "result.schema.json"
ACROSS = {"summary": "Summary", "clv": "CLV", "clv_cac": "CLV and CAC"}
DOWN = {"cohort": "Cohorts", "survival": "Survival"}
NO_COLUMN = ("segment", "reasons", "small", "at_least")
# rates of a phase, of segments alone, and of contracts
NOT_IN_A_REPORT = {"hazard", "segment_churn"}
NOT_IN_A_REPORT |= {"renewal_rate", "gross_renewal_rate", "net_renewal_rate"}


OF_ALL = sorted(n for n, m in bridge_metrics().items() if "segments" not in m.needs)


@pytest.mark.parametrize("name", OF_ALL)
def test_every_metric_over_a_bridge(tmp_path: Path, name: str) -> None:
    (tmp_path / "mrr.csv").write_text(PANEL)
    summary = json.loads(run("summary", "mrr.csv", "-f", "json", cwd=tmp_path).stdout)
    assert name in summary["rows"][-1]
    assert run("explain", name, "mrr.csv", cwd=tmp_path).exit_code == 0
    assert name in judged()
    assert bridge_metrics()[name].better in ("more", "less")


def test_every_metric_that_answers_show_is_found_among_those_over_a_bridge() -> None:
    """They are looked for in their folders only; a metric in another one would be missed."""
    assert set(bridge_metrics()) == {n for n, m in metrics().items() if m.described and m.shown_in}


@pytest.mark.parametrize("name", sorted(metrics()))
def test_every_metric_is_explained(name: str) -> None:
    told = run("metrics", name).stdout
    assert f"{name}.py" in told
    assert metrics()[name].formula
    assert metrics()[name].formula in " ".join(told.split())


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The figures of a report that are formulas in its workbook, by their names in the JSON."""
    folder = tmp_path_factory.mktemp("live")
    for name, text in demo_files().items():
        (folder / name).write_text(text)
    run("report", "mrr.csv", "-o", "c.xlsx", "-o", "c.json", "--quiet", cwd=folder)
    parts = json.loads((folder / "c.json").read_text())["parts"]
    book, found = openpyxl.load_workbook(folder / "c.xlsx"), set()
    for part, sheet in {**ACROSS, **DOWN}.items():
        fields = [n for n in parts[part]["rows"][-1] if n not in NO_COLUMN]
        lines = list(book[sheet].iter_rows() if part in ACROSS else book[sheet].iter_cols())
        first = 1 if part in ACROSS else 0
        for name, cells in zip(fields, lines[first:], strict=False):
            found |= {name} if any(cell.data_type == "f" for cell in cells) else set()
    return found


def test_every_metric_that_follows_from_others_is_a_live_cell(live: set[str]) -> None:
    made = {name for name, m in metrics().items() if m.described or m.made_of}
    assert made - live == NOT_IN_A_REPORT


def test_every_metric_that_follows_from_others_is_in_the_schema() -> None:
    schema = SCHEMA.read_text()
    made = {name for name, m in metrics().items() if m.described or m.made_of}
    assert [name for name in made if f'"{name}": {{' not in schema] == []


def test_a_published_band_of_every_metric_knows_which_side_is_good(tmp_path: Path) -> None:
    rows = [f"  - {{metric: {name}, who: all, good: 0.5, source: x}}\n" for name in metrics()]
    (tmp_path / "bands.yaml").write_text("bands:\n" + "".join(rows))
    found = {band.metric: band.better for band in bands(str(tmp_path / "bands.yaml"))}
    less = "less"
    assert found["annualised_logo_churn"] == found["cac"] == found["payback_months"] == less
    assert found["logo_churn"] == found["gross_revenue_churn"] == less
    assert found["nrr"] == found["logo_retention"] == found["clv_cac"] == "more"
