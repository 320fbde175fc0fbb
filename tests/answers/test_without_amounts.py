"""Exports that tell who was there and not what was paid answer in accounts.

LIVES by month-end: January a, b; February a, b, c; March b, c; April b, d. PANEL has the same of
January to March.
"""

from pathlib import Path

import pytest

from helpers import run

LIVES = (
    "account,begins,stops{more}\na,2024-01-05,2024-03-10{more}\nb,2024-01-20,{more}\n"
    "c,2024-02-02,2024-04-01{more}\nd,2024-04-30,{more}\n"
)
PANEL = "account,month\n" + "".join(
    f"{account},2024-{month}\n"
    for month, accounts in (("01", "ab"), ("02", "abc"), ("03", "bc"))
    for account in accounts
)


def ask(folder: Path, text: str, *args: str) -> list[dict]:
    (folder / "data.csv").write_text(text)
    command, *options = args
    return run(command, "data.csv", "-f", "json", *options, cwd=folder).json["rows"]


@pytest.fixture
def lives() -> str:
    return LIVES.format(more="")


def test_churn_and_retention(tmp_path: Path, lives: str) -> None:
    (row,) = ask(tmp_path, lives, "churn", "--as-of", "2024-04")
    assert (row["opening_accounts"], row["churned_accounts"], row["logo_churn"]) == (2, 1, 0.5)
    (row,) = ask(tmp_path, PANEL, "churn")
    assert (row["opening_accounts"], row["churned_accounts"], row["logo_churn"]) == (2, 1, 0.5)
    (row,) = ask(tmp_path, PANEL, "retention")
    assert row["logo_retention"] == 0.5


def test_months_of_a_panel(tmp_path: Path) -> None:
    rows = ask(tmp_path, PANEL, "movements")
    assert [r["closing_accounts"] for r in rows] == [2, 3, 2]
    assert not [name for name in rows[0] if name.endswith("_mrr")]


def test_cohorts(tmp_path: Path, lives: str) -> None:
    def triangle(text: str) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row in ask(tmp_path, text, "cohort"):
            found.setdefault(row["cohort"], []).append(row["accounts"])
            assert not {"mrr", "gross_mrr", "initial_mrr", "net_mrr_retention"} & row.keys()
        return found

    assert triangle(lives) == {"2024-01": [2, 2, 1, 1], "2024-02": [1, 1, 0], "2024-04": [1]}
    assert triangle(PANEL) == {"2024-01": [2, 2, 1], "2024-02": [1, 1]}
    ask(tmp_path, lives, "cohort")
    average = run("cohort", "data.csv", "-f", "json", cwd=tmp_path).json["average"]
    shares = [row["account_retention"] for row in average]
    assert shares == [1, 1, pytest.approx(1 / 3), 0.5]


@pytest.mark.parametrize("form", ["html", "md", "csv", "xlsx", "parquet", "svg"])
def test_cohorts_of_accounts_are_written_in_every_form(
    tmp_path: Path, lives: str, form: str
) -> None:
    pytest.importorskip("xlsxwriter")
    (tmp_path / "data.csv").write_text(lives)
    done = run("cohort", "data.csv", "-o", f"out.{form}", cwd=tmp_path)
    assert (done.exit_code, (tmp_path / f"out.{form}").stat().st_size > 0) == (0, True)


def test_survival_and_tenure(tmp_path: Path, lives: str) -> None:
    """c ends after 59 days, a after 65, when b is the only other at risk; 60 are two months."""
    rows = ask(tmp_path, lives, "survival")
    assert [row["survival"] for row in rows[1:4]] == pytest.approx([1, 2 / 3, 1 / 3])
    rows = ask(tmp_path, lives, "tenure")
    assert [r["churned"] for r in rows] == [0, 2, 0, 0]


def test_a_status_counts(tmp_path: Path) -> None:
    text = PANEL.replace("\n", ",active\n").replace("month,active", "month,status")
    (row,) = ask(tmp_path, text.replace("c,2024-03,active", "c,2024-03,churned"), "churn")
    assert row["closing_accounts"] == 1


@pytest.mark.parametrize("command", ["nrr", "grr", "clv", "concentration"])
def test_answers_in_money_say_what_can_be_answered(tmp_path: Path, command: str) -> None:
    (tmp_path / "data.csv").write_text(PANEL)
    more = ("--margin", "1") if command == "clv" else ()
    done = run(command, "data.csv", *more, cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "retcalc retention data.csv   (also churn, cohort, survival, tenure)" in done.stderr


def test_numbers_under_an_unknown_name_are_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(LIVES.format(more=",5").replace("stops,5", "stops,net due"))
    noted = run("churn", "data.csv", cwd=tmp_path)
    assert "numbers that are not read: net due" in noted.stdout
    refused = run("nrr", "data.csv", cwd=tmp_path)
    assert "or  --mrr-column 'net due'" in refused.stderr
    (row,) = ask(tmp_path, (tmp_path / "data.csv").read_text(), "nrr", "--mrr-column", "net due")
    assert (row["opening_mrr"], row["closing_mrr"]) == ("10.00", "10.00")


def test_who_is_listed_may_pay_nothing(tmp_path: Path) -> None:
    """A panel with numbers under an unknown name is refused: their zeros would tell who left."""
    (tmp_path / "data.csv").write_text(PANEL.replace("\n", ",0\n").replace("month,0", "month,due"))
    done = run("churn", "data.csv", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "fix    --mrr-column due" in done.stderr


def test_churn_in_accounts_stands_beside_the_formula_of_churn(tmp_path):
    (tmp_path / "snapshot.csv").write_text("customerID,tenure,Churn\nA,12,No\nB,3,Yes\n")
    shown = run("churn", "snapshot.csv", "-f", "json", cwd=tmp_path).json
    assert shown["definition"]["formula"] == "churned accounts / opening accounts"
    kept = run("retention", "snapshot.csv", "-f", "json", cwd=tmp_path).json
    assert kept["definition"]["formula"].startswith("(closing accounts - new")
