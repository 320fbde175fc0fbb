"""Lines of groups in reports: subtotals, counts and grand totals, in whichever column they stand.

Alpha pays 100 then 120, Beta 50 then 60: January closes at 150, February at 180.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import run

BY_MONTH = """"Month","Account Name","MRR"
"2025-01","Alpha","100.00"
"2025-01","Beta","50.00"
"Subtotal","","150.00"
"2025-02","Alpha","120.00"
"2025-02","Beta","60.00"
"Subtotal","","180.00"
"Grand Totals (4 records)","","330.00"
"Confidential Information - Do Not Distribute"
"Copyright (c) 2000-2025 salesforce.com, inc. All rights reserved."
"""
BY_ACCOUNT = """"Account Name","Month","MRR"
"Alpha","2025-01","100.00"
"Alpha","2025-02","120.00"
"Subtotal","","220.00"
"","Count","2"
"Beta","2025-01","50.00"
"Beta","2025-02","60.00"
"Subtotal","","110.00"
"","Count","2"
"Grand Totals (4 records)","","330.00"
"","Count","4"
"""


@pytest.mark.parametrize(
    ("text", "line", "column", "more"),
    [(BY_MONTH, 4, '1 "Month"', 2), (BY_ACCOUNT, 4, '1 "Account Name"', 5)],
    ids=["by month", "by account"],
)
def test_lines_of_groups_are_no_accounts(
    tmp_path: Path, text: str, line: int, column: str, more: int
) -> None:
    (tmp_path / "d.csv").write_text(text)
    done = run("movements", "d.csv", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr.count("retcalc: error ") == 1
    assert "error RC212: total row among the accounts" in done.stderr
    assert f"d.csv, line {line}, column {column}" in done.stderr
    assert f"also   {more} more row" in done.stderr
    assert "fix    --drop-total-rows\n" in done.stderr
    done = run("movements", "d.csv", "--drop-total-rows", "-f", "json", cwd=tmp_path)
    assert [row["closing_mrr"] for row in done.json["rows"]] == ["150.00", "180.00"]
    assert [row["closing_accounts"] for row in done.json["rows"]] == [2, 2]
    assert "RC837" in [note["code"] for note in done.json["notes"]]


def test_a_row_without_an_account_is_still_refused(tmp_path: Path) -> None:
    text = "account,month,mrr\na,2025-01,1\n,2025-01,2\n"
    (tmp_path / "d.csv").write_text(text)
    done = run("movements", "d.csv", "--drop-total-rows", cwd=tmp_path)
    assert (done.exit_code, "error RC211" in done.stderr) == (3, True)
