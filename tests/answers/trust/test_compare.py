"""compare: values of every form by hand, and walks that add up to their differences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acceptance.inline import panel, subscriptions, write
from helpers import run

# Window 2m is 2024-01 to 2024-03. At the opening a 100, b 100; d had paid before.
LIVES = {
    "a": [100, 100, 50, 100],
    "b": [100, 100, 100, 0],
    "c": [0, 0, 100, 150],
    "d": [60, 0, 0, 60],
}
NRR = {
    "default": 0.5,  # a 100 of 200
    "monthly": 0.75,  # 200 - 50, + 50 + 50 - 100: 150 of 200
    "lazy-nrr": 1.05,  # closing 310 less 100 new: 210 of 200
    "reactivation-included": 0.8,  # a 100 and d 60 of 200
    "survivors-only": 1.0,  # a alone: 100 of 100
    "monthly-average": 0.875,  # 150 of 200, then 250 of 250
    "monthly-average-annualised": 0.875**12,
    "compounded-monthly": 0.75,
    "one-period-bridge": 1.0,
    "cohort-12-months-ago": None,
    "trailing-average": None,
}
GRR = {
    "default": 0.5,  # a 100, b 0 of 200
    "monthly": 0.25,  # 200 - 50 - 100
    "movements-grr": 0.25,
    "lazy-nrr": 0.25,
    "total-level-grr": 0.5,
    "one-period-bridge": 0.6,  # a 50, c 100 of 250: b left
}


def answer(*args: object) -> Any:
    return run("compare", *args, "-f", "json").json


def by_profile(found: Any) -> dict[str, Any]:
    return {row["profile"]: row for row in found["rows"]}


def four(folder: Path) -> Path:
    return panel(folder, LIVES, start="2023-12")


@pytest.mark.parametrize(("metric", "values"), [("nrr", NRR), ("grr", GRR)])
def test_values_by_hand(tmp_path: Path, metric: str, values: dict[str, float | None]) -> None:
    rows = by_profile(answer(metric, four(tmp_path), "--window", "2m"))
    assert {name: row["value"] for name, row in rows.items()} == values
    assert next(iter(rows)) == "default"
    assert rows["default"]["difference"] == 0
    assert all(row["measures"] for row in rows.values())


@pytest.mark.parametrize("profile", [name for name in NRR if name != "one-period-bridge"])
@pytest.mark.parametrize("metric", ["nrr", "net_revenue_churn"])
def test_plain_commands_give_the_same_value(tmp_path: Path, metric: str, profile: str) -> None:
    row = run(
        "summary", four(tmp_path), "--window", "2m", "--definition", profile, "-f", "json"
    ).total
    value = NRR[profile]
    if value is None:
        assert row[metric] is None
        assert row["reasons"][metric] == "before_the_data"
    else:
        expected = value if metric == "nrr" else 1 - value
        assert row[metric] == pytest.approx(expected, abs=1e-15)


def test_the_window_of_a_profile_and_its_formula_in_a_plain_command(tmp_path: Path) -> None:
    done = run("nrr", four(tmp_path), "--definition", "one-period-bridge", "-f", "json").json
    assert (done["window"]["months"], done["rows"][-1]["nrr"]) == (1, 1.0)
    done = run("grr", four(tmp_path), "--definition", "total-level-grr", "-f", "json").json
    assert done["definition"]["formula"].startswith("min(opening, ")
    assert done["definition"]["grr_form"] == "total_level"


def test_total_level_hides_a_loss_behind_a_gain(tmp_path: Path) -> None:
    """100 to 150 and 100 to 70: the lower ends are 170 of 200, the totals 220 capped at 200."""
    path = panel(tmp_path, {"x": [100, 150], "y": [100, 70]})
    row = by_profile(answer("gross_revenue_churn", path))["total-level-grr"]
    assert (row["value"], row["difference"]) == (0.0, -0.15)
    (step,) = row["walk"]
    assert step["rule"] == "grr_form: total_level instead of account_minimum"
    assert (step["accounts"], step["numerator"], step["largest"]) == (1, "30.00", "x")


def test_w23_walk_names_the_account(tmp_path: Path) -> None:
    """Worked from Kellogg's note: cohort NRR 80%, lazy 140%; b alone makes the difference."""
    path = panel(tmp_path, {"a": [100] * 6 + [80] * 7, "b": [0] + [100] * 6 + [160] * 6})
    found = answer("nrr", path, "--profile", "lazy-nrr", "--accounts", "5")
    default, lazy = found["rows"]
    assert (default["value"], lazy["value"]) == (0.8, 1.4)
    assert (lazy["difference"], default["walk"]) == (0.6, [])
    (step,) = lazy["walk"]
    assert step == {
        "rule": "basis: monthly instead of endpoints",
        "accounts": 1,
        "amount": 0.6,
        "numerator": "60.00",
        "denominator": "0.00",
        "largest": "b",
    }
    assert found["accounts"] == [
        {"profile": "lazy-nrr", "rule": step["rule"], "account": "b", "numerator": "60.00",
         "denominator": "0.00"}
    ]  # fmt: skip


