"""Headers of months in spellings with two readings: the fix names the pattern that reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import run


@pytest.mark.parametrize(
    ("january", "february", "pattern"),
    [
        ("24-Jan", "24-Feb", "%y-%b"),
        ("24-Mrz", "24-Apr", "%y-%b"),
        ("01/24", "02/24", "%m/%y"),
        ("24/01", "24/02", "%y/%m"),
        ("24-01", "24-02", "%y-%m"),
        ("45322", "45351", "excel"),
    ],
)
def test_the_pattern_offered_reads_the_sheet(
    tmp_path: Path, january: str, february: str, pattern: str
) -> None:
    (tmp_path / "w.csv").write_text(f"Customer,{january},{february}\nA,100,120\nB,50,0\n")
    asked = run("movements", "w.csv", cwd=tmp_path)
    assert (asked.exit_code, asked.stdout) == (3, "")
    assert asked.stderr.count("retcalc: error") == 1
    assert f'--date-format "{pattern}"' in asked.stderr
    done = run("movements", "w.csv", "--date-format", pattern, "-f", "json", cwd=tmp_path)
    assert [row["closing_mrr"] for row in done.json["rows"]] == ["150.00", "120.00"]
