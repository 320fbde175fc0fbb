"""No long life of few churned accounts: clv, clv-cac, survival, tiles and checks."""

import json

import pytest

from acceptance.inline import many, panel, write
from helpers import run

# 100 accounts over 13 months, one of which pays for six: a churn of 1/100 in one month of twelve
ONE = many("stays", 99, [10] * 13) | {"leaves": [10] * 6 + [0] * 7}
# the same with five that leave together
FIVE = many("stays", 95, [10] * 13) | many("leaves", 5, [10] * 6 + [0] * 7)
WHY = (
    "fewer than 5 leave the churn rate open by a factor of nine (95%), so no life of more than 60 "
    "months is made of them; what was seen is a lower bound"
)


def notes(result):
    return [note["message"] for note in result["notes"] if note["code"] == "RC853"]


def clv(path, method, *args):
    return run("clv", path, "--margin", "1", "--lifespan", method, *args, "-f", "json").json


def test_inverse_churn_of_one_is_that_of_the_window(tmp_path):
    """1 / churn is 1,200 months; twelve months of the same curve were seen."""
    result = clv(panel(tmp_path, ONE), "inverse-churn")
    row = result["rows"][-1]
    assert row["lifespan_months"] == pytest.approx(sum((1 - 1 / 1200) ** t for t in range(12)))
    assert (row["horizon_months"], row["at_least"]) == (12, ["lifespan_months", "clv"])
    assert row["alive_at_horizon"] == pytest.approx((1 - 1 / 1200) ** 12)
    assert notes(result) == [f"1 account churned: {WHY}"]


@pytest.mark.parametrize("method", ["sbg", "bdw"])
def test_fitted_lives_of_one_are_what_was_seen(tmp_path, method):
    """99 were seen for 12 months, one for 6."""
    result = clv(panel(tmp_path, ONE), method)
    row = result["rows"][-1]
    assert row["lifespan_months"] == pytest.approx((99 * 12 + 6) / 100)
    assert (row["lifespan_method"], row["at_least"]) == ("survival", ["lifespan_months", "clv"])
    assert notes(result) == [f"1 account churned: {WHY}"]


def test_five_are_enough_and_a_horizon_does_without(tmp_path):
    path = panel(tmp_path, FIVE)
    result = clv(path, "inverse-churn")
    assert result["rows"][-1]["lifespan_months"] == pytest.approx(240)
    assert notes(result) == []
    result = clv(panel(tmp_path, ONE), "inverse-churn", "--horizon", "60")
    expected = sum((1 - 1 / 1200) ** t for t in range(60))
    assert result["rows"][-1]["lifespan_months"] == pytest.approx(expected)
    assert notes(result) == []


def test_a_short_life_of_one_stands(tmp_path):
    """One of 20 in a month: 20 months, as published examples have it."""
    path = panel(tmp_path, many("stays", 19, [100, 100]) | {"leaves": [100, 0]})
    result = clv(path, "inverse-churn")
    assert result["rows"][-1]["lifespan_months"] == 20
    assert notes(result) == []


def test_rows_of_several_segments_are_counted(tmp_path):
    lines = ["account_id,month,mrr,plan"]
    for plan, accounts in (("Basic", ONE), ("Pro", ONE), ("Team", FIVE)):
        for name, amounts in accounts.items():
            lines += [
                f"{plan}-{name},{2024 + m // 12}-{m % 12 + 1:02},{a},{plan}"
                for m, a in enumerate(amounts)
            ]
    result = clv(write(tmp_path / "mrr.csv", lines), "inverse-churn", "--by", "plan")
    assert notes(result) == [f"in 2 rows few accounts churned, at least 1: {WHY}"]
    assert [bool(row.get("at_least")) for row in result["rows"]] == [True, True, False, False]


def test_the_trend_says_so_too(tmp_path):
    done = run(
        *("clv", panel(tmp_path, ONE), "--margin", "1", "--lifespan", "inverse-churn"),
        *("--trend", "--window", "6m"),
    )
    assert "≥ 5." in done.stdout
    assert "note RC853: 1 account churned" in done.stdout


