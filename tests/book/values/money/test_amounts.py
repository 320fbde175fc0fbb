"""Exact amounts, and the largest, finest and longest that count; all worked by hand."""

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcalc.book.rules import AmountRules
from retcalc.book.values.money import (
    MAX_SCALE,
    Minor,
    ambiguous_point,
    explain_amount,
    minor_digits,
    parse_amounts,
)
from retcalc.book.values.money import amounts as money


def parse(values, rules=AmountRules(), digits=2, dtype=None):
    return parse_amounts(pl.Series(values, dtype=dtype), rules, digits)


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


# ISO 4217, list one: the currencies whose minor unit is not a hundredth
NO_MINOR = ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX"]

NO_MINOR += ["UYI", "VND", "VUV", "XAF", "XOF", "XPF"]

THOUSANDTHS = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]


@pytest.fixture
def no_texts(monkeypatch):
    """Numbers are read as numbers: texts take far longer."""

    def fail(*_):
        raise AssertionError("read as texts")

    monkeypatch.setattr(money, "_parse_texts", fail)


@pytest.mark.parametrize("code", NO_MINOR)
def test_currencies_without_a_minor_unit(code):
    assert minor_digits(code) == 0


@pytest.mark.parametrize("code", THOUSANDTHS)
def test_currencies_of_thousandths(code):
    assert minor_digits(code) == 3


@pytest.mark.parametrize("code", ["USD", "EUR", "GBP", "CHF", "", None])
def test_other_currencies_have_hundredths(code):
    assert minor_digits(code) == 2 == Minor().digits


@pytest.mark.usefixtures("no_texts")
@pytest.mark.parametrize(
    ("values", "dtype", "units", "scale"),
    [
        ([10**13, -(10**13), 1], pl.Int64, [10**15, -(10**15), 100], 2),
        ([1e10, 0.5, -7.25], pl.Float64, [10**12, 50, -725], 2),
        ([0.125, 46_000_000_000.0], pl.Float64, [12_500_000, 46 * 10**17], 8),
        ([Decimal("1.5000"), Decimal("-0.2500")], pl.Decimal(20, 4), [150, -25], 2),
        ([Decimal("1.2345")], pl.Decimal(20, 4), [123_450_000], 8),
        ([Decimal("7")], pl.Decimal(20, 0), [700], 2),
        ([Decimal(10**13)], pl.Decimal(20, 4), [10**15], 2),
        ([200, 7], pl.UInt8, [20000, 700], 2),
    ],
)
def test_numbers_are_read_as_numbers(values, dtype, units, scale):
    amounts = parse(values, dtype=dtype)
    assert (amounts.units.to_list(), amounts.scale) == (units, scale)
    assert not (amounts.bad | amounts.blank | amounts.rounded).any()


@pytest.mark.usefixtures("no_texts")
@pytest.mark.parametrize(
    ("values", "dtype", "units", "scale"),
    [
        ([11394, -50, 10**15], pl.Int64, [11394, -50, 10**15], 2),
        ([11394.0, 1e9], pl.Float64, [11394, 10**9], 2),
        ([1234.5], pl.Float64, [1_234_500_000], 8),
        ([Decimal("1234.50")], pl.Decimal(20, 2), [1_234_500_000], 8),
    ],
)
def test_numbers_in_minor_units(values, dtype, units, scale):
    amounts = parse(values, AmountRules(unit="minor"), dtype=dtype)
    assert (amounts.units.to_list(), amounts.scale) == (units, scale)


@pytest.mark.parametrize("digits", [0, 2, 3])
def test_the_largest_amount_of_each_minor_unit(digits):
    """Ten to the fifteenth minor units are read, one more is refused; as number and as text."""
    most = 10**15 // 10**digits
    for values in ([most, -most, most + 1, -most - 1], [str(most), f"-{most}", str(most + 1), "x"]):
        amounts = parse(values, digits=digits)
        assert amounts.bad.to_list() == [False, False, True, True]
        assert amounts.units.to_list() == [10**15, -(10**15), 0, 0]


def test_large_numbers_with_many_decimals_need_more_than_64_bits():
    amounts = parse([Decimal("1000000000000.123")], dtype=pl.Decimal(38, 3))
    assert (amounts.units.to_list(), amounts.scale) == ([10**20 + 12_300_000], 8)


def test_a_large_amount_beside_a_fine_one():
    """10**13 - 1 at eight decimals has 21 digits: more than 64 bits hold."""
    amounts = parse(["9999999999999", "0.001"])
    assert (amounts.units.to_list(), amounts.scale) == ([9_999_999_999_999 * 10**8, 100_000], 8)


def test_numbers_beyond_64_bits_are_too_large_not_wrapped():
    for values, dtype in (([2**64 - 1], pl.UInt64), ([2**63 - 1], pl.Int64), ([2**62], pl.Int64)):
        amounts = parse(values, dtype=dtype)
        assert (amounts.bad.to_list(), amounts.units.to_list()) == ([True], [0])


