"""forecast through the command line, on panels worked by hand."""

import json

import pytest

from acceptance.inline import panel, write
from helpers import run

# an account that doubles every month: 1, 2, 4, …; 27 months are what 12 months to come need
DOUBLING = {"a": [2**month for month in range(27)]}
# an account that stays, and one new account a month that stays for one month only
PASSING = {"old": [1000] * 27} | {
    f"new{start}": [100 if month == start else 0 for month in range(27)] for start in range(1, 27)
}


def answer(*args):
    return run("forecast", *args, "-f", "json").json


def column(result, name):
    return [row[name] for row in result["rows"] if not row["segment"]]


def back_test(result, method, name="mean_absolute_error"):
    return [row[name] for row in result["backtest"] if row["method"] == method]


def test_a_steady_growth_goes_on(tmp_path):
    result = answer(panel(tmp_path, DOUBLING))
    assert column(result, "month")[:2] == ["2026-04", "2026-05"]
    assert column(result, "mrr") == [f"{2**month}.00" for month in range(27, 39)]
    assert column(result, "lower") == column(result, "upper") == column(result, "mrr")
    assert column(result, "from_new") == ["0.00"] * 12
    assert column(result, "accounts") == [1] * 12
    assert column(result, "method") == ["blended_rate"] * 12


def test_errors_of_the_back_test_by_horizon(tmp_path):
    result = answer(panel(tmp_path, DOUBLING))
    # what was there doubles: after h months 2^h - 1 of it had been missed
    assert back_test(result, "nothing_changes") == [2**h - 1 for h in range(1, 13)]
    assert back_test(result, "blended_rate") == [0] * 12
    assert back_test(result, "chain_ladder", "origins") == list(range(15, 3, -1))
    assert {row["method"] for row in result["backtest"] if row["used"]} == {"blended_rate"}


def test_cohorts_that_leave_at_once_are_seen_by_the_chain_ladder_alone(tmp_path):
    result = answer(panel(tmp_path, PASSING))
    assert column(result, "method") == ["chain_ladder"] * 12
    assert column(result, "from_existing") == ["1000.00"] * 12
    assert column(result, "from_new") == ["100.00"] * 12
    assert column(result, "mrr") == column(result, "lower") == ["1100.00"] * 12
    assert column(result, "accounts") == [2] * 12


def test_new_business_as_given_counts_accounts_at_the_arpa_of_late(tmp_path):
    result = answer(panel(tmp_path, PASSING), "--new", "250.50/month")
    assert column(result, "from_new") == ["250.50"] * 12
    assert column(result, "accounts") == [4] * 12  # 1 + 2.505, rounded half up
    assert "250.5 a month, as given" in result["definition"]["new"]


def test_new_business_counts_no_accounts_where_nothing_was_new(tmp_path):
    result = answer(panel(tmp_path, {"a": [100] * 27}), "--new", "10")
    assert column(result, "mrr")[:3] == ["110.00", "120.00", "130.00"]
    assert column(result, "accounts") == [None] * 12
    assert result["rows"][0]["reasons"] == {"accounts": "no_new_accounts"}


def test_where_no_method_is_better_nothing_changes(tmp_path):
    result = answer(panel(tmp_path, {"a": [100] * 27}))
    assert column(result, "method") == ["nothing_changes"] * 12
    assert column(result, "mrr") == column(result, "upper") == ["100.00"] * 12


def test_todays_accounts_by_cohort(tmp_path):
    result = answer(panel(tmp_path, PASSING), "--by-cohort")
    last = [row for row in result["cohorts"] if row["month"] == "2027-03"]
    assert [(row["cohort"], row["mrr"], row["accounts"]) for row in last if row["accounts"]] == [
        ("2024-01", "1000.00", 1)
    ]


def test_too_little_history_says_how_many_months_are_missing(tmp_path):
    done = run("forecast", panel(tmp_path, {"a": [100] * 24}))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "needs 3 months more of history" in done.stderr
    assert "--months 9" in done.stderr
    assert run("forecast", panel(tmp_path, {"a": [100] * 24}), "--months", "9").exit_code == 0


def test_a_higher_level_needs_more_errors(tmp_path):
    # at 95% the quantile is the largest of 19 errors: 12 + 12 + 19 - 1 = 42 months
    done = run("forecast", panel(tmp_path, DOUBLING), "--confidence", "95")
    assert "needs 15 months more of history" in done.stderr


