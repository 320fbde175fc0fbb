"""win-back: who came back of the accounts lost in each month, walked by a plain oracle."""

import json
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest

from helpers import run
from oracle.panels import month_text, random_panel, write_panel
from oracle.returns import Loss, losses

# a is lost in February and back in April at 12, lost again in May for good; b is lost in February
# and back in March at 15; c is lost in March. d pays throughout.
PANEL = """account,month,mrr,plan
a,2024-01,10,Pro
a,2024-04,12,Pro
b,2024-01,20,Team
b,2024-03,15,Team
b,2024-04,15,Team
b,2024-05,15,Team
c,2024-01,30,Pro
c,2024-02,30,Pro
d,2024-01,1,Team
d,2024-02,1,Team
d,2024-03,1,Team
d,2024-04,1,Team
d,2024-05,1,Team
"""
FIGURES = ("churned_accounts", "churn_mrr", "returned_accounts", "returned_mrr")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "mrr.csv"
    path.write_text(PANEL)
    return path


def told(row: dict) -> tuple:
    return tuple(row[name] for name in FIGURES)


def test_worked_by_hand(data):
    result = run("win-back", data, "-f", "json").json
    by_month = {row["month"]: row for row in result["rows"]}
    assert told(by_month["2024-02"]) == (2, "30.00", 2, "27.00")
    assert by_month["2024-02"]["win_back_rate"] == 1.0
    assert by_month["2024-02"]["median_months_away"] == 1.5
    assert told(by_month["2024-03"]) == (1, "30.00", 0, "0.00")
    assert by_month["2024-03"]["reasons"] == {"median_months_away": "nobody_came_back"}
    assert told(by_month["2024-05"]) == (1, "12.00", 0, "0.00")
    assert by_month["2024-04"]["reasons"]["win_back_rate"] == "no_churn"
    total = result["rows"][-1]
    assert total["month"] is None
    assert told(total) == (4, "72.00", 2, "27.00")
    assert total["win_back_rate"] == 0.5
    assert result["after"] == [
        {"months_away": 1, "returned_accounts": 1, "returned_mrr": "15.00"},
        {"months_away": 2, "returned_accounts": 1, "returned_mrr": "12.00"},
    ]


def test_by_segment_and_filter(data):
    rows = run("win-back", data, "--by", "plan", "-f", "json").json["rows"]
    sums = {row["segment"].get("plan"): told(row) for row in rows if row["month"] is None}
    assert sums == {
        "Pro": (3, "52.00", 1, "12.00"),
        "Team": (1, "20.00", 1, "15.00"),
        None: (4, "72.00", 2, "27.00"),
    }
    assert told(run("win-back", data, "--where", "plan=Pro", "-f", "json").total) == sums["Pro"]


def test_a_window_chooses_the_months_of_loss(data):
    rows = run("win-back", data, "--window", "2m", "-f", "json").json["rows"]
    assert [row["month"] for row in rows] == ["2024-04", "2024-05", None]
    assert told(rows[-1]) == (1, "12.00", 0, "0.00")


def test_what_comes_later_is_not_looked_at(data):
    rows = run("win-back", data, "--as-of", "2024-03", "-f", "json").json["rows"]
    assert told(rows[-1]) == (3, "60.00", 1, "15.00")


def test_who_was_away_longer_than_the_gap_is_new(data, tmp_path):
    config = tmp_path / "gap.yaml"
    config.write_text("reactivation_gap: 1\n")
    total = run("win-back", data, "-c", config, "-f", "json").total
    assert told(total) == (4, "72.00", 1, "15.00")


def test_exports_without_amounts_count_accounts(tmp_path):
    path = tmp_path / "lives.csv"
    path.write_text(
        "customer_id,start_date,end_date\n"
        "a,2024-01-05,2024-02-10\na,2024-03-15,\nb,2024-01-05,\nc,2024-04-30,\n"
    )
    total = run("win-back", path, "-f", "json").total
    assert (total["churned_accounts"], total["returned_accounts"]) == (1, 1)
    assert "churn_mrr" not in total


