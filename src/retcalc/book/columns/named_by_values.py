"""Columns whose names say nothing but whose cells do: candidates for a part that is missing."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from retcalc.book.columns.column_names import OPTION, ROLES, candidates, normalise
from retcalc.book.columns.header_errors import MissingColumn
from retcalc.core.findings import Finding
from retcalc.read import Table

_MOST = 3  # offered for one part
_LOOKED_AT = 10_000  # rows
_SIGN = r"(?:[$€£¥]|[A-Z]{3})"
_AMOUNT = (
    rf"^[-+(]?\s*{_SIGN}?\s*[-+]?\d[\d.,'\u00a0\u202f ]*\s*{_SIGN}?\s*\)?-?$"  # 1,200.00 or (€ 5)
)
_MONTH_NAME = re.compile(r"(?i)\s*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")
_YEAR = r"^(?:19|20)\d\d$"
_DAY = (
    r"^(?:\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2}.*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?: .*)?|"
    r"\d{1,2}[-/.]\d{4}|[^\W\d]{3,9}\.?[- ]'?\d{2,4}|\d{1,2}[- ][^\W\d]{3,9}\.?[- ]\d{2,4})$"
)
_TAKEN = frozenset(ROLES) - {"customer", "month", "mrr", "start", "end"}
_NAMES = ("id", "no", "number", "name", "email", "key", "code", "owner", "customer", "account")


def with_candidates(findings: Sequence[Finding], table: Table) -> list[Finding]:
    """Findings, with the columns that could play each part that is missing, ready to paste."""
    if table.frame.is_empty():
        return list(findings)
    seen = _Cells(table)
    return [_offered(f, seen) if isinstance(f, MissingColumn) else f for f in findings]


def are_days(table: Table, column: str) -> bool:
    """Tell whether what stands in a column is days."""
    raw = table.column(column)
    if raw.dtype.is_temporal():
        return True
    cells = table.text(column)[:_LOOKED_AT].str.strip_chars()
    filled = cells.filter(cells != "")
    return len(filled) > 0 and bool(filled.str.contains(_DAY).all())


def amount_candidates(table: Table) -> list[str]:
    """Columns whose cells look like amounts, the likeliest first."""
    return [] if table.frame.is_empty() else _Cells(table).amounts()


def _offered(finding: MissingColumn, seen: _Cells) -> Finding:
    ways = list(_ways(finding.role, seen))
    return replace(finding, fix="   or  ".join(ways)) if ways else finding


def _ways(role: str, seen: _Cells) -> Iterator[str]:
    option = OPTION.get(role)
    if role == "month":
        days = seen.days()
        for name in days[:1]:
            yield f"{option} {shlex.quote(name)}   if each row is one month"
            yield f"{OPTION['start']} {shlex.quote(name)}{_until(days)}   if it is a subscription"
    elif option is not None:
        found = {"mrr": seen.amounts, "customer": seen.accounts}.get(role, seen.days)()
        yield from (f"{option} {shlex.quote(name)}" for name in found[:_MOST])


def _until(days: Sequence[str]) -> str:
    return f" {OPTION['end']} {shlex.quote(days[1])}" if len(days) > 1 else ""


class _Cells:
    """What the first cells of the columns that play no part of their own look like."""

    def __init__(self, table: Table) -> None:
        header = table.header
        told = {name for role in _TAKEN for name in candidates(role, header)}
        self._cells = {
            name: table.text(name)[:_LOOKED_AT].str.strip_chars()
            for name in header
            if name not in told and not candidates("customer", [name])
        }

    def amounts(self) -> list[str]:
        """Numbers, those with decimals first; no ids, no years, no months of a sheet."""
        found = [n for n in self._like(_AMOUNT) if not self._all(n, _YEAR) and not _is_id(n)]
        if sum(bool(_MONTH_NAME.match(name)) for name in found) > 1:
            return []
        return sorted(found, key=lambda name: not self._cells[name].str.contains(r"[.,]\d").any())

    def days(self) -> list[str]:
        """Days and months, in the order of the header."""
        return self._like(_DAY)

    def accounts(self) -> list[str]:
        """Texts and whole numbers that are no days, those named like an id first."""
        fractions = {n for n in self._like(_AMOUNT) if self._cells[n].str.contains(r"[.,]\d").any()}
        other = fractions | {*self._like(_DAY)}
        found = [n for n in self._cells if n not in other and self._cells[n].n_unique() > 1]
        return sorted(found, key=lambda name: not _is_id(name))

    def _like(self, pattern: str) -> list[str]:
        return [name for name in self._cells if self._all(name, pattern)]

    def _all(self, name: str, pattern: str) -> bool:
        """Nine in ten of the cells that are filled look like this."""
        filled = self._cells[name].filter(self._cells[name] != "")
        fits = int(filled.str.contains(pattern).sum())
        return len(filled) > 0 and 10 * fits >= 9 * len(filled)


def _is_id(name: str) -> bool:
    return bool({*normalise(name).split("_")} & {*_NAMES})
