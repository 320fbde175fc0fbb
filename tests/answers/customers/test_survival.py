"""survival through the command line, on panels worked by hand."""

import pytest

from acceptance.inline import many, panel, subscriptions, write
from helpers import run

# from 2024-01 to 2024-06: old pays always, a three months, b two, c from 2024-03 on
FOUR = {
    "old": [10] * 6,
    "a": [0, 10, 10, 10, 0, 0],
    "b": [0, 10, 10, 0, 0, 0],
    "c": [0, 0, 10, 10, 10, 10],
}


def answer(*args):
    return run("survival", *args, "-f", "json").json


def curve(result, segment=None):
    return [
        (row["age"], row["at_risk"], row["events"], row["survival"])
        for row in result["rows"]
        if row["segment"] == (segment or {})
    ]


def codes(result):
    return {note["code"] for note in result["notes"]}


def test_curve_worked_by_hand(tmp_path):
    result = answer(panel(tmp_path, FOUR))
    third, two_thirds = pytest.approx(1 / 3), pytest.approx(2 / 3)
    assert curve(result) == [(0, 3, 0, 1), (1, 3, 0, 1), (2, 3, 1, two_thirds), (3, 2, 1, third)]
    (life,) = result["life"]
    assert (life["accounts"], life["churned"], life["median_months"]) == (3, 2, 3)
    assert life["mean_months"] == pytest.approx(1 + 1 + 2 / 3)
    assert (life["horizon_months"], life["alive_at_horizon"]) == (3, third)
    assert [n["message"] for n in result["notes"] if n["code"] == "RC855"] == [
        "1 account pays already in 2024-01, the first month of the data: their start is not "
        "known, they are left out of lives"
    ]


def test_the_first_month_can_count_as_a_start(tmp_path):
    result = answer(panel(tmp_path, FOUR), "--first-month", "start")
    assert [row[:3] for row in curve(result)] == [
        (0, 4, 0),
        (1, 4, 0),
        (2, 4, 1),
        (3, 3, 1),
        (4, 1, 0),
        (5, 1, 0),
    ]
    assert "RC855" not in codes(result)


def test_a_sign_up_date_lets_an_account_enter_late(tmp_path):
    customers = write(
        tmp_path / "customers.csv",
        ["account_id,signup_date", "old,2023-11-20", "a,2023-05-05", "b,", "c,2024-03-01"],
    )
    result = answer(panel(tmp_path, FOUR), "--customers", customers)
    # old is 2 months old when the data begins, and 7 when it ends
    assert [row[:3] for row in curve(result)] == [
        (0, 3, 0),
        (1, 3, 0),
        (2, 3, 1),
        (3, 3, 1),
        (4, 1, 0),
        (5, 1, 0),
        (6, 1, 0),
        (7, 1, 0),
    ]
    assert result["definition"]["start"].endswith("signup_date where that lies before the data")
    assert "RC855" not in codes(result)


def test_another_column_can_be_named(tmp_path):
    rows = ["account_id,signup_date,won", "old,2023-11-20,2023-12-31"]
    customers = write(tmp_path / "customers.csv", rows)
    path = panel(tmp_path, FOUR)
    result = answer(path, "--customers", customers, "--cohort-date", "won")
    assert curve(result)[-1][0] == 6
    refused = run("survival", path, "--cohort-date", "won")
    assert refused.exit_code == 2
    assert "RC162" in refused.stderr


def test_a_single_cohort_starts_with_the_data(tmp_path):
    result = answer(panel(tmp_path, {"a": [10, 10, 0], "b": [10, 10, 10]}))
    assert curve(result) == [(0, 2, 0, 1), (1, 2, 0, 1), (2, 2, 1, 0.5)]
    assert "RC856" in codes(result)


def test_start_dates_are_known(tmp_path):
    """a lives 75 days, b is 111 days old on 2024-04-30, c begins on that day."""
    lines = ["a,2024-01-05,2024-03-20,10,month", "b,2024-01-10,,10,month", "c,2024-04-30,,1,month"]
    result = answer(subscriptions(tmp_path, lines))
    ages = [(0, 3, 0), (1, 2, 0), (2, 2, 0), (3, 2, 1), (4, 1, 0)]
    assert [row[:3] for row in curve(result)] == ages
    assert not {"RC855", "RC856"} & codes(result)


def test_strict_refuses_unknown_starts(tmp_path):
    refused = run("survival", panel(tmp_path, FOUR), "--strict")
    assert refused.exit_code == 3
    assert refused.stdout == ""
    assert "--first-month start" in refused.stderr


