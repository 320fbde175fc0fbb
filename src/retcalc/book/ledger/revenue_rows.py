"""Which rows of an export are revenue at all: no totals, no trials, no drafts."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from retcalc.book.columns.recognise import Recognised
from retcalc.book.rules import BookRules
from retcalc.book.shapes import SHAPES
from retcalc.book.shapes.common.shape import Sheet, Spans
from retcalc.book.values.account_ids import is_total
from retcalc.book.values.billing_intervals import not_recurring
from retcalc.book.values.left_out import Scales
from retcalc.book.values.locate import at
from retcalc.book.values.subscription_status import UNKNOWN, classify, listed
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import format_month
from retcalc.read import Distinct, Table

# an invoice that was cancelled was never revenue; a subscription that was, had some before
_NO_REVENUE = {"invoices": ("none", "ended"), "intervals": ("none",)}


def split_totals(
    table: Table, found: Recognised, rules: BookRules, ids: Distinct
) -> tuple[Table, Table | None, list[Finding]]:
    """The rows of accounts and those that say they are totals, which are refused or left out."""
    column = found.columns["customer"]
    totals = is_total(ids.values)
    if not totals.any():
        return table, None, []
    mask = ids.spread(totals)
    if not rules.drop_total_rows:
        value = f'"{ids.texts.filter(mask)[0]}" reads like a total, not like an account'
        fix = "--drop-total-rows"
        error = Finding("RC212", "total row among the accounts", value=value, fix=fix)
        return table, None, [at(table, mask, column, error)]
    note = at(table, mask, column, Finding("RC837", "total rows are left out"))
    rest, printed = (table.filter(m) for m in (~mask, mask))
    return rest, printed, [note]


def check_totals(sheet: Sheet, printed: Table | None, spans: Spans) -> None:
    """Compare a printed total row with the sum of the rows above; raises RC238 where they differ.

    Only panels print totals that can be compared; several total rows are subtotals of parts.
    """
    comparable = sheet.found.shape in ("long", "wide") and sheet.minor.per_row is None
    if printed is None or not comparable:
        return
    ids = printed.coded(sheet.found.columns["customer"])
    lenient = replace(sheet.rules, duplicates="sum", allow_empty_months=True)
    try:
        other = SHAPES[sheet.found.shape].read(
            replace(sheet, table=printed, rules=lenient, ids=ids, findings=())
        )
    except RetcalcError:  # a total written otherwise than the amounts is no total to compare
        return
    scale = max(spans.scale, other.scale)
    mine, theirs = (_by_month(s, scale) for s in (spans, other))
    if theirs.select("first").is_duplicated().any() or len(ids.values) > 1:
        return
    compared = theirs.join(mine, on="first", how="left", validate="1:1").fill_null(0)
    wrong = compared.filter(pl.col("amount") != pl.col("amount_right")).sort("first")
    if wrong.is_empty():
        return
    month = format_month(wrong["first"][0])
    value = f"in {month} the rows do not add up to the total row"
    fix = "delete the total row from the export where it is wrong; else complete the rows above it"
    error = Finding("RC238", "the total row does not add up", value=value, fix=fix)
    column = sheet.found.columns["customer"]
    raise RetcalcError(at(printed, ids.texts == ids.texts, column, error))


def _by_month(spans: Spans, scale: int) -> pl.DataFrame:
    lifted = pl.col("amount").cast(pl.Int128) * 10 ** (scale - spans.scale)
    return spans.frame.group_by("first").agg(lifted.sum())


def revenue_rows(table: Table, found: Recognised, scales: Scales) -> tuple[Table, list[Finding]]:
    """Leave out the rows that a status, or the known export's own columns, exclude."""
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
    status, without = found.columns.get("status"), _NO_REVENUE.get(found.shape, ())
    if status is None or not without:
        return table, findings
    kinds = classify(table.frame[status])
    strange = kinds == UNKNOWN
    if strange.any():
        words = table.text(status).filter(strange)
        text = f"status not known, taken as active: {listed(words.to_list())}"
        findings.append(at(table, strange, status, Finding("RC816", text)))
    table, note = _without(table, status, kinds.is_in(list(without)), f"{status} is", scales)
    return table, findings + note


def _without(
    table: Table, column: str, out: pl.Series, what: str, scales: Scales
) -> tuple[Table, list[Finding]]:
    """The rows that are not ``out``, and a note about those that are."""
    if not out.any():
        return table, []
    words = listed(table.text(column).filter(out).to_list())
    note = at(table, out, column, Finding("RC815", f"no revenue, left out: {what} {words}"))
    return table.filter(~out), [scales.without(table, out, note, limited=False)]
