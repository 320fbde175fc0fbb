"""Long panels: one row an account and month, or one a subscription and month."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from retcalc.book.columns.header_errors import amounts_of_periods
from retcalc.book.shapes.common.amount_columns import (
    annual_share,
    one_each,
    read_amounts,
    times_quantity,
)
from retcalc.book.shapes.common.month_checks import covered, duplicates
from retcalc.book.shapes.common.periods import (
    covered_periods,
    share_of_period,
    told_of_periods,
)
from retcalc.book.shapes.common.shape import Shape, Sheet, Spans, row_numbers
from retcalc.book.values.dates import Days, closing_months
from retcalc.book.values.day_columns import read_days
from retcalc.book.values.locate import at
from retcalc.book.values.money import Amounts
from retcalc.book.values.words.kinds import LEVELS, SIGNS, kinds
from retcalc.book.values.words.notes import contradiction, kept_by, no_revenue
from retcalc.book.values.words.standing import Telling, standing
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.speed.threads import run_both
from retcalc.read.wording import count_that


def read(sheet: Sheet) -> Spans:
    """Each row counts in its own month."""
    _refuse_changes(sheet)
    read, (dated, more) = run_both(lambda: _amounts(sheet), lambda: _days(sheet))
    written, amounts, findings = read
    findings += more
    months = closing_months(dated, sheet.rules.dates)
    if dated.period > 1:
        return _of_periods(sheet, months, dated.period, amounts, findings)
    later = sheet.as_of is not None and bool((months > sheet.as_of).any())
    once = sheet.column("subscription") is None and not later
    if not once or any(f.is_error for f in (*sheet.findings, *findings)):
        findings += duplicates(sheet, months)  # else seen when the rows are put in order
    raise_errors([*sheet.findings, *findings])
    first, last, more = covered(sheet, months, None if dated.months else dated.days)
    once = once and not any(f.code == "RC864" for f in more)
    until, carried = _carried(sheet, months)
    amounts, stopped = _paying(sheet, months, last, amounts)
    frame = pl.DataFrame({"first": months, "last": until, "amount": amounts.units})
    said = (*findings, *more, *carried, *stopped)
    if sheet.rules.duplicates in ("first", "last"):
        frame, kept = _one_a_month(sheet, frame, dated.days)
        return Spans(frame, amounts.scale, first, last, (*said, *kept), parts=amounts.parts)
    own = amounts is written and sheet.column("mrr") is not None
    return Spans(
        frame,
        amounts.scale,
        first,
        last,
        said,
        once=once,
        as_written=own,
        parts=amounts.parts,
    )


def _of_periods(
    sheet: Sheet, starts: pl.Series, period: int, amounts: Amounts, findings: list[Finding]
) -> Spans:
    """Rows of quarters or years count in every month of theirs."""
    findings += duplicates(sheet, starts)
    if sheet.rules.periods == "ask":
        names = sheet.table.text(sheet.found.columns["month"]).unique().sort().to_list()
        findings.append(amounts_of_periods(names, period))
    raise_errors([*sheet.findings, *findings])
    first, last, more = covered_periods(sheet, starts, period)
    shares = share_of_period(sheet, amounts, period)
    amounts, stopped = _paying(sheet, starts, last - period + 1, shares)
    frame = pl.DataFrame({"first": starts, "last": starts + period - 1, "amount": amounts.units})
    said = (*findings, *more, *stopped, told_of_periods(sheet, period))
    return Spans(frame, amounts.scale, first, last, said, parts=amounts.parts)


def _paying(
    sheet: Sheet, months: pl.Series, last: int, amounts: Amounts
) -> tuple[Amounts, list[Finding]]:
    """Rows whose status or flag says that nobody pays count as zero in their month."""
    told, stopped = sheet.tellings(), sheet.stopped
    silent = standing(told)
    if silent is None:
        return amounts, []
    out = silent.is_in(stopped) & (amounts.units != 0)
    if not out.any():
        return amounts, []
    findings = []
    for telling in told:
        own = telling.are(stopped) & (amounts.units != 0)
        if own.any():
            findings += _as_of_today(sheet, telling, months, last, own)
            note = no_revenue(
                sheet.table, own, telling, stopped, sheet.scales, how="counted as zero"
            )
            findings.append(note)
    raise_errors(findings)
    units = pl.select(pl.when(out).then(0).otherwise(amounts.units)).to_series()
    return replace(amounts, units=units), findings


def _as_of_today(
    sheet: Sheet, telling: Telling, months: pl.Series, last: int, paid: pl.Series
) -> list[Finding]:
    """Ask where all rows of accounts that have gone say that they left: that may be of today.

    Then the status was joined to the rows of the time before, which were paid.
    """
    over = telling.are(["ended"]) & kept_by(sheet.rules.filters, telling)
    if not (over & paid).any():
        return []
    rows = pl.DataFrame({"id": sheet.ids.codes, "month": months, "over": over, "paid": paid})
    lives = rows.group_by("id").agg(
        pl.col("over").all().alias("all"), pl.col("over").any(), pl.col("month").max(), pl.len()
    )
    lives = lives.filter("over")
    gone = lives.filter(pl.col("all") & (pl.col("month") < last) & (pl.col("len") > 1))
    if 2 * gone.height <= lives.height:
        return []
    mask = over & paid & sheet.ids.codes.is_in(gone["id"].implode())
    why = "all months of these accounts say so, which then end: it may be as of today"
    return [contradiction(sheet.table, mask, telling, why, sheet.scales)]


def _one_a_month(
    sheet: Sheet, frame: pl.DataFrame, days: pl.Series
) -> tuple[pl.DataFrame, list[Finding]]:
    """One row an account (and subscription) and month: the first or the last, as the rules say.

    Where a month is a series of snapshots of everybody, those of its first or last day count.
    """
    policy, unit = sheet.rules.duplicates, sheet.column("subscription")
    rows = frame.with_columns(
        row=row_numbers(frame.height),
        id=sheet.ids.codes,
        unit=sheet.table.text(unit) if unit else pl.lit(""),
        day=days,
    )
    key = ["id", "unit", "first"]
    if not rows.select(pl.struct(key).is_duplicated().any()).item():
        return frame, []
    edge = pl.col("day").max() if policy == "last" else pl.col("day").min()
    marked = rows.with_columns(edge=edge.over("first") == pl.col("day"))
    everybody = marked.filter("edge").select(key).unique().height
    if 2 * everybody >= rows.select(key).unique().height and days.n_unique() > 1:
        rows = marked.filter("edge").drop("edge")
    chosen = rows.sort("day", "row", descending=policy == "last")
    kept = chosen.unique(key, keep="first", maintain_order=True).sort("row")
    out = ~row_numbers(frame.height).is_in(kept["row"].implode())
    column = sheet.found.columns["month"]
    note = Finding("RC869", f"of several rows of an account in a month the {policy} counts")
    note = sheet.scales.without(sheet.table, out, at(sheet.table, out, column, note), limited=False)
    return kept.select("first", "last", "amount", "row"), [note]


def _amounts(sheet: Sheet) -> tuple[Amounts, Amounts, list[Finding]]:
    """The amounts as they are written, and as the MRR of their month; one value where both are."""
    column = sheet.column("mrr")
    if column is None:
        return one_each(sheet), one_each(sheet), []
    written, findings = read_amounts(sheet, column)
    amounts, more = times_quantity(sheet, column, written)
    findings += more
    amounts, more = annual_share(amounts, column)
    return written, amounts, findings + more


def _days(sheet: Sheet) -> tuple[Days, list[Finding]]:
    return read_days(sheet.table, sheet.found.columns["month"], sheet.rules, periods=True)


def _refuse_changes(sheet: Sheet) -> None:
    """Ask what amounts are beside a column of words such as new and churn."""
    column = sheet.column("kind")
    if column is None or sheet.rules.shape != "auto":
        return
    told = kinds(sheet.table.text(column), sheet.rules.words)
    moves = told.unique().sort()
    known = [word for word in moves if word in SIGNS]
    if len(known) < 2 or len(known) < len(moves) / 2:
        return
    if (told.is_in(list(LEVELS)) & sheet.scales.paying(sheet.table)).any():  # nothing changed them
        return
    value = f"{column} tells of {', '.join(known[:4])}"
    fix = "--shape movements   if the amounts are changes, --shape states   if each holds until "
    fix += "the next, --shape long   if they are in force in their month"
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
    return until, [
        Finding(
            "RC847",
            f"{count_that(missing, 'missing month', 'carries', 'carry')} the amount before them on",
        )
    ]


SHAPE = Shape("long", read, dense=True)
