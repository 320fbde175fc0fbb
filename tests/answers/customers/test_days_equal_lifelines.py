"""Lives by the day against lifelines, on random and on real exports."""

import csv
import random
import warnings
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from acceptance.inline import write
from helpers import SHARED, needs_shared, run

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import lifelines
    from lifelines.statistics import multivariate_logrank_test
    from lifelines.utils import restricted_mean_survival_time, survival_table_from_events

pytestmark = pytest.mark.filterwarnings("ignore")


def answer(command: str, *args: object) -> Any:
    return run(command, *args, "-f", "json").json


def lived(accounts: dict[str, list[tuple[date, date | None]]], closing: date) -> dict[str, Any]:
    """Days and end of the first run of days of every account, day by day."""
    found = {}
    for name, rows in accounts.items():
        first = min(start for start, _ in rows)
        if first > closing:
            continue
        end = first
        while end <= closing and any(s <= end and (e is None or e > end) for s, e in rows):
            end += timedelta(days=1)
        found[name] = (min((end - first).days, (closing - first).days), end <= closing)
    return found


def check_against_lifelines(result: Any, people: list[tuple[int, bool]]) -> None:
    leave, ended = zip(*people, strict=True)
    theirs = lifelines.KaplanMeierFitter().fit(leave, ended)
    total = [row for row in result["rows"] if not row["segment"]]
    ages = [row["age"] for row in total]
    assert ages == list(range(max(leave) + 1))
    survival = theirs.survival_function_.reindex(ages, method="pad").iloc[:, 0].tolist()
    assert [row["survival"] for row in total] == pytest.approx(survival, abs=1e-9)
    bounds = theirs.confidence_interval_.reindex(ages, method="pad").to_numpy().tolist()
    shown = [(row["lower"], row["upper"]) for row in total if row["lower"] is not None]
    assert [low for low, _ in shown] == pytest.approx(
        [b[0] for b in bounds][: len(shown)], abs=1e-9
    )
    assert [high for _, high in shown] == pytest.approx(
        [b[1] for b in bounds][: len(shown)], abs=1e-9
    )
    life = next(row for row in result["life"] if not row.get("segment"))
    if life["horizon_months"]:
        until = life["horizon_months"] * 30.4375
        mean = restricted_mean_survival_time(theirs, t=until) / 30.4375
        assert life["mean_months"] == pytest.approx(mean, abs=1e-9)
    halves = [row["age"] for row in total if row["survival"] == pytest.approx(0.5, abs=1e-9)]
    if halves:  # a half to the last bit, or not: ours is exact
        assert life["median_months"] == pytest.approx(halves[0] / 30.4375, abs=1e-9)
    elif life["median_months"] is None:
        assert theirs.median_survival_time_ == float("inf")
    else:
        median = theirs.median_survival_time_ / 30.4375
        assert life["median_months"] == pytest.approx(median, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_random_exports_equal_lifelines(seed: int, tmp_path: Path) -> None:
    made = random.Random(seed)
    lines, people = ["customer_id,start_date,end_date,amount,plan"], []
    for number in range(made.randint(30, 150)):
        start = date(2024, 1, 1) + timedelta(days=made.randrange(300))
        stay = 1 + int(made.expovariate(1 / 120))
        end = start + timedelta(days=stay)
        plan = made.choice(["Basic", "Pro"])
        lines.append(f"a{number},{start},{end},10,{plan}")
        seen = min(stay, (date(2024, 12, 31) - start).days)
        people.append((seen, end <= date(2024, 12, 31), plan))
    options = (
        "--by",
        "plan",
        "--as-of",
        "2024-12",
        "--age-unit",
        "days",
        "--period-end",
        "exclusive",
    )
    result = answer("survival", write(tmp_path / "s.csv", lines), *options)
    check_against_lifelines(result, [(leave, ended) for leave, ended, _ in people])
    leave, ended, plans = zip(*people, strict=True)
    theirs = multivariate_logrank_test(leave, plans, ended)
    assert result["logrank"]["chi_square"] == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert result["logrank"]["p_value"] == pytest.approx(theirs.p_value, rel=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_late_entry_at_the_opening_of_a_window_equals_lifelines(seed: int, tmp_path: Path) -> None:
    """Watched from 2024-06-30 on: who pays then enters at the age reached."""
    made = random.Random(100 + seed)
    opening, closing = date(2024, 6, 30), date(2024, 12, 31)
    lines, people = ["customer_id,start_date,end_date,amount,plan"], []
    for number in range(120):
        start = date(2024, 1, 1) + timedelta(days=made.randrange(300))
        end = start + timedelta(days=1 + int(made.expovariate(1 / 150)))
        lines.append(f"a{number},{start},{end},10,Pro")
        if end > opening:
            leave = (min(end, closing) - start).days
            people.append((max((opening - start).days, 0), leave, end <= closing))
    options = ("--window", "6m", "--as-of", "2024-12", "--age-unit", "days")
    path = write(tmp_path / "s.csv", lines)
    rows = answer("survival", path, *options, "--period-end", "exclusive")["rows"]
    entry, leave, ended = zip(*people, strict=True)
    theirs = lifelines.KaplanMeierFitter().fit(leave, ended, entry=entry)
    ages = [row["age"] for row in rows]
    survival = theirs.survival_function_.reindex(ages, method="pad").iloc[:, 0].tolist()
    assert [row["survival"] for row in rows] == pytest.approx(survival, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_phases_equal_the_life_table_of_lifelines(seed: int, tmp_path: Path) -> None:
    made = random.Random(200 + seed)
    lines, people = ["customer_id,start_date,end_date,amount,plan"], []
    for number in range(150):
        start = date(2024, 1, 1) + timedelta(days=made.randrange(360))
        end = start + timedelta(days=1 + int(made.expovariate(1 / 120)))
        lines.append(f"a{number},{start},{end},10,Pro")
        people.append(((min(end, date(2024, 12, 31)) - start).days, end <= date(2024, 12, 31)))
    path = write(tmp_path / "s.csv", lines)
    rows = answer("tenure", path, "--as-of", "2024-12", "--period-end", "exclusive")["rows"]
    leave, ended = zip(*people, strict=True)
    table = survival_table_from_events(leave, ended)
    for row, after, until in zip(rows, (0, 30, 90, 180), (30, 90, 180, 10**6), strict=True):
        inside = table[(table.index > after) & (table.index <= until)]
        assert row["churned"] == inside["observed"].sum()
        assert row["entered"] == (inside["at_risk"].iloc[0] if len(inside) else 0)


@needs_shared
@pytest.mark.parametrize(
    ("file", "account", "start", "end", "closing"),
    [
        (
            "maven_edtech/Subscription Cohort Analysis Data.csv",
            *("customer_id", "created_date", "canceled_date", date(2023, 8, 31)),
        ),
        (
            "ravenstack/ravenstack_subscriptions.csv",
            *("account_id", "start_date", "end_date", date(2024, 12, 31)),
        ),
    ],
)
def test_real_exports_equal_lifelines(
    file: str, account: str, start: str, end: str, closing: date
) -> None:
    path = SHARED / "data" / file
    result = answer("survival", path, "--age-unit", "days")
    assert result["window"]["closing"] == f"{closing:%Y-%m}"
    accounts: dict[str, list[tuple[date, date | None]]] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            unpaid = row.get("was_subscription_paid") == "No"
            if float(row.get("mrr_amount", "1")) > 0 and not unpaid:
                told = date.fromisoformat(row[end][:10]) if row[end] else None
                begun = date.fromisoformat(row[start][:10])
                accounts.setdefault(row[account], []).append((begun, told))
    check_against_lifelines(result, [*lived(accounts, closing).values()])
