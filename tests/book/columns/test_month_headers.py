"""Months as headers, in the spellings that people and programs use."""

import pytest

from retcalc.book.columns.month_headers import month_columns
from retcalc.core.findings import RetcalcError
from retcalc.core.months import format_month

JANUARY = """2024-01|2024/1|202401|2024_01|2024M01|2024-M01|Jan 2024|Jan-24|jan '24
January 2024|Jan24
01/2024|1/2024|01.2024|2024 Jan|2024-01-31|2024-01-31 00:00:00|2024-01-01T00:00:00|20240131
MRR 2024-01|mrr_2024_01|2024-01 MRR|MRR Jan 2024|Sum of Jan 2024|31 Jan 2024|Jan-2024 (USD)
Januar 2024|janv. 2024|Enero 2024|gennaio 2024|janeiro 2024|M01 2024"""
NO_MONTHS = [
    "2024-13",
    "mar",
    "amount 12",
    "2024",
    "Q1 2024",
    "FY24",
    "seats",
    "Jan",
    "12",
    "24-01",
]


@pytest.mark.parametrize("header", JANUARY.replace("\n", "|").split("|"))
def test_spellings_of_january(header: str) -> None:
    assert [format_month(m) for m in month_columns([header]).values()] == ["2024-01"]


@pytest.mark.parametrize(
    ("header", "month"),
    [
        ("Mär 2024", "03"),
        ("Août-24", "08"),
        ("Dez. 2024", "12"),
        ("out 24", "10"),
        ("May-24", "05"),
    ],
)
def test_other_languages(header: str, month: str) -> None:
    assert [format_month(m) for m in month_columns([header]).values()] == [f"2024-{month}"]


@pytest.mark.parametrize("header", NO_MONTHS)
def test_what_is_no_month(header: str) -> None:
    assert month_columns([header]) == {}


def test_days_are_read_in_the_one_order_that_gives_months() -> None:
    day_first = month_columns(["01/02/2024", "01/03/2024"])
    assert [format_month(m) for m in day_first.values()] == ["2024-02", "2024-03"]
    month_first = month_columns(["1/31/2024", "2/29/2024"])
    assert [format_month(m) for m in month_first.values()] == ["2024-01", "2024-02"]


def test_days_that_make_months_either_way_are_a_question() -> None:
    header = ["01/02/2024", "02/03/2024"]
    with pytest.raises(RetcalcError) as refused:
        month_columns(header)
    assert refused.value.findings[0].code == "RC223"
    told = month_columns(header, "%d/%m/%Y")
    assert [format_month(m) for m in told.values()] == ["2024-02", "2024-03"]


def test_serials_of_a_spreadsheet() -> None:
    assert month_columns(["45322", "45351"]) == {}
    told = month_columns(["45322", "45351.0"], "excel")
    assert [format_month(m) for m in told.values()] == ["2024-01", "2024-02"]
