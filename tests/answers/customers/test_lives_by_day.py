"""survival, tenure and clv where rows are dated: by hand, and against lifelines on real exports."""

import csv
import random
import warnings
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from acceptance.inline import panel, subscriptions, write
from helpers import SHARED, needs_shared, run

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import lifelines
    from lifelines.statistics import multivariate_logrank_test
    from lifelines.utils import restricted_mean_survival_time

pytestmark = pytest.mark.filterwarnings("ignore")

# ten accounts start on one day; one ends after 19 days, two after 60, one after 135, six stay
TEN = [
    *("a,2024-01-01,2024-01-20,10,month", "b,2024-01-01,2024-03-01,10,month"),
    *("c,2024-01-01,2024-03-01,10,month", "d,2024-01-01,2024-05-15,10,month"),
    *(f"stays{n},2024-01-01,,10,month" for n in range(6)),
]
AS_OF = ("--as-of", "2025-06")


def answer(command: str, *args: object) -> Any:
    return run(command, *args, "-f", "json").json


def test_phases_of_ten_accounts(tmp_path: Path) -> None:
    result = answer("tenure", subscriptions(tmp_path, TEN), *AS_OF)
    assert [(r["phase"], r["churned"], r["entered"]) for r in result["rows"]] == [
        ("0-30", 1, 10),
        ("30-90", 2, 9),
        ("90-180", 1, 7),
        ("180+", 0, 6),
    ]
    assert result["definition"]["grain"] == "day"
    assert "months" not in result["rows"][0]
    assert not {"RC841", "RC897"} & {note["code"] for note in result["notes"]}


def test_the_curve_of_ten_accounts_in_every_unit(tmp_path: Path) -> None:
    path = subscriptions(tmp_path, TEN)
    curves = {
        unit: {r["age"]: r for r in answer("survival", path, *AS_OF, "--age-unit", unit)["rows"]}
        for unit in ("days", "weeks", "months")
    }
    left = {"days": (18, 19, 59, 60, 134, 135), "weeks": (2, 3, 8, 9, 19, 20)}
    for unit, ages in left.items():
        shares = [curves[unit][age]["survival"] for age in ages]
        assert shares == pytest.approx([1, 0.9, 0.9, 0.7, 0.7, 0.6])
    # 30.4375 days a month: 60 days are before the end of the second, 135 before that of the fifth
    shares = [curves["months"][age]["survival"] for age in range(7)]
    assert shares == pytest.approx([1, 0.9, 0.7, 0.7, 0.7, 0.6, 0.6])
    assert [curves["months"][age]["at_risk"] for age in range(7)] == [10, 10, 9, 7, 7, 7, 6]
    assert max(curves["days"]) == 546  # 2024-01-01 to 2025-06-30
    assert max(curves["weeks"]) == 78
    assert max(curves["months"]) == 18


def test_the_mean_life_of_ten_accounts(tmp_path: Path) -> None:
    path = subscriptions(tmp_path, TEN)
    (life,) = answer("survival", path, *AS_OF)["life"]
    assert (life["accounts"], life["churned"], life["median_months"]) == (10, 4, None)
    # 17 whole months were watched: one life of 19 days, two of 60, one of 135, six of all of them
    month = Fraction("30.4375")
    mean = (19 + 2 * 60 + 135 + 6 * 17 * month) / 10 / month
    assert life["mean_months"] == pytest.approx(float(mean))
    assert (life["horizon_months"], life["alive_at_horizon"]) == (17, pytest.approx(0.6))
    row = answer("clv", path, *AS_OF, "--margin", "0.5")["rows"][-1]
    assert row["lifespan_months"] == pytest.approx(float(mean))
    assert float(row["clv"]) == pytest.approx(float(mean * 5))
    observed = answer("clv", path, *AS_OF, "--margin", "0.5", "--lifespan", "observed")
    assert observed["rows"][-1]["lifespan_months"] == pytest.approx(float(Fraction(274, 4) / month))


def test_a_discount_counts_by_the_day(tmp_path: Path) -> None:
    """One account of 100 days and one that stays: S is 1 for 100 days, then a half."""
    path = subscriptions(tmp_path, ["a,2024-01-01,2024-04-10,1,month", "b,2024-01-01,,1,month"])
    options = ("--margin", "1", "--discount", "10%", "--horizon", "8")
    row = answer("clv", path, "--as-of", "2024-12", *options)["rows"][-1]
    worth = [1.1 ** -(day / 365.25) for day in range(244)]
    last = (243.5 - 243) * worth[243] / 2
    months = (sum(worth[:100]) + sum(worth[100:243]) / 2 + last) / 30.4375
    assert row["discounted_months"] == pytest.approx(months, abs=1e-9)


