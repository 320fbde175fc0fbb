"""Dates: every expectation is a literal worked by hand."""

from datetime import date, datetime, timedelta, timezone

import polars as pl
import pytest

from retcalc.book.rules import DateRules
from retcalc.book.values.dates import month_indexes, parse_days


def parse(values, **rules):
    return parse_days(pl.Series(values), DateRules(**rules))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("2024-10", date(2024, 10, 1)),
        ("202401", date(2024, 1, 1)),
        ("20240131", date(2024, 1, 31)),
        ("2024/1/5", date(2024, 1, 5)),
        ("2025-02-27 9:56", date(2025, 2, 27)),
        ("2024-01-31T23:30:00", date(2024, 1, 31)),
        ("2024-01-31T23:30:00Z", date(2024, 1, 31)),
        ("2024-01-31 23:30:00.123 UTC", date(2024, 1, 31)),
    ],
)
def test_iso(text, day):
    parsed = parse([text])
    assert (parsed.days.to_list(), parsed.problems) == ([day], {})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2024-02-30", "RC221"),
        ("2024-13-01", "RC221"),
        ("24-01-05", "RC221"),
        ("yesterday", "RC221"),
        ("2024-01-31 25:00", "RC221"),
        ("0202-01-01", "RC222"),
        ("2204-01-01", "RC222"),
        ("01/02/2024", "RC223"),
        ("45322", "RC223"),
        ("2024-01-31T23:30:00-08:00", "RC225"),
    ],
)
def test_refuses(text, code):
    parsed = parse([text])
    assert parsed.days.to_list() == [None]
    assert parsed.problems[text].code == code


def test_day_first_when_a_value_proves_it():
    parsed = parse(["01/02/2024", "31/01/2024"])
    assert parsed.days.to_list() == [date(2024, 2, 1), date(2024, 1, 31)]
    assert parsed.notes[0].code == "RC832"


def test_month_first_when_a_value_proves_it():
    parsed = parse(["01/02/2024", "01/31/2024"])
    assert parsed.days.to_list() == [date(2024, 1, 2), date(2024, 1, 31)]


def test_proofs_that_contradict_are_refused():
    parsed = parse(["31/01/2024", "01/31/2024"])
    assert {p.code for p in parsed.problems.values()} == {"RC223"}


def test_two_spellings_blame_the_rarer_one():
    parsed = parse(["2024-01-31", "2024-02-29", "2024-03"])
    assert {v: p.code for v, p in parsed.problems.items()} == {"2024-03": "RC224"}


def test_days_and_timestamps_go_together():
    assert parse(["2024-01-31", "2024-01-31 10:00"]).problems == {}


def test_a_stated_zone_moves_the_day():
    text = ["2024-01-31T23:30:00-08:00"]
    assert parse(text, timezone="UTC").days.to_list() == [date(2024, 2, 1)]
    assert parse(text, timezone="America/Los_Angeles").days.to_list() == [date(2024, 1, 31)]


def test_a_stated_format():
    assert parse(["31.01.2024"], format="%d.%m.%Y").days.to_list() == [date(2024, 1, 31)]
    assert parse(["45322"], format="excel").days.to_list() == [date(2024, 1, 31)]
    assert parse(["Jan 24"], format="%d.%m.%Y").problems["Jan 24"].code == "RC221"


def test_blank_is_null_and_no_problem():
    parsed = parse(["", " ", "2024-01-01"])
    assert parsed.days.to_list() == [None, None, date(2024, 1, 1)]
    assert parsed.problems == {}


def test_typed_columns_of_a_parquet():
    assert parse([date(2024, 1, 31)]).days.to_list() == [date(2024, 1, 31)]
    late = datetime(2024, 1, 31, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    assert parse([late.astimezone(timezone.utc)]).days.to_list() == [date(2024, 2, 1)]  # noqa: UP017
    assert parse([date(1802, 1, 1)]).problems["1802-01-01"].code == "RC222"
    assert parse([202401, 202412]).days.to_list() == [date(2024, 1, 1), date(2024, 12, 1)]


def test_month_indexes_count_from_year_zero():
    days = pl.Series([date(2024, 1, 31), date(2023, 12, 1), None])
    assert month_indexes(days).to_list() == [24288, 24287, None]
