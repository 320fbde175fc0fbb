"""Columns of days and of plain text: every cell parsed, every wrong one a finding."""

from __future__ import annotations

import polars as pl

from retcalc.book.rules import BookRules
from retcalc.book.values.dates import Days, parse_days
from retcalc.book.values.locate import at
from retcalc.core.findings import Finding
from retcalc.read import Table


def text_of(raw: pl.Series) -> pl.Series:
    """A column as text, empty where null."""
    return raw.cast(pl.String).fill_null("")


def read_days(
    table: Table,
    column: str,
    rules: BookRules,
    *,
    blank_ok: bool = False,
    utc: bool = False,
) -> tuple[Days, list[Finding]]:
    """The days of a column; bad values are grouped by what is wrong with them.

    ``utc`` tells that timestamps without a zone are of UTC.
    """
    parsed = parse_days(table.frame[column], rules.dates, utc=utc or _says_utc(column))
    findings = list(parsed.notes)
    groups: dict[tuple[str, str | None], list[str]] = {}
    for value, problem in parsed.problems.items():
        groups.setdefault((problem.code, problem.fix), []).append(value)
    text = parsed.text if groups else pl.Series(dtype=pl.String)
    for values in groups.values():
        mask = text.is_in(values)
        findings.append(at(table, mask, column, parsed.problems[text.filter(mask)[0]]))
    blank = parsed.blank
    if not blank_ok and blank.any():
        fix = "fill it in the export, or drop the row"
        error = Finding("RC226", "date is empty", value='"" is no date', fix=fix)
        findings.append(at(table, blank, column, error))
    return parsed, findings


def _says_utc(column: str) -> bool:
    return column.strip().lower().endswith(("(utc)", "(gmt)"))
