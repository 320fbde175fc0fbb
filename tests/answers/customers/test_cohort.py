"""cohort from files to JSON: fields, average rows, dates, what is left out and said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from helpers import SHARED, needs_shared, run

# a 100 50 - 70 · b 40 60 60 30 · c starts in February with 10 5 20; channels of customers.csv
PAID = {"a": [100, 50, 0, 70], "b": [40, 60, 60, 30], "c": [0, 10, 5, 20]}
CUSTOMERS = "account,channel,signup\na,paid,2023-12-30\nb,organic,2024-01-05\nc,paid,2024-01-31\n"


@pytest.fixture
def mrr(tmp_path: Path) -> Path:
    return export(tmp_path, PAID)


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS)
    return path


def export(folder: Path, paid: dict[str, Sequence[int]]) -> Path:
    rows = [
        f"{account},{2024 + m // 12}-{m % 12 + 1:02},{amount}"
        for account, amounts in paid.items()
        for m, amount in enumerate(amounts)
        if amount
    ]
    path = folder / "mrr.csv"
    path.write_text("\n".join(["account,month,mrr", *rows]) + "\n")
    return path


def answer(*args: object) -> Any:
    return run("cohort", *args, "-f", "json").json


def cells(json: Any, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[n] for n in names) for row in json["rows"]]


def codes(json: Any) -> list[str]:
    return [note["code"] for note in json["notes"]]


def test_the_fields_of_a_cell(mrr: Path) -> None:
    json = answer(mrr)
    assert json["rows"][1] == {
        "segment": {},
        "cohort": "2024-01",
        "age": 1,
        "accounts": 2,
        "mrr": "110.00",
        "gross_mrr": "90.00",
        "initial_accounts": 2,
        "initial_mrr": "140.00",
        "account_retention": 1.0,
        "net_mrr_retention": 110 / 140,
        "gross_mrr_retention": 90 / 140,
        "small": True,
    }
    assert cells(json, "cohort", "age", "accounts") == [
        *(("2024-01", 0, 2), ("2024-01", 1, 2), ("2024-01", 2, 1), ("2024-01", 3, 2)),
        *(("2024-02", 0, 1), ("2024-02", 1, 1), ("2024-02", 2, 1)),
    ]
    assert json["window"] == {"opening": "2023-12", "closing": "2024-04", "months": 4}
    assert json["definition"]["cohort"] == "first paid month"


def test_average_rows(mrr: Path) -> None:
    """By hand: age 1 is (110 + 5) / 150 weighted, (110/140 + 5/10) / 2 simple, 110/140 constant."""
    found = {how: answer(mrr, "--average", how)["average"] for how in AVERAGES}
    assert [line["age"] for line in found["weighted"]] == [0, 1, 2, 3]
    assert [line["cohorts"] for line in found["weighted"]] == [2, 2, 2, 1]
    assert [line["cohorts"] for line in found["constant"]] == [1, 1, 1, 1]
    net = {how: lines[1]["net_mrr_retention"] for how, lines in found.items()}
    assert net == {"weighted": 115 / 150, "simple": 9 / 14, "constant": 110 / 140}
    assert found["weighted"][2]["account_retention"] == 2 / 3
    assert found["simple"][2]["gross_mrr_retention"] == (40 / 140 + 5 / 10) / 2
    shown = answer(mrr, "--average", "constant", "--ages", "2")["average"]
    assert [line["cohorts"] for line in shown] == [2, 2, 2]


AVERAGES = ("weighted", "simple", "constant")


def test_as_of_cuts_the_data(mrr: Path) -> None:
    json = answer(mrr, "--as-of", "2024-02")
    assert cells(json, "cohort", "age") == [("2024-01", 0), ("2024-01", 1), ("2024-02", 0)]


def test_a_window_shows_the_cohorts_that_began_in_it(mrr: Path) -> None:
    json = answer(mrr, "--window", "3m")
    assert {row["cohort"] for row in json["rows"]} == {"2024-02"}
    assert json["window"]["opening"] == "2024-01"
    assert "RC895" not in codes(json)


def test_one_triangle_a_value_and_the_total_last(mrr: Path, customers: Path) -> None:
    json = answer(mrr, "--customers", customers, "--by", "channel")
    keys = [(row["segment"].get("channel"), row["cohort"], row["age"]) for row in json["rows"]]
    assert keys[:4] == [("organic", "2024-01", age) for age in range(4)]
    assert keys[4:11] == [
        *(("paid", "2024-01", age) for age in range(4)),
        *(("paid", "2024-02", age) for age in range(3)),
    ]
    assert [row["mrr"] for row in json["rows"][11:]] == [
        *("140.00", "110.00", "60.00", "100.00"),
        *("10.00", "5.00", "20.00"),
    ]
    segments = [line["segment"] for line in json["average"]]
    assert segments[0] == {"channel": "organic"}
    assert segments[-1] == {}


def test_an_account_stays_in_the_segment_it_began_in(tmp_path: Path) -> None:
    path = tmp_path / "mrr.csv"
    path.write_text("account,month,mrr,plan\na,2024-01,10,Basic\na,2024-02,30,Pro\n")
    json = answer(path, "--by", "plan")
    assert [(r["segment"], r["mrr"]) for r in json["rows"]] == [
        *(({"plan": "Basic"}, "10.00"), ({"plan": "Basic"}, "30.00")),
        *(({}, "10.00"), ({}, "30.00")),
    ]
    assert answer(path, "--where", "plan=Pro")["rows"] == []


def test_quarters_and_the_one_that_is_not_over(tmp_path: Path) -> None:
    """x in January, y in March, z in April: the second quarter is still running in May."""
    path = export(tmp_path, {"x": [10] * 5, "y": [0, 0, 7, 7, 7], "z": [0, 0, 0, 1, 1]})
    json = answer(path, "--period", "quarter")
    assert cells(json, "cohort", "age", "mrr") == [("2024-01", 0, "17.00")]
    note = next(n["message"] for n in json["notes"] if n["code"] == "RC896")
    assert (
        note == "the period from 2024-04 is not over in 2024-05: its 1 accounts have no cells yet"
    )


def test_fiscal_quarters(tmp_path: Path) -> None:
    path = export(tmp_path, {"x": [10] * 7, "y": [0, 5, 5, 5, 5, 5, 5]})
    config = tmp_path / "fiscal.yaml"
    config.write_text("calendar: {fiscal_year_start: 2}\n")
    json = answer(path, "--period", "quarter", "-c", config)
    assert cells(json, "cohort", "age", "accounts") == [
        *(("2023-11", 0, 1), ("2023-11", 1, 1), ("2023-11", 2, 1)),
        *(("2024-02", 0, 1), ("2024-02", 1, 1)),
    ]
    assert json["definition"]["fiscal_year_start"] == 2


def test_cohorts_by_a_date_of_the_customers_file(mrr: Path, customers: Path) -> None:
    """a signed up before the data, so its cohort is not whole; c paid a month after sign-up."""
    json = answer(mrr, "--customers", customers, "--cohort-date", "signup")
    assert cells(json, "cohort", "age", "accounts", "mrr", "initial_mrr") == [
        ("2024-01", 0, 1, "40.00", "50.00"),
        ("2024-01", 1, 2, "70.00", "50.00"),
        ("2024-01", 2, 2, "65.00", "50.00"),
        ("2024-01", 3, 2, "50.00", "50.00"),
    ]
    assert json["rows"][0]["account_retention"] == 0.5
    assert json["definition"]["cohort"] == "signup"
    assert "RC851" in codes(json)
    assert "RC895" not in codes(json)


def test_accounts_without_a_date_are_noted_and_refused_when_strict(tmp_path: Path) -> None:
    mrr = export(tmp_path, {**PAID, "a": [100, 50, 60, 70]})
    path = tmp_path / "customers.csv"
    path.write_text("account,signup\na,2024-01-01\nb,\nc,2024-03-09\n")
    args = ("--customers", path, "--cohort-date", "signup")
    json = answer(mrr, *args)
    assert {"RC850", "RC852"} <= set(codes(json))
    assert sum(row["initial_accounts"] for row in json["rows"] if row["age"] == 0) == 2
    strict = run("cohort", mrr, *args, "--strict")
    assert strict.exit_code == 3
    assert "RC850" in strict.stderr
    assert strict.stdout == ""


def test_a_clean_panel_passes_strict(mrr: Path) -> None:
    assert "RC895" in codes(answer(mrr))
    assert run("cohort", export(mrr.parent, {"a": [1, 2], "b": [3]}), "--strict").exit_code == 0


@pytest.mark.parametrize(
    ("dates", "code"),
    [("signup\na,2024-02-30\n", "RC221"), ("signup\na,01/02/2024\n", "RC223")],
)
def test_bad_dates_name_their_line(mrr: Path, tmp_path: Path, dates: str, code: str) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(f"account,{dates}")
    done = run("cohort", mrr, "--customers", path, "--cohort-date", "signup")
    assert done.exit_code == 3
    assert f"error {code}" in done.stderr
    assert "customers.csv, line 2, column 2" in done.stderr


def test_a_date_column_needs_a_file_and_to_be_there(mrr: Path, customers: Path) -> None:
    none = run("cohort", mrr, "--cohort-date", "signup")
    assert (none.exit_code, "RC162" in none.stderr) == (2, True)
    typo = run("cohort", mrr, "--customers", customers, "--cohort-date", "sign_up_date")
    assert (typo.exit_code, "RC150" in typo.stderr) == (2, True)
    assert "--cohort-date" in typo.stderr


def test_subscriptions_begin_when_they_say(tmp_path: Path) -> None:
    """Interval data has no stock: its first month is a start like any other."""
    path = tmp_path / "subscriptions.csv"
    path.write_text(
        "account,start,end,amount\nx,2024-01-10,2024-03-05,10\ny,2024-02-01,,5\nz,2024-03-31,,1\n"
    )
    json = answer(path)
    assert cells(json, "cohort", "age", "accounts") == [
        *(("2024-01", 0, 1), ("2024-01", 1, 1), ("2024-01", 2, 0)),
        *(("2024-02", 0, 1), ("2024-02", 1, 1)),
        ("2024-03", 0, 1),
    ]
    assert "RC895" not in codes(json)


def test_intervals_of_confidence_are_wilsons(mrr: Path) -> None:
    """2 of 2: lower end 1 / (1 + z^2 / 2) with z = 1.959964, as in any table of the interval."""
    row = answer(mrr, "--confidence", "95")["rows"][1]
    assert row["account_retention_lower"] == pytest.approx(1 / (1 + 1.959964**2 / 2), abs=1e-6)
    assert row["account_retention_upper"] == 1.0


def test_csv_is_the_cells_whatever_is_shown(mrr: Path) -> None:
    plain = run("cohort", mrr, "-f", "csv").stdout
    assert run("cohort", mrr, "-f", "csv", "--show", "gross", "--absolute").stdout == plain
    assert plain.splitlines()[1] == "2024-01,0,2,140.00,140.00,2,140.00,1.0,1.0,1.0"


@needs_shared
def test_the_panel_of_1500_accounts() -> None:
    """Every account is in one cohort, and the diagonal of the last month is its closing MRR."""
    data = SHARED / "data/acctmonth_panel/account_month_mrr.csv"
    json = answer(data)
    first = [row for row in json["rows"] if row["age"] == 0]
    assert sum(row["initial_accounts"] for row in first) == 1500
    summary = run("summary", data, "-f", "json").total
    last = {row["cohort"]: row for row in json["rows"]}.values()
    assert sum(row["accounts"] for row in last) == summary["closing_accounts"]
    cents = sum(round(float(row["mrr"]) * 100) for row in last)
    assert cents == round(float(summary["closing_mrr"]) * 100)
