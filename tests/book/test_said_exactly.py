"""What notes and errors count and list, on small files by hand."""

from pathlib import Path

import pytest

from book.books import book, named
from helpers import run
from retcalc.book.tables.costs import missing_spend


def write(folder: Path, *lines: str, name: str = "data.csv") -> str:
    (folder / name).write_text("\n".join(lines) + "\n")
    return name


def test_months_inside_a_life_are_counted(tmp_path):
    rows = ["a,2024-01,1", "a,2024-04,1", "a,2024-05,1", "b,2024-02,1", "b,2024-03,1"]
    made = book(tmp_path, "\n".join(["account,month,mrr", *rows]))
    assert "RC847 1 account misses 2 months inside a life" in named(made)


def test_months_that_carry_on_are_counted(tmp_path):
    rows = [
        "a,2024-01,1",
        "a,2024-04,1",
        "b,2024-01,1",
        "b,2024-02,1",
        "b,2024-03,1",
        "b,2024-04,1",
    ]
    made = book(tmp_path, "\n".join(["account,month,mrr", *rows]), "missing_month: carry")
    assert "RC847 2 missing months carry the amount before them on" in named(made)


def test_three_groups_of_alike_ids_are_shown(tmp_path):
    rows = [f"{name},2024-01,1" for letter in "abcd" for name in (letter, letter.upper())]
    made = book(tmp_path, "\n".join(["account,month,mrr", *rows]))
    (text,) = (n.message for n in made.notes if n.code == "RC834")
    assert text.startswith("ids that are the same")
    assert text.endswith("'A' and 'a'; 'B' and 'b'; 'C' and 'c'")


@pytest.mark.parametrize(("count", "more"), [(6, ""), (7, " …")])
def test_six_months_without_spend_are_listed(count, more):
    text = missing_spend(range(24288, 24288 + count), "", "spend.csv").message
    months = "2024-01, 2024-02, 2024-03, 2024-04, 2024-05, 2024-06"
    assert text == f"no spend for {months}{more}, which won new accounts"


def test_six_missing_rates_are_listed(tmp_path):
    rows = [f"a,2024-{m:02},1,EUR" for m in range(1, 9)]
    write(tmp_path, "account,month,mrr,currency", *rows, "b,2024-08,1,USD")
    write(tmp_path, "month,currency,rate", "2024-08,EUR,1.1", name="fx.csv")
    line = ("data.csv", "--fx", "fx.csv", "--currency", "USD", "-c", "monthly.yaml")
    write(tmp_path, "currency: {policy: monthly}", name="monthly.yaml")
    done = run("movements", *line, cwd=tmp_path)
    listed = ", ".join(f"EUR 2024-{m:02}" for m in range(1, 7))
    assert done.exit_code == 3
    assert f"none for {listed} and 1 more" in done.stderr


def test_one_cent_below_zero_is_negative(tmp_path):
    write(tmp_path, "account,month,mrr", "a,2024-01,5", "a,2024-02,-0.01")
    done = run("nrr", "data.csv", cwd=tmp_path)
    assert done.exit_code == 3
    assert "RC215" in done.stderr and "line 3" in done.stderr


def test_only_amounts_with_a_point_are_in_doubt(tmp_path):
    write(tmp_path, "account,month,mrr", "a,2024-01,5", "b,2024-01,1.234", "c,2024-01,7")
    done = run("nrr", "data.csv", "--errors-out", "bad.csv", cwd=tmp_path)
    assert done.exit_code == 3
    lines = (tmp_path / "bad.csv").read_text().splitlines()[1:]
    assert [line.split(",")[1] for line in lines] == ["3"]


def test_a_total_of_fewer_decimals_is_compared_exactly(tmp_path):
    rows = ["a,2024-01,10.125", "b,2024-01,19.875", "c,2024-01,1.5"]
    write(tmp_path, "account,month,mrr", *rows, "Total,2024-01,31.50")
    done = run("movements", "data.csv", "--drop-total-rows", "-f", "json", cwd=tmp_path)
    assert done.json["rows"][-1]["closing_mrr"] == "31.50"
    write(tmp_path, "account,month,mrr", *rows, "Total,2024-01,31.51")
    assert "RC238" in run("movements", "data.csv", "--drop-total-rows", cwd=tmp_path).stderr


def test_a_wide_sheet_below_a_title_is_found(tmp_path):
    write(tmp_path, "MRR by customer", "Customer,2024-01,2024-02,Owner", "a,1,2,x")
    done = run("nrr", "data.csv", cwd=tmp_path)
    assert done.exit_code == 3
    assert "RC315" in done.stderr and "--skip-lines 1" in done.stderr


def test_lines_of_invoices_are_told_by_their_number(tmp_path):
    """A quarter of 30 is 10 a month, to its last day."""
    rows = ("1,a,2024-01-01,2024-03-31,30", "2,a,2024-04-01,2024-06-30,30")
    write(tmp_path, "invoice_id,customer_id,start_date,end_date,amount", *rows)
    done = run("movements", "data.csv", "-f", "json", cwd=tmp_path)
    assert any("read as invoices" in note["message"] for note in done.json["notes"])
    assert {row["closing_mrr"] for row in done.json["rows"]} == {"10.00"}


def test_the_paid_period_ends_what_was_cancelled(tmp_path):
    """Cancelled in February, paid to the end of March: gone in April; the other one goes on."""
    header = "account,start_date,end_date,canceled_at,current_period_start,current_period_end,mrr"
    a = "a,2024-01-01,,2024-02-10,2024-03-01,2024-03-31,10"
    b = "b,2024-01-01,,,2024-03-01,2024-03-31,5"
    c = "c,2024-04-30,,,2024-04-30,2024-05-30,1"
    write(tmp_path, header, a, b, c)
    line = ("data.csv", "--churn-date", "end_of_paid_period", "-f", "json")
    rows = run("movements", *line, cwd=tmp_path).json["rows"]
    closing = {row["month"]: row["closing_mrr"] for row in rows}
    assert (closing["2024-02"], closing["2024-04"]) == ("15.00", "6.00")


@pytest.mark.parametrize(
    ("condition", "closing"),
    [
        ("seats<10", "1.00"),
        ("seats<=10", "3.00"),
        ("seats>10", "4.00"),
        ("seats>=10", "6.00"),
        ("seats=10", "2.00"),
        ("seats!=10", "5.00"),
    ],
)
def test_conditions_compare_numbers_as_numbers(tmp_path, condition, closing):
    """As texts, 9 would be above 10 and 100 below 9."""
    rows = [
        f"{n},2024-0{m},{mrr},{s}"
        for n, mrr, s in (("a", 1, 9), ("b", 2, 10), ("c", 4, 100))
        for m in (1, 2)
    ]
    write(tmp_path, "account,month,mrr,seats", *rows)
    done = run("nrr", "data.csv", "--where", condition, "-f", "json", cwd=tmp_path)
    assert done.total["closing_mrr"] == closing


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "1e999999999", "٣"])
def test_words_that_decimals_know_are_compared_as_texts(tmp_path, value):
    """NaN has no order among numbers; asking for it was an internal error."""
    write(tmp_path, "account,month,mrr,seats", f"a,2024-01,1,{value}", "b,2024-01,2,5")
    for condition in ("seats<6", f"seats>={value}"):
        done = run("movements", "data.csv", "--where", condition, "-f", "json", cwd=tmp_path)
        assert done.exit_code == 0
