"""survival, tenure and clv where rows are dated: worked by hand, through the command line."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from acceptance.inline import panel, subscriptions, write
from helpers import run

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


def test_the_segment_of_the_first_day_or_the_current_one(tmp_path: Path) -> None:
    lines = ["customer_id,start_date,end_date,amount,plan"]
    lines += ["a,2024-01-01,2024-03-01,10,Basic", "a,2024-03-01,,10,Pro", "b,2024-04-30,,1,Pro"]
    path = write(tmp_path / "s.csv", lines)

    def lived(*options: str) -> dict[str, int]:
        life = answer("survival", path, "--by", "plan", *options)["life"]
        return {row["segment"].get("plan", ""): row["accounts"] for row in life}

    assert lived() == {"Basic": 1, "Pro": 1, "": 2}
    config = write(tmp_path / "now.yaml", ["segments: {as_of: current}"])
    current = ("-c", str(config))
    assert {k: n for k, n in lived(*current).items() if n} == {"Pro": 2, "": 2}
    assert {k: n for k, n in lived(*current, "--as-of", "2024-02").items() if n} == {
        "Basic": 1,
        "": 1,
    }


def test_fiscal_months_close_on_their_own_last_day(tmp_path: Path) -> None:
    """4-4-5 to the last Saturday of January: 2024-02 closes on 24 February, March on 23 March."""
    path = subscriptions(tmp_path, ["a,2024-02-01,2024-02-25,1,month", "b,2024-02-01,,1,month"])
    text = "calendar: {pattern: 4-4-5, week_end: saturday, fiscal_year_start: 2, year_end: last}"
    config = write(tmp_path / "weeks.yaml", [text])
    options = ("-c", str(config), "--age-unit", "days", "--period-end", "exclusive")
    february = answer("survival", path, *options, "--as-of", "2024-02")
    assert (february["life"][0]["churned"], february["rows"][-1]["age"]) == (0, 23)
    march = answer("survival", path, *options, "--as-of", "2024-03")
    assert march["life"][0]["churned"] == 1
    assert march["rows"][-1]["age"] == 51