def test_explain_lists_the_losses_and_returns(data):
    rows = run("explain", "win_back", data, "-f", "json").json["rows"]
    names = ("account", "month", "churn_mrr", "months_away", "returned_mrr", "line")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("b", "2024-02", "20.00", 1, "15.00", 4),
        ("a", "2024-02", "10.00", 2, "12.00", 2),
        ("c", "2024-03", "30.00", None, "0.00", 9),
        ("a", "2024-05", "12.00", None, "0.00", 3),
        (None, None, "72.00", None, "27.00", None),
    ]


def test_check_judges_the_rate(data, tmp_path):
    """2 of 4 losses came back; of Team 1 of 1, of Pro 1 of 3."""
    config = tmp_path / "checks.yaml"
    config.write_text("checks: [{metric: win_back_rate, equals: 0.5}]\n")
    assert run("check", data, "-c", config).exit_code == 0
    config.write_text("checks: [{metric: win_back_rate, min: 0.6, where: {plan: Team}}]\n")
    assert run("check", data, "-c", config).exit_code == 0
    config.write_text("checks: [{metric: win_back_rate, min: 0.6, by: plan}]\n")
    done = run("check", data, "-c", config, "-f", "json")
    assert done.exit_code == 1
    rows = [(r["check"], r["status"]) for r in json.loads(done.stdout)["rows"]]
    assert [status for name, status in rows if "Team" in name] == ["ok"]


def test_every_format(data, tmp_path):
    outputs = [tmp_path / f"out.{e}" for e in ("html", "xlsx", "parquet", "json", "csv", "md")]
    done = run("win-back", data, *(word for path in outputs for word in ("-o", path)))
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "out.csv").read_text().splitlines()[-1] == ",4,72.00,2,0.5,27.00,1.5"


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def check(row: dict, lost: list[Loss]) -> None:
    back = [loss for loss in lost if loss.away is not None]
    assert row["churned_accounts"] == len(lost)
    assert cents(row["churn_mrr"]) == sum(loss.mrr for loss in lost)
    assert row["returned_accounts"] == len(back)
    assert cents(row["returned_mrr"]) == sum(loss.returned_mrr for loss in back)
    assert row["win_back_rate"] == (len(back) / len(lost) if lost else None)
    assert row["median_months_away"] == (median(x.away for x in back) if back else None)


@pytest.mark.parametrize("seed", range(40))
def test_random_panels_equal_the_walk(tmp_path, seed):
    panel = random_panel(seed)
    if not panel.mrr:
        pytest.skip("a panel without money")
    path = write_panel(panel, tmp_path / "p.csv")
    config = tmp_path / "gap.yaml"
    gap = (None, 1, 3)[seed % 3]
    config.write_text("" if gap is None else f"reactivation_gap: {gap}\n")
    rows = run("win-back", path, "-c", config, "-f", "json").json["rows"]
    lost = losses(panel.mrr, panel.first - 1, panel.last, gap)
    for month in range(panel.first, panel.last + 1):
        (row,) = [r for r in rows if r["month"] == month_text(month)]
        check(row, [loss for loss in lost if loss.month == month])
    check(rows[-1], lost)
    moved = run("movements", path, "-c", config, "-f", "json").json["rows"]
    assert sum(r["reactivated_accounts"] for r in moved) == rows[-1]["returned_accounts"]
    segments = panel.segments(("plan",))
    rows = run("win-back", path, "-c", config, "--by", "plan", "-f", "json").json["rows"]
    for (plan,) in set(segments.values()):
        (row,) = [r for r in rows if r["month"] is None and r["segment"] == {"plan": plan}]
        check(row, [x for x in lost if segments[x.account, x.month - 1] == (plan,)])
