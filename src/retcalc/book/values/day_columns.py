"""Columns of days and of plain text: every cell parsed, every wrong one a finding."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from retcalc.book.rules import BookRules
from retcalc.book.values.dates import Days, Proof, parse_days, proven_order
from retcalc.book.values.locate import at
from retcalc.core.findings import Finding
from retcalc.core.months.written import numeric_day
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
    periods: bool = False,
) -> tuple[Days, list[Finding]]:
    """The days of a column; bad values are grouped by what is wrong with them.

    ``utc`` tells that timestamps without a zone are of UTC. Where a column does not tell whether
    day or month comes first, another one of the table may. ``periods``: quarters and years are
    taken too.
    """
    raw, utc = table.frame[column], utc or _says_utc(column)
    parsed = parse_days(raw, rules.dates, utc=utc, periods=periods)
    if any(problem.code == "RC223" for problem in parsed.problems.values()):
        told = _sibling_order(table, column)
        parsed = parse_days(raw, rules.dates, utc=utc, told=told) if told else parsed
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


def _sibling_order(table: Table, column: str) -> Proof | None:
    """What comes first, day or month, in the other columns of days; None where they disagree."""
    proofs: list[Proof] = []
    for name in table.header:
        if name == column or name not in table.frame.columns:
            continue
        raw = table.frame[name]
        if raw.dtype != pl.String:
            continue
        values = [v for v in raw.unique().drop_nulls().str.strip_chars().to_list() if v]
        days = [value for value in values if numeric_day(value) is not None]
        proof = proven_order(sorted(days)) if 2 * len(days) > len(values) else None
        if proof is not None:
            proofs.append(replace(proof, place=f" in {name}"))
    return proofs[0] if len({proof.first for proof in proofs}) == 1 else None


def _says_utc(column: str) -> bool:
    return column.strip().lower().endswith(("(utc)", "(gmt)"))
