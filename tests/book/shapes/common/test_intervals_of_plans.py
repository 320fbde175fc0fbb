"""Names of plans that tell the billing interval, and prices beside a term."""

import re
import shlex
from pathlib import Path

import pytest

from helpers import Run, run


def answer(text: str, folder: Path, *args: str) -> Run:
    (folder / "data.csv").write_text(text)
    return run("movements", "data.csv", "-f", "json", *args, cwd=folder)


def closing(done: Run) -> list[str]:
    assert done.exit_code == 0, done.stderr
    return [row["closing_mrr"] for row in done.json["rows"]]


@pytest.mark.parametrize(
    ("header", "year", "month", "quarter"),
    [
        ("plan", "Pro Yearly", "Basic Monthly", "Team (quarterly)"),
        ("Product", "pro_annual", "basic-monthly", "team-quarterly"),
        ("Tarif", "Profi jährlich", "Basis (monatlich)", "Team 3 Monate"),
        ("offre", "Pro annuel", "Base - mensuel", "Équipe trimestriel"),
        ("description", "Annual subscription", "Monthly subscription", "Every quarter: team"),
        ("package", "Gold 12 months", "Gold month-to-month", "Gold 3-month"),
    ],
)
def test_names_of_plans_tell_the_interval(
    header: str, year: str, month: str, quarter: str, tmp_path: Path
) -> None:
    """1,200 a year, 50 a month until March and 90 a quarter from February."""
    done = answer(
        f"customer_id,start_date,end_date,amount,{header}\n"
        f"a,2025-01-05,,1200,{year}\n"
        f"b,2025-01-10,2025-03-05,50,{month}\n"
        f"c,2025-02-20,,90,{quarter}\n"
        f"d,2025-04-01,,12,{year}\n",
        tmp_path,
    )
    assert closing(done) == ["150.00", "180.00", "130.00"]
    assert "amount is divided by its" in done.stderr


def test_a_plan_without_an_interval_among_others_is_said_with_its_money(tmp_path: Path) -> None:
    done = answer(
        "customer_id,start_date,end_date,amount,plan\na,2025-01-05,,1200,Pro Yearly\n"
        "b,2025-01-10,,50,Enterprise\nc,2025-02-01,,10,Basic Monthly\n",
        tmp_path,
    )
    assert closing(done) == ["150.00"]
    told = "RC817: prices without a billing interval are taken as monthly: plan is Enterprise"
    assert f"{told}: 1 row of 1 account (33.3%), 50.00 of 1,260.00 (4%)" in done.stderr


def test_a_history_of_plans_follows_each_other_and_tells_the_interval(tmp_path: Path) -> None:
    text = (
        "customer_id,start_date,price,Tarif\na,2025-01-05,10,Pro Monthly\n"
        "a,2025-02-05,240,Pro Yearly\nb,2025-03-01,5,Pro Monthly\n"
    )
    asked = answer(text, tmp_path)
    fix = re.findall(r"  fix    (.*)", asked.stderr)[0]
    assert fix.startswith("--shape states ")
    pasted = shlex.split(fix.partition("  ")[0])
    # 10, then 240 / 12
    assert closing(answer(text, tmp_path, *pasted, "--as-of", "2025-03")) == [
        "10.00", "20.00", "25.00",
    ]  # fmt: skip


@pytest.mark.parametrize("term", ["Term (months)", "Laufzeit (Monate)", "contract_length_months"])
def test_an_amount_beside_a_term_is_asked_about(term: str, tmp_path: Path) -> None:
    """1,200 for a year, 2,400 for two and 600 for half a year: 100 a month each."""
    text = (
        f"Amount,{term},Account,start_date\n1200,12,a,2025-01-05\n2400,24,b,2025-01-10\n"
        "600,6,c,2025-02-10\n50,1,d,2025-03-01\n"
    )
    asked = answer(text, tmp_path)
    assert "error RC206" in asked.stderr
    whole, monthly = re.findall(r"  fix    (.*)", asked.stderr)[0].split("   or  ")
    told = answer(text, tmp_path, *shlex.split(whole.partition("   ")[0]))
    assert closing(told) == ["200.00", "300.00"]
    note = "Amount is divided by the months of its period: 3 rows for other than a month"
    assert note in told.stderr
    plain = answer(text, tmp_path, *shlex.split(monthly.partition("   ")[0]))
    assert closing(plain) == ["3600.00", "4200.00"]


def test_the_name_of_an_amount_settles_it_beside_a_term(tmp_path: Path) -> None:
    text = "mrr,term,account,start\n10,12,a,2025-01-05\n20,24,b,2025-02-10\n"
    assert closing(answer(text, tmp_path, "--as-of", "2025-02")) == ["10.00", "30.00"]
