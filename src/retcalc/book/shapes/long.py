"""Long panels: one row an account and month, or one a subscription and month."""

from __future__ import annotations

import polars as pl

from retcalc.book.cells import annual_share, read_amounts, read_days
from retcalc.book.dates import closing_months
from retcalc.book.shapes.grid import covered, duplicates
from retcalc.book.shapes.movements import SIGNS, kinds
from retcalc.book.sheet import Shape, Sheet, Spans, row_numbers
from retcalc.findings import Finding, RetcalcError, raise_errors


def read(sheet: Sheet) -> Spans:
    """Each row counts in its own month."""
    columns = sheet.found.columns
    _refuse_changes(sheet)
    amounts, findings = read_amounts(sheet, columns["mrr"])
    amounts, more = annual_share(amounts, columns["mrr"])
    findings += more
    days, more = read_days(sheet.table, columns["month"], sheet.rules)
    findings += more
    months = closing_months(days, sheet.rules.dates)
    later = sheet.rules.as_of is not None and bool((months > sheet.rules.as_of).any())
    once = sheet.column("subscription") is None and not later
    if not once or any(f.is_error for f in (*sheet.findings, *findings)):
        findings += duplicates(sheet, months)  # else seen when the rows are put in order
    raise_errors([*sheet.findings, *findings])
    first, last, more = covered(sheet, months)
    until, carried = _carried(sheet, months)
    frame = pl.DataFrame({"first": months, "last": until, "amount": amounts.units})
    return Spans(frame, amounts.scale, first, last, (*findings, *more, *carried), once=once)


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
