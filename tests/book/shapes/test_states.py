"""Logs of states hold until the next one; by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from book.command import answer, closings

EVENTS = """customer_id,event_date,event_type,plan,mrr
A,2025-01-05,subscribed,Basic,100
A,2025-03-10,upgraded,Pro,150
B,2025-01-10,subscribed,Basic,100
B,2025-02-20,cancelled,Basic,100
C,2025-02-01,subscribed,Pro,150
C,2025-03-31,downgraded,Basic,100
"""

STATES = """customer_id,date,event_type,mrr_before,mrr_after
A,2025-01-05,new,0,100
A,2025-03-10,expansion,100,150
B,2025-01-10,new,0,100
B,2025-02-20,churn,100,0
C,2025-02-01,new,0,150
C,2025-03-31,contraction,150,100
"""


@pytest.mark.parametrize("text", [EVENTS, STATES])
def test_a_log_of_states_holds_until_the_next(tmp_path: Path, text: str) -> None:
    """Jan A 100 + B 100; Feb A 100 + C 150; Mar A 150 + C 100."""
    assert closings(answer(tmp_path, text)) == ["200.00", "250.00", "250.00"]


HISTORY = """customer_id,plan_id,start_date,plan_name,price
1,0,2020-08-01,trial,0.00
1,1,2020-08-08,basic monthly,9.90
2,3,2020-09-27,pro annual,120.00
1,4,2020-10-29,churn,
2,1,2020-11-30,basic monthly,9.90
"""


def test_a_history_of_plans_without_ends(tmp_path: Path) -> None:
    """Churn ends 1 in October; 120 a year is 10 a month until the plan of November."""
    done = answer(tmp_path, HISTORY)
    assert closings(done) == ["9.90", "19.90", "10.00", "9.90"]


def test_rows_without_ends_are_asked_about(tmp_path: Path) -> None:
    text = "customer_id,start_date,mrr\nA,2024-01-05,100\nA,2024-02-29,120\nB,2024-01-05,10\n"
    done = answer(tmp_path, text)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC255" in done.stderr
    assert closings(answer(tmp_path, text, "--shape", "states")) == ["110.00", "130.00"]
    assert closings(answer(tmp_path, text, "--shape", "intervals")) == ["110.00", "230.00"]