def test_survival_gives_no_mean_life_of_a_fit(tmp_path):
    result = run("survival", panel(tmp_path, ONE), "-f", "json").json
    (life,) = result["life"]
    assert (life["sbg_months"], life["reasons"]["sbg_months"]) == (None, "too_few_churned")
    assert life["mean_months"] == pytest.approx((99 * 12 + 6) / 100)
    assert life["at_least"] == ["mean_months"]
    assert (result["fit"]["expected_months"], result["fit"]["reason"]) == (None, "too_few_churned")
    assert [fit["expected_months"] for fit in result["fits"]] == [None, None]
    assert {row["residual_months"] for row in result["projection"]} == {None}
    assert notes(result) == [f"1 account churned: {WHY}"]
    told = run("survival", panel(tmp_path, ONE)).stdout
    assert "note RC853" in told


def test_strict_refuses_and_its_fix_can_be_pasted(tmp_path):
    args = ["clv", panel(tmp_path, ONE), "--margin", "1", "--lifespan", "sbg", "--strict"]
    args += ["--first-month", "start"]
    refused = run(*args)
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "error RC853: 1 account churned" in refused.stderr
    assert "fix    --horizon 60" in refused.stderr
    assert run(*args, "--horizon", "60").exit_code == 0


@pytest.fixture
def costs(tmp_path):
    """With one new account in the last month, an account costs what was spent then."""
    lines = ["month,spend", *(f"{2024 + m // 12}-{m % 12 + 1:02},0" for m in range(12))]
    return write(tmp_path / "costs.csv", [*lines, "2025-01,100"])


def flag(path, costs, target="3"):
    config = write(
        path.parent / "target.yaml",
        [f"targets: {{clv_cac: {target}}}", "clv: {lifespan: inverse-churn}"],
    )
    args = ["clv-cac", path, "--costs", costs, "--margin", "1", "-c", config]
    row = run(*args, "-f", "json").json["rows"][-1]
    return row["flag"], row.get("reasons", {}).get("flag"), run(*args).stdout


def test_a_lower_bound_is_judged_where_it_suffices(tmp_path, costs):
    """CLV is at least 119.5: 1.19 times the cost of 100."""
    path = panel(tmp_path, ONE | {"new": [0] * 12 + [10]})
    assert flag(path, costs, "1")[:2] == ("ok", None)
    judged, reason, told = flag(path, costs)
    assert (judged, reason) == (None, "lower_bound_below_target")
    assert "≥ 1.1" in told
    assert "n/a Flag: lower bound below target" in told


def test_a_ratio_that_is_no_bound_is_below_its_target(tmp_path, costs):
    """Five of 100 in twelve months: 240 months or so; CLV:CAC is about 24."""
    path = panel(tmp_path, FIVE | {"new": [0] * 12 + [10]})
    assert flag(path, costs, "30")[:2] == ("below_target", None)
    assert flag(path, costs, "20")[:2] == ("ok", None)


@pytest.mark.parametrize(
    ("limit", "status", "code"),
    [
        ("min: 11", "ok", 0),
        ("min: 20", "undecided", 1),
        ("max: 20", "undecided", 1),
        ("max: 11", "failed", 1),
        ("equals: 20", "undecided", 1),
        ("equals: 11", "failed", 1),
    ],
)
def test_a_check_of_a_lower_bound(tmp_path, limit, status, code):
    path = panel(tmp_path, ONE)
    text = "clv: {gross_margin: 1}\nchecks: [{metric: lifespan_months, " + limit + "}]"
    config = write(tmp_path / "retcalc.yaml", [text])
    done = run("check", path, "-c", config, "-f", "json")
    row = json.loads(done.stdout)["rows"][0]
    assert (row["status"], row["at_least"], done.exit_code) == (status, ["value"], code)
    assert "≥ 11.94" in run("check", path, "-c", config).stdout


def test_the_tile_of_a_report_is_a_lower_bound(tmp_path):
    out = tmp_path / "report.html"
    args = ["report", panel(tmp_path, ONE), "--margin", "1", "-o", out]
    config = write(tmp_path / "few.yaml", ["clv: {lifespan: inverse-churn}"])
    assert run(*args, "-c", config).exit_code == 0
    assert "≥ 119.4" in out.read_text(encoding="utf-8")