@pytest.mark.parametrize("dtype", [pl.Int64, pl.Float64, pl.Decimal(10, 2), pl.String])
def test_what_is_missing_is_blank_and_zero(dtype):
    amounts = parse_amounts(pl.Series([None, 5]).cast(dtype), AmountRules(), 2)
    assert amounts.blank.to_list() == [True, False]
    assert amounts.units.to_list() == [0, 500]
    assert not amounts.bad.any()


def test_leading_zeros_up_to_25_digits():
    amounts = parse(["0" * 23 + "12", "0" * 24 + "12"])
    assert amounts.bad.to_list() == [False, True]
    assert amounts.units.to_list() == [1200, 0]


def test_floats_say_minus_below_one():
    amounts = parse([-0.5, -12.75, float("nan")])
    assert amounts.units.to_list() == [-50, -1275, 0]
    assert amounts.bad.to_list() == [False, False, True]


def test_a_fine_float_among_words_keeps_its_decimals():
    amounts = parse([0.0625, -1.000001, float("inf")])
    assert (amounts.units.to_list(), amounts.scale) == ([6_250_000, -100_000_100, 0], 8)


def test_only_the_rows_that_were_rounded_say_so():
    amounts = parse(["0.123456789", "0.12345678", "1.5", "x"])
    assert amounts.rounded.to_list() == [True, False, False, False]
    assert amounts.units.to_list() == [12_345_679, 12_345_678, 150_000_000, 0]


def test_noise_beside_a_fine_amount_is_rounded_at_eight_decimals():
    amounts = parse(["2.00000000000001", "0.125"])
    assert (amounts.units.to_list(), amounts.scale) == ([200_000_000, 12_500_000], 8)


@pytest.mark.parametrize(("digits", "scale"), [(0, 8), (2, 8), (3, 3)])
def test_decimals_beyond_the_minor_unit_widen_the_scale(digits, scale):
    amounts = parse(["1.125"], digits=digits)
    assert (amounts.units.to_list(), amounts.scale) == ([1125 * 10 ** (scale - 3)], scale)


@pytest.mark.parametrize(
    ("text", "units", "scale"),
    [("1234", 1234, 2), ("12.5", 12_500_000, 8), ("-0.004", -4_000, 8), ("7.0", 7, 2)],
)
def test_texts_in_minor_units(text, units, scale):
    """12.5 cents are 0.125, and 0.004 cents are 0.00004."""
    amounts = parse([text], AmountRules(unit="minor"))
    assert (amounts.units.to_list(), amounts.scale) == ([units], scale)


@pytest.mark.parametrize(("size", "long"), [(80, False), (81, True)])
def test_from_81_characters_on_a_text_is_too_long_to_be_an_amount(size, long):
    finding = explain_amount("x" * size, AmountRules())
    assert ("too many for an amount" in (finding.value or "")) is long
    assert ("…" in (finding.value or "")) is long


@pytest.mark.parametrize(
    ("decimal", "thousands", "words"),
    [
        (None, None, "decimal '.' and no thousands separator"),
        (",", None, "decimal ',' and no thousands separator"),
        (",", ".", "decimal ',' and thousands '.'"),
    ],
)
def test_says_how_the_column_is_read(decimal, thousands, words):
    finding = explain_amount("abc", AmountRules(decimal=decimal, thousands=thousands))
    assert words in (finding.value or "")


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("99999999999999999", None),
        ("99999999999999999.5", "."),
        ("99999999999999999,5", ","),
        ("-99999999999999999,", ","),
    ],
)
def test_the_bound_is_said_in_figures(text, decimal):
    finding = explain_amount(text, AmountRules(decimal=decimal))
    assert finding.value == f'"{text}" is beyond 1,000,000,000,000,000 minor units'


@pytest.mark.parametrize(("text", "decimal"), [("5.25", ","), ("5,25", ".")])
def test_another_mark_than_the_one_named_does_not_make_a_large_amount(text, decimal):
    finding = explain_amount(text, AmountRules(decimal=decimal))
    assert "beyond" not in (finding.value or "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("１００.50", "digits of another script"),
        ("٣", "digits of another script"),
        ("(USD)", "cannot be read"),
        ("(1 234.50)", "accounting style"),
        ("€ 10", "currency sign"),
        ("10 €", "currency sign"),
        ("EUR 10", "currency sign"),
    ],
)
def test_the_reason_is_the_right_one(text, words):
    assert words in (explain_amount(text, AmountRules()).value or "")


def test_noise_of_floats_is_no_rounding_also_beside_words():
    """0.1 + 0.2 is 0.30000000000000004 in binary; nobody wrote that."""
    for values in ([0.1 + 0.2], [0.1 + 0.2, float("nan")], [-(0.1 + 0.2), float("inf")]):
        amounts = parse(values)
        assert abs(amounts.units[0]) == 30
        assert amounts.scale == 2
        assert not amounts.rounded.any()


@pytest.mark.parametrize("sign", ["", "-"])
def test_the_bound_holds_for_fine_texts_too(sign):
    amounts = parse([f"{sign}9999999999999.999", f"{sign}10000000000000.001"])
    assert amounts.scale == 8
    assert amounts.bad.to_list() == [False, True]
    assert abs(amounts.units[0]) == 9_999_999_999_999_999 * 10**5
