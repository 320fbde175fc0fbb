"""Dates, and the first and last that count; every expectation is a literal worked by hand."""

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
        ("24-01-05", "RC223"),
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


@pytest.mark.parametrize("text", ["1990-01-01", "2099-12-31"])
def test_the_first_and_the_last_day(text):
    day = date.fromisoformat(text)
    for values in ([text], [day], [datetime(day.year, day.month, day.day, 23, 59)]):
        assert parse(values).days.to_list() == [day]
        assert parse(values).problems == {}


@pytest.mark.parametrize("text", ["1989-12-31", "2100-01-01"])
def test_a_day_before_or_after_is_refused_alone(text):
    good = date(2024, 5, 31)
    for values in ([text, "2024-05-31"], [date.fromisoformat(text), good]):
        parsed = parse(values)
        assert parsed.days.to_list() == [None, good]
        assert {v: p.code for v, p in parsed.problems.items()} == {text: "RC222"}


def test_every_bad_value_is_named_and_the_good_ones_are_read():
    parsed = parse(["2024-02-30", "2024-02-28", "2024-02-31", "2204-01-01", "2024-06-31"])
    assert parsed.days.to_list() == [None, date(2024, 2, 28), None, None, None]
    assert {v: p.code for v, p in parsed.problems.items()} == {
        "2024-02-30": "RC221",
        "2024-02-31": "RC221",
        "2204-01-01": "RC222",
        "2024-06-31": "RC221",
    }


@pytest.mark.parametrize("time", ["00:00", "23:59", "9:05", "23:59:59", "23:59:59.999", "23:59:60"])
def test_times_of_a_day(time):
    for mark in (" ", "T"):
        parsed = parse([f"2024-01-31{mark}{time}"])
        assert (parsed.days.to_list(), parsed.problems) == ([date(2024, 1, 31)], {})


@pytest.mark.parametrize("time", ["24:00", "10:60", "99:99", "25:00:00"])
def test_times_that_no_day_has(time):
    parsed = parse([f"2024-01-31 {time}", "2024-01-31 10:00"])
    assert parsed.days.to_list() == [None, date(2024, 1, 31)]
    assert [p.code for p in parsed.problems.values()] == ["RC221"]


@pytest.mark.parametrize("mark", ["/", ".", "-"])
def test_only_a_number_above_twelve_proves_the_order(mark):
    first = [v.replace("/", mark) for v in ("12/05/2024", "01/02/2024", "13/01/2024")]
    parsed = parse(first)
    assert parsed.days.to_list() == [date(2024, 5, 12), date(2024, 2, 1), date(2024, 1, 13)]
    assert f'as "13{mark}01{mark}2024" proves' in parsed.notes[0].message
    assert f"day first (%d{mark}%m{mark}%Y)" in parsed.notes[0].message
    second = [v.replace("/", mark) for v in ("05/12/2024", "02/01/2024", "01/13/2024")]
    parsed = parse(second)
    assert parsed.days.to_list() == [date(2024, 5, 12), date(2024, 2, 1), date(2024, 1, 13)]
    assert f'as "01{mark}13{mark}2024" proves' in parsed.notes[0].message
    assert f"month first (%m{mark}%d{mark}%Y)" in parsed.notes[0].message


def test_twelve_and_twelve_prove_nothing():
    parsed = parse(["12/12/2024", "12/11/2024"])
    assert {p.code for p in parsed.problems.values()} == {"RC223"}
    finding = parsed.problems["12/12/2024"]
    assert finding.value == '"12/11/2024" may be day or month first'
    assert finding.fix == '--date-format "%d/%m/%Y"  or  --date-format "%m/%d/%Y"'


def test_a_contradiction_says_so():
    parsed = parse(["13/01/2024", "01/13/2024"])
    assert parsed.problems["13/01/2024"].value == '"01/13/2024" contradicts others in the column'


def test_months_alone_are_told_from_days():
    assert parse(["2024-01", "2024-02"]).months
    assert parse(["202401", "202402"]).months
    assert not parse(["2024-01-31"]).months
    assert not parse(["2024-01-31", ""]).months
    assert not parse([""]).months
    assert not parse(["31.01.2024"], format="%d.%m.%Y").months


def test_the_spelling_of_most_values_is_not_blamed():
    parsed = parse(["2024-03", "2024-04", "20240131"])
    assert {v: p.code for v, p in parsed.problems.items()} == {"20240131": "RC224"}
    assert parsed.problems["20240131"].value == (
        'the column holds "2024-03" (month), "20240131" (compact day)'
    )


