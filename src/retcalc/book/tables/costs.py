"""The costs file: sales and marketing spend by month, and by segment where it says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from retcalc.book.columns.recognise import candidates, find_column, normalise
from retcalc.book.rules import NO_VALUE, AmountRules, BookRules
from retcalc.book.values.dates import month_indexes
from retcalc.book.values.day_columns import read_days, text_of
from retcalc.book.values.locate import at
from retcalc.book.values.money import (
    MAX_SCALE,
    Amounts,
    ambiguous_point,
    explain_amount,
    minor_digits,
    parse_amounts,
)
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.months import format_month
from retcalc.core.result import Currency, Source
from retcalc.read import Table
from retcalc.read.wording import counted

SPEND = (
    ("spend", "costs", "cost", "sales_and_marketing", "sales_marketing", "s_m", "sm_spend")
    + ("s_m_spend", "sales_and_marketing_spend", "marketing_spend", "total_spend", "expense")
    + ("expenses", "amount", "value", "total"),
)
GENERIC = ("segment", "channel")
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Costs:
    """Spend in the units of the book's currency, exact.

    ``by_month`` holds everything; ``by_segment`` the same by segment value and month, None where
    the file does not have the columns asked for.
    """

    by_month: Mapping[int, Fraction]
    by_segment: Mapping[Key, Mapping[int, Fraction]] | None
    sources: tuple[Source, ...]
    notes: tuple[Finding, ...]


def has_costs(header: Sequence[str]) -> bool:
    """Tell whether a header row looks like a table of spend."""
    return all(_find(header, part) for part in ("month", "spend"))


def read_costs(
    table: Table, rules: BookRules, by: Sequence[str], segments: Collection[Key], currency: Currency
) -> Costs:
    """Read a costs file; ``by`` are the columns that make the ``segments`` of the book.

    A lone ``by`` column is also found as ``segment`` or ``channel``, where the values fit. Raises
    RetcalcError with every bad cell.
    """
    month_column, spend_column = _needed(table, "month"), _needed(table, "spend")
    # Cents are a habit of billing systems' MRR, not of the ledgers that spend comes from.
    how = replace(rules.amounts, unit="major")
    days, findings = read_days(table, month_column, rules)
    amounts = parse_amounts(table.frame[spend_column], how, minor_digits(currency.code))
    findings += _refusals(table, spend_column, amounts, how)
    raise_errors(findings)
    months = month_indexes(days.days).alias("month")
    unit = Fraction(currency.per_major, amounts.per_major)
    columns = _segment_columns(table, by, segments)
    keys = [_texts(table, name).alias(f"by {i}") for i, name in enumerate(columns or ())]
    rows = pl.DataFrame([months, amounts.units.cast(pl.Int128).alias("spend"), *keys])
    names = ["month", *(key.name for key in keys)]
    summed = rows.group_by(names).agg(pl.col("spend").sum()).sort(names)
    total: defaultdict[int, Fraction] = defaultdict(Fraction)
    parts: defaultdict[Key, dict[int, Fraction]] = defaultdict(dict)
    for month, *key, spend in summed.iter_rows():
        total[month] += spend * unit
        parts[tuple(key)][month] = spend * unit
    repeated = _repeated(table, months, {month_column, spend_column})
    sources = tuple(replace(s, total_mrr=None) for s in table.sources)
    return Costs(dict(total), dict(parts) if columns else None, sources, (*findings, *repeated))


def missing_spend(months: Sequence[int], whose: str, file: str) -> Finding:
    """Say that months with new accounts have no spend; ``whose`` names the segment, if any."""
    listed = ", ".join(format_month(m) for m in months[:6]) + (" …" if len(months) > 6 else "")
    message = f"no spend{whose} for {listed}, which won new accounts"
    fix = f"add the months to {file}; write 0 where nothing was spent"
    return Finding("RC261", message, fix=fix)


def _find(header: Sequence[str], part: str) -> list[str]:
    """Columns of the strongest rank that occurs."""
    if part == "month":
        return candidates("month", header)
    return next(filter(None, ([h for h in header if normalise(h) in rank] for rank in SPEND)), [])


def _needed(table: Table, part: str) -> str:
    found, file = _find(table.header, part), table.sources[0].path
    if len(found) == 1:
        return found[0]
    message = f"no column of {file} is recognised as the {part}"
    if found:
        message = f"more than one column of {file} could be the {part}"
    value = f"the columns are: {', '.join(found or table.header)}"
    fix = "call the columns month and spend"
    raise RetcalcError(Finding("RC260", message, value=value, fix=fix))


def _segment_columns(
    table: Table, by: Sequence[str], segments: Collection[Key]
) -> list[str] | None:
    found = [find_column(name, table.header) for name in by]
    if len(by) == 1 and found == [None]:
        values = {value for (value,) in segments}
        named = (find_column(name, table.header) for name in GENERIC)
        fitting = (n for n in named if n and values & set(_texts(table, n).to_list()))
        found = [next(fitting, None)]
    columns = [name for name in found if name is not None]
    return columns if columns and len(columns) == len(by) else None


def _texts(table: Table, column: str) -> pl.Series:
    return table.text(column).str.strip_chars().replace("", NO_VALUE)


def _refusals(table: Table, column: str, amounts: Amounts, how: AmountRules) -> list[Finding]:
    raw, bad = table.frame[column], amounts.bad
    findings = []
    if amounts.blank.any():
        fix = "write 0 for a month without spend"
        error = Finding("RC213", "amount is empty", value='"" is no amount', fix=fix)
        findings.append(at(table, amounts.blank, column, error))
    if ambiguous_point(raw, how):
        bad = bad | raw.str.contains(".", literal=True)
    if bad.any():
        example = text_of(raw.filter(bad))[0]
        findings.append(at(table, bad, column, explain_amount(example, how)))
    negative = amounts.units.cast(pl.Int128) < 0
    if negative.any():
        value = f'"{text_of(raw.filter(negative))[0]}" is below zero'
        fix = "net credits within their month in the export"
        error = Finding("RC262", "spend is negative", value=value, fix=fix)
        findings.append(at(table, negative, column, error))
    if amounts.rounded.any():
        text = f"amounts with more than {MAX_SCALE} decimals are rounded half-up there"
        findings.append(at(table, amounts.rounded, column, Finding("RC838", text)))
    return findings


def _repeated(table: Table, months: pl.Series, other: set[str]) -> list[Finding]:
    """Note rows that agree in everything but the amount: one line twice, or two to be added."""
    same = [table.text(name) for name in table.header if name not in other]
    twice = pl.DataFrame([months, *same]).is_duplicated()
    if not twice.any():
        return []
    file = table.sources[0].path
    text = f"{counted(int(twice.sum()), 'row')} of {file} differ in nothing but the spend; summed"
    return [Finding("RC857", text)]