def test_a_segment_that_no_month_end_sees_has_its_row(tmp_path: Path) -> None:
    lines = ["customer_id,start_date,end_date,amount,plan"]
    lines += ["a,2024-01-02,2024-01-20,10,Trial", "b,2024-01-01,,10,Pro", "c,2024-04-30,,10,Pro"]
    rows = answer("tenure", write(tmp_path / "s.csv", lines), "--by", "plan")["rows"]
    counts = [(r["segment"].get("plan"), r["entered"], r["churned"]) for r in rows]
    assert ("Trial", 1, 1) in counts
    assert (None, 2, 1) in counts


def test_paused_without_a_day_has_stopped_by_the_closing(tmp_path: Path) -> None:
    lines = ["customer_id,start_date,end_date,amount,status"]
    lines += ["a,2024-01-01,,10,paused", "b,2024-01-01,,10,active", "c,2024-04-30,,10,active"]
    rows = answer("tenure", write(tmp_path / "s.csv", lines), "--paused", "drop")["rows"]
    assert [(r["entered"], r["churned"]) for r in rows][:3] == [(2, 0), (2, 0), (2, 1)]


INVOICES = [
    "customer_id,invoice_date,period_start,period_end,amount",
    *(
        f"old,{m},{m},{e},10"
        for m, e in (("2024-01-10", "2024-02-10"), ("2024-02-10", "2024-03-05"))
    ),
    "new,2024-02-03,2024-02-03,2024-02-20,10",
    "stays,2024-02-05,2024-02-05,2025-02-05,120",
    "last,2024-06-30,2024-06-30,2024-07-30,10",
]


def test_an_account_older_than_the_data_enters_late(tmp_path: Path) -> None:
    """old signed up on 2023-10-12: 90 days before its first invoice, 145 before its end."""
    path = write(tmp_path / "invoices.csv", INVOICES)
    options = ("--period-end", "exclusive", "--as-of", "2024-06", "--age-unit", "days")
    left_out = answer("survival", path, *options)
    assert "RC855" in {note["code"] for note in left_out["notes"]}
    assert left_out["life"][0]["accounts"] == 3
    told = write(tmp_path / "customers.csv", ["customer_id,signup_date", "old,2023-10-12"])
    result = answer("survival", path, *options, "--customers", told)
    assert "RC855" not in {note["code"] for note in result["notes"]}
    by_age = {row["age"]: (row["at_risk"], row["events"]) for row in result["rows"]}
    assert by_age[17] == (2, 1)  # new: 3 to 20 February
    assert (by_age[90], by_age[91]) == ((1, 0), (2, 0))
    assert by_age[145] == (2, 1)  # to 5 March
    assert by_age[146] == (1, 0)


def test_month_grained_data_stays_and_says_so(tmp_path: Path) -> None:
    path = panel(tmp_path, {"old": [10] * 6, "a": [0, 10, 10, 0, 0, 0], "b": [0, 10, 10, 10, 0, 0]})
    result = answer("survival", path)
    assert [row["age"] for row in result["rows"]] == [0, 1, 2, 3]
    assert result["definition"]["grain"] == "month"
    assert "RC897" in {note["code"] for note in result["notes"]}
    refused = run("survival", path, "--age-unit", "weeks")
    assert refused.exit_code == 2
    assert "RC188" in refused.stderr


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


def test_a_row_that_ends_on_its_day_is_a_life_and_an_unpaid_trial_is_none(tmp_path: Path) -> None:
    lines = ["customer_id,start_date,trial_end,end_date,amount"]
    lines += ["a,2024-01-05,,2024-01-05,10", "b,2024-01-01,,,10", "c,2024-04-30,,,10"]
    lines += ["trial,2024-01-02,2024-01-16,2024-01-16,10"]
    path = write(tmp_path / "s.csv", lines)
    result = answer("survival", path, "--age-unit", "days")
    first = result["rows"][0]
    assert (first["at_risk"], first["events"], first["survival"]) == (3, 1, pytest.approx(2 / 3))
    rows = answer("tenure", path)["rows"]
    assert [(r["entered"], r["churned"]) for r in rows] == [(2, 1), (1, 0), (1, 0), (0, 0)]
