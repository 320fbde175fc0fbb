"""Long panels: one row an account and month, or one a subscription and month."""

from __future__ import annotations

import polars as pl

from retcalc.book.shapes.common.amount_columns import (
    annual_share,
    read_amounts,
    times_quantity,
)
from retcalc.book.shapes.common.month_checks import covered, duplicates
from retcalc.book.shapes.common.shape import Shape, Sheet, Spans, row_numbers
from retcalc.book.shapes.movement_log import SIGNS, kinds
from retcalc.book.values.dates import closing_months
from retcalc.book.values.day_columns import read_days
from retcalc.book.values.money import Amounts
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.speed.threads import both


def read(sheet: Sheet) -> Spans:
    """Each row counts in its own month."""
    _refuse_changes(sheet)
    (amounts, findings), (months, more) = both(lambda: _amounts(sheet), lambda: _months(sheet))
    findings += more
    later = sheet.as_of is not None and bool((months > sheet.as_of).any())
    once = sheet.column("subscription") is None and not later
    if not once or any(f.is_error for f in (*sheet.findings, *findings)):
        findings += duplicates(sheet, months)  # else seen when the rows are put in order
    raise_errors([*sheet.findings, *findings])
    first, last, more = covered(sheet, months)
    until, carried = _carried(sheet, months)
    frame = pl.DataFrame({"first": months, "last": until, "amount": amounts.units})
    return Spans(frame, amounts.scale, first, last, (*findings, *more, *carried), once=once)


def _amounts(sheet: Sheet) -> tuple[Amounts, list[Finding]]:
    column = sheet.found.columns["mrr"]
    amounts, findings = read_amounts(sheet, column)
    amounts, more = times_quantity(sheet, column, amounts)
    findings += more
    amounts, more = annual_share(amounts, column)
    return amounts, findings + more


def _months(sheet: Sheet) -> tuple[pl.Series, list[Finding]]:
    days, findings = read_days(sheet.table, sheet.found.columns["month"], sheet.rules)
    return closing_months(days, sheet.rules.dates), findings


def _refuse_changes(sheet: Sheet) -> None:
    """Ask what amounts are beside a column of words such as new and churn."""
    column = sheet.column("kind")
    if column is None or sheet.rules.shape != "auto":
        return
    words = kinds(sheet.table.text(column).unique()).unique().sort()
    told = [word for word in words if word in SIGNS]
    if len(told) < 2 or len(told) < len(words) / 2:
        return
    value = f"{column} tells of {', '.join(told[:4])}"
    fix = "--shape movements   if the amounts are changes, --shape long   if they are in force"
    raise RetcalcError(Finding("RC249", "the amounts may be changes", value=value, fix=fix))


def _carried(sheet: Sheet, months: pl.Series) -> tuple[pl.Series, list[Finding]]:
    """Last month of each row: its own, or the one before the next row where amounts carry on."""
    if sheet.rules.missing_months != "carry":
        return months, []
    keys = {"id": sheet.ids.codes, "part": pl.repeat("", len(months), eager=True)}
    if sheet.column("subscription") is not None:
        keys["part"] = sheet.table.text(sheet.found.columns["subscription"])
    rows = pl.DataFrame({**keys, "month": months, "row": row_numbers(len(months))})
    rows = rows.sort("id", "part", "month", "row")
    # rows of one month share the gap that follows it
    after = rows.group_by("id", "part", "month", maintain_order=True).first()
    after = after.with_columns(until=pl.col("month").shift(-1).over("id", "part") - 1)
    joined = rows.join(after.drop("row"), on=["id", "part", "month"], how="left", validate="m:1")
    until = joined.sort("row").select(pl.col("until").fill_null(pl.col("month")))["until"]
    missing = int((until - months).sum())
    if not missing:
        return months, []
    return until, [Finding("RC847", f"{missing} missing months carry the amount before them on")]


SHAPE = Shape("long", read, dense=True)
