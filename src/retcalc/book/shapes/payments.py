"""Payments and orders: each counts in the month it was made in, and in no other."""

from __future__ import annotations

import polars as pl

from retcalc.book.shapes.common.amount_columns import read_amounts
from retcalc.book.shapes.common.month_checks import covered
from retcalc.book.shapes.common.shape import Shape, Sheet, Spans
from retcalc.book.values.dates import closing_months
from retcalc.book.values.day_columns import read_days
from retcalc.core.findings import Finding, raise_errors


def read(sheet: Sheet) -> Spans:
    """The payments of an account in a month add up to its revenue of that month."""
    amounts, findings = read_amounts(sheet, sheet.found.columns["mrr"], signed=True)
    days, more = read_days(sheet.table, sheet.found.columns["month"], sheet.rules)
    findings += more
    raise_errors([*sheet.findings, *findings])
    months = closing_months(days, sheet.rules.dates)
    first, last, more = covered(sheet, months)
    text = "each payment counts in the month it was made in; a yearly one is no twelfth of it"
    findings += [*more, Finding("RC868", text)]
    frame = pl.DataFrame({"first": months, "last": months, "amount": amounts.units})
    return Spans(frame, amounts.scale, first, last, tuple(findings), parts=amounts.parts)


SHAPE = Shape("payments", read)
