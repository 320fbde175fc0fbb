"""explain: accounts and rows behind a number, by hand, and adding up to it on random panels."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acceptance.inline import many, panel, subscriptions, write
from helpers import run

# lines 2-5, 6-9, 10-13, 14-17, 18-21 of the file; window 3m is 2024-01 to 2024-04
LIVES = {
    "same": [100, 100, 100, 100],
    "grows": [100, 120, 120, 150],
    "shrinks": [100, 80, 80, 60],
    "leaves": [100, 100, 0, 0],
    "joins": [0, 50, 50, 50],
}
FLOWS = ("new", "reactivation", "expansion", "contraction", "churn")


def answer(*args: object) -> Any:
    return run("explain", *args, "-f", "json").json


def by_account(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["account"]: row for row in rows}


def test_the_accounts_behind_nrr(tmp_path: Path) -> None:
    """Opening 400, expansion 50, contraction 40, churn 100: NRR is 310 / 400."""
    found = answer("nrr", panel(tmp_path, LIVES), "--window", "3m")
    rows = by_account(found["rows"])
    assert [row["account"] for row in found["rows"]] == [
        "leaves", "grows", "shrinks", "same", None,
    ]  # fmt: skip
    movements = {name: row["movement"] for name, row in rows.items()}
    assert movements == {
        "leaves": "churn", "grows": "expansion", "shrinks": "contraction", "same": "retained",
        None: None,
    }  # fmt: skip
    assert rows["grows"]["opening_mrr"] == "100.00"
    assert rows["grows"]["expansion_mrr"] == "50.00"
    assert rows["grows"]["closing_mrr"] == "150.00"
    assert rows["shrinks"]["contraction_mrr"] == "40.00"
    assert rows["leaves"]["churn_mrr"] == "100.00"
    total = rows[None]
    assert [total[f"{n}_mrr"] for n in ("opening", *FLOWS, "closing")] == [
        "400.00", "0.00", "0.00", "50.00", "40.00", "100.00", "310.00",
    ]  # fmt: skip
    assert found["number"] == [{"nrr": 0.775}]
    lines = {name: row["line"] for name, row in rows.items()}
    assert lines == {"leaves": 14, "grows": 6, "shrinks": 10, "same": 2, None: None}
    assert rows["same"]["source"].endswith("mrr.csv")


def test_movements_are_month_by_month_and_hold_every_account(tmp_path: Path) -> None:
    rows = by_account(answer("movements", panel(tmp_path, LIVES))["rows"])
    assert rows["joins"]["movement"] == "new"
    assert rows["joins"]["line"] == 21  # its row in the closing month; the opening has none
    assert rows["grows"]["movement"] == "new+expansion"
    assert rows["shrinks"]["contraction_mrr"] == "40.00"
    assert rows[None]["new_mrr"] == "450.00"
    assert rows[None]["closing_mrr"] == "360.00"


def test_a_new_account_that_grows_is_behind_the_monthly_nrr(tmp_path: Path) -> None:
    """W23, worked from Kellogg's note: the monthly bridge gives 140%."""
    path = panel(tmp_path, {"a": [100] * 6 + [80] * 7, "b": [0] + [100] * 6 + [160] * 6})
    ends = answer("nrr", path)
    months = answer("nrr", path, "--basis", "monthly")
    assert [row["account"] for row in ends["rows"]] == ["a", None]
    assert by_account(months["rows"])["b"]["movement"] == "new+expansion"
    assert (ends["number"], months["number"]) == ([{"nrr": 0.8}], [{"nrr": 1.4}])
    assert answer("nrr", path, "--definition", "lazy-nrr")["number"] == [{"nrr": 1.4}]


def test_one_movement_and_a_limit(tmp_path: Path) -> None:
    path = panel(tmp_path, LIVES)
    churned = answer("churn", path, "--window", "3m", "--movement", "churn")["rows"]
    assert [row["account"] for row in churned] == ["leaves", None]
    assert churned[-1]["opening_mrr"] == "100.00"
    limited = answer("nrr", path, "--window", "3m", "--limit", "1", "--sort", "account")["rows"]
    assert [row["account"] for row in limited] == ["grows", "(3 more accounts)", None]
    assert limited[1]["opening_mrr"] == "300.00"
    assert limited[-1]["opening_mrr"] == "400.00"


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("account", ["grows", "leaves", "same", "shrinks"]),
        ("closing", ["grows", "same", "shrinks", "leaves"]),
        ("opening", ["grows", "leaves", "same", "shrinks"]),
    ],
)
def test_order(tmp_path: Path, sort: str, order: list[str]) -> None:
    rows = answer("nrr", panel(tmp_path, LIVES), "--window", "3m", "--sort", sort)["rows"]
    assert [row["account"] for row in rows[:-1]] == order


