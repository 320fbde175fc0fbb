"""check of forecast_mrr through the command line, on panels whose forecast is known."""

import json

import pytest

from acceptance.inline import many, panel, write
from helpers import run

# doubles every month, 1 in 2024-01, 2^26 in 2026-03: 2^(26 + h) h months on
DOUBLING = {"a": [2**month for month in range(27)]}


def check(tmp_path, rule, rows=DOUBLING):
    path = panel(tmp_path, rows)
    config = write(tmp_path / "retcalc.yaml", [f"checks: [{{metric: forecast_mrr, {rule}}}]"])
    return run("check", path, "-c", config, "-f", "json")


@pytest.mark.parametrize(
    ("rule", "months"),
    [
        ("", 12),
        ("window: 6m, ", 6),
        ("window: 1q, ", 3),
        ("month: 2026-05, ", 2),
        ("month: 2027-03, ", 12),
    ],
)
def test_the_month_that_is_judged(tmp_path, rule, months):
    expected = 2 ** (26 + months)
    assert check(tmp_path, f"{rule}equals: {expected}").exit_code == 0
    done = check(tmp_path, f"{rule}min: {expected + 1}")
    (row,) = json.loads(done.stdout)["rows"]
    assert (row["status"], row["value"], done.exit_code) == ("failed", expected, 1)


def test_by_segment_and_as_a_target(tmp_path):
    lines = ["account_id,month,mrr,plan"]
    for plan, amounts in (("Basic", DOUBLING["a"]), ("Pro", [7] * 27)):
        lines += [
            f"{plan},{2024 + m // 12}-{m % 12 + 1:02},{a},{plan}" for m, a in enumerate(amounts)
        ]
    path = write(tmp_path / "mrr.csv", lines)
    text = "checks: [{metric: forecast_mrr, by: plan, window: 2m, max: 7}]\n"
    config = write(tmp_path / "retcalc.yaml", [text + "targets: {forecast_mrr: 7}"])
    rows = json.loads(run("check", path, "-c", config, "-f", "json").stdout)["rows"]
    assert [(row["check"], row["status"]) for row in rows[:2]] == [
        ("forecast_mrr 2m Basic", "failed"),
        ("forecast_mrr 2m Pro", "ok"),
    ]
    assert (rows[-1]["check"], rows[-1]["status"]) == ("target forecast_mrr", "ok")


def test_a_month_that_is_over_is_refused(tmp_path):
    done = check(tmp_path, "month: 2026-03, min: 1")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC151: 2026-03 is no month to come of forecast_mrr" in done.stderr
    assert "fix    month: 2026-04   in the check, or a later one" in done.stderr


def test_too_little_history_names_the_window_that_it_allows(tmp_path):
    done = check(tmp_path, "min: 1", many("a", 3, [10] * 24))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC185: a forecast of 12 months needs 3 months more of history" in done.stderr
    assert "fix    window: 9m   in the check" in done.stderr
    assert check(tmp_path, "window: 9m, min: 1", many("a", 3, [10] * 24)).exit_code == 0
    short = check(tmp_path, "min: 1", many("a", 3, [10] * 12))
    assert "fix    export more of the past" in short.stderr
