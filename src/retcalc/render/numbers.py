"""The only rounding in retcalc: exact values to machine form and to screen form.

Machine form (JSON, CSV) loses nothing: money is a decimal string with every digit, rates are the
nearest double of the exact fraction. Screen form (terminal, Markdown) rounds half-up, a half away
from zero, computed in integers.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from retcalc.core.months import format_month
from retcalc.core.result import Block, Currency, Unit, Value

NOT_AVAILABLE = "n/a"
FILE_DECIMALS = 8  # the most that amounts are read with
QUOTIENT_DECIMALS = 6  # decimals kept beyond the scale where money is a quotient (ARPA, CLV)

Number = int | float | Fraction
Machine = str | int | float | bool | None


def exact(value: Number) -> Fraction:
    """Give the exact fraction; a float stands for its shortest decimal, the one JSON prints.

    Raises ValueError for NaN and infinity, which no Result may hold.
    """
    if isinstance(value, Fraction):
        return value
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def half_up(numerator: int, denominator: int) -> int:
    """Round a quotient to an integer, a half away from zero: 5/2 gives 3, -5/2 gives -3."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def money(value: Number, currency: Currency) -> str:
    """Write money exactly, with at least the minor unit's decimals and more only as needed.

    ``value`` counts units of the currency. What has no end as a decimal, such as a quotient, is
    rounded at ``QUOTIENT_DECIMALS`` beyond the scale.
    """
    scale, digits = currency.scale, currency.digits
    if not isinstance(value, int) or currency.parts > 1:
        value = _in_last_decimals(value, currency)
        scale += QUOTIENT_DECIMALS
    figures = str(abs(value)).rjust(scale + 1, "0")
    whole, decimals = figures[: len(figures) - scale], figures[len(figures) - scale :]
    decimals = decimals.rstrip("0").ljust(digits, "0")
    return ("-" if value < 0 else "") + whole + ("." + decimals if decimals else "")


def last_decimal(value: Number, currency: Currency) -> Fraction:
    """Round an amount half-up at the last decimal that is written, in units of the currency."""
    return Fraction(_in_last_decimals(value, currency) * currency.parts, 10**QUOTIENT_DECIMALS)


def _in_last_decimals(value: Number, currency: Currency) -> int:
    """How many of the last decimal that is written an amount is, half-up."""
    numerator, denominator = exact(value).as_integer_ratio()
    return half_up(numerator * 10**QUOTIENT_DECIMALS, denominator * currency.parts)


def written(total: Fraction, digits: int) -> str:
    """Write an amount in major units as a file does: all of its decimals, ``digits`` at least."""
    currency = Currency(digits=digits, scale=FILE_DECIMALS)
    return money(int(total * currency.per_major), currency)


def decimal(value: Number, places: int) -> str:
    """Write a number half-up with ``places`` decimals and thousands separators."""
    numerator, denominator = exact(value).as_integer_ratio()
    return _written(numerator, denominator, places)


def money_on_screen(value: Number, currency: Currency) -> str:
    """Write money half-up to the currency's minor unit, with thousands separators."""
    numerator, denominator = (
        (value, 1) if isinstance(value, int) else exact(value).as_integer_ratio()
    )
    return _written(numerator, denominator * currency.per_major, currency.digits)


def percent(value: Number) -> str:
    """Write a fraction as a percentage with one decimal: 0.14 gives 14.0%."""
    numerator, denominator = exact(value).as_integer_ratio()
    return _written(numerator * 100, denominator, 1) + "%"


def plain(value: Number) -> str:
    """Write a number with two decimals, or with three significant digits where it is below one."""
    if isinstance(value, int):
        return f"{value:,}"
    size, places = abs(exact(value)), 2
    while 0 < size * 10**places < 100 and places < QUOTIENT_DECIMALS:
        places += 1
    return decimal(value, places)


def double(value: Number) -> float:
    """Give the double nearest to a value."""
    return float(exact(value))


_MACHINE: dict[Unit, Callable[[Number, Currency], Machine]] = {
    "money": money,
    "count": lambda value, _: _whole(value),
    "rate": lambda value, _: double(value),
    "ratio": lambda value, _: double(value),
    "number": lambda value, _: value if isinstance(value, int) else double(value),
    "month": lambda value, _: format_month(_whole(value)),
}
_SCREEN: dict[Unit, Callable[[Number, Currency], str]] = {
    "money": money_on_screen,
    "count": lambda value, _: plain(_whole(value)),
    "rate": lambda value, _: percent(value),
    "ratio": lambda value, _: decimal(value, 2) + "x",
    "number": lambda value, _: plain(value),
    "month": lambda value, _: format_month(_whole(value)),
}


def machine_value(value: Value, unit: Unit, currency: Currency) -> Machine:
    """Give a value as JSON and CSV carry it; months as ``YYYY-MM``, None as None."""
    if value is None:
        return None
    if unit == "any":
        return plain_value(value)
    if unit == "text":
        return str(value)
    return bool(value) if unit == "flag" else _MACHINE[unit](_number(value), currency)


def screen_value(value: Value, unit: Unit, currency: Currency) -> str:
    """Give a value as people read it; None is ``n/a``."""
    if value is None:
        return NOT_AVAILABLE
    if unit == "any":
        return plain_text(value)
    if unit == "text":
        return str(value)
    if unit == "flag":
        return "yes" if value else "no"
    return _SCREEN[unit](_number(value), currency)


def plain_value(value: Value) -> Machine:
    """Give a value that has no unit (a fitted parameter) as JSON carries it."""
    unit: Unit = (
        "flag" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
    )
    return machine_value(value, unit, Currency())


def plain_text(value: Value) -> str:
    """Give a value that has no unit as people read it."""
    unit: Unit = (
        "flag" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
    )
    return screen_value(value, unit, Currency())


def _written(numerator: int, denominator: int, places: int) -> str:
    figure = half_up(numerator * 10**places, denominator)
    whole, decimals = divmod(abs(figure), 10**places)
    return ("-" if figure < 0 else "") + f"{whole:,}" + (f".{decimals:0{places}}" if places else "")


def _whole(value: Number) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} where a whole number belongs")
    return value


def _number(value: Value) -> Number:
    if isinstance(value, str | Block) or value is None:
        raise TypeError(f"{type(value).__name__} where a number belongs")
    return value