def fixture(folder: Path) -> Path:
    """100 at the start, 30 join, 12 events, of which one came back and one had joined."""
    lines = [f"stays{i},2024-01-15,,10,month" for i in range(89)]
    lines += [f"leaves{i},2024-01-15,2024-03-10,10,month" for i in range(10)]
    lines += ["back,2024-01-15,2024-03-05,10,month", "back,2024-03-20,,10,month"]
    lines += ["brief,2024-03-03,2024-03-25,10,month"]
    lines += [f"joins{i},2024-03-31,,10,month" for i in range(29)]
    return subscriptions(folder, lines)


def test_w4_logo_churn_from_one_file(tmp_path: Path) -> None:
    """definitions.md, section 6: 10.00%, 11.00%, 12.00% and 9.23%."""
    rows = by_profile(answer("churn", fixture(tmp_path), "--window", "1m"))
    assert {name: row["value"] for name, row in rows.items()} == {
        "default": 0.10,
        "returns-count": 0.11,
        "all-events": 0.12,
        "all-events-opening-plus-new": 12 / 130,
        "monthly": 0.10,
        "one-period-bridge": 0.10,
    }
    events, below = rows["all-events-opening-plus-new"]["walk"]
    assert (events["accounts"], events["amount"], events["numerator"]) == (2, 0.02, 2)
    assert events["largest"] == "back, brief"
    assert (below["accounts"], below["denominator"]) == (30, 30)
    assert below["amount"] == pytest.approx(12 / 130 - 0.12)
    (step,) = rows["returns-count"]["walk"]
    assert (step["accounts"], step["largest"]) == (1, "back")


@pytest.mark.parametrize(
    ("profile", "churn"),
    [("default", 0.1), ("returns-count", 0.11), ("all-events-opening-plus-new", 12 / 130)],
)
def test_w4_in_the_plain_command(tmp_path: Path, profile: str, churn: float) -> None:
    path = fixture(tmp_path)
    row = run(
        "churn", path, "--window", "1m", "--definition", profile, "-f", "json", "--monthly"
    ).total
    assert row["logo_churn"] == churn
    assert row["logo_retention"] == pytest.approx(1 - churn)
    assert row["annualised_logo_churn"] == pytest.approx(1 - (1 - churn) ** 12)


def test_more_events_than_accounts_have_no_yearly_rate(tmp_path: Path) -> None:
    lines = ["a,2024-01-15,2024-03-05,10,month", "a,2024-03-09,2024-03-12,10,month"]
    path = subscriptions(tmp_path, [*lines, "z,2024-03-31,,1,month"])
    options = ["--window", "1m", "--definition", "all-events", "-f", "json"]
    row = run("churn", path, *options).total
    assert (row["logo_churn"], row["annualised_logo_churn"]) == (2.0, None)
    assert row["reasons"]["annualised_logo_churn"] == "churn_above_one"


def test_events_by_segment_add_up(tmp_path: Path) -> None:
    """A brief subscription that no month-end sees still counts in its own segment."""
    lines = ["customer_id,start_date,end_date,amount,interval,plan"]
    lines += ["p1,2024-01-15,,10,month,Pro", "p2,2024-01-15,2024-03-05,10,month,Pro"]
    lines += ["p2,2024-03-09,,10,month,Team", "t1,2024-01-15,,10,month,Team"]
    lines += ["brief,2024-03-03,2024-03-25,10,month,Team", "last,2024-03-31,,1,month,Team"]
    path = write(tmp_path / "s.csv", lines)
    options = ["--window", "1m", "--definition", "all-events", "-f", "json"]
    rows = run("churn", path, *options, "--by", "plan").json["rows"]
    values = {row["segment"].get("plan"): row["logo_churn"] for row in rows}
    assert values == {"Pro": 0.5, "Team": 1.0, None: 2 / 3}
    pro = run("churn", path, *options, "--where", "plan=Pro").total
    assert pro["logo_churn"] == 0.5


