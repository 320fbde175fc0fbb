"""Months as headers, in the spellings of people and programs, and the numbers that are none."""

import pytest

from helpers import run
from retcalc.book.columns.month_headers import month_columns
from retcalc.core.findings import Finding, RetcalcError
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


def told(header, pattern=None):
    return {name: format_month(month) for name, month in month_columns(header, pattern).items()}


@pytest.mark.parametrize(
    ("header", "month"),
    [
        ("2024-12-31", "2024-12"),
        ("2024-01-31", "2024-01"),
        ("2024-12", "2024-12"),
        ("12/2024", "2024-12"),
        ("1900-01", "1900-01"),
        ("2099-12", "2099-12"),
        ("Jan 00", "2000-01"),
        ("Dec-99", "2099-12"),
        ("Dec 1999", "1999-12"),
    ],
)
def test_the_first_and_last_of_each(header, month):
    assert told([header, "Account"]) == {header: month}


@pytest.mark.parametrize(
    "header", ["2024-00-01", "2024-13-01", "2024-99-31", "13/2024", "00/2024", "2100-01", "Foo 24"]
)
def test_beyond_the_first_and_last(header):
    assert told([header, "Account"]) == {}


@pytest.mark.parametrize(
    ("header", "months"),
    [
        (["31/12/2023", "31/01/2024"], ["2023-12", "2024-01"]),
        (["12/31/2023", "1/31/2024"], ["2023-12", "2024-01"]),
        (["30.11.2023", "31.12.2023", "31.1.2024"], ["2023-11", "2023-12", "2024-01"]),
        (["1-1-2024", "1-2-2024", "1-3-2024"], ["2024-01", "2024-02", "2024-03"]),
        (["1/12/2023", "2/12/2023"], ["2023-01", "2023-02"]),
        (["13/13/2024", "14/13/2024"], []),
        (["01/01/2024", "01/01/2024 "], []),
        (["31/01/2024"], []),
    ],
)
def test_days_read_in_the_order_that_gives_a_month_each(header, months):
    """The month is the part that never is above 12 and differs from column to column."""
    assert list(told(["Account", *header]).values()) == months


@pytest.mark.parametrize(
    ("header", "ways"),
    [
        (
            ["01/02/2024", "02/03/2024"],
            '--date-format "%d/%m/%Y"  or  --date-format "%m/%d/%Y"',
        ),
        (
            [" 1.12.2023", "12.1.2024"],
            '--date-format "%d.%m.%Y"  or  --date-format "%m.%d.%Y"',
        ),
    ],
)
def test_days_of_either_order_are_asked_about(header, ways):
    with pytest.raises(RetcalcError) as error:
        month_columns(["Account", *header])
    value = f'the header "{header[0]}" may be day or month first'
    (found,) = error.value.findings
    assert found == Finding("RC223", "date is ambiguous", value=value, fix=ways)


def test_a_pattern_reads_what_it_fits_and_leaves_the_rest():
    """Headers that do not fit the pattern are months in their own spelling, or none."""
    header = ["Account", "Plan", " 03-24", "04-24", "2024-05", "99-24"]
    months = {" 03-24": "2024-03", "04-24": "2024-04", "2024-05": "2024-05"}
    assert told(header, "%m-%y") == months


def test_a_sheet_under_a_pattern(tmp_path):
    (tmp_path / "d.csv").write_text("Account,Plan,24.01,24.02\na,Pro,10,20\n")
    done = run("movements", "d.csv", "--date-format", "%y.%m", "-f", "json", cwd=tmp_path)
    closing = [(row["month"], row["closing_mrr"]) for row in done.json["rows"]]
    assert closing == [("2024-01", "10.00"), ("2024-02", "20.00")]


@pytest.mark.parametrize(
    ("serial", "month"),
    [("45292", "2024-01"), ("45291", "2023-12"), ("30000.0", "1982-02"), ("59999", "2064-04")],
)
def test_serials_count_days(serial, month):
    """Day 45,292 of spreadsheets is 1 January 2024; 30,000 is 18 February 1982."""
    assert told(["Account", serial], "excel") == {serial: month}


@pytest.mark.parametrize("serial", ["29999", "60000", "4529", "452920", "45292.5", "45292.01"])
def test_numbers_that_are_no_serials(serial):
    assert told(["Account", serial], "excel") == {}
