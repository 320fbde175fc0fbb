"""Rows that cannot be read are left out with ``--skip-bad-rows``; a note says how much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from retcalc.book.shapes import shape_of
from retcalc.book.shapes.common.shape import Sheet
from retcalc.book.values.left_out import Scales
from retcalc.core.findings import Finding, RetcalcError
from retcalc.read import FILE, LINE, Table

# what is wrong in one row alone: amounts, dates, intervals, statuses
_OF_ROWS = frozenset(
    ("RC209", "RC213", "RC214", "RC217", "RC221", "RC222", "RC226", "RC231", "RC232", "RC246")
)
_ROUNDS = 4  # some errors show only when others are gone


def readable_rows(
    table: Table, make: Callable[[Table], Sheet], weights: Scales
) -> tuple[Table, list[Finding]]:
    """The rows that can be read, and a note for every kind of those that are left out."""
    notes: list[Finding] = []
    for _ in range(_ROUNDS):
        bad = _bad(make(table))
        if not bad:
            break
        for finding in bad:
            out = _rows_of(table, finding)
            if out.any():
                text = f"rows that cannot be read are left out, {finding.message}"
                note = replace(finding, code="RC867", message=text, value=None, fix=None)
                notes.append(weights.without(table, out, note))
                table = table.filter(~out)
        if table.frame.is_empty():
            break
    return table, notes


def _bad(sheet: Sheet) -> list[Finding]:
    try:
        shape_of(sheet.found.shape).read(sheet)
    except RetcalcError as error:
        return [f for f in error.findings if f.code in _OF_ROWS and f.spots]
    return []


def _rows_of(table: Table, finding: Finding) -> pl.Series:
    """The rows of a table that a finding names."""
    files = {source.path: number for number, source in enumerate(table.sources)}
    places = {(files[s.file], s.line) for s in finding.spots if s.file in files}
    here = table.frame.select(FILE, LINE).iter_rows()
    return pl.Series([place in places for place in here], dtype=pl.Boolean)
