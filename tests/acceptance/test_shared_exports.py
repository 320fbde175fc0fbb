"""Whole exports of other people, read without a config, against the walked oracle.

The oracle reads the files with the csv module alone. The default window is the twelve months up to
the last complete month.
"""

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from helpers import SHARED, needs_shared, run
from oracle import intervals, walk
from oracle.panels import month_text
from oracle.rows import MONTH_RATES, check_row, check_segments

pytestmark = needs_shared

PANEL = SHARED / "data/acctmonth_panel/account_month_mrr.csv"
RAVENSTACK = SHARED / "data/ravenstack/ravenstack_subscriptions.csv"
EDTECH = SHARED / "data/maven_edtech/Subscription Cohort Analysis Data.csv"

Mrr = dict[tuple[str, int], Fraction]


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day_of(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def panel_mrr() -> tuple[Mrr, int, int]:
    """The long panel: one row an account and month, zeros written out."""
    mrr: Mrr = {}
    months = set()
    for line in lines(PANEL):
        month = intervals.month_of(date.fromisoformat(line["month"]))
        assert (line["account_id"], month) not in mrr
        mrr[line["account_id"], month] = Fraction(line["mrr"])
        months.add(month)
    return mrr, min(months), max(months)


def interval_mrr(path: Path, names: tuple[str, str, str, str]) -> tuple[Mrr, int, int]:
    """Subscriptions with monthly amounts; several of one account add up."""
    account, start, end, amount = names
    made = [
        intervals.Subscription(
            line[account],
            date.fromisoformat(line[start]),
            day_of(line[end]),
            Fraction(line[amount]),
        )
        for line in lines(path)
    ]
    first = intervals.month_of(min(sub.start for sub in made))
    last = intervals.last_complete_month(sub.start for sub in made)
    return intervals.monthly(made, last), first, last


SOURCES = {
    PANEL: panel_mrr,
    RAVENSTACK: lambda: interval_mrr(
        RAVENSTACK, ("account_id", "start_date", "end_date", "mrr_amount")
    ),
    EDTECH: lambda: interval_mrr(
        EDTECH, ("customer_id", "created_date", "canceled_date", "subscription_cost")
    ),
}


@pytest.fixture(scope="module", params=SOURCES, ids=["panel", "ravenstack", "edtech"])
def export(request: pytest.FixtureRequest) -> tuple[Path, Mrr, int, int]:
    return request.param, *SOURCES[request.param]()


def ask(*args: object) -> Any:
    return run(*args, "-f", "json").json


@pytest.mark.parametrize("command", ["nrr", "grr", "churn", "retention"])
def test_window(export: tuple[Path, Mrr, int, int], command: str) -> None:
    path, mrr, first, last = export
    s, e = walk.default_window(first, last)
    answer = ask(command, path)
    assert answer["metric"] == command
    assert answer["window"] == {
        "opening": month_text(s),
        "closing": month_text(e),
        "months": e - s,
    }
    (row,) = answer["rows"]
    check_row(row, walk.window(mrr, s, e)[walk.TOTAL], unit=1)


def test_monthly_basis(export: tuple[Path, Mrr, int, int]) -> None:
    path, mrr, first, last = export
    rules = walk.Rules("monthly")
    (row,) = ask("nrr", path, "--basis", "monthly")["rows"]
    facts = walk.window(mrr, *walk.default_window(first, last), rules)
    check_row(row, facts[walk.TOTAL], rules=rules, unit=1)


def test_movements(export: tuple[Path, Mrr, int, int]) -> None:
    path, mrr, first, last = export
    rows = ask("movements", path)["rows"]
    assert [row["month"] for row in rows] == [month_text(t) for t in range(first, last + 1)]
    for month, row in enumerate(rows, start=first):
        check_row(row, walk.window(mrr, month - 1, month)[walk.TOTAL], MONTH_RATES, unit=1)


def test_panel_by_plan() -> None:
    mrr, first, last = panel_mrr()
    month_of = intervals.month_of
    plan = {
        (line["account_id"], month_of(date.fromisoformat(line["month"]))): (line["plan"],)
        for line in lines(PANEL)
    }
    facts = walk.window(mrr, *walk.default_window(first, last), segments=plan)
    check_segments(ask("nrr", PANEL, "--by", "plan")["rows"], facts, ["plan"], unit=1)


def test_panel_agrees_with_its_own_movement_columns() -> None:
    """The makers' own columns (from one row to the next) hold the same sums as the roll-forward."""
    own = dict.fromkeys(("mrr_new", "mrr_expansion", "mrr_contraction", "mrr_churn"), Fraction(0))
    for line in lines(PANEL):
        for name in own:
            own[name] += Fraction(line[name])
    mrr, first, last = panel_mrr()
    months = walk.roll_forward(mrr, first, last).values()
    total = walk.add(month[walk.TOTAL] for month in months)
    assert own["mrr_new"] == total["new_mrr"] + total["reactivation_mrr"]
    assert own["mrr_expansion"] == total["expansion_mrr"]
    assert abs(own["mrr_contraction"]) == total["contraction_mrr"]
    assert abs(own["mrr_churn"]) == total["churn_mrr"]
