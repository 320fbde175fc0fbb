"""When subscriptions begin and end: trials, churn dates, terms, and what the status says."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace

import polars as pl

from retcalc.book.shapes.common.amount_columns import read_counts
from retcalc.book.shapes.common.row_ends import read_ends, settle_ends
from retcalc.book.shapes.common.shape import Sheet
from retcalc.book.values.dates import Days
from retcalc.book.values.day_columns import read_days, text_of
from retcalc.book.values.locate import at
from retcalc.book.values.words.standing import standing, told_by
from retcalc.core.findings import Finding
from retcalc.read.wording import counted


@dataclass(frozen=True, slots=True)
class Life:
    """When each row runs: written ``start``, first day with revenue, exclusive end.

    The end is null while running. ``away`` (paused, resumed: first day without and first day with
    revenue again, null where there was no pause) tells of pauses that are over. ``stopped`` rows
    are paused or unpaid as of the export, and no column says since when.
    """

    start: Days
    paying: Days
    end: Days
    stopped: pl.Series
    away: pl.DataFrame | None = None


def read_life(sheet: Sheet) -> tuple[Life, list[Finding]]:
    """Start and end of every row under the rules that were chosen."""
    start, findings = days_of(sheet, sheet.found.columns["start"], blank_ok=False)
    findings = [_without_start(sheet, f) for f in findings]
    paying, more = _after_trial(sheet, start)
    findings += more
    end, more = _end(sheet, start)
    findings += more
    away, more = _pauses(sheet)
    findings += more
    told = sheet.tellings()
    status = standing(told)
    if status is None:
        stopped = pl.repeat(value=False, n=len(end.days), dtype=pl.Boolean, eager=True)
        return Life(start, paying, end, stopped, away), findings
    end, more = _renewed(sheet, status, start, end)
    findings += more
    end, stopped, more = _stops(sheet, status, end)
    findings += more
    end, more = _when_cancelled(sheet, status, end)
    findings += more
    undated = (status == "ended") & end.days.is_null()
    if undated.any():
        findings.append(_undated(sheet, undated, told_by(told, "ended", undated)))
    return Life(start, paying, end, stopped, away), findings


def _without_start(sheet: Sheet, finding: Finding) -> Finding:
    """The fix for rows without a start: lines that are paid once, or rows to leave out."""
    if finding.code != "RC226":
        return finding
    fix = "--skip-bad-rows   leaves such rows out; or fill it in the export"
    if sheet.column("end") is not None:
        one_off = "--shape invoices --undated one-off   where rows without dates are paid once"
        fix = f"{one_off}   or  {fix}"
    return replace(finding, fix=fix)


def _undated(sheet: Sheet, rows: pl.Series, column: str) -> Finding:
    """Refuse rows that have ended on a day that nothing tells."""
    value = f"{column} says that it ended, and no column says when"
    fix = (
        f"--skip-bad-rows   leaves such rows out; --ignore {shlex.quote(column)}   lets them run; "
    )
    fix += "or name the column with --end-column"
    error = Finding("RC209", "ended, but nothing says when", value=value, fix=fix)
    return at(sheet.table, rows, column, error)


def _pauses(sheet: Sheet) -> tuple[pl.DataFrame | None, list[Finding]]:
    """First day of each pause that is over, and the day it ended; None where none counts."""
    columns = [sheet.column(role) for role in ("paused", "resumed")]
    if None in columns or sheet.rules.billing.paused == "keep":
        return None, []
    (paused, findings), (resumed, more) = (days_of(sheet, c or "") for c in columns)
    over = (resumed.days > paused.days).fill_null(value=False)
    if not over.any():
        return None, [*findings, *more]
    away = pl.select(
        paused=pl.when(over).then(paused.days), resumed=pl.when(over).then(resumed.days)
    )
    text = "pauses that are over have no MRR until they are resumed (--paused drop)"
    note = at(sheet.table, over, columns[0] or "", Finding("RC865", text, fix="--paused keep"))
    return away, [*findings, *more, note]


def _when_cancelled(sheet: Sheet, status: pl.Series, end: Days) -> tuple[Days, list[Finding]]:
    """Rows that have ended and do not say when end on the day of their cancellation."""
    column = sheet.column("cancelled")
    lacking = (status == "ended") & end.days.is_null()
    if column is None or column == sheet.column("end") or not lacking.any():
        return end, []
    told, _, findings = read_ends(sheet, column, utc=is_utc(sheet))
    found = lacking & told.days.is_not_null()
    if not found.any():
        return end, findings
    rows = counted(int(found.sum()), "ended row")
    text = f"{rows} without an end of its own end on the day of {column}"
    note = at(sheet.table, found, column, Finding("RC899", text))
    days = pl.select(pl.when(found).then(told.days).otherwise(end.days)).to_series()
    return replace(end, days=days), [*findings, note]


def _renewed(sheet: Sheet, status: pl.Series, start: Days, end: Days) -> tuple[Days, list[Finding]]:
    """Where the export writes terms, an active row has been renewed beyond a term that is over."""
    preset = sheet.found.preset
    if preset is None or not preset.renews:
        return end, []
    live = status.is_in(["live", "past_due", "unknown"])
    passed = (end.days <= start.days.max()).fill_null(value=False) & live
    if not passed.any():
        return end, []
    text = "rows run on beyond their end date: their status is active"
    note = at(sheet.table, passed, sheet.found.columns["end"], Finding("RC818", text))
    days = pl.select(pl.when(~passed).then(end.days)).to_series()
    return replace(end, days=days), [note]


def days_of(sheet: Sheet, column: str, *, blank_ok: bool = True) -> tuple[Days, list[Finding]]:
    """The days of a column; blank ones are null, or errors."""
    return read_days(sheet.table, column, sheet.rules, blank_ok=blank_ok, utc=is_utc(sheet))


def is_utc(sheet: Sheet) -> bool:
    """Tell whether the known export writes its times in UTC."""
    preset = sheet.found.preset
    return preset is not None and preset.zone == "UTC"


def _end(sheet: Sheet, start: Days) -> tuple[Days, list[Finding]]:
    """The exclusive end of each row under the rule that was chosen."""
    column, rules = sheet.column("end"), sheet.rules.billing
    findings: list[Finding] = []
    if column is None:
        none = pl.repeat(None, len(start.days), dtype=pl.Date, eager=True)
        end = replace(start, days=none, cells=none)
        if sheet.column("term") is None:
            findings.append(
                Finding("RC836", "no end column: every subscription is taken as running")
            )
    else:
        end, settled, findings = read_ends(sheet, column, utc=is_utc(sheet))
        findings += backwards(sheet, column, start, end)
        how, more = settle_ends(sheet, column, start, end, settled)
        findings += more
        if how == "inclusive":
            later = pl.when(settled).then(end.days).otherwise(end.days.dt.offset_by("1d"))
            end = replace(end, days=pl.select(later).to_series())
    if sheet.column("term") is not None:
        end, more = _by_term(sheet, start, end)
        findings += more
    if rules.churn_date == "end":
        return end, findings
    return _by_churn_date(sheet, end, findings)


def _by_term(sheet: Sheet, start: Days, end: Days) -> tuple[Days, list[Finding]]:
    """Rows without an end run for their term of months, where they state one."""
    term = sheet.found.columns["term"]
    counts, findings = read_counts(sheet, term, blank=0)
    months = (counts["times"] // counts["over"]).cast(pl.String) + "mo"
    stated = end.days.is_null() & (counts["times"] > 0) & end.blank
    until = pl.when(stated).then(start.days.dt.offset_by(months)).otherwise(end.days)
    return replace(end, days=pl.select(until).to_series()), findings


def _by_churn_date(sheet: Sheet, end: Days, findings: list[Finding]) -> tuple[Days, list[Finding]]:
    """The end by the day of cancelling, or by the end of the period that was paid."""
    rule = sheet.rules.billing.churn_date
    role = "cancelled" if rule == "cancelled" else "paid_until"
    column = sheet.column(role)
    if column is None:
        value = f"no column of {sheet.file} is recognised as {role}"
        fix = f"--churn-date end   or in retcalc.yaml  columns: {{{role}: COLUMN}}"
        error = Finding("RC208", f"--churn-date {rule} needs a column", value=value, fix=fix)
        return end, [*findings, error]
    other, more = days_of(sheet, column)
    gone = end.days.is_not_null()
    if rule == "cancelled":
        settled = pl.coalesce(other.days, end.days)
    else:
        if sheet.column("cancelled") is not None:
            cancelled, also = days_of(sheet, sheet.found.columns["cancelled"])
            gone, more = gone | cancelled.days.is_not_null(), [*more, *also]
        settled = pl.when(gone).then(pl.coalesce(other.days, end.days))
    days = pl.select(settled).to_series()
    return replace(end, days=days), [*findings, *more]


def _stops(sheet: Sheet, status: pl.Series, end: Days) -> tuple[Days, pl.Series, list[Finding]]:
    """End paused and unpaid rows where the rules say so, on the day a column tells."""
    rules, findings = sheet.rules.billing, []
    days = end.days
    stopped = pl.repeat(value=False, n=len(days), dtype=pl.Boolean, eager=True)
    for word, rule, role in (
        ("paused", rules.paused, "paused"),
        ("past_due", rules.past_due, "paid_from"),
    ):
        rows = status == word
        if not rows.any():
            continue
        option = f"--{word.replace('_', '-')}"
        ways = {"keep": "still count", "drop": "no longer count"}
        text = f"{word.replace('_', ' ')} subscriptions {ways[rule]} ({option} {rule})"
        findings.append(
            at(sheet.table, rows, told_by(sheet.tellings(), word, rows), Finding("RC824", text))
        )
        if rule == "keep":
            continue
        column = sheet.column(role)
        since = pl.Series([None], dtype=pl.Date)
        if column is not None:
            told, more = days_of(sheet, column)
            since, findings = told.days, [*findings, *more]
        days = pl.select(
            pl.when(rows).then(pl.min_horizontal(days, since)).otherwise(days)
        ).to_series()
        stopped = stopped | (rows & days.is_null())
    return replace(end, days=days), stopped, findings


def _after_trial(sheet: Sheet, start: Days) -> tuple[Days, list[Finding]]:
    """Revenue begins when the trial is over."""
    column = sheet.column("trial_end")
    if column is None:
        return start, []
    trial, findings = days_of(sheet, column)
    later = (trial.days > start.days).fill_null(value=False)
    if later.any():
        text = f"revenue begins when the trial is over ({column})"
        findings.append(at(sheet.table, later, column, Finding("RC831", text)))
    days = pl.select(pl.when(later).then(trial.days).otherwise(start.days)).to_series()
    return replace(start, days=days), findings


def backwards(sheet: Sheet, column: str, start: Days, end: Days) -> list[Finding]:
    """Refuse the rows that end before they start."""
    mask = (end.days < start.days).fill_null(value=False)
    if not mask.any():
        return []
    value = f'"{text_of(sheet.table.frame[column].filter(mask))[0]}" lies before the start'
    fix = "--skip-bad-rows   leaves such rows out; else correct the dates in the export"
    error = Finding("RC232", "subscription ends before it starts", value=value, fix=fix)
    return [at(sheet.table, mask, column, error)]