def test_the_screen_shows_twenty_and_files_all(tmp_path: Path) -> None:
    path = panel(tmp_path, many("a", 25, [100, 90]))
    screen = run("explain", "grr", path).stdout
    assert "(5 more accounts)" in screen
    assert len([line for line in screen.splitlines() if "contraction" in line]) == 20
    out = tmp_path / "all.csv"
    assert run("explain", "grr", path, "-o", out).exit_code == 0
    assert len(out.read_text().splitlines()) == 1 + 25 + 1


def test_a_filter_shows_who_moved_in_and_out(tmp_path: Path) -> None:
    """Pro opens with 100 + 50; a leaves Pro at 120, c comes to it at 70."""
    text = ["account_id,month,mrr,plan", "a,2024-01,100,Pro", "b,2024-01,50,Pro"]
    text += ["c,2024-01,60,Team", "a,2024-02,120,Team", "b,2024-02,50,Pro", "c,2024-02,70,Pro"]
    path = write(tmp_path / "mrr.csv", text)
    rows = by_account(answer("movements", path, "--where", "plan=Pro", "--window", "1m")["rows"])
    assert rows["a"]["movement"] == "expansion+segment_out"
    assert rows["a"]["segment_out_mrr"] == "120.00"
    assert rows["c"]["movement"] == "segment_in"
    assert (rows["c"]["opening_mrr"], rows["c"]["closing_mrr"]) == ("0.00", "70.00")
    assert rows[None]["closing_mrr"] == "120.00"
    behind = answer("nrr", path, "--where", "plan=Pro", "--window", "1m")
    assert {row["account"] for row in behind["rows"]} == {"a", "b", None}


def test_all_source_rows(tmp_path: Path) -> None:
    parts = [
        write(tmp_path / "1.csv", ["account_id,month,mrr", "a,2024-01,100", "b,2024-01,10"]),
        write(tmp_path / "2.csv", ["account_id,month,mrr", "b,2024-02,10", "a,2024-02,40"]),
    ]
    row = by_account(answer("nrr", *parts, "--all-rows")["rows"])["a"]
    assert row["source_rows"] == [
        {"month": "2024-01", "amount": "100.00", "source": str(parts[0]), "line": 2},
        {"month": "2024-02", "amount": "40.00", "source": str(parts[1]), "line": 3},
    ]
    text = run("explain", "nrr", *parts, "--all-rows", "-f", "csv").stdout
    first = next(csv.DictReader(io.StringIO(text)))
    assert first["lines"] == f"{parts[0]}:2 {parts[1]}:3"


def test_the_row_of_a_subscription(tmp_path: Path) -> None:
    lines = ["a,2024-01-05,2024-03-10,10,month", "b,2024-01-05,,20,month", "c,2024-03-31,,5,month"]
    rows = by_account(answer("churn", subscriptions(tmp_path, lines), "--window", "1m")["rows"])
    assert {name: row["line"] for name, row in rows.items()} == {"a": 2, "b": 3, None: None}


def test_churn_by_the_day_names_who_came_back(tmp_path: Path) -> None:
    lines = [f"s{i},2024-01-05,,10,month" for i in range(3)]
    lines += ["back,2024-01-05,2024-03-10,10,month", "back,2024-03-20,,10,month"]
    lines += ["brief,2024-03-02,2024-03-04,7,month", "late,2024-03-31,,5,month"]
    path = subscriptions(tmp_path, lines)
    found = answer("churn", path, "--window", "1m", "--definition", "all-events")
    rows = by_account(found["rows"])
    assert rows["back"]["returned_churn_events"] == 1
    assert rows["brief"]["late_churn_events"] == 1
    assert rows["brief"]["movement"] == "new+churn"
    assert "late" not in rows  # it joined, and nothing in the numerator or below it counts that
    assert found["number"] == [{"logo_churn": 0.5}]  # 2 events over 4 opening accounts


def test_a_life_month_by_month(tmp_path: Path) -> None:
    text = ["account_id,month,mrr", "x,2024-01,1"]
    text += ["a,2024-02,100", "a,2024-03,80", "a,2024-04,80", "a,2024-06,0", "a,2024-07,90"]
    text += [f"x,2024-0{m},1" for m in range(2, 9)]
    path = write(tmp_path / "mrr.csv", text)
    rows = answer("nrr", path, "--account", "a")["rows"]
    assert [(row["month"], row["mrr"], row["movement"], row["line"]) for row in rows] == [
        ("2024-02", "100.00", "new", 3),
        ("2024-03", "80.00", "contraction", 4),
        ("2024-04", "80.00", "retained", 5),
        ("2024-05", "0.00", "churn", None),
        ("2024-06", "0.00", "away", 6),
        ("2024-07", "90.00", "reactivation", 7),
        ("2024-08", "0.00", "churn", None),
    ]
    assert [row["why"] for row in rows] == [
        "paid 100.00 in 2024-02 for the first time: new 100.00",
        "paid 80.00 in 2024-03 after 100.00: contraction 20.00",
        "paid 80.00 in 2024-04, as the month before",
        "no row in 2024-05: counts as zero → churn 80.00",
        "paid 0.00 in 2024-06: still away",
        "paid 90.00 in 2024-07 after 2 months away: reactivation 90.00",
        "no row in 2024-08: counts as zero → churn 90.00",
    ]


