"""The MRR of each month and the months covered, of small files of every shape; by hand."""

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from book.books import book, months, mrr_of
from retcalc.core.panel import panel_of_rows

SUM = {"duplicates": "sum"}

TABLES = {
    "a change finer than its running total": (
        "date,account,mrr_change,mrr_after|2024-01-31,a,10,10|2024-02-29,a,0.1250,10.1250"
        "|2024-03-31,a,1,11.125000", {},
        {"a": {"2024-01": "10", "2024-02": "10.125", "2024-03": "11.125"}},
    ),
    "a running total finer than its changes": (
        "date,account,mrr_change,mrr_after|2024-01-31,a,10,12.5005|2024-02-29,a,1,13.5005"
        "|2024-02-29,b,2.5,2.5000", {},
        {"a": {"2024-01": "12.5005", "2024-02": "13.5005"}, "b": {"2024-02": "2.5"}},
    ),
    "changes finer than the total": (
        "date,account,mrr_change,mrr_after|2024-01-31,a,10.00005,12|2024-02-29,b,1,1"
        "|2024-03-31,a,2.00000,14", {},
        {"a": {"2024-01": "12", "2024-02": "12", "2024-03": "14"},
         "b": {"2024-02": "1", "2024-03": "1"}},
    ),
    "carried on": (
        "account,month,mrr|a,2024-01,1|a,2024-04,2|b,2024-01,3|b,2024-02,3|b,2024-03,3|b,2024-04,4",
        {"config": "missing_month: carry"},
        {"a": {"2024-01": 1, "2024-02": 1, "2024-03": 1, "2024-04": 2},
         "b": {"2024-01": 3, "2024-02": 3, "2024-03": 3, "2024-04": 4}},
    ),
    "carried on by subscription": (
        "account,subscription_id,month,mrr|a,s,2024-01,1|a,t,2024-02,10|a,s,2024-03,2"
        "|a,t,2024-04,20|b,s,2024-04,5", {"config": "missing_month: carry"},
        {"a": {"2024-01": 1, "2024-02": 11, "2024-03": 12, "2024-04": 20}, "b": {"2024-04": 5}},
    ),
    "carried on where two rows share a month": (
        "account,month,mrr|a,2024-01,1|a,2024-01,2|a,2024-03,5|b,2024-02,1",
        {"config": "missing_month: carry", **SUM},
        {"a": {"2024-01": 3, "2024-02": 3, "2024-03": 5}, "b": {"2024-02": 1}},
    ),
    "nothing to carry on": (
        "account,month,mrr|a,2024-01,1|a,2024-02,2", {"config": "missing_month: carry"},
        {"a": {"2024-01": 1, "2024-02": 2}},
    ),
    "cells of unlike decimals": (
        "account,2024-01,2024-02|a,1.5,1.0005|b,2,0.2500", {},
        {"a": {"2024-01": "1.5", "2024-02": "1.0005"}, "b": {"2024-01": 2, "2024-02": "0.25"}},
    ),
    "unit prices times a quantity": (
        "account,start,end,unit_price,quantity,interval|a,2024-01-31,,2.5,4,month"
        "|b,2024-01-31,,12,,year|c,2024-01-31,,3,1.5,quarter", {},
        {"a": {"2024-01": 10}, "b": {"2024-01": 1}, "c": {"2024-01": "1.5"}},
    ),
    "annual subscriptions": (
        "account,start,end,arr|a,2024-01-31,,120|b,2024-01-01,,12", {},
        {"a": {"2024-01": 10}, "b": {"2024-01": 1}},
    ),
    "periods times a quantity": (
        "account,unit_price,quantity,period_start,period_end|a,6,2,2024-01-01,2024-02-29"
        "|b,3,,2024-01-01,2024-01-31|c,1,3,2024-02-29,2024-03-28", {},
        {"a": {"2024-01": 6, "2024-02": 6}, "b": {"2024-01": 3}, "c": {"2024-02": 3}},
    ),
    "taxes and discounts": (
        "account,amount,vat,off,period_start,period_end|a,12,2,1,2024-01-01,2024-01-31"
        "|b,5,0.5005,,2024-01-01,2024-01-31|c,3,1,1,2024-01-31,2024-02-28",
        {"config": "columns: {tax: vat, discount: off}\nbilling: {discounts: gross}"},
        {"a": {"2024-01": 11}, "b": {"2024-01": "4.4995"}, "c": {"2024-01": 3}},
    ),
    "taxes, and discounts that are off already": (
        "account,amount,vat,off,period_start,period_end|a,12,2,1,2024-01-01,2024-01-31"
        "|c,3,,1,2024-01-31,2024-02-28", {"config": "columns: {tax: vat, discount: off}"},
        {"a": {"2024-01": 10}, "c": {"2024-01": 3}},
    ),
    "prices that are MRR already": (
        "account,mrr,period_start,period_end|a,12,2024-01-01,2024-02-29"
        "|b,1,2024-02-29,2024-03-28", {},
        {"a": {"2024-01": 12, "2024-02": 12}, "b": {"2024-02": 1}},
    ),
    "a quarter's row that is paid off the end": (
        "account,start,end,mrr|a,2024-01-01,2024-03-31,1|b,2024-03-31,,1", {},
        {"a": {"2024-01": 1, "2024-02": 1}, "b": {"2024-03": 1}},
    ),
    "its last day belongs to it": (
        "account,start,end,mrr|a,2024-01-01,2024-02-28,1|b,2024-02-29,,1|c,2024-01-01,2024-02-29,1",
        {"config": "billing: {period_end: inclusive}"},
        {"a": {"2024-01": 1}, "b": {"2024-02": 1}, "c": {"2024-01": 1, "2024-02": 1}},
    ),
    "terms": (
        "account,start,end,mrr,contract_term|a,2024-01-31,,1,2|b,2024-01-01,2024-02-01,1,12"
        "|c,2024-01-01,,1,|d,2024-01-01,,1,0|e,2024-03-31,,1,1", {},
        {"a": {"2024-01": 1, "2024-02": 1}, "b": {"2024-01": 1}, "c": months("2024-01", "2024-03",
         1), "d": months("2024-01", "2024-03", 1), "e": {"2024-03": 1}},
    ),
    "paused and unpaid": (
        "account,start,end,mrr,status,paused_at,current_period_start|a,2024-01-01,,1,paused,"
        "2024-02-15,|b,2024-01-01,,1,unpaid,,2024-02-01|c,2024-01-01,,1,paused,,"
        "|d,2024-03-31,,1,active,,", {"config": "billing: {past_due: drop}"},
        {"a": {"2024-01": 1}, "b": {"2024-01": 1}, "c": {"2024-01": 1, "2024-02": 1},
         "d": {"2024-03": 1}},
    ),
    "paused and unpaid, and kept": (
        "account,start,end,mrr,status,paused_at|a,2024-01-01,,1,paused,2024-01-15"
        "|b,2024-01-01,,1,unpaid,|d,2024-02-29,,1,active,", {"config": "billing: {paused: keep}"},
        {"a": months("2024-01", "2024-02", 1), "b": months("2024-01", "2024-02", 1),
         "d": {"2024-02": 1}},
    ),
    "the largest amount names the segment": (
        "account,subscription_id,month,mrr,plan|a,s,2024-01,1,x|a,t,2024-01,2,y|b,u,2024-01,3,x",
        {"where": ["plan=y"]}, {"a": {"2024-01": 3}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str, tmp_path: Path) -> None:
    text, options, expected = TABLES[name]
    made = book(tmp_path, text.replace("|", "\n"), **options)
    inside = made.of(panel_of_rows(made.panel.rows.filter(pl.col("seg") >= 0)))
    there = {who: {m: Fraction(a) for m, a in row.items()} for who, row in expected.items()}
    assert mrr_of(inside) == there


@pytest.mark.parametrize(
    ("text", "as_of", "first", "last"),
    [
        ("account,tenure,churn|a,3,no|b,1,yes", "2024-06", "2024-03", "2024-06"),
        ("account,tenure,churn|a,1,no|b,1,yes", "2024-06", "2024-05", "2024-06"),
        ("account,tenure,churn|a,0,no|b,0,yes", "2024-06", "2024-05", "2024-06"),
        ("account,tenure,churn|a,2,no|b,1,yes", None, "2000-01", "2000-03"),
        ("account,tenure,churn|a,0,no", None, "1999-12", "2000-01"),
        ("account,start,end,mrr|a,2024-01-15,,1|b,2024-03-31,,1", None, "2024-01", "2024-03"),
        ("account,start,end,mrr|a,2024-01-15,,1", "2023-11", "2023-11", "2023-11"),
        ("date,account,mrr_change|2024-01-15,a,1|2024-03-31,b,1", None, "2024-01", "2024-03"),
        ("date,account,mrr_change|2024-02-15,a,1", "2024-01", "2024-01", "2024-01"),
        (
            "account,amount,period_start,period_end|a,1,2024-02-01,2024-02-29"
            "|b,1,2024-01-31,2024-02-28",
            "2024-02",
            "2024-01",
            "2024-02",
        ),
        ("account,2024-01,2024-02,2024-03|a,1,1,1", "2024-02", "2024-01", "2024-02"),
        ("account,2024-01,2024-02,2024-03|a,1,1,1", "2023-12", "2024-01", "2024-03"),
        ("account,2024-01,2024-02,2024-03|a,1,1,1", "2024-01", "2024-01", "2024-01"),
        ("account,2024-01,2024-02,2024-03|a,1,1,1", "2024-03", "2024-01", "2024-03"),
        ("account,2024-01,2024-02,2024-03|a,1,1,1", "2024-04", "2024-01", "2024-03"),
        ("account,month,mrr|a,2024-01,1|a,2024-02,1", "2023-12", "2024-01", "2024-02"),
        ("account,month,mrr|a,2024-01,1|a,2024-02,1", "2024-03", "2024-01", "2024-02"),
        ("account,month,mrr|a,2024-01,1|a,2024-02,1|a,2024-03,1", "2024-01", "2024-01", "2024-01"),
        ("account,month,mrr|a,2024-01,1|a,2024-02,1|a,2024-03,1", "2024-03", "2024-01", "2024-03"),
    ],
)
def test_months_that_the_data_cover(tmp_path, text, as_of, first, last):
    made = book(tmp_path, text.replace("|", "\n"), as_of=as_of)
    names = [f"{m // 12:04}-{m % 12 + 1:02}" for m in (made.first, made.last)]
    assert names == [first, last]
