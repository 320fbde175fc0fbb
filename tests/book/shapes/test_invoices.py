"""Invoice lines: an amount for a service period is spread evenly over its months."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from book.books import book, codes, joined, months, mrr_of, named, write
from book.command import answer, closings, write_lines
from helpers import run
from retcalc.core.findings import RetcalcError

LINES = """
customer_id,amount,period_start,period_end,status
a,600,2024-01-01,2024-06-30,paid
a,100,2024-02-01,2024-02-29,paid
b,1200,2024-01-01,2024-12-31,open
c,50,2024-01-01,2024-01-31,void
d,0,2024-01-01,2024-06-30,paid
e,30,2024-06-01,2024-06-30,paid
"""


def test_inclusive_periods(tmp_path: Path) -> None:
    """2024-01-01 to 2024-06-30 is six months and still active on 30 June."""
    made = book(tmp_path, LINES, as_of="2024-06")
    assert mrr_of(made) == {
        "a": joined(months("2024-01", "2024-06", 100), months("2024-02", "2024-02", 200)),
        "b": months("2024-01", "2024-06", 100),
        "e": {"2024-06": 30},
    }
    assert "5 end inclusive" in named(made).replace("0 end exclusive and ", "")


def test_exclusive_periods_say_the_same(tmp_path: Path) -> None:
    exclusive = LINES
    for last, day in (("06-30", "07-01"), ("02-29", "03-01"), ("01-31", "02-01")):
        exclusive = exclusive.replace(f"2024-{last}", f"2024-{day}")
    exclusive = exclusive.replace("2024-12-31", "2025-01-01")
    made = book(tmp_path, exclusive, as_of="2024-06")
    assert mrr_of(made) == mrr_of(book(tmp_path, LINES, as_of="2024-06"))


def test_period_end_can_be_told(tmp_path: Path) -> None:
    """Read as exclusive, 181 days are 181 / 30.4375 months, and 30 June is not covered."""
    made = book(tmp_path, LINES, "billing: {period_end: exclusive}", as_of="2024-06")
    share = mrr_of(made)["a"]["2024-03"]
    assert abs(share - 600 * Fraction("30.4375") / 181) < Fraction(1, 10**8)
    assert "2024-06" not in mrr_of(made)["a"]


def test_a_stretch_of_days_is_worth_its_share_of_a_mean_month(tmp_path: Path) -> None:
    """487 for 16 x 30.4375 = 487 days: 30.4375 a month."""
    made = book(
        tmp_path,
        "customer_id,amount,period_start,period_end\n"
        "a,487,2024-01-02,2025-05-03\nb,1,2024-02-01,2024-03-01\n",
        as_of="2024-02",
    )
    assert mrr_of(made)["a"] == months("2024-01", "2024-02", "30.4375")


def test_later_than_the_last_invoice_nobody_knows(tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    done = run("retention", path, "--as-of", "2026-08")
    assert done.exit_code == 2
    assert "error RC151" in done.stderr


def test_credits_lower_and_may_end_revenue(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """
        customer_id,amount,period_start,period_end
        a,100,2024-01-01,2024-01-31
        a,-40,2024-01-01,2024-01-31
        b,100,2024-01-01,2024-01-31
        b,-120,2024-01-01,2024-01-31
        c,5,2024-01-31,2024-02-28
        """,
    )
    assert mrr_of(made) == {"a": {"2024-01": 60}, "c": {"2024-01": 5}}
    assert {"RC820", "RC840"} <= codes(made)


def test_one_off_lines_are_no_recurring_revenue(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """
        customer_id,amount,period_start,period_end
        a,100,2024-01-01,2024-01-31
        a,500,,
        a,500,2024-01-05,2024-01-05
        b,1,2024-02-29,2024-03-28
        """,
        "billing: {undated: one-off}",
    )
    assert mrr_of(made) == {"a": {"2024-01": 100}, "b": {"2024-02": 1}}
    assert "RC821" in codes(made)


def test_a_total_contract_value_is_spread_over_the_contract(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """
        account,contract_start,contract_end,tcv
        a,2023-07-01,2024-12-31,1800
        b,2024-01-31,2025-01-30,120
        """,
    )
    assert mrr_of(made) == {"a": months("2023-07", "2024-01", 100), "b": {"2024-01": 10}}


def test_an_annual_price_is_no_total(tmp_path: Path) -> None:
    """The ARR of a line is a twelfth a month however long its period is."""
    text = """
    customer_id,arr,period_start,period_end
    a,1200,2023-01-01,2024-12-31
    b,12,2023-02-28,2023-12-31
    """
    made = book(tmp_path, text)
    assert mrr_of(made)["a"] == months("2023-01", "2023-02", 100)


def test_a_period_that_ends_before_it_starts(tmp_path: Path) -> None:
    text = "customer_id,amount,period_start,period_end\na,1,2024-02-01,2024-01-01\n"
    with pytest.raises(RetcalcError) as refused:
        book(tmp_path, text)
    assert [f.code for f in refused.value.findings] == ["RC232"]


def test_lines_of_nothing_but_one_offs(tmp_path: Path) -> None:
    text = "customer_id,amount,period_start,period_end\na,1,2024-02-01,2024-02-01\n"
    with pytest.raises(RetcalcError) as refused:
        book(tmp_path, text)
    assert [f.code for f in refused.value.findings] == ["RC203"]


def test_lines_of_invoices_are_told_by_their_number(tmp_path):
    """A quarter of 30 is 10 a month, to its last day."""
    rows = ("1,a,2024-01-01,2024-03-31,30", "2,a,2024-04-01,2024-06-30,30")
    write_lines(tmp_path, "invoice_id,customer_id,start_date,end_date,amount", *rows)
    done = run("movements", "data.csv", "-f", "json", cwd=tmp_path)
    assert any("read as invoices" in note["message"] for note in done.json["notes"])
    assert {row["closing_mrr"] for row in done.json["rows"]} == {"10.00"}


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


def test_a_change_in_the_middle_of_a_month_agrees_with_the_renewal(tmp_path: Path) -> None:
    """16 of 31 days of 100 and 150 are 51.61 and 77.42: 100 - 100 + 150 at the end of January."""
    text = (
        "inv,customer_id,description,amount,period_start,period_end\n"
        "i1,A,Basic,100.00,2025-01-01,2025-02-01\ni2,A,Unused,-51.61,2025-01-16,2025-02-01\n"
        "i2,A,Remaining,77.42,2025-01-16,2025-02-01\ni3,A,Pro,150.00,2025-02-01,2025-03-01\n"
        "i4,A,Pro,150.00,2025-02-28,2025-03-28\n"
    )
    assert closings(answer(tmp_path, text))[0] == "150.00"
