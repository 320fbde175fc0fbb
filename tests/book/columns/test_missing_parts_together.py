"""Where several parts are missing, one line names them all; pasted as printed, it answers."""

import re
import shlex
from pathlib import Path

import pytest

from helpers import run

# closing MRR of January to April: a 100, then 150 from April; b 50 until March; c 10 from May
GERMAN = """\
mieter;einzug;auszug;kaltmiete
a;2024-01-01;2024-04-01;100
a;2024-04-01;;150
b;2024-01-01;2024-03-01;50
c;2024-05-01;;10
"""
END_FIRST = """\
bis;ab;summe;wer
2024-04-01;2024-01-01;100;a
;2024-04-01;150;a
2024-03-01;2024-01-01;50;b
;2024-05-01;10;c
"""
BILLS = """\
Rechnung;Mieter;Posten;Leistung ab;Leistung bis
17;a;1200;2025-01-01;2025-12-31
18;b;300;;
19;c;600;2025-02-01;2025-07-31
20;d;120;2025-03-01;2026-02-28
"""


def first_fix(text: str, folder: Path, *args: str) -> list[str]:
    (folder / "data.csv").write_text(text)
    done = run("movements", "data.csv", "-f", "json", *args, cwd=folder)
    assert (done.exit_code, done.stdout) == (3, ""), done.stderr
    fix = re.findall(r"  fix    (.*)", done.stderr)[0]
    return shlex.split(fix.partition("   ")[0])


def closing(folder: Path, *args: str) -> list[str]:
    done = run("movements", "data.csv", "-f", "json", *args, cwd=folder)
    assert done.exit_code == 0, done.stderr
    return [row["closing_mrr"] for row in done.json["rows"]]


@pytest.mark.parametrize("text", [GERMAN, END_FIRST])
def test_a_start_and_an_end_make_a_subscription_in_any_order(text: str, tmp_path: Path) -> None:
    pasted = first_fix(text, tmp_path)
    assert pasted[-2:] == ["--mrr-column", "kaltmiete" if text is GERMAN else "summe"]
    # a 100, then 150 in April; b pays 50 in January and February; the day c begins closes April
    assert closing(tmp_path, *pasted) == ["150.00", "150.00", "100.00", "150.00"]


def test_a_running_number_is_no_amount_and_lines_without_days_are_one_off(tmp_path: Path) -> None:
    pasted = first_fix(BILLS, tmp_path)
    assert pasted == [
        "--customer-column", "Mieter", "--start-column", "Leistung ab", "--end-column",
        "Leistung bis", "--mrr-column", "Posten",
    ]  # fmt: skip
    more = first_fix(BILLS, tmp_path, *pasted)
    assert more == ["--shape", "invoices", "--undated", "one-off"]
    # 1,200 / 12, then 600 / 6 more; the day the last line begins closes February
    assert closing(tmp_path, *pasted, *more) == ["100.00", "200.00"]


def test_lines_from_to_are_invoices_by_their_names(tmp_path: Path) -> None:
    header = "Invoice;Client;Line Total;Service From;Service To"
    text = BILLS.replace(BILLS.splitlines()[0], header)
    (tmp_path / "data.csv").write_text(text)
    refused = run("movements", "data.csv", cwd=tmp_path)
    assert "fix    --undated one-off " in refused.stderr
    assert closing(tmp_path, "--undated", "one-off") == ["100.00", "200.00"]


def test_no_column_is_named_for_two_parts(tmp_path: Path) -> None:
    text = "when,one,two\n2024-01,501,30\n2024-01,733,20\n2024-02,501,30\n"
    pasted = first_fix(text, tmp_path)
    assert pasted[-4:] == ["--month-column", "when", "--mrr-column", "two"]
    assert closing(tmp_path, *pasted) == ["50.00", "30.00"]
