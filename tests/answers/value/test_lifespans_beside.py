"""clv, clv --trend and whatif agree on a lifespan, or say on one screen what each is of."""

import pytest

from acceptance.inline import many, panel
from helpers import SHARED, needs_shared, run
from oracle.panels import random_panel, write_panel

WORDS = "why_lifespans_differ"
# one of three that start in the second month leaves after two; churn 0, 0, 1/4, 0 by month
STAY = {"old": [10] * 5, "a": [0, 10, 10, 0, 0], "b": [0, 10, 10, 10, 10], "c": [0, 10, 10, 10, 10]}
COMMANDS = {
    "clv": ("clv", "--margin", "1"),
    "clv --trend": ("clv", "--margin", "1", "--trend"),
    "whatif": ("whatif", "--churn", "+0pt"),
}


def answer(path, command, *args):
    name, *options = COMMANDS[command]
    return run(name, path, *options, *args, "-f", "json")


def test_each_stands_beside_the_others(tmp_path):
    told = {name: answer(panel(tmp_path, STAY), name).json[WORDS] for name in COMMANDS}
    assert told["clv"] == told["clv --trend"] == told["whatif"]
    clv, trend, whatif = told["clv"]
    assert clv["lifespan_months"] == pytest.approx(8 / 3)  # 1 + 1 + 2/3
    assert (clv["at_least"], clv["alive_at_horizon"]) == (["lifespan_months"], pytest.approx(2 / 3))
    assert clv["of"] == "all lives up to 2024-05"
    assert trend["of"].startswith("lives in 2024-04 to 2024-05 alone")
    assert (whatif["lifespan_months"], whatif["of"]) == (16, "churn of 2024-01 to 2024-05")
    assert whatif["lifespan_method"] == "inverse-churn"


def test_it_is_on_the_screen(tmp_path):
    told = run("whatif", panel(tmp_path, STAY), "--churn", "+0pt", env={"COLUMNS": "80"}).stdout
    assert "why lifespans differ" in told
    assert "≥ 2.67" in told
    assert "16.00" in told


def test_a_renewal_that_is_given_says_so(tmp_path):
    path = panel(tmp_path, STAY)
    whatif = run("whatif", path, "--renewal", "80%:85%", "-f", "json").json[WORDS][-1]
    assert (whatif["lifespan_months"], whatif["of"]) == (60, "the yearly renewal that is given")


def test_where_they_agree_nothing_is_said(tmp_path):
    """5% churn in both months."""
    rows = many("stays", 361, [10] * 3) | many("first", 20, [10, 0, 0])
    rows |= many("second", 19, [10, 10, 0])
    args = ["-c", tmp_path / "c.yaml"]
    (tmp_path / "c.yaml").write_text("clv: {lifespan: inverse-churn}\n")
    for name in COMMANDS:
        assert WORDS not in answer(panel(tmp_path, rows), name, *args).json


def test_too_few_churned_for_whatif(tmp_path):
    """One of 100 in twelve months: 1,200 months are not told; 12 months were seen."""
    path = panel(tmp_path, many("stays", 99, [10] * 13) | {"leaves": [10] * 6 + [0] * 7})
    result = answer(path, "whatif", "--margin", "1").json
    row = result["rows"][-1]
    for name in ("lifespan_months", "lifespan_months_after", "clv", "clv_after"):
        assert (row[name], row["reasons"][name]) == (None, "too_few_churned")
    assert float(row["arr"]) > 0
    assert "RC853" in {note["code"] for note in result["notes"]}
    assert result[WORDS][-1]["at_least"] == ["lifespan_months"]


@pytest.mark.parametrize("method", ["survival", "inverse-churn", "observed"])
@pytest.mark.parametrize("seed", range(1000, 1006))
def test_what_is_beside_is_what_the_command_says(tmp_path, seed, method):
    path = write_panel(random_panel(seed), tmp_path / "mrr.csv")
    (tmp_path / "retcalc.yaml").write_text(f"clv: {{lifespan: {method}}}\n")
    told = {name: answer(path, name) for name in COMMANDS}
    if told["clv"].exit_code or told["clv --trend"].exit_code:
        pytest.skip("the panel is too short")
    for name in COMMANDS:
        for beside in told[name].json.get(WORDS, []):
            row = told[beside["command"]].json["rows"][-1]
            same = [one.get("lifespan_months") for one in (row, beside)]
            assert same[0] == same[1]
            bound = "lifespan_months" in row.get("at_least", [])
            if beside["command"] != "whatif":
                assert bound == ("at_least" in beside)


@needs_shared
def test_on_the_panel_of_1500_accounts():
    path = SHARED / "data/acctmonth_panel/account_month_mrr.csv"
    clv, _, whatif = answer(path, "whatif").json[WORDS]
    assert clv["at_least"] == ["lifespan_months"]
    assert whatif["lifespan_months"] > clv["lifespan_months"]
