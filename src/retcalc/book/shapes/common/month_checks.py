"""Checks of rows that stand for one month each: duplicates, and months nobody has a row in."""

from __future__ import annotations

import polars as pl

from retcalc.book.shapes.common.closing_month import named_ahead
from retcalc.book.shapes.common.shape import Sheet
from retcalc.book.values.locate import at, spots
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import format_month
from retcalc.core.speed.packed_sort import all_differ, ends
from retcalc.read import FILE
from retcalc.read.wording import counted

_SOME = 100_000  # rows
_FEW_ROWS = 10  # of the month before, so that half of them says something
_SOME_DAYS = 3


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
    if sheet.rules.duplicates in ("first", "last") and months is not None:
        return []
    if sheet.rules.duplicates == "sum":
        note = Finding("RC844", "rows that share account and month are summed")
        return [at(sheet.table, twice, column, note)]
    if months is not None and (both := _same_month_in_files(sheet, rows, months, twice)):
        fix = "leave one of the files out; --duplicates last   keeps the rows of the last one"
        error = Finding("RC219", "a month stands in two files", value=both, fix=fix)
        return [at(sheet.table, twice, column, error)]
    when = "" if months is None else f" in {format_month(months.filter(twice)[0])}"
    value = f'"{sheet.ids.texts.filter(twice)[0]}" has more than one row{when}'
    fix = _which_of_them(sheet, rows.filter(twice), twice, months)
    error = Finding("RC219", "duplicate account and month", value=value, fix=fix)
    return [at(sheet.table, twice, column, error)]


def _same_month_in_files(
    sheet: Sheet, keys: pl.DataFrame, months: pl.Series, twice: pl.Series
) -> str | None:
    """Say which files hold a month that each of them holds once; None where that is not it."""
    files = sheet.table.frame[FILE]
    if keys.with_columns(file=files).is_duplicated().any():
        return None
    month = int(months.filter(twice)[0])
    names = [sheet.table.sources[i].path for i in files.filter(months == month).unique().sort()]
    return f"{format_month(month)} is in {' and in '.join(names)}"


def _which_of_them(
    sheet: Sheet, keys: pl.DataFrame, twice: pl.Series, months: pl.Series | None
) -> str:
    """The ways to settle rows of one account and month, the likeliest first."""
    adds = "--duplicates sum   adds them up"
    if months is None:
        return adds
    last = "--duplicates last   keeps the last of each month (also of daily snapshots)"
    first = "--duplicates first   keeps one of each"
    amount, month = (sheet.column(role) for role in ("mrr", "month"))
    if month is not None:
        days = keys.with_columns(day=sheet.table.text(month).filter(twice))
        if not days.is_duplicated().any():  # several days of a month
            return f"{last}; {adds}"
    if amount is not None:
        cells = keys.with_columns(amount=sheet.table.text(amount).filter(twice))
        if cells.is_duplicated().all():  # the same row again
            return f"{first}; {adds}"
    return f"{adds}; {last}"


def covered(
    sheet: Sheet, months: pl.Series, days: pl.Series | None = None
) -> tuple[int, int, list[Finding]]:
    """First and last month of rows; a hole between them is an error or, when asked, zero.

    ``days`` are those of the rows where they have them: a last month that is not over yet is no
    closing month unless it is asked for. Rows far after all others set no window.
    """
    first, last, rules, findings = *ends(months), sheet.rules, list[Finding]()
    empty = _empty(months, first, last)
    if empty and sheet.as_of is None:
        far, named = named_ahead(sheet, months, sheet.found.columns["month"], "row")
        if far is not None:
            findings += named
            months = months.filter(~far)
            days = None if days is None else days.filter(~far)
            first, last = ends(months)
            empty = _empty(months, first, last)
    elif empty:
        empty = [month for month in empty if month <= (sheet.as_of or last)]
    if empty and not rules.allow_empty_months:
        raise RetcalcError(_hole(sheet, months, empty))
    if empty:
        findings.append(
            Finding(
                "RC843",
                f"no row in {counted(len(empty), 'month')}, counted as zero",
            )
        )
    if sheet.as_of is not None and first <= sheet.as_of < last:
        later = int((months > sheet.as_of).sum())
        text = f"left out: {counted(later, 'row')} after {format_month(sheet.as_of)}"
        findings.append(Finding("RC842", text))
        last = sheet.as_of
    if sheet.as_of is None and last > first:
        findings += (cut := _incomplete(months, days, last))
        last -= len(cut)
    return first, last, findings


def _empty(months: pl.Series, first: int, last: int) -> list[int]:
    """Months between the first and the last that no row is of."""
    for some in (months.head(_SOME), months):  # the first rows mostly settle it
        empty = sorted(set(range(first, last)) - set(some.unique()))
        if not empty:
            break
    return empty


def _incomplete(months: pl.Series, days: pl.Series | None, last: int) -> list[Finding]:
    """Say that the last month is not over: its days stop early, or it has far fewer rows."""
    named = months.alias("month")
    counts = named.value_counts(sort=False).sort("month")
    rows, before = (int(n) for n in (counts["count"][-1], counts["count"][-2]))
    less = f"{format_month(last)} has {counted(rows, 'row')}, the month before {before:,}"
    few = before >= _FEW_ROWS and 2 * rows < before
    early = None if days is None or rows >= before else _stops_early(named, days)
    if not few and early is None:
        return []
    why = less if early is None else f"the days of {format_month(last)} end on {early}"
    text = f"{why}: it is taken as incomplete, and {format_month(last - 1)} closes"
    return [Finding("RC864", text, fix=f"--as-of {format_month(last)}  if it is complete")]


def _stops_early(months: pl.Series, days: pl.Series) -> str | None:
    """The last day of the last month where earlier months go on for days; None where not."""
    ends = pl.DataFrame({"month": months, "day": days.dt.day()}).group_by("month")
    latest = ends.agg(pl.col("day").max().cast(pl.Int64)).sort("month")["day"]
    usual = int(latest[:-1].median() or 0)  # type: ignore[arg-type]
    return f"day {latest[-1]}" if latest[-1] + _SOME_DAYS < usual else None


def _hole(sheet: Sheet, months: pl.Series, empty: list[int]) -> Finding:
    before, column = empty[0] - 1, sheet.found.columns["month"]
    after = int(months.filter(months > before).min())  # type: ignore[arg-type]
    # One mistyped date leaves few rows on its side of the hole: that side is named first.
    sides = (after, before) if 2 * int((months > before).sum()) <= len(months) else (before, after)
    beside = [spots(sheet.table, months == m, column)[0] for m in sides]
    more = f" and {counted(len(empty) - 1, 'other month')}" if len(empty) > 1 else ""
    value = f"nobody has a row in {format_month(empty[0])}{more}; the next is {format_month(after)}"
    fix = "correct the date or complete the export; --allow-empty-months  counts them as zero"
    position = sheet.table.header.index(column) + 1
    message = "a month without any row"
    return Finding("RC233", message, tuple(beside), position, column, value, fix)