def test_segments_are_those_of_the_first_month_and_are_compared(tmp_path):
    lines = ["account_id,month,mrr,plan"]
    for name, plan, months in (("o", "Pro", (1, 2, 3, 4, 5)), ("p", "Pro", (2, 3, 4, 5))):
        lines += [f"{name},2024-{m:02},10,{plan}" for m in months]
    # q starts Basic, ends Pro; r and s stay Basic
    lines += ["q,2024-02,10,Basic", "q,2024-03,10,Pro", "r,2024-02,10,Basic", "s,2024-03,10,Basic"]
    result = answer(write(tmp_path / "mrr.csv", lines), "--by", "plan")
    assert [row[:3] for row in curve(result, {"plan": "Basic"})] == [
        (0, 3, 0),
        (1, 3, 2),
        (2, 1, 1),
    ]
    assert [row[:3] for row in curve(result, {"plan": "Pro"})] == [
        (0, 1, 0),
        (1, 1, 0),
        (2, 1, 0),
        (3, 1, 0),
    ]
    assert result["rows"][-1]["segment"] == {}
    assert [row["segment"] for row in result["life"]][-1] == {}
    # age 1: 2 of 4 leave, 3 of them Basic; age 2: 1 of 2 leaves
    expected, variance = 2 * 3 / 4 + 1 / 2, 2 * (3 / 4) * (1 / 4) * (2 / 3) + 1 / 4
    test = result["logrank"]
    assert test["chi_square"] == pytest.approx((3 - expected) ** 2 / variance)
    assert test["degrees_of_freedom"] == 1
    basic = [row for row in result["rows"] if row["segment"] == {"plan": "Basic"}][-1]
    assert (basic["survival"], basic["lower"], basic["upper"]) == (0, None, None)
    assert basic["reasons"] == {"lower": "no_survivors", "upper": "no_survivors"}


def test_a_named_window_watches_its_months_only(tmp_path):
    result = answer(panel(tmp_path, FOUR), "--window", "3m", "--first-month", "start")
    # at 2024-03: old is 2, a 1, b 1, c 0 months old
    assert [row[:3] for row in curve(result)] == [
        (0, 1, 0),
        (1, 1, 0),
        (2, 3, 1),
        (3, 3, 1),
        (4, 1, 0),
        (5, 1, 0),
    ]
    assert result["window"] == {"opening": "2024-03", "closing": "2024-06", "months": 3}


def test_as_of_cuts_the_data(tmp_path):
    result = answer(panel(tmp_path, FOUR), "--as-of", "2024-04")
    assert [row[:3] for row in curve(result)] == [(0, 3, 0), (1, 3, 0), (2, 2, 1)]


def test_a_return_is_no_new_life(tmp_path):
    rows = {"back": [0, 10, 0, 10, 10, 10], "stays": [0, 10, 10, 10, 10, 10], "old": [10] * 6}
    result = answer(panel(tmp_path, rows))
    assert [row[:3] for row in curve(result)][:3] == [(0, 2, 0), (1, 2, 1), (2, 1, 0)]


def test_zero_churn_has_no_fit_and_one_account_is_enough(tmp_path):
    result = answer(panel(tmp_path, {"only": [10, 10, 10]}))
    assert curve(result) == [(0, 1, 0, 1), (1, 1, 0, 1), (2, 1, 0, 1)]
    assert result["fit"]["reason"] == "zero_churn"
    assert result["fit"]["alpha"] is result["fit"]["log_likelihood"] is None
    assert "projection" not in result
    assert result["life"][0]["reasons"]["mean_months"] == "zero_churn"


def test_confidence_sets_the_level(tmp_path):
    path = panel(tmp_path, FOUR)
    wide, narrow = answer(path)["rows"][2], answer(path, "--confidence", "80")["rows"][2]
    assert wide["lower"] < narrow["lower"] < narrow["survival"] < narrow["upper"] < wide["upper"]


REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]


def test_projection_and_residual_life(tmp_path):
    """Fader & Hardie 2007, Regular: 17.0% after 12 periods, and alpha below 1: no finite life."""
    rows = {f"a{i}": [10 if i < alive else 0 for alive in REGULAR] for i in range(1000)}
    path = panel(tmp_path, rows)
    result = answer(path)
    projected = {row["age"]: row for row in result["projection"]}
    assert projected[12]["survival"] == pytest.approx(0.170, abs=0.0005)
    assert projected[12]["residual_months"] is None
    assert projected[12]["reasons"] == {"residual_months": "infinite_lifespan"}
    assert result["fit"]["expected_months"] is None
    assert result["fit"]["reason"] == "infinite_lifespan"
    discounted = answer(path, "--discount", "10%")
    months = [row["residual_months"] for row in discounted["projection"]]
    assert months == sorted(months)
    assert discounted["fit"]["discounted_months"] == pytest.approx(months[0])
    cut = answer(path, "--horizon", "12")
    curve = [row["survival"] for row in cut["projection"]][:12]
    assert cut["fit"]["expected_months"] == pytest.approx(sum(curve))


def test_csv_has_the_columns_of_the_contract(tmp_path):
    done = run("survival", panel(tmp_path, many("a", 3, [1, 1, 0])), "-f", "csv")
    assert done.stdout.splitlines()[0] == "age,at_risk,events,survival,lower,upper"
    assert done.stdout.splitlines()[-1] == "2,3,3,0.0,,"
