"""Keeps the rows of one currency where ``--where`` filters by currency."""

from __future__ import annotations

import polars as pl

from retcalc.book.columns.column_names import unmark
from retcalc.book.columns.recognise import Recognised
from retcalc.book.rules import BookRules, holds
from retcalc.book.values.left_out import Scales
from retcalc.book.values.locate import at
from retcalc.core.findings import Finding
from retcalc.read import Table


def chosen_currency(
    table: Table, found: Recognised, rules: BookRules, weights: Scales
) -> tuple[Table, list[Finding]]:
    """The rows in the currencies that ``--where`` keeps, so that no rates are needed for others."""
    column, findings = found.columns.get("currency"), list[Finding]()
    for condition in rules.filters:
        if column is None or unmark(condition.column) != unmark(column):
            continue
        codes = table.text(column)
        kept = {code: holds(code.strip(), condition) for code in codes.unique()}
        out = ~codes.replace_strict(kept, return_dtype=pl.Boolean)
        if out.any():
            others = ", ".join(sorted(code for code, keep in kept.items() if not keep))
            text = f"rows of other currencies are left out ({others})"
            note = at(table, out, column, Finding("RC815", text))
            findings.append(weights.without(table, out, note, limited=False))
            table = table.filter(~out)
    return table, findings
