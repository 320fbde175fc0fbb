"""Up to which month dated rows speak, where nobody says it with --as-of."""

from __future__ import annotations

from datetime import date

import polars as pl

from retcalc.book.shapes.common.active_months import last_complete_month
from retcalc.book.shapes.common.shape import Sheet
from retcalc.book.values.dates import Days, closing_months
from retcalc.book.values.locate import at
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import format_month
from retcalc.read.wording import counted

# rows below which, and how many months apart and how often the longest gap before it a gap must be:
# where rows are scarce, gaps are common
_GAPS = ((10, 24, 3), (100, 2, 3))
_MANY = 1, 1
_FEW = 100  # rows of which one may be far ahead


def closing_month(sheet: Sheet, start: Days, column: str) -> tuple[int, list[Finding]]:
    """The month that was asked for, else the last complete one that rows start in.

    Where all rows start in one month, it is that one. Starts far after all others are slips or
    plans: they are named and set no window. Raises RC203 where no row has a day.
    """
    if sheet.as_of is not None:
        return sheet.as_of, []
    far, findings = named_ahead(sheet, closing_months(start, sheet.rules.dates), column, "start")
    latest = last_complete_month(start, sheet.rules.dates, far)
    if latest is None:
        raise RetcalcError(Finding("RC203", f"{sheet.file} has no dated rows"))
    earliest = closing_months(start, sheet.rules.dates).min()
    if isinstance(earliest, int) and latest < earliest:
        text = f"all rows start in {format_month(earliest)}, which has not ended in the data"
        fix = f"--as-of {format_month(earliest)}   if it is complete"
        note = Finding("RC864", f"{text}; it is the closing month", fix=fix)
        return earliest, [*findings, note]
    return latest, findings


def far_ahead(months: pl.Series) -> tuple[int, int] | None:
    """The month from which few rows lie far behind all others, and the last month of these."""
    counts = months.drop_nulls().value_counts(sort=False).sort(by=months.name)
    index, rows = counts[:, 0], counts["count"]
    gaps = index.diff().fill_null(0)
    least, times = next(((g, t) for few, g, t in _GAPS if int(rows.sum()) < few), _MANY)
    wide = (gaps > least) & (gaps > times * gaps.shift(1).cum_max().fill_null(0))
    behind = rows.reverse().cum_sum().reverse()
    tails = index.filter(wide & (behind <= max(1, int(rows.sum()) // _FEW)))
    if tails.is_empty():
        return None
    return tails[0], int(index.filter(index < tails[0]).max() or 0)  # type: ignore[arg-type]


def named_ahead(
    sheet: Sheet, months: pl.Series, column: str, what: str
) -> tuple[pl.Series | None, list[Finding]]:
    """Mark and name the few rows far after all others, which set no window."""
    found = far_ahead(months)
    if found is None:
        return None, []
    tail, before = found
    ahead = (months >= tail).fill_null(value=False)
    verb, they = ("lies", "it sets") if ahead.sum() == 1 else ("lie", "they set")
    text = f"{counted(int(ahead.sum()), what)} {verb} far after the others, which end in "
    text += f"{format_month(before)}; {they} no window"
    until = format_month(int(months.max()))  # type: ignore[arg-type]
    holes = " --allow-empty-months" if what == "row" else ""
    note = Finding("RC860", text, fix=f"--as-of {until}{holes}   if it is right; else correct it")
    return ahead, [at(sheet.table, ahead, column, note)]


def all_ended(sheet: Sheet, end: Days, last: int) -> list[Finding]:
    """Say that every row has an end; refuse (RC151) a month asked for behind all of them."""
    latest = end.days.max()
    if not isinstance(latest, date) or end.days.is_null().any():
        return []
    until = int(closing_months(end, sheet.rules.dates).max() or 0)  # type: ignore[arg-type]
    if last > until and sheet.as_of is not None:
        value = f"every row ends, the last on {latest}"
        fix = f"--as-of {format_month(until)}"
        message = f"there is no month {format_month(last)} in the data"
        raise RetcalcError(Finding("RC151", message, value=value, fix=fix))
    text = f"every row of the export has an end, the last on {latest}: nobody runs on"
    return [Finding("RC861", text)]
