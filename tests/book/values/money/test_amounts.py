"""Exact amounts: every expectation is a literal worked by hand."""

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcalc.book.rules import AmountRules
from retcalc.book.values.money import MAX_SCALE, ambiguous_point, explain_amount, parse_amounts


def parse(values, rules=AmountRules(), digits=2):
    return parse_amounts(pl.Series(values), rules, digits)


@pytest.mark.parametrize(
    ("text", "cents"),
    [("10", 1000), ("10.5", 1050), ("0.29", 29), ("19.99", 1999), ("+5", 500), ("5.", 500)]
    + [("-0.50", -50), ("007.10", 710), (" 10.00\u00a0", 1000), ("10000000000000", 10**15)],
)
def test_reads_cents(text, cents):
    amounts = parse([text])
    assert (amounts.units.to_list(), amounts.scale) == ([cents], 2)
    assert not amounts.bad.any()


@pytest.mark.parametrize(
    "text",
    ["1,234.50", "1.234,50", "1e3", "0x10", "1_000", "NaN", "inf", "$10", "10 EUR", "10%", "abc"]
    + ["(10.00)", "10-", "−10", "٣", ".", "--1", "1.2.3", "10000000000000.01", ".5"]
    + ["0" * 30 + "5", "9" * 40],
)
def test_refuses(text):
    amounts = parse([text, "1"])
    assert amounts.bad.to_list() == [True, False]
    assert amounts.units.to_list()[1] == 100


def test_blank_is_not_bad():
    amounts = parse(["", " ", "0"])
    assert amounts.blank.to_list() == [True, True, False]
    assert not amounts.bad.any()


@pytest.mark.parametrize(
    ("decimal", "thousands", "text", "cents"),
    [
        (",", ".", "1.234,50", 123450),
        (",", None, "87,00", 8700),
        (",", None, "-7,6", -760),
        (None, ",", "1,234,567.89", 123456789),
        (None, "'", "1'234", 123400),
        (",", " ", "1 234,5", 123450),
    ],
)
def test_declared_marks(decimal, thousands, text, cents):
    amounts = parse([text], AmountRules(decimal=decimal, thousands=thousands))
    assert not amounts.bad.any()
    assert (amounts.units.to_list(), amounts.scale) == ([cents], 2)


def test_misplaced_thousands_are_refused():
    assert parse(["12,34.5"], AmountRules(thousands=",")).bad.all()


@pytest.mark.parametrize("values", [["1.234"], ["1.234", "5"], ["12.345.678"]])
def test_a_point_that_may_group_thousands_is_ambiguous(values):
    assert ambiguous_point(pl.Series(values), AmountRules())


@pytest.mark.parametrize("values", [["1.234", "1.2"], ["0.125"], ["12"], ["8.333", "1000.5"]])
def test_a_point_that_must_be_decimal_is_not(values):
    assert not ambiguous_point(pl.Series(values), AmountRules())


def test_sub_minor_amounts_are_kept_exactly():
    amounts = parse(["8.3333", "1.50"])
    assert amounts.scale == MAX_SCALE
    assert amounts.units.to_list() == [833330000, 150000000]
    assert not amounts.rounded.any()


def test_binary_noise_is_rounded_away_and_noted():
    amounts = parse(["113.94000000000001", "1.5"])
    assert (amounts.units.to_list(), amounts.scale) == ([11394, 150], 2)
    assert amounts.rounded.to_list() == [True, False]


def test_half_up_at_the_last_kept_decimal():
    amounts = parse(["0.123456785", "-0.123456785", "0.123456784999"])
    assert amounts.units.to_list() == [12345679, -12345679, 12345678]


def test_minor_units_shift_the_point():
    amounts = parse(["11394", "-50"], AmountRules(unit="minor"))
    assert (amounts.units.to_list(), amounts.scale) == ([11394, -50], 2)


@pytest.mark.parametrize(("digits", "units"), [(0, [1200]), (3, [1200000])])
def test_other_minor_units(digits, units):
    assert parse(["1200"], digits=digits).units.to_list() == units


def test_floats_of_a_parquet_are_read_at_eight_decimals():
    amounts = parse([19.99, 0.29, 1e9, None])
    assert (amounts.units.to_list()[:3], amounts.scale) == ([1999, 29, 10**11], 2)
    assert amounts.blank.to_list() == [False, False, False, True]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300])
def test_floats_that_are_no_amounts(value):
    assert parse([value]).bad.all()


@given(st.lists(st.decimals(-(10**12), 10**12, places=2), min_size=1, max_size=20))
def test_agrees_with_python_decimal(values):
    amounts = parse([str(v) for v in values])
    assert amounts.scale == 2
    assert amounts.units.to_list() == [int(v * 100) for v in values]


@given(st.lists(st.decimals(-(10**6), 10**6, places=11), min_size=1, max_size=10))
def test_rounds_like_python_decimal(values):
    amounts = parse([format(v, "f") for v in values])
    step = Decimal(1).scaleb(-amounts.scale)
    rounded = [v.quantize(Decimal("1e-8"), ROUND_HALF_UP) for v in values]
    assert [u * step for u in amounts.units.to_list()] == rounded


@pytest.mark.parametrize(
    ("text", "words", "fix"),
    [
        ("1,234.50", "thousands separator", '--thousands ","'),
        ("1.234,50", "decimal comma", '--decimal "," --thousands "."'),
        ("87,00", "decimal comma", '--decimal ","'),
        ("1,234", "two ways", '--thousands ","'),
        ("1e3", "scientific", "plain numbers"),
        ("10%", "percentage", "--mrr-column"),
        ("(10.00)", "accounting", "--amounts accounting"),
        ("$10", "currency sign", "--amounts accounting"),
        ("10 EUR", "currency sign", "--amounts accounting"),
        ("nan", "not a finite number", "correct"),
        ("abc", "cannot be read", "correct"),
    ],
)
def test_says_why_and_what_to_do(text, words, fix):
    finding = explain_amount(text, AmountRules())
    assert finding.code == "RC214"
    assert words in finding.value
    assert f'"{text}"' in finding.value
    assert fix in finding.fix


def test_too_large_has_its_own_code():
    assert explain_amount("99999999999999999", AmountRules()).code == "RC217"
