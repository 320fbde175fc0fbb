"""Which columns of an export a run looks at, so that no others are read."""

from __future__ import annotations

from collections.abc import Sequence

from retcalc.book.columns.recognise import Recognised, find_column, recognise
from retcalc.book.rules import BookRules, as_written
from retcalc.core.findings import RetcalcError


def columns_used(header: Sequence[str], rules: BookRules, file: str) -> list[str] | None:
    """Columns that the rules and the shape make use of; None where that is not clear yet."""
    found = recognised(header, rules, file)
    if found is None:
        return None
    return [*found.columns.values(), *_cells(found, header), *_asked(header, rules)]


def columns_coded(header: Sequence[str], rules: BookRules, file: str) -> list[str] | None:
    """Those of them whose texts are only told apart: the ids, and what makes segments."""
    found = recognised(header, rules, file)
    if found is None:
        return None
    read = [c for role, c in found.columns.items() if role != "customer"]
    told_apart = [*found.columns.values(), *_asked(header, rules)]
    return [c for c in told_apart if c not in (*read, *_cells(found, header))]


def columns_counted(header: Sequence[str], rules: BookRules, file: str) -> list[str] | None:
    """Those whose decimals are only counted: the amounts of a panel written as money is."""
    found = recognised(header, rules, file)
    if found is None or found.shape != "long" or not as_written(rules.amounts):
        return None
    return [c for role, c in found.columns.items() if role == "mrr"]


def recognised(header: Sequence[str], rules: BookRules, file: str) -> Recognised | None:
    """What a header means; None where that is not clear yet."""
    try:
        return recognise(header, rules.columns, rules.shape, file, rules.dates.format)
    except RetcalcError:  # said again, with the rest, when the rows are there
        return None


def _cells(found: Recognised, header: Sequence[str]) -> list[str]:
    conditions = () if found.preset is None else found.preset.conditions(header)
    return [*found.months, *conditions]


def _asked(header: Sequence[str], rules: BookRules) -> list[str]:
    """Columns of the rules: of segments and filters, of parents and sizes."""
    names = [*rules.by, *(c.column for c in rules.where)]
    names += [rules.parent] if rules.parent else []
    names += [rules.size.source] if rules.size else []
    return [n for n in (find_column(name, header) for name in names) if n]
