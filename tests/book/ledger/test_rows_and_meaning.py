"""Rows that stand twice, logs by their kinds, statuses and flags, accounts in doubt; by hand."""

from __future__ import annotations

import json
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


def test_levels_beside_kinds_are_no_changes(tmp_path: Path) -> None:
    text = (
        "account,month,mrr,movement_type\nA,2026-01,100,new\nB,2026-01,40,new\n"
        "A,2026-02,100,no_change\nB,2026-02,60,expansion\nA,2026-03,0,churned\n"
        "B,2026-03,60,no_change\n"
    )
    done = answer(tmp_path, text)
    assert closings(done) == ["140.00", "160.00", "60.00"]
    assert "mrr is read as the MRR in force, not as changes" in done.stderr


def test_words_of_vendors_lower_and_unknown_kinds_are_refused(tmp_path: Path) -> None:
    text = (
        "date,customer,movement_type,amount\n2026-01-05,A,new,100\n2026-01-09,B,new,200\n"
        "2026-02-03,A,churn_delinquent,100\n2026-02-10,B,contraction,50\n2026-02-28,C,new,10\n"
    )
    assert closings(answer(tmp_path, text)) == ["300.00", "160.00"]
    done = answer(tmp_path, text.replace("contraction", "promo"))
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC254" in done.stderr
    assert "promo" in done.stderr


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


def test_payments_count_in_their_month(tmp_path: Path) -> None:
    text = (
        "customer_id,payment_date,amount\nA,2024-01-05,100\nA,2024-01-20,20\nB,2024-01-09,5\n"
        "A,2024-02-03,100\n"
    )
    done = answer(tmp_path, text, "--shape", "payments", "--as-of", "2024-02")
    assert closings(done) == ["125.00", "100.00"]
    assert "note RC868" in done.stderr


def test_a_status_counts_in_a_panel(tmp_path: Path) -> None:
    text = (
        "customer_id,month,mrr,status\nA,2025-01,100,active\nA,2025-02,100,churned\n"
        "B,2025-01,50,active\nB,2025-02,50,active\nC,2025-02,30,trial\n"
    )
    done = answer(tmp_path, text)
    assert closings(done) == ["150.00", "50.00"]
    assert "2 rows of 2 accounts (66.7%), 130.00 of 330.00 (39.4%)" in done.stderr


@pytest.mark.parametrize(("column", "value"), [("is_trial", "True"), ("invoice_paid", "No")])
def test_flags_count(tmp_path: Path, column: str, value: str) -> None:
    other = {"True": "False", "No": "Yes"}[value]
    text = (
        f"customer_id,start_date,end_date,mrr,{column}\nA,2024-01-05,,100,{other}\n"
        f"B,2024-01-05,,20,{value}\nC,2024-02-29,,1,{other}\n"
    )
    done = answer(tmp_path, text)
    expected = ["100.00", "101.00"]
    assert closings(done) == expected
    assert f"{column} is {value}" in done.stderr


def test_a_bare_id_is_not_the_account_without_a_question(tmp_path: Path) -> None:
    text = (
        "id,shop_id,started_at,ended_at,mrr\n1,A,2025-01-05,2025-02-10,50\n"
        "2,A,2025-02-10,,80\n3,B,2025-01-20,,30\n4,C,2025-02-28,,30\n"
    )
    done = answer(tmp_path, text)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC256" in done.stderr
    assert closings(answer(tmp_path, text, "--customer-column", "shop_id")) == ["80.00", "140.00"]


def test_numbers_with_a_point_are_one_account_across_files(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,plan\n1,Pro\n2,Basic\n")
    text = "customer_id,month,mrr\n1.0,2025-01,100\n1.0,2025-02,120\n2.0,2025-01,50\n"
    args = ("--customers", "customers.csv", "--by", "plan")
    rows = json.loads(answer(tmp_path, text, *args, command="nrr").stdout)["rows"]
    opening = {row["segment"].get("plan"): row["opening_mrr"] for row in rows}
    assert opening == {"Basic": "50.00", "Pro": "100.00", None: "150.00"}


@pytest.mark.parametrize("word", ["NULL", "nan", "None"])
def test_a_missing_id_is_refused(tmp_path: Path, word: str) -> None:
    done = answer(tmp_path, f"customer_id,month,mrr\n{word},2025-01,100\nB,2025-01,50\n")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC211" in done.stderr


def test_a_last_month_that_is_not_over_does_not_close(tmp_path: Path) -> None:
    rows = [f"c{i},2025-{m:02},100" for m in (1, 2) for i in range(20)]
    text = "\n".join(["customer_id,month,mrr", *rows, "c1,2025-03,100", "c2,2025-03,100"])
    done = answer(tmp_path, text)
    assert closings(done) == ["2000.00", "2000.00"]
    assert "note RC864: 2025-03 has 2 rows, the month before 20" in done.stderr
    assert closings(answer(tmp_path, text, "--as-of", "2025-03"))[-1] == "200.00"


def test_days_that_stop_in_the_middle_of_a_month(tmp_path: Path) -> None:
    text = (
        "customer_id,date,amount\nA,2026-01-05,100\nB,2026-01-20,100\nA,2026-02-05,100\n"
        "B,2026-02-20,100\nA,2026-03-05,100\n"
    )
    assert closings(answer(tmp_path, text)) == ["200.00", "200.00"]


def test_a_change_in_the_middle_of_a_month_agrees_with_the_renewal(tmp_path: Path) -> None:
    """16 of 31 days of 100 and 150 are 51.61 and 77.42: 100 - 100 + 150 at the end of January."""
    text = (
        "inv,customer_id,description,amount,period_start,period_end\n"
        "i1,A,Basic,100.00,2025-01-01,2025-02-01\ni2,A,Unused,-51.61,2025-01-16,2025-02-01\n"
        "i2,A,Remaining,77.42,2025-01-16,2025-02-01\ni3,A,Pro,150.00,2025-02-01,2025-03-01\n"
        "i4,A,Pro,150.00,2025-02-28,2025-03-28\n"
    )
    assert closings(answer(tmp_path, text))[0] == "150.00"


def test_a_total_within_the_rounding_of_its_cells(tmp_path: Path) -> None:
    text = "Customer,Jan 2026,Feb 2026\nA,33.33,33.33\nB,33.33,33.33\nC,33.33,33.33\n"
    done = answer(tmp_path, text + "Total,100.00,100.00\n", "--drop-total-rows")
    assert closings(done) == ["99.99", "99.99"]
    wrong = answer(tmp_path, text + "Total,100.00,101.00\n", "--drop-total-rows")
    assert "in 2026-02 the rows add up to 99.99, the total row says 101.00" in wrong.stderr