def test_unknown_values_are_named_beside_mixed_spellings():
    parsed = parse(["2024-03", "2024-04", "20240131", "soon"])
    codes = {v: p.code for v, p in parsed.problems.items()}
    assert codes == {"20240131": "RC224", "soon": "RC221"}


@pytest.mark.parametrize(
    ("text", "day"), [("32874", date(1990, 1, 1)), ("45322.0", date(2024, 1, 31))]
)
def test_serials_of_a_spreadsheet(text, day):
    """Day 1 is 1899-12-31, and 1900 is taken for a leap year: 45322 is 2024-01-31."""
    assert parse([text], format="excel").days.to_list() == [day]


def test_a_serial_is_shown_as_the_day_it_would_be():
    finding = parse(["45322", "45351"]).problems["45322"]
    assert finding.value == '"45322" looks like a spreadsheet serial (2024-01-31)'
    assert finding.fix == "--date-format excel"


def test_month_indexes_of_nothing_are_nothing():
    assert month_indexes(pl.Series([None, None], dtype=pl.Date)).to_list() == [None, None]


def test_month_indexes_of_days_far_apart():
    days = pl.Series([date(1990, 1, 1), date(2012, 5, 5), date(2099, 12, 31)])
    assert month_indexes(days).to_list() == [1990 * 12, 2012 * 12 + 4, 2099 * 12 + 11]


def test_a_stamp_of_utc_moves_into_a_stated_zone():
    """23:30 UTC on 31 January is 08:30 on 1 February in Tokyo (UTC+9)."""
    raw = pl.Series(["2024-01-31 23:30", "2024-01-31 14:59:59"])
    tokyo = parse_days(raw, DateRules(timezone="Asia/Tokyo"), utc=True)
    assert tokyo.days.to_list() == [date(2024, 2, 1), date(2024, 1, 31)]
    plain = parse_days(raw, DateRules(), utc=True)
    assert plain.days.to_list() == [date(2024, 1, 31)] * 2
    assert [n.code for n in plain.notes] == ["RC898"]
    local = parse_days(raw, DateRules(timezone="Asia/Tokyo"))
    assert local.days.to_list() == [date(2024, 1, 31)] * 2
    assert local.notes == ()


def test_a_typed_stamp_moves_only_when_it_is_of_utc():
    raw = pl.Series([datetime(2024, 1, 31, 23, 30)])
    rules = DateRules(timezone="Asia/Tokyo")
    assert parse_days(raw, rules).days.to_list() == [date(2024, 1, 31)]
    assert parse_days(raw, rules, utc=True).days.to_list() == [date(2024, 2, 1)]
    zoned = parse_days(raw.dt.replace_time_zone("UTC"), DateRules())
    assert zoned.days.to_list() == [date(2024, 1, 31)]
    assert "in UTC" in zoned.notes[0].message


def test_stamps_of_several_offsets_need_a_zone_unless_all_are_utc():
    same = parse(["2024-01-31T23:30Z", "2024-01-31 9:30 UTC", "2024-01-31 23:30+00:00"])
    assert same.days.to_list() == [date(2024, 1, 31)] * 3
    mixed = parse(["2024-01-31T23:30Z", "2024-01-31T23:30+01:00"])
    assert {p.code for p in mixed.problems.values()} == {"RC225"}
    zoned = parse(["2024-01-31T23:30:00,5Z", "2024-01-31 23:30 +0100"], timezone="Asia/Tokyo")
    assert zoned.days.to_list() == [date(2024, 2, 1)] * 2


@pytest.mark.parametrize("offset", ["+00", "+05", "+05:30"])
def test_the_offsets_a_database_writes(offset):
    """PostgreSQL writes whole hours without minutes."""
    parsed = parse([f"2024-01-31 00:30:00{offset}"], timezone="UTC")
    day = date(2024, 1, 31) if offset == "+00" else date(2024, 1, 30)
    assert parsed.days.to_list() == [day]


def test_a_serial_of_a_float_column_is_told_too():
    assert parse(["45322.0"]).problems["45322.0"].fix == "--date-format excel"


def test_what_a_date_should_look_like_is_said():
    iso = parse(["soon"]).problems["soon"].value
    german = parse(["soon"], format="%d.%m.%Y").problems["soon"].value
    assert iso == '"soon" is not a calendar date'
    assert german == '"soon" is not a date written as %d.%m.%Y'
