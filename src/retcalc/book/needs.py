"""Which columns of an export a run looks at, so that no others are read."""

from __future__ import annotations

from collections.abc import Sequence

from retcalc.book.headers import find_column, recognise
from retcalc.book.rules import BookRules
from retcalc.findings import RetcalcError


def columns_used(header: Sequence[str], rules: BookRules, file: str) -> list[str] | None:
    """Columns that the rules and the shape make use of; None where that is not clear yet."""
    try:
        found = recognise(header, rules.columns, rules.shape, file, rules.dates.format)
    except RetcalcError:  # said again, with the rest, when the rows are there
        return None
    asked = [*rules.by, *(c.column for c in rules.where)]
    asked += [rules.parent] if rules.parent else []
    asked += [rules.size.source] if rules.size else []
    named = (find_column(name, header) for name in asked)
    conditions = () if found.preset is None else found.preset.conditions(header)
    return [*found.columns.values(), *found.months, *conditions, *(n for n in named if n)]
