"""Columns of a recognised table to typed cells, each with everything that is wrong in it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from retcalc.book.dates import Days, parse_days
from retcalc.book.headers import ARR, MRR, Recognised, normalise
from retcalc.book.intervals import interval_factors, unknown_interval
from retcalc.book.money import (
    MAX_SCALE,
    Amounts,
    ambiguous_point,
    explain_amount,
    minor_digits,
    parse_amounts,
)
from retcalc.book.places import at
from retcalc.book.rules import BookRules
from retcalc.findings import Finding
from retcalc.read import Table


def text_of(raw: pl.Series) -> pl.Series:
    """A column as text, empty where null."""
    return raw.cast(pl.String).fill_null("")


def read_currency(
    table: Table, found: Recognised, rules: BookRules
) -> tuple[str | None, list[Finding]]:
    """The one currency of a table, None when nothing states it."""
    column = found.columns.get("currency")
    if column is None:
        return rules.currency, []
    codes = text_of(table.frame[column]).str.strip_chars().str.to_uppercase()
    present = [c for c in codes.unique().sort().to_list() if c]
    wanted = rules.currency or (present[0] if present else None)
    if all(code == wanted for code in present):
        return wanted, []
    what = f"the column holds {', '.join(present)}" + (
        f"; the report is in {rules.currency}" if rules.currency else ""
    )
    fix = "--fx RATES.csv with  currency: {report: USD}  in retcalc.yaml, or export one currency"
    error = Finding("RC218", "mixed currencies", value=what, fix=fix)
    return wanted, [at(table, (codes != wanted) & (codes != ""), column, error)]


def read_amounts(
    table: Table, found: Recognised, rules: BookRules, currency: str | None
) -> tuple[Amounts, list[Finding]]:
    """The amounts as one month's share each, with refusals and notes."""
    column, how, digits = found.columns["mrr"], rules.amounts, minor_digits(currency)
    raw = table.frame[column]
    amounts = parse_amounts(raw, how, digits)
    negative = amounts.units.cast(pl.Int128) < 0
    findings = _refusals(table, column, amounts, rules)
    if negative.any() and how.allow_negative:
        note = Finding("RC840", "negative amounts count as not active")
        findings.append(at(table, negative, column, note))
    if amounts.rounded.any():
        text = f"amounts with more than {MAX_SCALE} decimals are rounded half-up there"
        findings.append(at(table, amounts.rounded, column, Finding("RC838", text)))
    elif amounts.scale > digits:
        text = f"amounts of {column} are finer than the minor unit; kept exactly"
        findings.append(Finding("RC839", text))
    amounts, more = _to_months(table, found, amounts)
    return amounts, findings + more


def _refusals(table: Table, column: str, amounts: Amounts, rules: BookRules) -> list[Finding]:
    raw, how, findings = table.frame[column], rules.amounts, []
    if amounts.blank.any():
        fix = "write 0 for an account that pays nothing, or drop the row"
        error = Finding("RC213", "amount is empty", value='"" is no amount', fix=fix)
        findings.append(at(table, amounts.blank, column, error))
    if amounts.bad.any():
        example = text_of(raw.filter(amounts.bad))[0]
        findings.append(at(table, amounts.bad, column, explain_amount(example, how)))
    if ambiguous_point(raw, how):
        pointed = raw.str.contains(".", literal=True)
        findings.append(at(table, pointed, column, explain_amount(raw.filter(pointed)[0], how)))
    negative = amounts.units.cast(pl.Int128) < 0
    if negative.any() and not how.allow_negative:
        value = f'"{text_of(raw.filter(negative))[0]}" is below zero'
        fix = "--allow-negative   counts such an account as not active; else correct the export"
        error = Finding("RC215", "amount is negative", value=value, fix=fix)
        findings.append(at(table, negative, column, error))
    return findings


def _to_months(table: Table, found: Recognised, amounts: Amounts) -> tuple[Amounts, list[Finding]]:
    """Bring prices of other intervals to a month's share; an MRR column is one already."""
    header = found.columns["mrr"]
    if normalise(header) in ARR[0]:
        twelfth = pl.DataFrame({"times": [1], "over": [12]})
        note = Finding("RC890", f"{header} is annual: a twelfth of it is the MRR")
        return month_share(amounts, twelfth), [note]
    column = found.columns.get("interval")
    if normalise(header) in MRR[0] or column is None or found.shape != "intervals":
        return amounts, []
    factors, unknown = interval_factors(table.frame[column])
    if unknown.any():
        example = text_of(table.frame[column].filter(unknown))[0]
        return amounts, [at(table, unknown, column, unknown_interval(example))]
    return month_share(amounts, factors), []


def month_share(amounts: Amounts, factors: pl.DataFrame) -> Amounts:
    """Multiply each amount by times/over, at the coarsest scale that holds every share exactly.

    ``factors`` has the columns times and over and a row per amount, or one row for all.
    """
    times, over = (pl.lit(factors[n].cast(pl.Int128)) for n in ("times", "over"))
    product = pl.lit(amounts.units.cast(pl.Int128)) * times
    if pl.select((product % over == 0).all()).item():
        return replace(amounts, units=pl.select(product // over).to_series())
    finer = product * 10 ** (MAX_SCALE - amounts.scale)
    half_up = pl.select((2 * finer + over) // (2 * over)).to_series()
    return replace(amounts, units=half_up, scale=MAX_SCALE)


def read_days(
    table: Table, column: str, rules: BookRules, *, blank_ok: bool = False
) -> tuple[Days, list[Finding]]:
    """The days of a column; bad values are grouped by what is wrong with them."""
    parsed = parse_days(table.frame[column], rules.dates)
    findings = list(parsed.notes)
    text = text_of(table.frame[column]).str.strip_chars(" \t\u00a0")
    groups: dict[tuple[str, str | None], list[str]] = {}
    for value, problem in parsed.problems.items():
        groups.setdefault((problem.code, problem.fix), []).append(value)
    for values in groups.values():
        mask = text.is_in(values)
        findings.append(at(table, mask, column, parsed.problems[text.filter(mask)[0]]))
    blank = text == ""
    if not blank_ok and blank.any():
        fix = "fill it in the export, or drop the row"
        error = Finding("RC226", "date is empty", value='"" is no date', fix=fix)
        findings.append(at(table, blank, column, error))
    return parsed, findings
