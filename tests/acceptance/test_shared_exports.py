"""Whole exports of other people, read without a config, against the walked oracle.

The oracle reads the files with the csv module alone. The default window is the twelve months up to
the last complete month.
"""

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest

from helpers import SHARED, needs_shared, run
from oracle import intervals, walk
from oracle.panels import month_text
from oracle.rows import (
    MONTH_RATES,
    WINDOW_RATES,
    check_annualised,
    check_row,
    check_segments,
)

pytestmark = needs_shared

PANEL = SHARED / "data/acctmonth_panel/account_month_mrr.csv"
RAVENSTACK = SHARED / "data/ravenstack/ravenstack_subscriptions.csv"
EDTECH = SHARED / "data/maven_edtech/Subscription Cohort Analysis Data.csv"

Mrr = dict[tuple[str, int], Fraction]
Export = tuple[Path, Mrr, int, int]


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day_of(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
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


def interval_mrr(
    path: Path, names: tuple[str, str, str, str], paid: str | None = None
) -> tuple[Mrr, int, int]:
    """Subscriptions with monthly amounts; several of one account add up, unpaid ones are none."""
    account, start, end, amount = names
    made = [
        intervals.Subscription(
            line[account],
            date.fromisoformat(line[start]),
            day_of(line[end]),
            Fraction(line[amount]),
        )
        for line in lines(path)
        if paid is None or line[paid] != "No"
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
        EDTECH,
        ("customer_id", "created_date", "canceled_date", "subscription_cost"),
        "was_subscription_paid",
    ),
}


@pytest.fixture(scope="module", params=SOURCES, ids=["panel", "ravenstack", "edtech"])
def export(request: pytest.FixtureRequest) -> Export:
    return request.param, *SOURCES[request.param]()


def ask(*args: object) -> Any:
    return run(*args, "-f", "json").json


@pytest.mark.parametrize("command", ["nrr", "grr", "churn", "retention"])
def test_window(export: Export, command: str) -> None:
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


@pytest.mark.parametrize("basis", ["endpoints", "monthly"])
def test_summary(export: Export, basis: Literal["endpoints", "monthly"]) -> None:
    """In the ed-tech export more accounts leave within the year than there were at its start."""
    path, mrr, first, last = export
    rules = walk.Rules(basis)
    (row,) = ask("summary", path, "--basis", basis)["rows"]
    s, e = walk.default_window(first, last)
    facts = walk.window(mrr, s, e, rules)[walk.TOTAL]
    check_row(row, facts, (*WINDOW_RATES, "quick_ratio"), rules=rules, unit=1)
    check_annualised(row, facts, e - s, rules)


def test_movements(export: Export) -> None:
    path, mrr, first, last = export
    rows = ask("movements", path)["rows"]
    assert [row["month"] for row in rows] == [month_text(t) for t in range(first, last + 1)]
    months = walk.roll_forward(mrr, first, last).values()
    for row, facts in zip(rows, months, strict=True):
        check_row(row, facts[walk.TOTAL], MONTH_RATES, unit=1)


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
    own = dict.fromkeys(("mrr_new", "mrr_expansion", "mrr_contraction", "mrr_churn"), Decimal(0))
    for line in lines(PANEL):
        for name in own:
            own[name] += Decimal(line[name])
    mrr, first, last = panel_mrr()
    months = walk.roll_forward(mrr, first, last).values()
    total = walk.add(month[walk.TOTAL] for month in months)
    assert own["mrr_new"] == total["new_mrr"] + total["reactivation_mrr"]
    assert own["mrr_expansion"] == total["expansion_mrr"]
    assert abs(own["mrr_contraction"]) == total["contraction_mrr"]
    assert abs(own["mrr_churn"]) == total["churn_mrr"]
