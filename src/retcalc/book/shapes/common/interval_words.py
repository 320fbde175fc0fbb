"""Billing intervals told by the words of a column, whatever its header is."""

from __future__ import annotations

from dataclasses import replace

from retcalc.book.columns.column_names import normalise
from retcalc.book.columns.columns_to_read import may_hold_intervals
from retcalc.book.columns.header_errors import several
from retcalc.book.columns.recognise import Recognised
from retcalc.book.values.billing_intervals import (
    interval_share,
    not_recurring,
    share_within,
)
from retcalc.core.findings import RetcalcError
from retcalc.read import Table

_MOST = 60  # different words that may be intervals
_NO_BILLING = ("contract", "commitment", "tenure", "age")


def with_interval(found: Recognised, table: Table) -> Recognised:
    """The same roles with the interval, where a column of nothing but such words has one.

    Raises RC201 where two columns tell of different intervals.
    """
    if not may_hold_intervals(found):
        return found
    states = found.shape == "states"  # its plans tell of ends too, and stay plans
    used = {column for role, column in found.columns.items() if role != "term"}
    told = {c: w for c in table.header if c not in used for w in [_shares(table, c)] if w}
    if not told:
        plan = _plan_with_intervals(found, table)
        if plan is None or (states and "plan" in found.columns):
            return found
        return replace(found, columns={**found.columns, "plan" if states else "interval": plan})
    first = next(iter(told))
    meanings = [table.text(c).replace_strict(words).to_list() for c, words in told.items()]
    if any(meaning != meanings[0] for meaning in meanings):
        raise RetcalcError(several("interval", list(told), table.sources[0].path))
    roles = {role: column for role, column in found.columns.items() if column != first}
    return replace(found, columns={**roles, "interval": first})


def _plan_with_intervals(found: Recognised, table: Table) -> str | None:
    """The column of plans whose names tell an interval; another one only if all of its cells do."""
    plan, own = found.columns.get("plan"), set(found.columns.values())
    for column in (plan, *(name for name in table.header if name not in own)):
        if column is None:
            continue
        names = [n for n in table.text(column).str.strip_chars().unique() if n]
        if not 0 < len(names) <= _MOST or {*normalise(column).split("_")} & {*_NO_BILLING}:
            continue
        told = [share_within(name) is not None for name in names]
        if any(told) if column == plan else all(told):
            return column
    return None


def _shares(table: Table, column: str) -> dict[str, str]:
    """What each word of a column means; empty where it is no column of intervals."""
    if any(word in normalise(column).split("_") for word in _NO_BILLING):
        return {}
    values = table.text(column).unique()
    words = [value for value in values if value.strip()]
    if not words or len(words) > _MOST or any(len(word.strip()) < 2 for word in words):
        return {}
    shares = {word: interval_share(word) for word in words}
    if not any(shares.values()) or not all(shares[w] or not_recurring(w) for w in words):
        return {}
    return {value: str(shares.get(value)) for value in values}
