"""Wide sheets: one row an account, one column a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from retcalc.book.shapes.common.amount_columns import month_share, read_amounts
from retcalc.book.shapes.common.closing_month import far_ahead
from retcalc.book.shapes.common.month_checks import duplicates
from retcalc.book.shapes.common.periods import share_of_period, told_of_periods
from retcalc.book.shapes.common.shape import Shape, Sheet, Spans, row_numbers
from retcalc.book.values.day_columns import text_of
from retcalc.book.values.money import Amounts
from retcalc.book.values.words.notes import contradiction, kept_by, no_revenue
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.months import format_month
from retcalc.read import Table
from retcalc.read.wording import counted

_NOTHING = ["", "-", "–", "—"]


def read(sheet: Sheet) -> Spans:
    """Each cell counts in the month of its column; an empty one counts as zero."""
    findings = [*duplicates(sheet, None), *_twice(sheet)]
    months, more = _filled(sheet)
    findings += more
    clean = replace(sheet, table=_without_dashes(sheet.table, list(months)))
    read_columns = [
        read_amounts(clean, name, blank_is_zero=True, beside=list(months)) for name in months
    ]
    notes = [f for _, found in read_columns for f in found if not f.is_error]
    findings += [f for _, found in read_columns for f in found if f.is_error]
    findings += {note.code: note for note in reversed(notes)}.values()
    raise_errors([*sheet.findings, *findings])
    parsed, more = _paying(sheet, [amounts for amounts, _ in read_columns])
    findings += [*_blanks(parsed), *more]
    period = sheet.found.period
    if period > 1:
        parsed = [share_of_period(sheet, amounts, period) for amounts in parsed]
        findings.append(told_of_periods(sheet, period))
    unit = max(a.scale for a in parsed), max(a.parts for a in parsed)
    frames = [_column(m, period, a, unit) for m, a in zip(months.values(), parsed, strict=True)]
    findings += _holes(sheet, [m + n for m in months.values() for n in range(period)])
    first, last = min(months.values()), max(months.values()) + period - 1
    as_of = sheet.as_of
    if as_of is not None and first <= as_of < last:
        findings.append(Finding("RC842", f"months after {format_month(as_of)} are left out"))
        last = as_of
    scale, parts = unit
    return Spans(pl.concat(frames), scale, first, last, tuple(findings), parts=parts)


def _paying(sheet: Sheet, parsed: list[Amounts]) -> tuple[list[Amounts], list[Finding]]:
    """The months of rows whose status or flag, which is as of the last month, denies its amount.

    Trials and deleted rows never count; whether the months of one who left do is a question.
    """
    told, findings = sheet.tellings(), list[Finding]()
    paid = parsed[-1].units != 0
    never = pl.repeat(value=False, n=len(paid), dtype=pl.Boolean, eager=True)
    for telling in told:
        none = telling.are(["none"]) & paid
        over = telling.are(sheet.stopped) & ~none & paid & kept_by(sheet.rules.filters, telling)
        if over.any():
            why = "the last month has an amount"
            findings.append(contradiction(sheet.table, over, telling, why, sheet.scales))
        if none.any():
            findings.append(no_revenue(sheet.table, none, telling, ["none"], sheet.scales))
        never = never | none
    raise_errors(findings)
    if not never.any():
        return parsed, findings
    return [_without(amounts, never) for amounts in parsed], findings


def _without(amounts: Amounts, rows: pl.Series) -> Amounts:
    units = pl.select(pl.when(rows).then(0).otherwise(amounts.units)).to_series()
    return replace(amounts, units=units)


def _column(month: int, period: int, amounts: Amounts, unit: tuple[int, int]) -> pl.DataFrame:
    """Rows of one column in a common unit: decimals, and parts that these are split into."""
    finer = 10 ** (unit[0] - amounts.scale) * (unit[1] // amounts.parts)
    units = month_share(amounts, pl.DataFrame({"times": [finer], "over": [1]})).units
    rows = pl.DataFrame({"row": row_numbers(len(units)), "amount": units.cast(pl.Int128)})
    first, last = pl.lit(month, pl.Int32), pl.lit(month + period - 1, pl.Int32)
    return rows.select("row", first.alias("first"), last.alias("last"), "amount").filter(
        pl.col("amount") != 0
    )


def _without_dashes(table: Table, columns: Sequence[str]) -> Table:
    texts = [c for c in columns if table.frame.schema[c] == pl.String]
    empty = [
        pl.when(pl.col(c).str.strip_chars().is_in(_NOTHING)).then(pl.lit("")).otherwise(c).alias(c)
        for c in texts
    ]
    return replace(table, frame=table.frame.with_columns(empty))


def _filled(sheet: Sheet) -> tuple[dict[str, int], list[Finding]]:
    """The month columns without those at either end that nobody has an entry in."""
    ordered = sorted(sheet.found.months.items(), key=lambda item: item[1])
    frame = sheet.table.frame
    used = [not text_of(frame[c]).str.strip_chars().is_in(_NOTHING).all() for c, _ in ordered]
    if not any(used):
        raise RetcalcError(Finding("RC203", f"{sheet.file} has no amount in any month"))
    begin, end = used.index(True), len(used) - used[::-1].index(True)
    kept, dropped = dict(ordered[begin:end]), [*ordered[:begin], *ordered[end:]]
    if not dropped:
        return kept, []
    names = ", ".join(name for name, _ in dropped[:4]) + (" …" if len(dropped) > 4 else "")
    return kept, [Finding("RC819", f"months at the ends without any entry are left out: {names}")]


def _blanks(parsed: Sequence[Amounts]) -> list[Finding]:
    blank = sum(int(amounts.blank.sum()) for amounts in parsed)
    return [Finding("RC819", f"{blank} empty cells of months count as zero")] if blank else []


def _twice(sheet: Sheet) -> list[Finding]:
    """Two columns for one month are an error: nothing says which one counts."""
    months = sheet.found.months
    by_month: dict[int, list[str]] = {}
    for name, month in months.items():
        by_month.setdefault(month, []).append(name)
    return [
        Finding(
            "RC207",
            f"more than one column is the month {format_month(month)}",
            column=sheet.table.header.index(names[1]) + 1,
            header=names[1],
            value=f"the columns {', '.join(map(repr, names))}",
            fix="leave one of them out of the export",
        )
        for month, names in by_month.items()
        if len(names) > 1
    ]


def _holes(sheet: Sheet, months: Sequence[int]) -> list[Finding]:
    until = max(months) if sheet.as_of is None else min(sheet.as_of, max(months))
    missing = sorted(set(range(min(months), until)) - set(months))
    if not missing:
        return []
    if sheet.rules.allow_empty_months:
        return [
            Finding(
                "RC843",
                f"no column for {counted(len(missing), 'month')}, counted as zero",
            )
        ]
    listed = ", ".join(format_month(m) for m in missing[:6])
    value = f"there is no column for {listed}{' …' if len(missing) > 6 else ''}"
    fix = "complete the sheet; --allow-empty-months  counts them as zero"
    far = far_ahead(pl.Series("month", months))
    if far is not None and far[2]:
        value += f"; {format_month(max(months))} stands far after the others"
        fix = f"--as-of {format_month(far[1])}   leaves it out; or correct its header"
    raise RetcalcError(Finding("RC233", "a month without any row", value=value, fix=fix))


SHAPE = Shape("wide", read)
