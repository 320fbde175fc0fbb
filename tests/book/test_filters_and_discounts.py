"""A filter that nobody meets, segment values that look alike, discounts of a first period."""

from __future__ import annotations

from pathlib import Path

from helpers import run

PANEL = "account,month,mrr,plan\na,2024-01,1,Pro\nb,2024-01,2,pro \nc,2024-01,3,Team\n"


def test_a_filter_that_nobody_meets_names_the_nearest_value(tmp_path: Path) -> None:
    (tmp_path / "mrr.csv").write_text(PANEL)
    done = run("nrr", "mrr.csv", "--where", "plan=Teem", "-f", "json", cwd=tmp_path)
    assert "note RC871: no account has plan = Teem; did you mean Team?" in done.stderr


def test_segment_values_that_look_alike_are_named(tmp_path: Path) -> None:
    (tmp_path / "mrr.csv").write_text(PANEL)
    done = run("nrr", "mrr.csv", "--by", "plan", "-f", "json", cwd=tmp_path)
    assert "note RC872: values of plan differ in case or blanks only" in done.stderr
    assert "'Pro' and 'pro '" in done.stderr


def test_discounts_are_said_with_their_money(tmp_path: Path) -> None:
    """Two lines of 14 off: 28 in all; gross both months stand at 15 each."""
    text = (
        "id,Customer,Currency,Status,Subtotal,Total Discount Amount,Tax,Total,"
        "Minimum Line Item Period Start (UTC),Maximum Line Item Period End (UTC)\n"
        "in_1,cus_1,usd,paid,15.00,14.00,0.00,1.00,2026-01-05 10:00,2026-02-05 10:00\n"
        "in_2,cus_2,usd,paid,15.00,14.00,0.00,1.00,2026-01-06 10:00,2026-02-06 10:00\n"
        "in_3,cus_1,usd,paid,15.00,0.00,0.00,15.00,2026-02-05 10:00,2026-03-05 10:00\n"
        "in_5,cus_3,usd,paid,15.00,0.00,0.00,15.00,2026-02-28 10:00,2026-03-28 10:00\n"
    )
    (tmp_path / "lines.csv").write_text(text)
    done = run("nrr", "lines.csv", "-f", "json", cwd=tmp_path)
    assert "note RC873: discounts of 2 lines, 28.00 in all" in done.stderr
    gross = run("nrr", "lines.csv", "--discounts", "gross", "-f", "json", cwd=tmp_path)
    assert "RC873" not in gross.stderr


def test_tax_and_one_time_lines_are_no_revenue(tmp_path: Path) -> None:
    """120 with 20 of tax are 100; the one-time line of 600 is none."""
    text = (
        "invoice_id,customer_id,type,tax,total,period_start,period_end\n"
        "I1,A,subscription,20,120,2025-01-01,2025-02-01\n"
        "I2,A,one_time,100,600,2025-01-01,2025-02-01\n"
        "I3,A,subscription,20,120,2025-02-28,2025-03-28\n"
    )
    (tmp_path / "lines.csv").write_text(text)
    done = run("movements", "lines.csv", "-f", "csv", cwd=tmp_path)
    assert [row.split(",")[7] for row in done.stdout.splitlines()[1:]] == ["100.00", "100.00"]
    assert "type is one_time: 1 row of 1 account (100%), 600.00 of 840.00 (71.4%)" in done.stderr


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


def test_totals_of_groups_are_no_accounts(tmp_path: Path) -> None:
    text = (
        "Customer,Plan,Jan 24,Feb 24\nA,Pro,10,20\nPro Total,,10,20\nB,Basic,5,5\n"
        "Basic Total,,5,5\nTotal MRR,,15,25\n"
    )
    (tmp_path / "w.csv").write_text(text)
    refused = run("nrr", "w.csv", cwd=tmp_path)
    assert refused.exit_code == 3
    assert "--drop-total-rows" in refused.stderr
    done = run("movements", "w.csv", "--drop-total-rows", "-f", "csv", cwd=tmp_path)
    assert [row.split(",")[7] for row in done.stdout.splitlines()[1:]] == ["15.00", "25.00"]
    one = text.replace("Pro Total,,10,20\n", "").replace("Basic Total,,5,5\nTotal MRR,,15,25\n", "")
    (tmp_path / "one.csv").write_text(one.replace("A,", "Acme Total,"))
    assert run("nrr", "one.csv", cwd=tmp_path).exit_code == 0


def test_payments_are_offered_their_month(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(
        "customer_id,payment_date,amount\nA,2024-01-05,100\nA,2024-02-28,100\nB,2024-01-09,5\n"
    )
    refused = run("nrr", "p.csv", cwd=tmp_path)
    assert "--shape payments" in refused.stderr
    done = run("movements", "p.csv", "--shape", "payments", "-f", "csv", cwd=tmp_path)
    assert done.exit_code == 0, done.stderr


def test_a_sentinel_with_the_day_first_and_other_names_of_ends(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(
        "email,started,cancelled_on,monthly_fee\na@x,2024-01-05,31/12/9999,10\n"
        "b@x,2024-01-31,31/03/2024,20\nc@x,2024-03-31,,1\n"
    )
    done = run("movements", "s.csv", "-f", "csv", cwd=tmp_path)
    assert done.exit_code == 0, done.stderr
    closings = [row.split(",")[7] for row in done.stdout.splitlines()[1:]]
    assert closings == ["30.00", "30.00", "11.00"]