def test_month_grained_data_has_no_events(tmp_path: Path) -> None:
    row = by_profile(answer("logo_churn", four(tmp_path)))["all-events"]
    assert row["value"] is row["difference"] is None
    assert row["reasons"] == {"value": "month_grained_data", "difference": "month_grained_data"}
    assert row["walk"] == []


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    """Opening MRR of 100 at least: x alone, 90 of 100; with y 40 it is 130 of 140."""
    path = panel(tmp_path, {"x": [100, 90], "y": [40, 40], "z": [0, 500]})
    own = write(tmp_path / "big.yaml", ["title: Accounts from 100", "min_mrr: 100"])
    default, big = answer("nrr", path, "--profile", own)["rows"]
    assert (default["value"], big["profile"], big["value"]) == (130 / 140, "big", 0.9)
    (step,) = big["walk"]
    assert step["rule"] == "min_mrr: 100 instead of none"
    assert (step["accounts"], step["numerator"], step["denominator"]) == (1, "-40.00", "-40.00")
    assert run("nrr", path, "--definition", own, "-f", "json").total["nrr"] == 0.9
    behind = run("explain", "nrr", path, "--definition", own, "-f", "json").json["rows"]
    assert [row["account"] for row in behind] == ["x", None]


def test_another_first_profile(tmp_path: Path) -> None:
    path = four(tmp_path)
    found = answer("nrr", path, "--window", "2m", "--definition", "lazy-nrr")
    rows = by_profile(found)
    assert next(iter(rows)) == "lazy-nrr"
    assert rows["default"]["difference"] == pytest.approx(-0.55)
    assert rows["trailing-average"]["difference"] is None
    options = ["--window", "3m", "--definition", "trailing-average", "--profile", "default"]
    none, default = answer("nrr", path, *options)["rows"]
    assert none["reasons"]["value"] == "before_the_data"
    assert default["reasons"] == {"difference": "no_default_value"}
    assert default["value"] == 160 / 260


def test_trailing_average_of_twelve_month_ends(tmp_path: Path) -> None:
    """a pays 100 for 18 months, then 40: six rates of 1, six of 0.4; b is in no opening."""
    path = panel(tmp_path, {"a": [100] * 18 + [40] * 6, "b": [0] * 12 + [60] * 12})
    rows = by_profile(answer("nrr", path))
    assert rows["trailing-average"]["value"] == pytest.approx(0.7)
    assert rows["cohort-12-months-ago"]["value"] == 0.4


@pytest.mark.parametrize("metric", ["nrrr", "arpa", "movements"])
def test_metrics_without_forms_are_refused(tmp_path: Path, metric: str) -> None:
    done = run("compare", metric, four(tmp_path))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC170: " in done.stderr
    assert "one of nrr, grr, " in done.stderr


def test_a_walk_that_does_not_arrive_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from retcalc.answers.trust import definition_walk

    step = definition_walk._step
    monkeypatch.setattr(
        definition_walk, "_step", lambda *a: replace(step(*a), amount=step(*a).amount * 2)
    )
    done = run("compare", "nrr", four(tmp_path), "--window", "2m")
    assert (done.exit_code, done.stdout) == (70, "")
    assert "error RC703: " in done.stderr


LIFE = st.lists(st.sampled_from([0, 0, 10, 20, 35]), min_size=5, max_size=5)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LIFE, min_size=1, max_size=5), st.sampled_from(["nrr", "grr", "logo_churn"]))
def test_walks_add_up(tmp_path: Path, lives: list[list[int]], metric: str) -> None:
    """The amounts of a walk sum to the difference; its accounts to its numerator."""
    accounts = {f"a{i}": life for i, life in enumerate(lives)} | {"x": [5] * 5}
    found = answer(metric, panel(tmp_path, accounts), "--window", "3m", "--accounts", "9")
    for row in found["rows"]:
        if row["difference"] is None:
            continue
        amounts = [step["amount"] for step in row["walk"]]
        assert sum(amounts) == pytest.approx(row["difference"], abs=1e-12)
        for step in row["walk"]:
            listed = [
                entry
                for entry in found["accounts"]
                if (entry["profile"], entry["rule"]) == (row["profile"], step["rule"])
            ]
            assert len(listed) == step["accounts"]
            if step["numerator"] is not None and "total_level" not in step["rule"]:
                total = sum(float(entry["numerator"]) for entry in listed)
                assert total == pytest.approx(float(step["numerator"]))
