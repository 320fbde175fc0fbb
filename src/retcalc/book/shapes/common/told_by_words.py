"""Intervals, statuses and kinds told by the words of a column, whatever its header is."""

from __future__ import annotations

from dataclasses import replace

from retcalc.book.columns.column_names import normalise
from retcalc.book.columns.columns_to_read import looks_like, may_hold_intervals
from retcalc.book.columns.header_errors import several
from retcalc.book.columns.named_by_values import are_days
from retcalc.book.columns.recognise import Recognised
from retcalc.book.rules import BookRules
from retcalc.book.values.billing_intervals import (
    interval_share,
    not_recurring,
    share_within,
)
from retcalc.book.values.words.flags import flag_of, is_flag
from retcalc.book.values.words.statuses import know_any
from retcalc.core.findings import RetcalcError
from retcalc.read import Table

_MOST = 60  # different words that may be intervals
_NO_BILLING = ("contract", "commitment", "tenure", "age")


def told_by_words(found: Recognised, table: Table, rules: BookRules) -> Recognised:
    """The same roles with those that cells tell: interval, status, kind and flags."""
    found = with_interval(found, table)
    if found.preset is not None:
        return found
    return _with_kind(_with_status(found, table, rules), table)


def _with_status(found: Recognised, table: Table, rules: BookRules) -> Recognised:
    """Flags that hold yes and no alone; a status whose words are some, under any header."""
    cells = {c: _words(table, c) for c in found.flags if c in table}
    flags = tuple(column for column, words in cells.items() if is_flag(words))
    found = _with_end(replace(found, flags=flags), table, [c for c in cells if c not in flags])
    named = found.columns.get("status")
    sure = named is not None and (_is_status(named) or named in rules.columns.values())
    if sure or (named is not None and know_any(_words(table, named))):
        return found
    roles = {role: column for role, column in found.columns.items() if role != "status"}
    maybe = _free(found, table)
    if found.shape == "long" and "kind" in roles:  # a column called type may be either
        maybe.append(roles["kind"])
    words = {c: cells.get(c) or _words(table, c) for c in maybe}
    told = next((c for c in maybe if looks_like("status", found.shape, c, words[c])), None)
    if told is None:
        return replace(found, columns=roles)
    roles = {role: column for role, column in roles.items() if column != told}
    return replace(found, columns={**roles, "status": told})


def _with_end(found: Recognised, table: Table, others: list[str]) -> Recognised:
    """Days under the name of a flag (``cancelled``) are when a subscription ended."""
    if found.shape != "intervals" or {"end", "cancelled"} & found.columns.keys():
        return found
    over = (c for c in others if (flag := flag_of(c)) and flag.yes == "ended")
    end = next((c for c in over if are_days(table, c)), None)
    return found if end is None else replace(found, columns={**found.columns, "end": end})


def _with_kind(found: Recognised, table: Table) -> Recognised:
    """A log whose kinds stand under a header that nobody knows."""
    role = {"movements": "movement", "long": "kind"}.get(found.shape)
    if role is None or role in found.columns:
        return found
    kinds = (c for c in _free(found, table) if looks_like("kind", found.shape, c, _words(table, c)))
    first = next(kinds, None)
    return found if first is None else replace(found, columns={**found.columns, role: first})


def _is_status(header: str) -> bool:
    return "statu" in normalise(header)


def _free(found: Recognised, table: Table) -> list[str]:
    """Columns that were read and play no part."""
    used = {*found.columns.values(), *found.flags, *found.months}
    return [column for column in table.header if column not in used and column in table]


def _words(table: Table, column: str) -> list[str]:
    return table.coded(column).used().values.to_list()


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
