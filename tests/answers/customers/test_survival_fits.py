"""The two models that survival fits, through the command line, on published counts."""

from math import exp

import pytest
from scipy.special import betaln

from acceptance.inline import panel
from helpers import run

HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]


def fits(tmp_path, alive, *args):
    rows = {f"a{i}": [10 if i < n else 0 for n in alive] for i in range(1000)}
    result = run("survival", panel(tmp_path, rows), *args, "-f", "json").json
    return {row["model"]: row for row in result["fits"]}


def test_both_fits_of_the_high_end_segment(tmp_path):
    """Fader and others, 2018: seven renewals."""
    found = fits(tmp_path, HIGH_END[:8])
    bdw, sbg = found["bdw"], found["sbg"]
    expected = [0.2143, 1.4266, 1.7236]
    assert [bdw["gamma"], bdw["delta"], bdw["c"]] == pytest.approx(expected, abs=2e-4)
    assert bdw["log_likelihood"] == pytest.approx(-1605.3142, abs=1e-4)
    assert [round(sbg["alpha"], 3), round(sbg["beta"], 3)] == [0.668, 3.806]
    assert bdw["reasons"]["expected_months"] == "infinite_lifespan"


def test_the_model_that_misses_held_back_ages_by_less_is_named(tmp_path):
    found = fits(tmp_path, HIGH_END)
    assert (found["bdw"]["better"], found["sbg"]["better"]) == (True, False)
    assert found["bdw"]["held_back_error"] < found["sbg"]["held_back_error"]


def test_too_few_ages_to_judge(tmp_path):
    found = fits(tmp_path, HIGH_END[:5])
    assert found["bdw"]["better"] is None
    assert found["bdw"]["reasons"]["better"] == "too_few_ages"


def test_clv_over_a_bdw_life(tmp_path):
    """ARPA 10 over 13 months of the curve with the published parameters."""
    rows = {f"a{i}": [10 if i < n else 0 for n in HIGH_END[:8]] for i in range(1000)}
    args = [panel(tmp_path, rows), "--margin", "1", "--lifespan", "bdw", "--horizon", "13"]
    row = run("clv", *args, "-f", "json").json["rows"][-1]
    gamma, delta, c = 0.2143, 1.4266, 1.7236
    curve = [exp(betaln(gamma, delta + t**c) - betaln(gamma, delta)) for t in range(14)]
    assert row["lifespan_months"] == pytest.approx(sum(curve[:13]), rel=1e-3)
    assert row["alive_at_horizon"] == pytest.approx(curve[13], rel=1e-3)
    assert float(row["clv"]) == pytest.approx(10 * sum(curve[:13]), rel=1e-3)


@pytest.mark.parametrize("method", ["sbg", "bdw"])
def test_clv_names_the_better_model_when_its_lifespan_is_that_of_one(tmp_path, method):
    """BdW misses the ages held back of the High End segment by less, as published."""
    rows = {f"a{i}": [10 if i < n else 0 for n in HIGH_END] for i in range(1000)}
    path = panel(tmp_path, rows)
    args = ["clv", path, "--margin", "1", "--horizon", "24", "--lifespan"]
    found = {row["model"]: row for row in run(*args, method, "-f", "json").json["fits"]}
    assert (found["bdw"]["better"], found["sbg"]["better"]) == (True, False)
    assert found["bdw"]["held_back_error"] < found["sbg"]["held_back_error"]
    assert "fits" not in run(*args, "survival", "-f", "json").json
    assert "Better there" in run(*args, method).stdout
