"""Subscription intervals: prices of any interval, and the dates that end a subscription."""

from fractions import Fraction
from pathlib import Path

import pytest

from book.books import book, codes, months, mrr_of
from helpers import run
from retcalc.core.findings import RetcalcError


def one(folder: Path, header: str, row: str, **options: object) -> dict[str, Fraction]:
    """MRR of account a beside one that keeps the data open until the end of May."""
    filler = ",".join("b" if h == "account" else _filler(h) for h in header.split(","))
    made = book(folder, f"{header}\n{row}\n{filler}\n", **options)
    return mrr_of(made).get("a", {})


def _filler(header: str) -> str:
    known = {"start": "2024-05-31", "interval": "month", "interval_count": "1", "status": "active"}
    return known.get(header, "1" if header in ("amount", "unit_price", "quantity") else "")


def test_w7_and_w10_lasting_discounts(tmp_path: Path) -> None:
    """ProfitWell docs: 120 a year, 10% off for good: MRR 9. Stripe support: 1,200 a year: 100; 50.

    The export states the price that is paid: 108, 1200 and 600 a year.
    """
    header = "account,start,amount,interval"
    for paid, mrr in ((108, 9), (1200, 100), (600, 50)):
        table = one(tmp_path, header, f"a,2024-03-01,{paid},year")
        assert table == months("2024-03", "2024-05", mrr)


def test_w9_monthly_and_annual_plans(tmp_path: Path) -> None:
    """Stripe glossary: 100 x 100 a month + 50 x 600 a year: 12,500."""
    rows = [f"m{i},2024-01-31,100,month" for i in range(100)]
    rows += [f"y{i},2024-01-31,600,year" for i in range(50)]
    made = book(tmp_path, "\n".join(["account,start,amount,interval", *rows]))
    assert sum(table["2024-01"] for table in mrr_of(made).values()) == 12_500


def test_w14_annual_to_monthly(tmp_path: Path) -> None:
    """Mainmetrics: 600 a year is 50 a month."""
    assert one(tmp_path, "account,start,amount,interval", "a,2024-05-01,600,annual") == {
        "2024-05": 50
    }


def test_quantities_multiply_unit_prices_only(tmp_path: Path) -> None:
    unit = one(tmp_path, "account,start,unit_price,quantity", "a,2024-05-01,12.50,4")
    assert unit == {"2024-05": 50}
    ignore = "billing: {quantity: ignore}"
    whole = one(tmp_path, "account,start,amount,quantity", "a,2024-05-01,50,4", config=ignore)
    assert whole == {"2024-05": 50}
    config = "columns: {quantity: quantity}"
    told = one(tmp_path, "account,start,amount,quantity", "a,2024-05-01,50,4", config=config)
    assert told == {"2024-05": 200}


def test_counted_intervals(tmp_path: Path) -> None:
    header = "account,start,amount,interval,interval_count"
    assert one(tmp_path, header, "a,2024-05-01,90,month,6") == {"2024-05": 15}


def test_an_interval_nobody_states_is_noted(tmp_path: Path) -> None:
    made = book(tmp_path, "account,start,amount\na,2024-05-31,90\n")
    assert mrr_of(made) == {"a": {"2024-05": 90}}
    assert "RC817" in codes(made)
    named = book(tmp_path, "account,start,mrr\na,2024-05-31,90\n")
    assert "RC817" not in codes(named)


def test_an_end_is_the_first_day_without(tmp_path: Path) -> None:
    header, row = "account,start,end,amount", "a,2024-01-31,2024-03-31,10"
    assert one(tmp_path, header, row) == months("2024-01", "2024-02", 10)
    config = "billing: {period_end: inclusive}"
    assert one(tmp_path, header, row, config=config) == months("2024-01", "2024-03", 10)


def test_a_term_ends_what_has_no_end(tmp_path: Path) -> None:
    header, config = "account,start,end,amount,contract_term", "shape: intervals"
    short, open_ended = "a,2023-12-15,,10,3", "a,2024-04-15,,10,"
    assert one(tmp_path, header, short, config=config) == months("2023-12", "2024-02", 10)
    assert one(tmp_path, header, open_ended, config=config) == months("2024-04", "2024-05", 10)


def test_a_subscription_that_ended_at_no_known_day(tmp_path: Path) -> None:
    text = "account,start,end,amount,status\na,2024-01-31,,10,Cancelled\nb,2024-05-31,,1,active\n"
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, text)
    (finding,) = error.value.findings
    assert (finding.code, finding.spots[0].line) == ("RC209", 2)


def test_statuses(tmp_path: Path) -> None:
    """Trials, free plans and drafts are none; paused ones stop; what is not known is named."""
    made = book(
        tmp_path,
        """
        account,start,end,amount,status,paused_at
        a,2024-01-31,,10,Active,
        b,2024-01-31,,10,In Trial,
        c,2024-01-31,,10,free,
        d,2024-01-31,,10,paused,2024-03-15
        e,2024-01-31,,10,On Hold,
        f,2024-05-31,,10,gold member,
        """,
        "words: {Gold-Member: active}",
    )
    assert mrr_of(made) == {
        "a": months("2024-01", "2024-05", 10),
        "d": months("2024-01", "2024-02", 10),
        "e": months("2024-01", "2024-04", 10),
        "f": {"2024-05": 10},
    }
    assert {"RC815", "RC824"} <= codes(made)


def test_a_churn_date_that_has_no_column(tmp_path: Path) -> None:
    text, config = (
        "account,start,end,amount\na,2024-01-31,,10\n",
        "billing: {churn_date: cancelled}",
    )
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, text, config)
    assert [f.code for f in error.value.findings] == ["RC208"]


def test_timestamps_of_a_stated_zone_can_count_in_another(tmp_path: Path) -> None:
    """23:30 UTC on 31 January is February in Berlin."""
    text = "account,Start (UTC),amount\na,2024-01-31 23:30,10\nb,2024-05-31 10:00,1\n"
    assert sorted(mrr_of(book(tmp_path, text))["a"])[0] == "2024-01"
    berlin = book(tmp_path, text, timezone="Europe/Berlin")
    assert sorted(mrr_of(berlin)["a"])[0] == "2024-02"
    assert any("Europe/Berlin" in n.message for n in berlin.notes if n.code == "RC898")


def test_a_blank_interval_count_is_one(tmp_path):
    text = (
        "account,start,end,amount,interval,interval_count\n"
        "a,2024-01-01,,10,month,\n"
        "a,2024-01-02,,30,month,3\n"
        "b,2024-02-01,,120,year,1\n"
    )
    made = book(tmp_path, text, as_of="2024-02")
    found = mrr_of(made)
    assert {m: int(v) for m, v in found["a"].items()} == {"2024-01": 20, "2024-02": 20}
    assert {m: int(v) for m, v in found["b"].items()} == {"2024-02": 10}


def test_subscriptions_can_be_read_at_a_later_month(tmp_path):
    """Who is still subscribed in January is so in June, as far as the file tells."""
    text = "account,start,end,mrr\na,2024-01-01,,10\nb,2024-01-01,2024-05-10,5\n"
    path = tmp_path / "subscriptions.csv"
    path.write_text(text)
    done = run("nrr", path, "--as-of", "2024-06", "--window", "2m", "-f", "json")
    assert (done.total["opening_mrr"], done.total["closing_mrr"]) == ("15.00", "10.00")
