"""clv and its trend through the command line and the pipeline, on panels worked by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from acceptance.inline import many, panel, write
from helpers import run
from retcalc.answers.base.assumptions import ValueRules
from retcalc.answers.base.request import Request
from retcalc.answers.value.clv import trend_result
from retcalc.config.load_definition import load_profile

# 20 accounts at 100, one leaves in the second month: churn 5%
LEAVER = many("stays", 19, [100, 100]) | {"leaves": [100, 0]}


def total(*args):
    return run("clv", *args, "-f", "json").total


def test_inverse_churn_worked_by_hand(tmp_path):
    row = total(panel(tmp_path, LEAVER), "--margin", "80%", "--lifespan", "inverse-churn")
    assert row["closing_accounts"] == 19
    assert (row["arpa"], row["gross_margin"], row["lifespan_months"]) == ("100.00", 0.8, 20)
    assert (row["lifespan_method"], row["clv"]) == ("inverse-churn", "1600.00")
    assert row["horizon_months"] is None


def test_survival_is_the_default_and_names_its_horizon(tmp_path):
    # three accounts start in 2024-02, one leaves after a month, one after two; old is left out
    rows = {
        "old": [10] * 5,
        "a": [0, 30, 0, 0, 0],
        "b": [0, 30, 30, 0, 0],
        "c": [0, 30, 30, 30, 50],
    }
    row = total(panel(tmp_path, rows), "--margin", "0.5")
    assert row["lifespan_method"] == "survival"
    assert row["lifespan_months"] == pytest.approx(1 + 2 / 3 + 1 / 3)
    assert (row["horizon_months"], row["alive_at_horizon"]) == (3, pytest.approx(1 / 3))
    assert row["clv"] == "30.00"  # (10 + 50) / 2 * 0.5 * 2


def test_observed_is_named_and_flagged_as_biased(tmp_path):
    rows = {"old": [10] * 4, "a": [0, 10, 0, 0], "b": [0, 10, 10, 10]}
    args = [panel(tmp_path, rows), "--margin", "1", "--lifespan", "observed", "-f", "json"]
    result = run("clv", *args).json
    assert result["rows"][-1]["lifespan_months"] == 1
    assert "too short" in result["definition"]["lifespan"]


def test_segments_and_total(tmp_path):
    lines = ["account_id,month,mrr,plan"]
    for name, plan, price, months in (
        ("a", "Basic", 10, (1, 2, 3)),
        ("b", "Basic", 10, (1, 2)),
        ("c", "Pro", 90, (1, 2, 3)),
    ):
        lines += [f"{name},2024-{m:02},{price},{plan}" for m in months]
    path = write(tmp_path / "mrr.csv", lines)
    args = ["--margin", "0.5", "--lifespan", "inverse-churn", "--by", "plan", "-f", "json"]
    basic, pro, whole = run("clv", path, *args).json["rows"]
    # Basic loses 0 of 2, then 1 of 2: 25% a month; all lose 0 of 3, then 1 of 3
    assert (basic["segment"], basic["lifespan_months"]) == ({"plan": "Basic"}, 4)
    assert basic["clv"] == "20.00"
    assert (pro["clv"], pro["lifespan_months"]) == (None, None)
    assert pro["reasons"] == {"lifespan_months": "zero_churn", "clv": "zero_churn"}
    assert (whole["segment"], whole["lifespan_months"], whole["clv"]) == ({}, 6, "150.00")


@pytest.mark.parametrize("method", ["inverse-churn", "observed", "survival", "sbg", "bdw"])
def test_zero_churn_is_null_or_the_stated_horizon(tmp_path, method):
    path = panel(tmp_path, {"only": [10, 10, 10]})
    args = [path, "--margin", "1", "--lifespan", method]
    row = total(*args)
    assert row["clv"] is None
    assert row["reasons"]["clv"] == "zero_churn"
    assert total(*args, "--horizon", "60")["clv"] == "600.00"


def test_an_infinite_life_needs_a_discount_or_a_horizon(tmp_path):
    alive = [1000, 631, 468, 382, 326, 289, 262, 241]
    rows = {f"a{i}": [10 if i < n else 0 for n in alive] for i in range(1000)}
    args = [panel(tmp_path, rows), "--margin", "1", "--lifespan", "sbg"]
    row = total(*args)
    assert (row["clv"], row["reasons"]["clv"]) == (None, "infinite_lifespan")
    discounted = total(*args, "--discount", "0.1")
    assert discounted["lifespan_months"] is None
    assert float(discounted["clv"]) == pytest.approx(10 * discounted["discounted_months"])
    # the published alpha 0.704 and beta 1.182
    curve = [1.0]
    for t in range(1, 60):
        curve.append(curve[-1] * (1.182 + t - 1) / (0.704 + 1.182 + t - 1))
    cut = total(*args, "--horizon", "60")["lifespan_months"]
    assert cut == pytest.approx(sum(curve), rel=1e-3)


def test_nobody_left_at_the_closing(tmp_path):
    rows = {"a": [10, 10, 0], "b": [10, 0, 0], "c": [0, 5, 0]}
    path = panel(tmp_path, rows)
    done = run("clv", path, "--margin", "1", "--lifespan", "inverse-churn", "-f", "json")
    row = done.total
    assert (row["arpa"], row["clv"]) == (None, None)
    assert row["reasons"]["clv"] == "no_closing_accounts"


def test_the_margin_is_asked_for(tmp_path):
    path = panel(tmp_path, LEAVER)
    refused = run("clv", path)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "RC165" in refused.stderr
    assert "--margin 0.8   or in retcalc.yaml  clv: {gross_margin: 0.8}" in refused.stderr
    for wrong in ("80", "0", "-0.5", "eighty", "80%,"):
        assert run("clv", path, "--margin", wrong).exit_code == 2


def test_the_config_sets_everything(tmp_path):
    text = "clv: {gross_margin: 0.5, lifespan: inverse-churn, horizon_months: 2}"
    write(tmp_path / "retcalc.yaml", [text])
    row = total(panel(tmp_path, LEAVER))
    assert row["lifespan_months"] == pytest.approx(1 + 0.95)
    assert row["clv"] == "97.50"


def request(path, *margins, method="inverse-churn", by=(), window=None):
    from retcalc.answers.base.sources import Sources
    from retcalc.book import Question
    from retcalc.core.months import WindowRule

    return Request(
        sources=Sources(data=(str(path),)),
        profile=load_profile("default"),
        question=Question(by=by),
        window=WindowRule(window),
        value=ValueRules(margins=tuple(map(Fraction, margins)), method=method),
    )


def test_trend_parts_add_up_to_the_change_exactly(tmp_path):
    # by quarter: churn 1 of 10 in one month of three, then 2 of 9; ARPA 10, then 12
    rows = many("stays", 7, [10] * 4 + [12] * 3)
    rows |= {
        "first": [10, 10, 0, 0, 0, 0, 0],
        "second": [10] * 5 + [0, 0],
        "third": [10] * 5 + [0, 0],
    }
    result = trend_result(request(panel(tmp_path, rows), "0.75", "0.8", window="3m"))
    before, after = (row.values for row in result.rows)
    assert before["change"] is None
    assert result.rows[0].reasons["change"] == "first_period"
    assert before["lifespan_months"] == 30
    assert after["lifespan_months"] == 1 / (Fraction(2, 9) / 3)
    assert before["clv"] == 1000 * Fraction(3, 4) * 30
    parts = [after[name] for name in ("lifespan_part", "arpa_part", "margin_part")]
    assert all(isinstance(part, Fraction) for part in parts)
    assert sum(parts) == after["change"] == after["clv"] - before["clv"]
    assert parts[0] < 0 < parts[1]
    assert parts[2] > 0


@pytest.mark.parametrize("method", ["inverse-churn", "observed", "survival", "sbg", "bdw"])
def test_every_method_has_an_exact_trend(tmp_path, method):
    rows = {f"a{i}": [0] * (i % 9) + [10 + i] * (1 + (7 * i) % 11) + [0] * 24 for i in range(1, 60)}
    rows = {name: amounts[:24] for name, amounts in rows.items()} | {"old": [5] * 24}
    result = trend_result(request(panel(tmp_path, rows), "0.5", method=method, window="6m"))
    assert [row.values["closing"] - row.values["opening"] for row in result.rows] == [6, 6, 6]
    for before, after in zip(result.rows, result.rows[1:], strict=False):
        if after.values["change"] is None:
            assert after.reasons["change"] in (before.reasons | after.reasons).values()
            continue
        parts = [after.values[n] for n in ("lifespan_part", "arpa_part", "margin_part")]
        change = after.values["clv"] - before.values["clv"]
        assert sum(parts) == after.values["change"] == change


def test_kaplan_meier_periods_stop_at_the_same_age(tmp_path):
    rows = {f"a{i}": [0] * i + [10] * (20 - i) for i in range(1, 20)}
    rows |= {f"b{i}": ([0] * i + [10] * 3 + [0] * 20)[:20] for i in range(1, 18)}
    result = trend_result(request(panel(tmp_path, rows), "1", method="survival", window="6m"))
    assert len({row.values["horizon_months"] for row in result.rows}) == 1


def test_trend_through_the_command_line(tmp_path):
    path = panel(tmp_path, many("a", 9, [10] * 7) | {"b": [10, 0, 0, 0, 0, 0, 0]})
    args = ["--margin", "1", "--trend", "--lifespan", "inverse-churn", "--window", "2m"]
    rows = run("clv", path, *args, "-f", "json").json["rows"]
    assert [(row["opening"], row["closing"]) for row in rows] == [
        ("2024-01", "2024-03"),
        ("2024-03", "2024-05"),
        ("2024-05", "2024-07"),
    ]
    assert Decimal(rows[0]["clv"]) == 200
    assert rows[1]["reasons"]["change"] == "zero_churn"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--trend", "--margin", "1", "--window", "5m"], "RC166"),
        (["--trend", "--margin", "1,1,1", "--window", "3m"], "RC165"),
        (["--margin", "1,1"], "RC165"),
        (["--margin", "1", "--discount", "12"], "RC168"),
        (["--margin", "1", "--horizon", "0"], "RC168"),
    ],
)
def test_wrong_options_are_refused(tmp_path, args, code):
    refused = run("clv", panel(tmp_path, {"a": [10] * 7, "b": [0] + [10] * 6}), *args)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"error {code}" in refused.stderr