def _uneven(months):
    """Rows of a panel with expansion, churn, returns, a change of plan and two plans."""
    for month in range(months):
        stamp = f"{2021 + month // 12}-{month % 12 + 1:02}"
        for number in range(month + 5):
            gone = (number * 7 + month * 3) % 11 < 2 or month - number > 9 + number % 13
            if not gone:
                plan = ("Pro", "Basic")[(number + month // 20) % 2]
                yield month, f"a{number},{stamp},{100 + number * 3 + month % 4},{plan}"


@pytest.mark.parametrize("by", [(), ("--by", "plan", "--by-cohort")], ids=["total", "by"])
def test_nothing_after_the_as_of_month_is_looked_at(tmp_path, by):
    rows, head = list(_uneven(48)), "account,month,mrr,plan"
    whole = write(tmp_path / "whole.csv", [head, *(row for _, row in rows)])
    cut = write(tmp_path / "cut.csv", [head, *(row for month, row in rows if month < 36)])
    options = ("--as-of", "2023-12", *by)
    csv = [run("forecast", path, *options, "-f", "csv").stdout for path in (whole, cut)]
    assert csv[0] == csv[1] != ""
    answers = [answer(path, *options) for path in (whole, cut)]
    for found in answers:
        del found["sources"]  # the files differ, and one note counts the rows that were not read
        found["notes"] = [note for note in found["notes"] if note["code"] != "RC842"]
    assert json.dumps(answers[0]) == json.dumps(answers[1])
    assert len(answers[0]["backtest"]) == 48 * (3 if by else 1)


def test_segments_share_new_business_as_it_was_of_late(tmp_path):
    lines = ["account,month,mrr,plan"] + [row for _, row in _uneven(48)]
    result = answer(write(tmp_path / "mrr.csv", lines), "--by", "plan", "--new", "1000")
    first = [float(row["from_new"]) for row in result["rows"] if row["month"] == "2025-01"]
    assert first[0] + first[1] == pytest.approx(1000, abs=0.011)
    assert first[2] == 1000


def test_the_fan_is_drawn_and_stands_in_page_and_workbook(tmp_path):
    path = panel(tmp_path, PASSING)
    outputs = [tmp_path / name for name in ("fan.svg", "out.html", "out.xlsx")]
    done = run("forecast", path, "--plot", outputs[0], "-o", outputs[1], "-o", outputs[2])
    assert done.exit_code == 0, done.stderr
    assert "Forecast MRR, with 80% interval" in outputs[0].read_text()
    assert "2026-04" in outputs[1].read_text()
    assert outputs[2].stat().st_size > 0


def test_what_was_seen_before_stands_beside_for_the_picture(tmp_path):
    seen = answer(panel(tmp_path, DOUBLING))["seen"]
    assert [row["month"] for row in (seen[0], seen[-1])] == ["2024-04", "2026-03"]
    assert [row["mrr"] for row in seen] == [f"{2**month}.00" for month in range(3, 27)]


def test_the_fan_begins_where_what_was_seen_ends(tmp_path):
    fan = tmp_path / "fan.svg"
    run("forecast", panel(tmp_path, PASSING), "--months", "3", "--plot", fan)
    text = fan.read_text()
    assert ">Seen<" in text and ">Forecast<" in text
    assert "Forecast MRR from 2026-04: 1,100.00 to 2026-06: 1,100.00" in text


@pytest.mark.parametrize("width", ["80", "120"])
def test_people_see_some_horizons_and_no_line_is_too_wide(tmp_path, width):
    path = panel(tmp_path, PASSING)
    text = run("forecast", path, env={"COLUMNS": width}).stdout
    seen = [line.split()[1] for line in text.splitlines() if line.startswith("chain_ladder")]
    assert seen == ["1", "3", "6", "12"]
    assert "\nMRR, months from 2026-04; 100% is 1,100.00" in text
    assert max(map(len, text.split("\nnote")[0].splitlines())) <= int(width)


def test_macks_error_stands_beside(tmp_path):
    """One cohort a month that leaves at once: none has a figure left but the youngest."""
    (ladder,) = answer(panel(tmp_path, PASSING))["chain_ladder"]
    assert (ladder["cohorts"], ladder["age"]) == (26, 25)
    assert (ladder["standard_error"], ladder["reasons"]["standard_error"]) == (None, "empty_cohort")


def test_macks_error_of_the_published_triangle(tmp_path):
    """Taylor and Ashe, as paid in ten months after a stock: Mack 1993 prints 2,447,094.86."""
    from metrics.value.forecasts.test_chain_ladder import TAYLOR_ASHE

    rows = {"stock": [1] * 17}
    for start, paid in enumerate(TAYLOR_ASHE):
        rows[f"a{start}"] = [0] * (start + 7) + paid
    (ladder,) = answer(panel(tmp_path, rows), "--months", "1")["chain_ladder"]
    assert (ladder["cohorts"], ladder["age"]) == (10, 9)
    assert float(ladder["standard_error"]) == pytest.approx(2_447_094.86, abs=0.011)
    reserve = float(ladder["mrr"]) - sum(row[-1] for row in TAYLOR_ASHE)
    assert reserve == pytest.approx(18_680_855.61, abs=0.011)
