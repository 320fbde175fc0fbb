"""Findings with their places: which file, which line, which value."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from retcalc.core.findings import Finding, Spot
from retcalc.read import FILE, LINE, Table


def spots(table: Table, mask: pl.Series, column: str | None = None) -> tuple[Spot, ...]:
    """List the rows where ``mask`` is true, in file and line order, with a column's raw value."""
    marked = table.filter(mask)
    rows = marked.frame.select(FILE, LINE)
    if column is not None:
        rows = rows.with_columns(marked.text(column).alias("value"))
    return tuple(
        Spot(table.sources[row[0]].path, row[1], row[2] if column else None)
        for row in rows.sort(FILE, LINE, maintain_order=True).rows()
    )


def at(table: Table, mask: pl.Series, column: str, finding: Finding) -> Finding:
    """Give a finding the places where ``mask`` is true and the column it speaks of."""
    return replace(
        finding,
        spots=spots(table, mask, column),
        column=table.header.index(column) + 1,
        header=column,
    )
