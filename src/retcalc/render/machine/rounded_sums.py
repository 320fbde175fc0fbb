"""Amounts without an end as decimals (100 a year is 8.333… a month), rounded so that sums hold.

A bridge adds up along its row, a list of accounts down to its total. Each printed amount is the
difference of two rounded running sums: what is added stays within one unit of the last decimal,
the ends of a bridge and the totals are rounded as if they stood alone, and 0 stays 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from retcalc.core.result import Column, Currency, Quotient, Row, Value
from retcalc.render.numbers import last_decimal


def rounded_sums(
    rows: tuple[Row, ...], columns: tuple[Column, ...], currency: Currency
) -> tuple[Row, ...]:
    """The rows with amounts that end; as they are where no unit of the currency is split."""
    if currency.parts == 1:
        return rows
    names = [column.name for column in columns if column.unit == "money"]
    down = {name: found for name in names if (found := _down(rows, name, currency))}
    a_list = len(rows) > 1 and len(down) == len(names) and not any(row.segment for row in rows)
    for column in () if a_list else columns:
        sum_of = column.made_of
        if column.unit == "money" and isinstance(sum_of, Quotient) and not sum_of.denominator:
            return tuple(_along(row, column, sum_of, currency) for row in rows)
    changed = ({n: found[i] for n, found in down.items()} for i in range(len(rows)))
    return tuple(
        replace(row, values={**row.values, **new}) for row, new in zip(rows, changed, strict=True)
    )


def _along(row: Row, column: Column, sum_of: Quotient, currency: Currency) -> Row:
    """A bridge whose printed lines add up to its printed end."""
    signs = {n: s for n, s in sum_of.numerator.items() if isinstance(row.values.get(n), int)}
    steps = (sign * _units(row.values, name) for name, sign in signs.items())
    printed = _differences(steps, currency)
    lines = {name: sign * amount for (name, sign), amount in zip(signs.items(), printed)}  # noqa: B905
    end = row.values.get(column.name)
    if isinstance(end, int):
        lines[column.name] = last_decimal(end, currency)
    return replace(row, values={**row.values, **lines})


def _down(rows: tuple[Row, ...], name: str, currency: Currency) -> list[Value] | None:
    """A column whose rows add up to the last, printed so that they still do."""
    values = [row.values.get(name) for row in rows]
    if not all(isinstance(v, int) for v in values):
        return None
    *parts, total = (_units(row.values, name) for row in rows)
    if sum(parts) != total:
        return None
    return [*_differences(parts, currency), last_decimal(total, currency)]


def _differences(steps: Iterable[int], currency: Currency) -> Iterator[Fraction]:
    total, printed = 0, Fraction(0)
    for step in steps:
        total += step
        now = last_decimal(total, currency)
        yield now - printed
        printed = now


def _units(values: Mapping[str, Value], name: str) -> int:
    value = values[name]
    assert isinstance(value, int)  # noqa: S101  the caller has looked
    return value
