"""Ends written as numbers: seconds since 1970, compact days and months, and numbers for no end."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import run

ROWS = "subscription_id,customer_id,start,ended_at,mrr,status\n"


def closings(folder: Path, *rows: str) -> dict[str, str]:
    (folder / "s.csv").write_text(ROWS + "".join(f"{row}\n" for row in rows))
    done = run("movements", "s.csv", "-f", "json", cwd=folder)
    return {row["month"]: row["closing_mrr"] for row in done.json["rows"]}


@pytest.mark.parametrize(
    ("january", "february", "march"),
    [
        ("1704067200", "1707955200", "1711843200"),  # 1 January, 15 February, 31 March 2024
        ("1704067200000", "1707955200000", "1711843200000"),
        ("1704067200.0", "1707955200.0", "1711843200.0"),
        ("20240101", "20240215", "20240331"),
        ("202401", "202402", "202403"),
    ],
)
def test_ends_are_read_as_starts_are(
    tmp_path: Path, january: str, february: str, march: str
) -> None:
    """A 100 stays, B 50 leaves in February, C 30 comes in March."""
    got = closings(
        tmp_path,
        f"s1,A,{january},,100,active",
        f"s2,B,{january},{february},50,canceled",
        f"s3,C,{march},,30,active",
    )
    assert got["2024-01"] == "150.00"
    assert got["2024-02"] == "100.00"
    assert got["2024-03"] == "130.00"


@pytest.mark.parametrize(
    "never", ["99991231", "999912", "9999", "253402300799", "253402300799000", "4102444800"]
)
def test_numbers_far_ahead_are_no_end(tmp_path: Path, never: str) -> None:
    got = closings(tmp_path, f"s1,A,2024-01-31,{never},100,", f"s2,B,2024-02-29,{never},50,")
    assert got == {"2024-01": "100.00", "2024-02": "150.00"}


def test_a_day_before_its_month_without_marks_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(f"{ROWS}s1,A,2024-01-31,31122024,100,\n")
    done = run("movements", "s.csv", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC221" in done.stderr
