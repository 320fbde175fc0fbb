"""Customer snapshots: tenure and a churn flag, which tell of accounts but not of revenue."""

from __future__ import annotations

import polars as pl

from retcalc.book.shapes.common.amount_columns import read_words
from retcalc.book.shapes.common.shape import Shape, Sheet, Spans, row_numbers
from retcalc.book.shapes.subscriptions import monthly_amounts
from retcalc.book.values.locate import at
from retcalc.core.findings import Finding, raise_errors
from retcalc.core.months import month_index
from retcalc.read.wording import count_that

FLAGS = {
    **dict.fromkeys(("yes", "y", "true", "t", "1", "churned", "left", "exited"), True),
    **dict.fromkeys(("no", "n", "false", "f", "0", "stayed", "active", "existing"), False),
}
_EARLIEST = month_index(2000, 1)


def read(sheet: Sheet) -> Spans:
    """An account of tenure n came n months before the snapshot; one that churned left in it.

    One that churned had been there: of tenure 0 it came the month before.
    """
    tenure, findings = _tenure(sheet)
    error = Finding("RC240", "not a churn flag", fix="write yes or no")
    churned, more = read_words(sheet, sheet.found.columns["churned"], FLAGS, error)
    amounts, told = monthly_amounts(sheet)
    findings += told
    raise_errors([*sheet.findings, *findings, *more])
    longest = int(tenure.max() or 0)  # type: ignore[arg-type]
    at_month = _EARLIEST + longest if sheet.as_of is None else sheet.as_of
    first = at_month - pl.max_horizontal(pl.lit(tenure), pl.lit(churned).cast(pl.Int32))
    frame = pl.DataFrame({"row": row_numbers(len(tenure)), "amount": amounts.units}).with_columns(
        first=first.cast(pl.Int32), last=(at_month - churned.cast(pl.Int32)).cast(pl.Int32)
    )
    notes = [*told, *_dateless(sheet), *_begun_now(tenure, churned)]
    return Spans(frame, amounts.scale, at_month - max(longest, 1), at_month, tuple(notes))


def _dateless(sheet: Sheet) -> list[Finding]:
    if sheet.as_of is not None:
        return []
    text = "the export has no dates: it tells who left, not when"
    fix = "--as-of 2026-10   or the month that it was taken in"
    return [Finding("RC826", text, fix=fix)]


def _begun_now(tenure: pl.Series, churned: pl.Series) -> list[Finding]:
    """Say how those of tenure 0 count, and what churn is with them."""
    new = int(((tenure == 0) & ~churned).sum())
    if not new:
        return []
    every, left = len(tenure), int(churned.sum())
    text = f"{count_that(new, 'account', 'is', 'are')} of tenure 0 and new, not in the opening; "
    text += f"churn of all {every:,} in the file, with them: {left:,}, {left / every:.1%}"
    return [Finding("RC892", text)]


def _tenure(sheet: Sheet) -> tuple[pl.Series, list[Finding]]:
    column = sheet.found.columns["tenure"]
    text = sheet.table.text(column).str.strip_chars()
    plain = text.str.replace(r"\.0+$", "")
    bad = ~plain.str.contains(r"^[0-9]{1,4}$")
    months = pl.select(pl.when(bad).then(pl.lit("0")).otherwise(plain)).to_series().cast(pl.Int32)
    if not bad.any():
        return months, []
    value = f'"{text.filter(bad)[0]}" is no whole number of months'
    error = Finding("RC239", "not a tenure in months", value=value, fix="write whole months")
    return months, [at(sheet.table, bad, column, error)]


SHAPE = Shape("snapshot", read, starts_known=True, open_ended=True)
