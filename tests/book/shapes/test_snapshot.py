"""Customer snapshots: who stayed and for how long, without any revenue."""

from __future__ import annotations

from pathlib import Path

import pytest

from book.books import book, codes, mrr_of, write
from helpers import SHARED, needs_shared, run
from retcalc.core.findings import RetcalcError

SNAPSHOT = """
customerID,tenure,MonthlyCharges,Churn
a,3,10.50,No
b,2,11,Yes
c,0,12,No
d,1,13,Yes
"""


def test_tenure_counts_back_from_the_snapshot(tmp_path: Path) -> None:
    made = book(tmp_path, SNAPSHOT, as_of="2024-06")
    assert {name: sorted(table) for name, table in mrr_of(made).items()} == {
        "a": ["2024-03", "2024-04", "2024-05", "2024-06"],
        "b": ["2024-04", "2024-05"],
        "c": ["2024-06"],
        "d": ["2024-05"],
    }
    assert "RC829" in codes(made)


def test_logo_figures_only(tmp_path: Path) -> None:
    """Of a, b and d two left in the month of the snapshot."""
    path = write(tmp_path, SNAPSHOT)
    row = run("retention", path, "-f", "json").total
    assert (row["opening_accounts"], row["churned_accounts"]) == (3, 2)
    assert row["logo_retention"] == 1 / 3
    assert not [name for name in row if name.endswith("_mrr") or name in ("nrr", "grr")]
    done = run("nrr", path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC204" in done.stderr
    assert "retention" in done.stderr


@pytest.mark.parametrize(
    ("row", "code"), [("e,1.5,1,No", "RC239"), ("e,,1,No", "RC239"), ("e,1,1,maybe", "RC240")]
)
def test_cells_that_are_refused(tmp_path: Path, row: str, code: str) -> None:
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, SNAPSHOT + row)
    (finding,) = error.value.findings
    assert (finding.code, finding.spots[0].line) == (code, 6)


@needs_shared
def test_w22_the_telco_sample() -> None:
    """IBM's sample: 26.5% of 7,043 churned; half of the month-to-month ones are gone after 35."""
    path = SHARED / "data/ibm_telco/Telco-Customer-Churn.csv"
    rows = run("survival", path, "--by", "Contract", "-f", "json").json["rows"]
    total = [row for row in rows if row["segment"] == {}]
    assert round(sum(row["events"] for row in total) / 7043, 3) == 0.265
    monthly = [row for row in rows if row["segment"] == {"Contract": "Month-to-month"}]
    assert min(row["age"] for row in monthly if row["survival"] <= 0.5) == 35


def test_a_snapshot_answers_in_money_where_its_amount_is_named(tmp_path: Path) -> None:
    """A pays 50 and stays, B paid 20 and left in the month of the snapshot: 50 of 70."""
    (tmp_path / "s.csv").write_text(
        "customerID,tenure,MonthlyCharges,Churn\nA,12,50,No\nB,3,20,Yes\n"
    )
    refused = run("nrr", "s.csv", cwd=tmp_path)
    assert refused.exit_code == 3
    assert "--mrr-column" in refused.stderr
    done = run("nrr", "s.csv", "--mrr-column", "MonthlyCharges", "-f", "csv", cwd=tmp_path)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[1].startswith("70.00,")


def test_a_snapshot_has_no_window_and_no_year(tmp_path: Path) -> None:
    """Nobody told when it is from and over how long they left; with --as-of its month is known."""
    path = write(tmp_path, SNAPSHOT)
    for command in ("churn", "retention", "summary", "survival", "tenure", "cohort"):
        result = run(command, path, "-f", "json").json
        assert result["window"] is None, command
    churn = run("churn", path, "-f", "json").total
    assert churn["logo_churn"] == 2 / 3
    assert churn["annualised_logo_churn"] is None
    assert churn["reasons"]["annualised_logo_churn"] == "no_dates"
    assert run("churn", path).stdout.splitlines()[0] == "Churn"
    dated = run("churn", path, "--as-of", "2024-06", "-f", "json").json
    assert dated["window"] == {"opening": "2024-05", "closing": "2024-06", "months": 1}
    assert dated["rows"][-1]["annualised_logo_churn"] is None


def test_accounts_of_tenure_0_are_new_and_the_published_share_is_said(tmp_path: Path) -> None:
    done = run("churn", write(tmp_path, SNAPSHOT), "-f", "json")
    assert [n["message"] for n in done.json["notes"] if n["code"] == "RC892"] == [
        "1 account is of tenure 0 and new, not in the opening; "
        "churn of all 4 in the file, with them: 2, 50.0%"
    ]


def test_who_left_at_tenure_0_had_been_there(tmp_path: Path) -> None:
    path = write(tmp_path, SNAPSHOT + "e,0,9,Yes\n")
    row = run("churn", path, "-f", "json").total
    assert (row["opening_accounts"], row["churned_accounts"]) == (4, 3)


@needs_shared
def test_the_published_churn_of_the_telco_sample_is_said() -> None:
    done = run("churn", SHARED / "data/ibm_telco/Telco-Customer-Churn.csv")
    assert "churn of all 7,043 in the file, with them: 1,869, 26.5%" in done.stderr + done.stdout
