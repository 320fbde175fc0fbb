"""The rows that one window needs: those of its two ends, and one of each account that came back.

Only for typed panels, where a row can be told to be of another month without being read as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from retcalc.book.columns.column_names import ARR, is_named
from retcalc.book.columns.columns_to_read import recognised
from retcalc.book.columns.recognise import Recognised
from retcalc.book.rules import BookRules, Whole
from retcalc.book.values.dates import EARLIEST, LATEST
from retcalc.book.values.money import minor_digits
from retcalc.core.findings import RetcalcError
from retcalc.core.months import WindowRule, first_day, month_of, resolve_window


def rows_of_window(
    scan: pl.LazyFrame, header: Sequence[str], rules: BookRules, rule: WindowRule, file: str
) -> tuple[pl.LazyFrame, Whole] | None:
    """The rows needed, and what there is to know of all; None where all must be read.

    All must be read where the columns are not those of a typed panel, and where the window does
    not fit the data: then the whole of it is told about.
    """
    found = _panel(header, rules, file)
    if found is None or not _typed(scan.collect_schema(), found):
        return None
    customer, month, mrr = (pl.col(found.columns[role]) for role in ("customer", "month", "mrr"))
    whole = _whole(scan, month, mrr, minor_digits(rules.currency))
    if whole is None:
        return None
    try:
        window, notes = resolve_window(rule, whole.first, whole.last, rules.as_of, open_ended=False)
    except RetcalcError:
        return None
    if notes:
        return None
    opens, closes = _in_month(month, window.opening), _in_month(month, window.closing)
    ends = scan.filter(opens | closes).collect()
    came = ends.lazy().filter(closes & (mrr > 0)).select(customer.alias("id"))
    there = ends.lazy().filter(opens & (mrr > 0)).select(customer.alias("id"))
    came = came.join(there, on="id", how="anti")
    earlier = scan.filter((month < first_day(window.opening)) & (mrr > 0))
    returned = earlier.join(came, left_on=customer, right_on="id", how="semi")
    returned = returned.unique(found.columns["customer"], keep="any")
    return pl.concat([ends.lazy(), returned]), whole


def _panel(header: Sequence[str], rules: BookRules, file: str) -> Recognised | None:
    found = recognised(header, rules, file)
    if found is None:
        return None
    plain = found.preset is None and rules.dates.weeks is None
    own = {"customer", "month", "mrr"} == set(found.columns)
    major = rules.amounts.unit != "minor" and not is_named(found.columns.get("mrr", ""), ARR)
    return found if found.shape == "long" and own and plain and major else None


def _typed(schema: pl.Schema, found: Recognised) -> bool:
    """Days without a zone and numbers, in a file that has all three columns itself."""
    customer, month, mrr = (schema.get(found.columns[r]) for r in ("customer", "month", "mrr"))
    day = month == pl.Date or (isinstance(month, pl.Datetime) and month.time_zone is None)
    named = customer is not None and customer != pl.Binary
    return named and day and mrr is not None and mrr.is_numeric()


def _whole(scan: pl.LazyFrame, month: pl.Expr, mrr: pl.Expr, digits: int) -> Whole | None:
    """Months and total of all rows; None where an amount is finer than the minor unit."""
    kind = scan.select(mrr).collect_schema().dtypes()[0]
    if isinstance(kind, pl.Decimal) and kind.scale <= digits:
        units = mrr.to_physical() * 10 ** (digits - kind.scale)
    elif kind.is_integer():
        units = mrr.cast(pl.Int128) * 10**digits
    else:
        return None
    sums = scan.select(month.min().alias("first"), month.max().alias("last"), total=units.sum())
    first, last, total = sums.collect().row(0)
    if not isinstance(first, date) or first.year < EARLIEST.year or last.year > LATEST.year:
        return None
    return Whole(month_of(first), month_of(last), int(total or 0))


def _in_month(day: pl.Expr, month: int) -> pl.Expr:
    return (day >= first_day(month)) & (day < first_day(month + 1))
