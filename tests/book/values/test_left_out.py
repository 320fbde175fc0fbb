"""What is left out is weighed, worded and limited; lines without a period are settled by a word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers import run

LINES = """customer,invoice_date,amount,service_start,service_end
A,2026-01-01,1200,2026-01-01,2026-12-31
B,2026-01-05,100,,
B,2026-02-05,100,,
C,2026-01-07,100,,
"""


def movements(folder: Path, text: str, *args: str) -> list[dict[str, str]]:
    (folder / "lines.csv").write_text(text)
    done = run("movements", "lines.csv", *args, "-f", "json", cwd=folder)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)["rows"]


def test_too_much_without_a_period_is_refused_with_its_weight(tmp_path: Path) -> None:
    """300 of 1,500 are 20% of the money; two of three accounts are 66.7%, the larger share."""
    (tmp_path / "lines.csv").write_text(LINES)
    done = run("nrr", "lines.csv", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC251: 66.7% of the export does not count, more than 5%" in done.stderr
    assert "3 rows of 2 accounts (66.7%), 300.00 of 1,500.00 (20%)" in done.stderr
    assert "--undated month  or  --undated one-off   or  --left-out 67%" in done.stderr


@pytest.mark.parametrize("way", [("--undated", "one-off"), ("--left-out", "67%")])
def test_settled_as_one_off(tmp_path: Path, way: tuple[str, str]) -> None:
    """1,200 over twelve months is 100 in January, the only month that every way covers."""
    rows = movements(tmp_path, LINES, *way, "--as-of", "2026-01")
    assert rows[0]["month"] == "2026-01"
    assert rows[0]["closing_mrr"] == "100.00"


def test_settled_by_the_month_of_the_invoice(tmp_path: Path) -> None:
    """A 100 + B 100 + C 100 in January; as of February A 100 + B 100."""
    january, february = movements(tmp_path, LINES, "--undated", "month", "--as-of", "2026-02")
    assert (january["closing_mrr"], february["closing_mrr"]) == ("300.00", "200.00")
    assert february["churn_mrr"] == "100.00"


def test_the_config_says_it_too(tmp_path: Path) -> None:
    (tmp_path / "retcalc.yaml").write_text("left_out: 70%\n")
    assert movements(tmp_path, LINES, "--as-of", "2026-01")[0]["closing_mrr"] == "100.00"


def test_the_total_of_a_source_is_that_of_its_amount_column(tmp_path: Path) -> None:
    """10 and 20 and 30 stand in it; seats and statuses change what counts only."""
    rows = "A,2026-01,10,3,active\nB,2026-01,20,1,churned\nA,2026-02,30,1,active\n"
    header = "customer,month,price_per_seat,seats,status\n"
    (tmp_path / "seats.csv").write_text(header + rows)
    done = run("nrr", "seats.csv", "-f", "json", cwd=tmp_path)
    assert json.loads(done.stdout)["sources"][0]["total_mrr"] == "60.00"


def test_amounts_that_cannot_be_read_weigh_by_their_accounts(tmp_path: Path) -> None:
    """One of two accounts has an unknown amount: its money may be anything, so half is too much."""
    (tmp_path / "mrr.csv").write_text(
        "customer,month,mrr\na,2025-01,abc\nb,2025-01,50\na,2025-02,100\nb,2025-02,50\n"
    )
    command = ("movements", "mrr.csv", "--skip-bad-rows")
    refused = run(*command, cwd=tmp_path)
    assert refused.exit_code == 3
    assert "RC251: 50% of the export does not count" in refused.stderr
    assert "1 row of 1 account (50%), amount unknown in 1 row" in refused.stderr
    assert run(*command, "--left-out", "50%", "-f", "json", cwd=tmp_path).json["rows"]


def test_few_amounts_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    rows = [f"a{n},2025-01,{'abc' if n == 7 else 10}" for n in range(40)]
    (tmp_path / "mrr.csv").write_text("\n".join(["customer,month,mrr", *rows]) + "\n")
    done = run("movements", "mrr.csv", "--skip-bad-rows", "-f", "json", cwd=tmp_path)
    assert done.json["rows"][-1]["closing_mrr"] == "390.00"
    assert "1 row of 1 account (2.5%), amount unknown in 1 row" in done.stderr
