"""Which rows of an export are revenue at all: no totals, no trials, no drafts."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import lcm

import polars as pl

from retcalc.book.columns.recognise import Recognised, normalise
from retcalc.book.ledger.sum_rows import (
    ends_in_sums,
    sums_of_accounts,
    sums_under_other_names,
)
from retcalc.book.rules import BookRules
from retcalc.book.shapes import shape_of
from retcalc.book.shapes.common.shape import Sheet, Spans, told_of_rows
from retcalc.book.values.account_ids import is_total, is_total_or_count
from retcalc.book.values.billing_intervals import not_recurring
from retcalc.book.values.left_out import Scales
from retcalc.book.values.locate import at
from retcalc.book.values.words.notes import no_revenue, unknown_statuses
from retcalc.book.values.words.standing import standing
from retcalc.book.values.words.statuses import listed
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import format_month
from retcalc.read import Distinct, Table
from retcalc.read.wording import counted

# an invoice that was cancelled was never revenue; a subscription that was, had some before
_NO_REVENUE = {
    "invoices": ("none", "ended"),
    "payments": ("none", "ended", "past_due"),
    "intervals": ("none",),
    "movements": ("none",),
}
_IDENTITY = re.compile(
    r"_(id|uuid|key|code|owner|holder)$|^(owner|holder|account|customer|client|company|shop|store|"
    r"merchant|school|club|studio|clinic|site|domain|payer|buyer|subscriber|member|user)$"
)
_NO_OWNER = re.compile(
    r"^(plan|product|price|package|currency|country|region|state|postal|zip|tax|status|coupon)_"
)
_ONCE = (
    r"(?i)^(one[ _-]?(time|off)|onetime|oneoff|set[ _-]?up([ _-]fee)?|installation|hardware|"
    r"shipping)$"
)


def split_totals(
    table: Table, found: Recognised, rules: BookRules, ids: Distinct
) -> tuple[Table, Table | None, list[Finding]]:
    """The rows of accounts and those that say they are totals, which are refused or left out."""
    column = found.columns["customer"]
    totals, blank = is_total(ids.values), ids.values == ""
    other = None if totals.any() else sums_under_other_names(table, found, ids)
    if other is None and not totals.any():
        other = sums_of_accounts(table, found, ids)
    last = other is None and not totals.any() and ends_in_sums(table, found)
    sums = last or other is not None
    if not (totals | blank).any() and not sums:
        return table, None, []
    mask = ids.spread(totals) if other is None else other
    if last:
        mask = pl.int_range(table.frame.height, eager=True) == table.frame.height - 1
    if not mask.any() or blank.any():
        column, mask = _group_lines(table, found, ids.spread(blank), mask)
    if not mask.any():
        return table, None, []
    rest, printed = (table.filter(m) for m in (~mask, mask))
    if not rules.drop_total_rows:
        why = "reads like a total, not like an account"
        why = "is a sum of other rows in every month" if sums else why
        value = f'"{printed.text(column)[0]}" {why}'
        fix = "--drop-total-rows"
        error = Finding("RC212", "total row among the accounts", value=value, fix=fix)
        return rest, None, [at(table, mask, column, error)]
    note = at(table, mask, column, Finding("RC837", "total rows are left out"))
    return rest, printed, [note]


def _group_lines(
    table: Table, found: Recognised, blank: pl.Series, totals: pl.Series
) -> tuple[str, pl.Series]:
    """Total rows, and rows without an account whose date says total or count, as reports have.

    Gives also the column that tells the first of them.
    """
    told = found.columns["customer"]
    for role in ("month", "start", "period_start"):
        column = found.columns.get(role)
        if column is None or column not in table or table.column(column).dtype != pl.String:
            continue
        lines = blank & is_total_or_count(table.text(column))
        if lines.any():
            first = (totals | lines).arg_max()
            told = column if first is not None and lines[first] else told
            totals = totals | lines
    return told, totals


def check_totals(sheet: Sheet, printed: Table | None, spans: Spans) -> list[Finding]:
    """Compare a printed total row with the sum of the rows above; raises RC238 where they differ.

    Only panels print totals that can be compared; several total rows are subtotals of parts.
    Where they agree but for the rounding of the cells, a note says both sums.
    """
    comparable = sheet.found.shape in ("long", "wide") and sheet.minor.per_row is None
    if printed is None or not comparable:
        return []
    ids = printed.coded(sheet.found.columns["customer"])
    lenient = replace(sheet.rules, duplicates="sum", allow_empty_months=True)
    try:
        other = shape_of(sheet.found.shape).read(
            replace(sheet, table=printed, rules=lenient, ids=ids, findings=())
        )
    except RetcalcError:  # a total written otherwise than the amounts is no total to compare
        return []
    unit = lcm(spans.per_major, other.per_major)
    mine, theirs = (_by_month(s, unit) for s in (spans, other))
    if theirs.select("first").is_duplicated().any() or len(ids.values) > 1:
        return []
    compared = theirs.join(mine, on="first", how="left", validate="1:1").fill_null(0)
    rows = spans.frame.group_by("first").len("rows")
    compared = compared.join(rows, on="first", how="left", validate="m:1")
    apart = (pl.col("amount") - pl.col("amount_right")).abs()
    # each cell may be half of its last digit off, and the total half a minor unit
    minor, cell = (unit // 10**d for d in (sheet.minor.digits, _decimals(spans, sheet)))
    slack = pl.col("rows").fill_null(0).cast(pl.Int128) * cell + minor
    wrong = compared.filter(2 * apart > slack).sort("first")
    if wrong.is_empty():
        return _rounded(compared.filter(apart > 0).sort("first"), unit)
    value = _both_sums(wrong, unit)
    fix = "delete the total row from the export where it is wrong; else complete the rows above it"
    error = Finding("RC238", "the total row does not add up", value=value, fix=fix)
    column = sheet.found.columns["customer"]
    raise RetcalcError(at(printed, ids.texts == ids.texts, column, error))


def _both_sums(compared: pl.DataFrame, unit: int) -> str:
    """The sums of the first month: that of its rows, and that of its total row."""
    printed, own = (Fraction(compared[name][0], unit) for name in ("amount", "amount_right"))
    month = format_month(compared["first"][0])
    said, told = (f"{Decimal(s.numerator) / s.denominator:,.2f}" for s in (own, printed))
    return f"in {month} the rows add up to {said}, the total row says {told}"


def _rounded(compared: pl.DataFrame, unit: int) -> list[Finding]:
    """Say both sums where they differ by no more than the rounding of the cells."""
    if compared.is_empty():
        return []
    others = compared.height - 1
    more = f"; likewise in {counted(others, 'other month')}" if others else ""
    return [Finding("RC899", f"{_both_sums(compared, unit)}: the rounding of the cells{more}")]


def _decimals(spans: Spans, sheet: Sheet) -> int:
    """Decimals that the amounts are written with, those of the minor unit at least."""
    units = spans.frame["amount"].cast(pl.Int128)
    for digits in range(sheet.minor.digits, spans.scale):
        if pl.select((pl.lit(units) % (spans.per_major // 10**digits) == 0).all()).item():
            return digits
    return spans.scale


def _by_month(spans: Spans, unit: int) -> pl.DataFrame:
    lifted = pl.col("amount").cast(pl.Int128) * (unit // spans.per_major)
    return spans.frame.group_by("first").agg(lifted.sum())


def doubtful_account(table: Table, found: Recognised, rules: BookRules) -> list[Finding]:
    """Raise RC256 where a column named ``id`` is different in every row or beside another id."""
    column = found.columns["customer"]
    if column in rules.columns.values() or normalise(column) not in ("id", "uuid"):
        return []
    if found.preset is not None:
        return []
    own = set(found.columns.values())
    others = [h for h in table.header if h not in own and _may_own(normalise(h))]
    if not others and found.shape in ("wide", "snapshot"):  # one row an account
        return []
    codes = table.coded(column).codes
    if not others and (len(codes) < 2 or codes.is_duplicated().any()):
        return []
    ways = [f"--customer-column {shlex.quote(name)}" for name in (*others[:3], column)]
    fix = "   or  ".join(ways) if others else f"{ways[0]}   if it is the account"
    value = f'"{column}" may be the row and not the account; the columns are: '
    value += ", ".join(table.header)
    return [Finding("RC256", "the account is in doubt", value=value, fix=fix)]


def _may_own(name: str) -> bool:
    return bool(_IDENTITY.search(name)) and not _NO_OWNER.match(name)


def revenue_rows(
    table: Table, found: Recognised, rules: BookRules, scales: Scales
) -> tuple[Table, list[Finding]]:
    """Leave out the rows that a status, a flag, or the known export's own columns exclude."""
    findings: list[Finding] = []
    conditions = {} if found.preset is None else found.preset.conditions(table.header)
    for column, values in conditions.items():
        words = table.text(column).str.strip_chars().str.to_lowercase()
        table, note = _without(table, column, ~words.is_in(list(values)), f"{column} is", scales)
        findings += note
    interval = found.columns.get("interval")
    if interval is not None:
        words = table.text(interval)
        once = {word: not_recurring(word) for word in words.unique()}
        out = words.replace_strict(once, return_dtype=pl.Boolean)
        table, note = _without(table, interval, out, f"{interval} is", scales)
        findings += note
    kind = found.columns.get("kind") if found.shape == "invoices" else None
    if kind is not None:
        single = table.text(kind).str.strip_chars().str.contains(_ONCE)
        table, note = _without(table, kind, single, f"{kind} is", scales)
        findings += note
    told = told_of_rows(table, found, rules)
    findings += unknown_statuses(table, told, scales, rules.left_out)
    without = _NO_REVENUE.get(found.shape, ())
    said = standing(told)
    if said is None or not without:
        return table, findings
    for telling in told:
        gone = telling.are(without)
        if gone.any():
            findings.append(no_revenue(table, gone, telling, without, scales))
    return table.filter(~said.is_in(list(without))), findings


def _without(
    table: Table, column: str, out: pl.Series, what: str, scales: Scales
) -> tuple[Table, list[Finding]]:
    """The rows that are not ``out``, and a note about those that are."""
    if not out.any():
        return table, []
    words = listed(table.text(column).filter(out).to_list())
    note = at(table, out, column, Finding("RC815", f"no revenue, left out: {what} {words}"))
    return table.filter(~out), [scales.without(table, out, note, limited=False)]
