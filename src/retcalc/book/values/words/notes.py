"""What is said of rows by their status or flag: no revenue, an unknown word, a contradiction."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence
from fractions import Fraction

import polars as pl

from retcalc.book.rules import Condition, holds
from retcalc.book.values.billing_intervals import folded
from retcalc.book.values.left_out import Scales, share_of, weight
from retcalc.book.values.locate import at
from retcalc.book.values.words.standing import Telling, standing
from retcalc.book.values.words.statuses import UNKNOWN
from retcalc.core.findings import Finding
from retcalc.read import Table

_MOST = 4  # words in one fix


def no_revenue(
    table: Table,
    out: pl.Series,
    telling: Telling,
    wanted: Collection[str],
    scales: Scales,
    *,
    how: str = "left out",
) -> Finding:
    """Say which rows have no revenue, and how much money stands in them."""
    column = telling.column
    said = telling.cells.values.filter(telling.classes.is_in([*wanted])).to_list()
    text = f"no revenue, {how}: {column} is {telling.words(wanted)}"
    fix = f"--ignore {shlex.quote(column)}   if it does not tell who pays" if said else None
    note = at(table, out, column, Finding("RC815", text, fix=fix))
    return scales.without(table, out, note, limited=False)


def unknown_statuses(
    table: Table, told: Sequence[Telling], scales: Scales, limit: Fraction
) -> list[Finding]:
    """Rows whose status nobody knows: taken as active within the limit, refused above it."""
    findings, said = [], standing(told)
    for telling in told:
        rows = telling.are([UNKNOWN])
        if said is not None:  # another column may say that they do not pay
            rows = rows & said.is_in([UNKNOWN, "live"])
        rows = rows & scales.paying(table) if rows.any() else rows
        if not rows.any():
            continue
        column = telling.column
        words = table.text(column).filter(rows).unique().sort().to_list()
        fix = _meanings(words)
        text = f"status not known, taken as active: {telling.words([UNKNOWN])}"
        note = at(table, rows, column, Finding("RC816", text, fix=fix))
        note = scales.without(table, rows, note, limited=False)
        accounts, money = max(scales.accounts(table), 1), scales.money(table)
        share = share_of([note.left_out] if note.left_out else [], accounts, money)
        if share > limit and note.left_out:
            value = f"{telling.words([UNKNOWN])} in {column}: "
            value += weight(note.left_out, accounts, money)
            error = Finding("RC257", "a status is not known", value=value, fix=fix)
            note = at(table, rows, column, error)
        findings.append(note)
    return findings


def _meanings(words: Sequence[str]) -> str:
    """The ways to say what words of a status mean."""
    ways = {"active": "if they pay", "ended": "if they have left", "none": "if they never paid"}
    return "; ".join(
        " ".join(f"--word {shlex.quote(f'{word}={meaning}')}" for word in words[:_MOST])
        + f"   {when}"
        for meaning, when in ways.items()
    )


def contradiction(
    table: Table, rows: pl.Series, telling: Telling, why: str, scales: Scales
) -> Finding:
    """Ask whether amounts count beside a status that says that they do not."""
    column = telling.column
    words = table.text(column).filter(rows).unique().sort().to_list()
    conditions = " ".join(f"--where {shlex.quote(f'{column}!={word}')}" for word in words[:_MOST])
    fix = f"--ignore {shlex.quote(column)}   counts the amounts as they stand; "
    fix += f"{conditions}   leaves such rows out"
    out = scales.without(table, rows, Finding("RC815", "")).left_out
    size = "" if out is None else weight(out, max(scales.accounts(table), 1), scales.money(table))
    value = f'"{words[0]}" in {column}, but {why}: {size}'
    return at(table, rows, column, Finding("RC250", "a status contradicts", value=value, fix=fix))


def kept_by(filters: Sequence[Condition], telling: Telling) -> pl.Series:
    """Mark the rows that the filters of the run on the column of a status keep."""
    conditions = [f for f in filters if folded(f.column) == folded(telling.column)]
    kept = [all(holds(value.strip(), c) for c in conditions) for value in telling.cells.values]
    return telling.cells.spread(pl.Series(kept, dtype=pl.Boolean))
