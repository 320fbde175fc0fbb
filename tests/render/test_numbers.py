"""Rounding, exact money and the forms of every unit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcalc.core.result import Block, Currency
from retcalc.render.numbers import (
    decimal,
    exact,
    half_up,
    machine_value,
    money,
    money_on_screen,
    percent,
    plain,
    plain_text,
    plain_value,
    screen_value,
)

USD = Currency("USD")


@pytest.mark.parametrize(
    ("units", "scale", "digits", "text"),
    [
        (100000, 2, 2, "1000.00"),
        (0, 2, 2, "0.00"),
        (5, 2, 2, "0.05"),
        (-5, 2, 2, "-0.05"),
        (-123456, 2, 2, "-1234.56"),
        (8333333333, 8, 2, "83.33333333"),
        (8350000000, 8, 2, "83.50"),
        (8333000000, 8, 2, "83.33"),
        (8333500000, 8, 2, "83.335"),
        (1500, 0, 0, "1500"),
        (1500, 2, 0, "15"),
        (1550, 2, 0, "15.5"),
        (1500, 3, 3, "1.500"),
        (15, 0, 2, "15.00"),
        (10**25 + 1, 2, 2, "100000000000000000000000.01"),
        (Fraction(100000, 3), 2, 2, "333.33333333"),
        (Fraction(200000, 3), 2, 2, "666.66666667"),
        (Fraction(-100000, 3), 2, 2, "-333.33333333"),
        (Fraction(200000), 2, 2, "2000.00"),
        (1250.5, 2, 2, "12.505"),
    ],
)
def test_money_is_exact(units, scale, digits, text):
    assert money(units, Currency(digits=digits, scale=scale)) == text


@given(st.integers(-(10**30), 10**30), st.integers(0, 8), st.integers(0, 4))
def test_money_reads_back_to_the_same_units(units, scale, digits):
    text = money(units, Currency(digits=digits, scale=scale))
    assert Fraction(text) * 10**scale == units
    decimals = text.partition(".")[2]
    assert len(decimals) >= digits
    assert len(decimals) == digits or not decimals.endswith("0")


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(9, 8), 2, "1.13"),  # W19: (40 + 5) / (32 + 8); Python's round gives 1.12
        (1.125, 2, "1.13"),
        (Fraction(-9, 8), 2, "-1.13"),
        (2.675, 2, "2.68"),  # the decimal that is printed, not the double beneath it
        (Fraction(1, 2), 0, "1"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Fraction(1234567), 1, "1,234,567.0"),
        (999.95, 1, "1,000.0"),
        (0.05, 1, "0.1"),
        (0.04, 1, "0.0"),
    ],
)
def test_decimals_round_half_up(value, places, text):
    assert decimal(value, places) == text


@given(st.decimals(-(10**15), 10**15, places=6), st.integers(0, 4))
def test_decimals_agree_with_the_decimal_module(value, places):
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    expected = f"{rounded:,.{places}f}" if rounded else f"{Decimal(0):.{places}f}"
    assert decimal(Fraction(value), places) == expected


@given(st.fractions())
def test_half_up_is_nearest_and_odd(value):
    rounded = half_up(value.numerator, value.denominator)
    assert abs(rounded - value) <= Fraction(1, 2)
    assert half_up(-value.numerator, value.denominator) == -rounded


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(7, 50), "14.0%"),
        (Fraction(1, 3), "33.3%"),
        (Fraction(2, 3), "66.7%"),
        (Fraction(1445, 10000), "14.5%"),
        (0.1445, "14.5%"),
        (Fraction(-6, 100), "-6.0%"),
        (0, "0.0%"),
        (1, "100.0%"),
        (Fraction(1234), "123,400.0%"),
    ],
)
def test_percent_has_one_decimal(value, text):
    assert percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (35, "35"),
        (12345, "12,345"),
        (Fraction(20, 3), "6.67"),
        (-1680.27, "-1,680.27"),
        (0.704, "0.704"),
        (Fraction(612, 1000), "0.612"),
        (Fraction(5, 100), "0.0500"),
        (Fraction(0), "0.00"),
        (0.0000001, "0.000000"),
        (1.0, "1.00"),
    ],
)
def test_plain_numbers(value, text):
    assert plain(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "machine", "screen"),
    [
        (123456789, "money", "1234567.89", "1,234,567.89"),
        (1200, "count", 1200, "1,200"),
        (Fraction(1, 3), "rate", 1 / 3, "33.3%"),
        (1, "rate", 1.0, "100.0%"),
        (0.25, "rate", 0.25, "25.0%"),
        (-0.0, "rate", 0.0, "0.0%"),
        (Fraction(16, 5), "ratio", 3.2, "3.20x"),
        (Fraction(20, 3), "number", 20 / 3, "6.67"),
        (7, "number", 7, "7"),
        (2026 * 12 + 9, "month", "2026-10", "2026-10"),
        ("Pro", "text", "Pro", "Pro"),
        (12, "text", "12", "12"),
        (True, "flag", True, "yes"),
        (False, "flag", False, "no"),
        (None, "money", None, "n/a"),
        (None, "rate", None, "n/a"),
        (None, "text", None, "n/a"),
    ],
)
def test_every_unit(value, unit, machine, screen):
    given_value = machine_value(value, unit, USD)
    assert given_value == machine
    assert type(given_value) is type(machine)
    assert str(given_value) == str(machine)  # tells 0.0 from -0.0
    assert screen_value(value, unit, USD) == screen


def test_money_follows_the_currency():
    assert money_on_screen(1500, Currency("JPY", 0, 0)) == "1,500"
    assert money_on_screen(1234567, Currency("KWD", 3, 3)) == "1,234.567"
    assert money_on_screen(8333500000, Currency("USD", 2, 8)) == "83.34"
    assert money_on_screen(-1, USD) == "-0.01"


def test_values_without_a_unit():
    assert plain_value(Fraction(1, 4)) == 0.25
    assert plain_value("sbg") == "sbg"
    assert plain_value(True) is True
    assert plain_value(None) is None
    assert plain_text(0.704) == "0.704"
    assert plain_text(True) == "yes"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="Invalid literal"):
        exact(value)


def test_a_value_of_the_wrong_kind_is_refused():
    with pytest.raises(TypeError):
        machine_value("12", "money", USD)
    with pytest.raises(TypeError):
        machine_value(Fraction(1, 2), "count", USD)
    with pytest.raises(TypeError):
        screen_value(Block((), ()), "number", USD)