def test_a_life_of_subscriptions_and_the_start_of_the_data(tmp_path: Path) -> None:
    path = subscriptions(
        tmp_path, ["a,2024-01-05,2024-02-10,10,month", "b,2024-01-05,,20,month", "c,2024-03-31,,5,"]
    )
    path.write_text(path.read_text().replace("5,\n", "5,month\n"))
    assert [row["why"] for row in answer("nrr", path, "--account", "a")["rows"]] == [
        "paid 10.00 in 2024-01, where the data starts: new 10.00",
        "no subscription runs at the end of 2024-02: counts as zero → churn 10.00",
    ]


def test_a_long_absence_is_new_again(tmp_path: Path) -> None:
    path = panel(tmp_path, {"a": [10, 0, 0, 10], "x": [1, 1, 1, 1]})
    config = write(tmp_path / "retcalc.yaml", ["reactivation_gap: 1"])
    why = answer("nrr", path, "--account", "a", "-c", config)["rows"][-1]["why"]
    assert why == "paid 10.00 in 2024-04 after 2 months away, more than 1: new 10.00"


@pytest.mark.parametrize(
    ("args", "code", "status", "fix"),
    [
        (("nrrr",), "RC170", 2, "did you mean nrr?"),
        (("cac",), "RC170", 2, "one of nrr, "),
        (("nrr", "--by", "mrr"), "RC171", 2, "--where 'mrr=VALUE'"),
        (("nrr", "--definition", "monthly-average"), "RC172", 2, "--as-of 2024-04 --window 1m"),
        (("nrr", "--account", "gros"), "RC173", 2, "did you mean grows?"),
        (("churn", "--definition", "all-events"), "RC280", 3, "month grained data"),
        (("nrr", "--definition", "cohort-12-months-ago", "--window", "3m"), "RC280", 3, "before"),
    ],
)
def test_what_cannot_be_explained(
    tmp_path: Path, args: tuple[str, ...], code: str, status: int, fix: str
) -> None:
    done = run("explain", args[0], panel(tmp_path, LIVES), *args[1:])
    assert (done.exit_code, done.stdout) == (status, "")
    assert f"error {code}: " in done.stderr
    assert fix in done.stderr


def test_accounts_that_do_not_add_up_are_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from retcalc.answers.trust import explain

    whole = explain.account_window
    monkeypatch.setattr(explain, "account_window", lambda *a, **k: whole(*a, **k).head(1))
    done = run("explain", "nrr", panel(tmp_path, LIVES), "--window", "3m")
    assert (done.exit_code, done.stdout) == (70, "")
    assert "error RC702: " in done.stderr


MONEY = st.sampled_from([0, 0, 10, 10, "12.34", 30])
PANELS = st.lists(
    st.lists(st.tuples(MONEY, st.sampled_from("PT")), min_size=6, max_size=6),
    min_size=1,
    max_size=5,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PANELS, st.sampled_from(["endpoints", "monthly"]), st.sampled_from([[], ["plan=P"]]))
def test_the_total_is_the_bridge(
    tmp_path: Path, lives: list[Any], basis: str, where: list[str]
) -> None:
    """The rows add up to the total row, and that is the bridge which nrr prints."""
    text = ["account_id,month,mrr,plan"]
    for number, life in enumerate(lives):
        text += [f"a{number},2024-0{m},{x},{p}" for m, (x, p) in enumerate(life, start=1)]
    path = write(tmp_path / "mrr.csv", text)
    options = ["--basis", basis, *(w for c in where for w in ("--where", c))]
    options += ["--window", "4m", "-f", "json"]
    bridge = run("nrr", path, *options).total
    rows = run("explain", "quick_ratio", path, *options).json["rows"]
    names = [name for name in bridge if name.endswith("_mrr")]
    assert [rows[-1][n] for n in names] == [bridge[n] for n in names]
    for name in names:
        assert sum(Decimal(row[name]) for row in rows[:-1]) == Decimal(rows[-1][name])
    behind = run("explain", "nrr", path, *options).json
    assert behind["number"][0]["nrr"] == bridge["nrr"]
    for name in ("opening_mrr", "expansion_mrr", "contraction_mrr", "churn_mrr"):
        assert behind["rows"][-1][name] == bridge[name]
