"""An amount means what its name says, for as long and for as many as it says; all by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from helpers import Run, run
from retcalc.book.columns.amount_names import amount_name
from retcalc.book.columns.unread_columns import unread
from retcalc.book.values.billing_intervals import interval_share, not_recurring


def asked(folder: Path, text: str, *args: str) -> Run:
    (folder / "d.csv").write_text(text)
    return run("movements", "d.csv", *args, "-f", "json", cwd=folder)


def closing(folder: Path, text: str, *args: str) -> list[Decimal]:
    return [Decimal(row["closing_mrr"]) for row in asked(folder, text, *args).json["rows"]]


def last(folder: Path, text: str, *args: str) -> Decimal:
    return closing(folder, text, *args)[-1]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        # a row of 240 a year on an annual cycle
        ("monthly_fee", "240"),
        ("net_mrr", "240"),
        ("Monthly revenue (USD)", "240"),
        ("annual_price", "20"),
        ("Yearly fee", "20"),
        ("net_arr", "20"),
        ("fee", "20"),
        ("fee_cents", "0.20"),
        ("MRR (cents)", "2.40"),
        ("price_per_month", "240"),
    ],
)
def test_the_name_says_for_how_long(tmp_path: Path, header: str, value: str) -> None:
    text = f"account,start_date,end_date,{header},billing_cycle\na,2025-01-31,,240,Annual\n"
    assert last(tmp_path, text) == Decimal(value)
    notes = asked(tmp_path, text).stderr
    assert "divided by" in notes or "whatever billing_cycle says" in notes


@pytest.mark.parametrize("price", ["price", "unit_price", "list_price", "price_per_user"])
@pytest.mark.parametrize("count", ["seats", "licenses", "users", "quantity"])
def test_a_price_of_one_is_multiplied(tmp_path: Path, price: str, count: str) -> None:
    text = f"account,start_date,end_date,{count},{price}\na,2025-01-31,,7,12\n"
    assert last(tmp_path, text) == 84
    assert f"{price} is multiplied by {count}" in asked(tmp_path, text).stderr


def test_in_a_panel_too(tmp_path: Path) -> None:
    text = "account,month,mrr_per_seat,seats\na,2025-01,5,3\na,2025-02,5,4\n"
    assert closing(tmp_path, text) == [15, 20]


def test_beside_a_plain_amount_it_is_asked(tmp_path: Path) -> None:
    text = "account,start_date,end_date,seats,amount\na,2025-01-31,,7,12\n"
    done = asked(tmp_path, text)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC258: " in done.stderr
    assert "--quantity multiply" in done.stderr
    assert last(tmp_path, text, "--quantity", "multiply") == 84
    assert last(tmp_path, text, "--quantity", "ignore") == 12
    (tmp_path / "retcalc.yaml").write_text("billing: {quantity: multiply}\n")
    assert last(tmp_path, text) == 84


def test_one_of_each_is_no_question(tmp_path: Path) -> None:
    assert last(tmp_path, "account,start_date,end_date,seats,amount\na,2025-01-31,,1,12\n") == 12


def test_the_amount_beside_a_unit_price_is_that_of_all(tmp_path: Path) -> None:
    text = "account,start_date,end_date,seats,unit_price,amount\na,2025-01-31,,7,12,84\n"
    assert last(tmp_path, text) == 84


TERMS = """account,start_date,end_date,price,how_long,seats
a,2025-01-31,,1200,jährlich,1
b,2025-01-31,,2400,2-Year,1
c,2025-01-31,,30,month-to-month,1
d,2025-01-31,,5000,One-Time,1
e,2025-01-31,,99,Trial,1
f,2025-01-31,,90,P3M,1
"""


def test_words_under_any_header_tell_the_interval(tmp_path: Path) -> None:
    """100 + 100 + 30 + 30; 5,099 of 8,819 is said to be no recurring revenue."""
    done = asked(tmp_path, TERMS)
    assert last(tmp_path, TERMS) == 260
    assert "how_long is One-Time, Trial: 2 rows of 2 accounts (33.3%)" in done.stderr
    assert "5,099.00 of 8,819.00" in done.stderr
    assert "price is divided by its how_long: 3 rows" in done.stderr


def test_two_columns_that_differ_are_asked_about(tmp_path: Path) -> None:
    text = "account,start_date,end_date,price,one,two\na,2025-01-31,,12,annual,monthly\n"
    done = asked(tmp_path, text)
    assert "error RC201: more than one column could be the interval" in done.stderr
    (tmp_path / "retcalc.yaml").write_text('columns: {interval: "one"}\n')
    assert last(tmp_path, text) == 1


@pytest.mark.parametrize(
    ("words", "share"),
    [
        ("monatlich,mensuel,mensual,mensile,mensal,maandelijks,Month-to-Month,P1M,every month", 1),
        ("jährlich,annuel,anual,annuale,jaarlijks,pro Jahr,par an,al año,P12M,billed annually", 12),
        ("vierteljährlich,trimestriel,trimestral,trimestrale,per kwartaal,alle 3 Monate", 3),
        ("halbjährlich,semestriel,semestral,semestrale,halfjaarlijks,every 6 months", 6),
        ("2-Year,two years,biennial,deux ans,2 Jahre,due anni,dois anos,twee jaar,P2Y", 24),
        ("3-Year,three year,triennial,tres años,drei Jahre", 36),
    ],
)
def test_words_of_seven_languages(words: str, share: int) -> None:
    told = [Fraction(*interval_share(word) or (0, 1)) for word in words.split(",")]
    assert told == [Fraction(1, share)] * len(told)


def test_other_words() -> None:
    assert Fraction(*interval_share("bi-weekly") or (0, 1)) == Fraction(26, 12)
    once = ["one-time", "Einmalig", "una tantum", "pago único", "eenmalig", "Trial", "essai"]
    assert all(map(not_recurring, once))
    assert interval_share("P0M") is None
    assert interval_share("bimonthly") is None  # twice a month or every two: not guessed


def test_names_that_are_no_amounts() -> None:
    names = ("mrr_band", "month", "monthly", "revenue_month", "price_list", "annual_report", "seat")
    assert [amount_name(name) for name in names] == [None] * len(names)


def test_decimals_are_no_cents(tmp_path: Path) -> None:
    """Stripe writes invoice lines in cents; a cell of 90.50 is no cents, one of 9050 is."""
    head = "invoice_id,customer_id,amount,period_start,period_end,proration\n"
    row = "i,a,{},2025-01-01,2025-02-01,false\n"
    assert last(tmp_path, head + row.format("90.50"), "--as-of", "2025-01") == Decimal("90.50")
    assert "they are no cents" in asked(tmp_path, head + row.format("90.50")).stderr
    assert last(tmp_path, head + row.format("9050"), "--as-of", "2025-01") == Decimal("90.50")
    assert last(tmp_path, head + row.format("9050.0"), "--as-of", "2025-01") == Decimal("90.50")


def test_what_is_not_read_is_named(tmp_path: Path) -> None:
    text = (
        "account,month,mrr,seats,discount_pct,country\na,2025-01,10,3,5,DE\na,2025-02,10,3,5,DE\n"
    )
    done = asked(tmp_path, text)
    assert "note RC866: not read: seats, discount_pct\n" in done.stderr
    strict = asked(tmp_path, text, "--strict")
    assert "error RC866: " in strict.stderr
    assert "RC866: not read: discount_pct" in asked(tmp_path, text, "--by", "seats").stderr
    assert unread(["cancel_reason", "plan", "region"], ()) == []


def test_whole_numbers_beside_ids_of_stripe_are_asked_about(tmp_path: Path) -> None:
    head = "id,customer,created,ended_at,plan_amount,plan_interval,status\n"
    text = head + "s,a,2025-01-31,,10000,month,active\n"
    assert "error RC216: " in asked(tmp_path, text).stderr
    assert last(tmp_path, text, "--unit", "minor") == 100
    assert last(tmp_path, text, "--unit", "major") == 10000
