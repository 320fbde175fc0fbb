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

# a gap in front of the last rows says something where it is longer than so many months, and than so
# many times the longest gap before it; the fewer the rows, the longer
_GAPS = ((10, 24, 1), (100, 2, 2))
_MANY = 1, 1
_YEAR = 12  # months, behind which a start is a slip or a plan in a small file too
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


def far_ahead(months: pl.Series) -> tuple[int, int, bool] | None:
    """The month from which few rows lie after a gap behind all others, and the last month of these.

    And whether they are too far to set the window: in a small file the newest row may be the first
    one for months.
    """
    counts = months.drop_nulls().value_counts(sort=False).sort(by=months.name)
    index, rows = counts[:, 0], counts["count"]
    gaps, whole = index.diff().fill_null(0), int(rows.sum())
    least, times = next(((g, t) for few, g, t in _GAPS if whole < few), _MANY)
    wide = (gaps > least) & (gaps > times * gaps.shift(1).cum_max().fill_null(0))
    behind = rows.reverse().cum_sum().reverse()
    tails = index.filter(wide & (behind <= max(1, whole // _FEW)))
    if tails.is_empty():
        return None
    tail, before = int(tails[0]), int(index.filter(index < tails[0]).max() or 0)  # type: ignore[arg-type]
    return tail, before, whole >= _FEW or tail - before > _YEAR


def named_ahead(
    sheet: Sheet, months: pl.Series, column: str, what: str
) -> tuple[pl.Series | None, list[Finding]]:
    """Name the few rows far after all others; mark them where they set no window."""
    found = far_ahead(months)
    if found is None:
        return None, []
    tail, before, far = found
    ahead = (months >= tail).fill_null(value=False)
    one, until = ahead.sum() == 1, format_month(int(months.max()))  # type: ignore[arg-type]
    how = "far" if far else counted(tail - before, "month")
    text = f"{counted(int(ahead.sum()), what)} {'lies' if one else 'lie'} {how} after the others, "
    text += f"which end in {format_month(before)}; {'it sets' if one else 'they set'} "
    text += "no window" if far else "the window"
    holes = " --allow-empty-months" if what == "row" else ""
    fix = f"--as-of {until}{holes}   if it is right; else correct it"
    if not far:
        fix = f"--as-of {format_month(before)}   if that is the last month"
    note = at(sheet.table, ahead, column, Finding("RC860", text, fix=fix))
    if not far:
        return None, [note]
    return ahead, [sheet.scales.without(sheet.table, ahead, note, limited=False)]


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
