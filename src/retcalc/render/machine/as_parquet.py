"""A Result as Parquet: the columns of the CSV, with types."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import polars as pl

from retcalc.core.result import Column, Result, Row
from retcalc.render.machine.rounded_sums import rounded_sums
from retcalc.render.numbers import QUOTIENT_DECIMALS, machine_value

_DIGITS = 38
_TYPES: dict[str, pl.DataType] = {
    "count": pl.Int64(),
    "rate": pl.Float64(),
    "ratio": pl.Float64(),
    "number": pl.Float64(),
    "flag": pl.Boolean(),
}


def to_parquet(result: Result) -> bytes:
    """Write the rows of a result, segment columns first; nested tables are left out.

    Money is a decimal with every digit, rates are doubles, months text ``YYYY-MM``; an undefined
    value is null.
    """
    columns = [column for column in result.columns if column.unit != "block"]
    names = [column.name for column in columns]
    by = {name: f"segment_{name}" if name in names else name for name in result.by}
    series = [
        pl.Series(shown, [row.segment.get(name) for row in result.rows], pl.String)
        for name, shown in by.items()
    ]
    rows = rounded_sums(result.rows, result.columns, result.currency)
    series += [_series(column, rows, result) for column in columns]
    stream = BytesIO()
    pl.DataFrame(series).write_parquet(stream)
    return stream.getvalue()


def _series(column: Column, rows: tuple[Row, ...], result: Result) -> pl.Series:
    values = [
        machine_value(row.values.get(column.name), column.unit, result.currency) for row in rows
    ]
    if column.unit == "money":
        amounts = [None if value is None else Decimal(str(value)) for value in values]
        return pl.Series(column.name, amounts, pl.Decimal(_DIGITS, _scale(column, rows, result)))
    if column.unit in _TYPES:
        return pl.Series(column.name, values, _TYPES[column.unit], strict=False)
    texts = [None if value is None else str(value) for value in values]
    return pl.Series(column.name, texts, pl.String)


def _scale(column: Column, rows: tuple[Row, ...], result: Result) -> int:
    whole = all(isinstance(row.values.get(column.name), int | None) for row in rows)
    scale = max(result.currency.scale, result.currency.digits)
    return scale if whole and result.currency.parts == 1 else scale + QUOTIENT_DECIMALS
