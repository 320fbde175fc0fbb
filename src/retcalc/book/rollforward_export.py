"""Exports of sums: a roll-forward per month that somebody else has made, without its accounts.

Only what such a table says can be asked of it; its lines must close from month to month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from retcalc.book.book import Book, empty_book
from retcalc.book.columns.column_names import normalise
from retcalc.book.columns.exports.known_exports import Preset, find_preset
from retcalc.book.columns.month_headers import month_columns
from retcalc.book.columns.recognise import Recognised, unknown_column
from retcalc.book.rules import BookRules, Question
from retcalc.book.shapes.common.amount_columns import month_share, read_amounts
from retcalc.book.shapes.common.shape import Sheet
from retcalc.book.values.dates import closing_months
from retcalc.book.values.day_columns import read_days
from retcalc.book.values.money import Amounts, Minor, minor_digits
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.months import format_month
from retcalc.core.result import Currency
from retcalc.read import Table

CLOSING, OPENING = "closing_mrr", "opening_mrr"
_SIGNS = {
    "new_mrr": 1,
    "reactivation_mrr": 1,
    "expansion_mrr": 1,
    "contraction_mrr": -1,
    "churn_mrr": -1,
}
Lines = dict[int, dict[str, int]]
_Part = tuple[Amounts, list[tuple[int, str]], list[Finding]]


def totals_book(table: Table, rules: BookRules, question: Question) -> Book | None:
    """The book of a known export of sums, None for every other file.

    Raises RC237 where the lines of a month do not lead from its opening to its closing.
    """
    preset = find_preset(table.header)
    if preset is None or not preset.lines or rules.shape != "auto" or table.frame.is_empty():
        return None
    for name in question.columns:
        raise RetcalcError(unknown_column(name, table.header, table.sources[0].path, "--by"))
    minor = Minor(minor_digits(rules.currency))
    nobody = table.coded(table.header[0])
    sheet = Sheet(table, Recognised("totals", {}, preset), rules, nobody, minor)
    lines, scale, findings = (_by_column if preset.months else _by_row)(sheet, preset)
    raise_errors(findings)
    given = _rolled_forward(lines, table.sources[0].path)
    told = Finding("RC899", f"recognised as an export: {preset.name}; sums, without accounts")
    last = max(given) if question.as_of is None else min(max(given), question.as_of)
    return replace(
        empty_book(table, rules, question),
        currency=Currency(rules.currency, minor.digits, scale),
        first=min(given),
        last=last,
        notes=(told, *dict.fromkeys(findings)),
        given=given,
    )


def _by_column(sheet: Sheet, preset: Preset) -> tuple[Lines, int, list[Finding]]:
    """A row a line, a column a month."""
    folded = [normalise(name) for name in sheet.table.text(sheet.table.header[0])]
    line_of = {name: line for line, known in preset.lines.items() for name in known}
    wanted = pl.Series([name in line_of for name in folded], dtype=pl.Boolean)
    rows = replace(sheet, table=sheet.table.filter(wanted))
    places = [line_of[name] for name in folded if name in line_of]
    parts: list[_Part] = []
    dates = sheet.rules.dates
    for column, month in month_columns(sheet.table.header, dates.format, dates.year).items():
        amounts, found = read_amounts(rows, column, signed=True, blank_is_zero=True)
        parts.append((amounts, [(month, line) for line in places], found))
    return _collected(parts)


def _by_row(sheet: Sheet, preset: Preset) -> tuple[Lines, int, list[Finding]]:
    """A row a month, a column a line."""
    folded = {normalise(name): name for name in reversed(sheet.table.header)}
    days, findings = read_days(sheet.table, folded["date"], sheet.rules)
    raise_errors(findings)
    months = closing_months(days, sheet.rules.dates).to_list()
    parts: list[_Part] = []
    for line, names in preset.lines.items():
        for column in (folded[n] for n in names if n in folded):
            amounts, found = read_amounts(sheet, column, signed=True, blank_is_zero=True)
            parts.append((amounts, [(month, line) for month in months], found))
    lines, scale, more = _collected(parts)
    return lines, scale, findings + more


def _collected(parts: Sequence[_Part]) -> tuple[Lines, int, list[Finding]]:
    scale = max((amounts.scale for amounts, _, _ in parts), default=0)
    lines: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for amounts, places, _ in parts:
        lifted = pl.DataFrame({"times": [10 ** (scale - amounts.scale)], "over": [1]})
        for (month, line), units in zip(places, month_share(amounts, lifted).units, strict=True):
            lines[month][line] += units
    findings = [finding for _, _, found in parts for finding in found]
    return {month: dict(found) for month, found in lines.items()}, scale, findings


def _rolled_forward(lines: Lines, file: str) -> Mapping[int, Mapping[str, int]]:
    """Lines of each month as amounts without sign, with its opening; each month must close."""
    first, last = min(lines, default=0), max(lines, default=0)
    missing = next((m for m in range(first, last + 1) if CLOSING not in lines.get(m, {})), None)
    if missing is not None:
        value = f"{file} holds no MRR of {format_month(missing)}"
        raise RetcalcError(Finding("RC237", "a roll-forward does not close", value=value))
    given: dict[int, dict[str, int]] = {}
    for month in range(first, last + 1):
        flows = {name: abs(lines[month].get(name, 0)) for name in _SIGNS}
        closing = lines[month][CLOSING]
        change = sum(sign * flows[name] for name, sign in _SIGNS.items())
        opening = closing - change if month == first else given[month - 1][CLOSING]
        if opening + change != closing:
            value = f"the lines of {format_month(month)} do not lead from its opening to its MRR"
            fix = "export every line of the roll-forward"
            error = Finding("RC237", "a roll-forward does not close", value=value, fix=fix)
            raise RetcalcError(error)
        given[month] = {OPENING: opening, **flows, CLOSING: closing}
    return given
