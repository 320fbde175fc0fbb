"""Prices of a year, a quarter or a week add up again to what was paid, to the last digit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from helpers import run

YEARLY = "customer_id,start_date,end_date,amount,interval\n"
YEARLY += "a,2024-01-01,,100,year\nb,2024-01-01,,100,year\nc,2024-01-01,2024-03-01,100,year\n"
LINES = ("opening_mrr", "new_mrr", "reactivation_mrr", "expansion_mrr")
LOSSES = ("contraction_mrr", "churn_mrr")


def write(folder: Path, text: str) -> Path:
    path = folder / "subscriptions.csv"
    path.write_text(text)
    return path


def rows_of(*args: str | Path) -> list[dict]:
    return run(*args, "-f", "json").json["rows"]


def test_three_years_of_a_hundred_are_twenty_five_a_month(tmp_path: Path) -> None:
    rows = rows_of("movements", write(tmp_path, YEARLY), "--as-of", "2024-03")
    closing = {row["month"]: row["closing_mrr"] for row in rows}
    assert closing == {"2024-01": "25.00", "2024-02": "25.00", "2024-03": "16.66666667"}
    for row in rows:
        gained = sum(Decimal(row[name]) for name in LINES)
        assert gained - sum(Decimal(row[n]) for n in LOSSES) == Decimal(row["closing_mrr"])


@pytest.mark.parametrize("shape", ["intervals", "invoices", "arr"])
def test_every_shape_is_exact(tmp_path: Path, shape: str) -> None:
    """Seven accounts at 100 a year are 700/12 = 58.333…; twelve are 100.00."""
    header, line = {
        "intervals": ("customer_id,start_date,end_date,amount,interval", "{},2024-01-01,,100,year"),
        "invoices": (
            "customer_id,amount,period_start,period_end",
            "{},100,2024-01-01,2025-01-01",
        ),
        "arr": ("account,month,arr", "{},2024-01,100"),
    }[shape]
    text = "\n".join([header, *(line.format(name) for name in "abcdefghijkl")]) + "\n"
    rows = rows_of("nrr", write(tmp_path, text), "--as-of", "2024-01")
    assert rows[-1]["closing_mrr"] == "100.00"


def test_a_check_for_equality_holds(tmp_path: Path) -> None:
    config = tmp_path / "retcalc.yaml"
    config.write_text('checks:\n  - {metric: closing_mrr, equals: "25.00"}\n')
    path = write(tmp_path, YEARLY)
    done = run("check", path, "--config", config, "--as-of", "2024-02")
    assert done.exit_code == 0, done.stdout + done.stderr


def test_what_stands_behind_a_number_adds_up_to_it(tmp_path: Path) -> None:
    path = write(tmp_path, YEARLY)
    *accounts, total = rows_of("explain", "movements", path, "--as-of", "2024-02")
    assert sum(Decimal(row["closing_mrr"]) for row in accounts) == Decimal("25.00")
    assert total["closing_mrr"] == "25.00"


def test_a_closed_month_of_thirds_stays_closed(tmp_path: Path) -> None:
    path, locks = write(tmp_path, YEARLY), tmp_path / "retcalc-locks"
    done = run("close", "lock", "2024-02", path, "--locks", locks)
    assert done.exit_code == 0, done.stderr
    assert run("close", "verify", path, "--locks", locks).exit_code == 0
    write(tmp_path, YEARLY.replace("b,2024-01-01,,100", "b,2024-01-01,,100.01"))
    done = run("close", "diff", path, "--locks", locks, "-f", "csv")
    assert done.exit_code == 1
    assert "b,2024-01,8.33333333,8.33416667,0.00083334\n" in done.stdout


def test_tables_pictures_and_workbooks_of_thirds(tmp_path: Path) -> None:
    path = write(tmp_path, YEARLY)
    done = run("nrr", path, "--as-of", "2024-03", "--window", "2m")
    assert "16.67" in done.stdout and "25.00" in done.stdout
    run("movements", path, "--as-of", "2024-03", "-o", tmp_path / "m.parquet")
    made = pl.read_parquet(tmp_path / "m.parquet")
    assert [str(v) for v in made["closing_mrr"]][-1] == "16.66666667"
