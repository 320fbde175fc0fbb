"""Checks of rows that stand for one month each: duplicates, and months nobody has a row in."""

from __future__ import annotations

import polars as pl

from retcalc.book.shapes.common.shape import Sheet
from retcalc.book.values.locate import at, spots
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import format_month
from retcalc.core.speed.packed_sort import all_differ, ends

_SOME = 100_000  # rows


def duplicates(sheet: Sheet, months: pl.Series | None) -> list[Finding]:
    """Two rows for one account and month are an error or, when asked, a sum.

    Several subscriptions of one account are no duplicates. ``months`` None: one row an account.
    """
    keys = {"id": sheet.ids.codes}
    if months is not None:
        keys["month"] = months
    subscription = sheet.column("subscription")
    if subscription is not None:
        keys["subscription"] = sheet.table.text(subscription)
    rows = pl.DataFrame(keys)
    if all_differ(rows):
        return []
    twice = rows.is_duplicated()
    if months is not None:
        twice = twice & months.is_not_null()
    if not twice.any():
        return []
    column = sheet.found.columns["customer"]
    if sheet.rules.duplicates == "sum":
        note = Finding("RC844", "rows that share account and month are summed")
        return [at(sheet.table, twice, column, note)]
    when = "" if months is None else f" in {format_month(months.filter(twice)[0])}"
    value = f'"{sheet.ids.texts.filter(twice)[0]}" has more than one row{when}'
    fix = "--duplicates sum   adds them up; else correct the export"
    error = Finding("RC219", "duplicate account and month", value=value, fix=fix)
    return [at(sheet.table, twice, column, error)]


def covered(sheet: Sheet, months: pl.Series) -> tuple[int, int, list[Finding]]:
    """First and last month of rows; a hole between them is an error or, when asked, zero."""
    first, last, rules, findings = *ends(months), sheet.rules, list[Finding]()
    for some in (months.head(_SOME), months):  # the first rows mostly settle it
        empty = sorted(set(range(first, last)) - set(some.unique()))
        if not empty:
            break
    if empty and not rules.allow_empty_months:
        raise RetcalcError(_hole(sheet, months, empty))
    if empty:
        findings.append(Finding("RC843", f"{len(empty)} months without any row count as zero"))
    if sheet.as_of is not None and first <= sheet.as_of < last:
        later = int((months > sheet.as_of).sum())
        text = f"{later} rows after {format_month(sheet.as_of)} are left out"
        findings.append(Finding("RC842", text))
        last = sheet.as_of
    return first, last, findings


def _hole(sheet: Sheet, months: pl.Series, empty: list[int]) -> Finding:
    before, column = empty[0] - 1, sheet.found.columns["month"]
    after = int(months.filter(months > before).min())  # type: ignore[arg-type]
    # One mistyped date leaves few rows on its side of the hole: that side is named first.
    sides = (after, before) if 2 * int((months > before).sum()) <= len(months) else (before, after)
    beside = [spots(sheet.table, months == m, column)[0] for m in sides]
    more = f" and {len(empty) - 1} other months" if len(empty) > 1 else ""
    value = f"nobody has a row in {format_month(empty[0])}{more}; the next is {format_month(after)}"
    fix = "correct the date or complete the export; --allow-empty-months  counts them as zero"
    position = sheet.table.header.index(column) + 1
    message = "a month without any row"
    return Finding("RC233", message, tuple(beside), position, column, value, fix)
