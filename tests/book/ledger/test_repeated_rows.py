"""Rows that stand twice: refused, or settled by a word; by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from book.command import answer, closings

SUBS = """subscription_id,customer_id,start_date,end_date,mrr
s1,A,2025-01-01,,100
s1,A,2025-01-01,,100
s2,B,2025-01-10,2025-03-05,50
s4,D,2025-03-31,,10
"""

LINES = """line_id,customer_id,amount,period_start,period_end
l1,A,100,2025-01-01,2025-02-01
l1,A,120,2025-01-01,2025-02-01
l2,A,100,2025-02-01,2025-03-01
l3,A,100,2025-03-01,2025-04-01
"""

LOG = """event_id,date,customer_id,movement_type,mrr_change
e1,2025-01-05,A,new,100
e1,2025-01-05,A,new,100
e2,2025-02-28,B,new,50
"""

SNAPSHOT = "customerID,tenure,Churn\nA,12,No\nA,5,Yes\nB,3,Yes\n"


@pytest.mark.parametrize("text", [SUBS, LINES, LOG, SNAPSHOT])
def test_rows_that_stand_twice_are_refused(tmp_path: Path, text: str) -> None:
    done = answer(tmp_path, text, command="retention")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC252: rows stand twice" in done.stderr
    assert "data.csv, line 2" in done.stderr


@pytest.mark.parametrize(
    ("text", "policy", "expected"),
    [
        (SUBS, "first", ["150.00", "150.00", "110.00"]),
        (SUBS, "last", ["150.00", "150.00", "110.00"]),
        (SUBS, "sum", ["250.00", "250.00", "210.00"]),
        (LINES, "first", ["100.00", "100.00"]),
        (LINES, "last", ["120.00", "100.00"]),
        (LINES, "sum", ["220.00", "100.00"]),
        (LOG, "first", ["100.00", "150.00"]),
        (LOG, "sum", ["200.00", "250.00"]),
    ],
)
def test_rows_that_stand_twice_settled(
    tmp_path: Path, text: str, policy: str, expected: list[str]
) -> None:
    done = answer(tmp_path, text, "--duplicates", policy)
    assert closings(done) == expected
    assert ("note RC844" if policy == "sum" else "note RC869") in done.stderr


def test_the_last_version_is_the_one_written_last(tmp_path: Path) -> None:
    text = LINES.replace("line_id,", "updated_at,line_id,").replace("\nl1,A,100", "\n2,l1,A,100")
    text = text.replace("\nl", "\n1,l")
    assert closings(answer(tmp_path, text, "--duplicates", "last")) == ["100.00", "100.00"]


def test_daily_snapshots_close_on_the_last_day_of_the_month(tmp_path: Path) -> None:
    """A is gone before the end of March; each month's last day counts: 150, 190, 90."""
    days = {
        "2025-01-30": "A 100 B 50",
        "2025-01-31": "A 100 B 50",
        "2025-02-27": "A 100 B 50 C 30",
        "2025-02-28": "A 100 B 60 C 30",
        "2025-03-30": "A 100 B 60 C 30",
        "2025-03-31": "B 60 C 30",
    }
    rows = ["customer_id,date,mrr"]
    for day, listed in days.items():
        words = listed.split()
        rows += [f"{who},{day},{mrr}" for who, mrr in zip(words[::2], words[1::2], strict=True)]
    text = "\n".join(rows)
    done = answer(tmp_path, text)
    assert done.exit_code == 3
    assert "--duplicates last" in done.stderr
    assert closings(answer(tmp_path, text, "--duplicates", "last")) == ["150.00", "190.00", "90.00"]
    assert closings(answer(tmp_path, text, "--duplicates", "first"))[0] == "150.00"
