"""Columns whose names say nothing but whose cells do: candidates for a part that is missing."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations

import polars as pl

from retcalc.book.columns.column_names import OPTION, ROLES, candidates, normalise
from retcalc.book.columns.header_errors import MissingColumn
from retcalc.book.rules import DateRules
from retcalc.book.values.dates import parse_days
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
    r"\d{1,2}[-/.](?:19|20)\d\d|[^\W\d]{3,9}\.?[- ]'?\d{2,4}|"
    r"\d{1,2}[- ][^\W\d]{3,9}\.?[- ]\d{2,4}|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?)$"
)
_TAKEN = frozenset(ROLES) - {"customer", "month", "mrr", "start", "end"}
_NAMES = ("id", "no", "number", "name", "email", "key", "code", "owner", "customer", "account")
_NUMBERED = re.compile(  # what is counted from one document to the next
    r"(?:invoice|order|receipt|bill|line|row|rechnung|beleg|auftrag|facture|commande|factura|pedido|"
    r"fattura|ordine|fatura|factuur|bestelling|nr|num)$|.*(?:nummer|_nr|numero|numer)$"
)


def with_candidates(findings: Sequence[Finding], table: Table) -> list[Finding]:
    """Findings, with the columns that could play each part that is missing, ready to paste.

    The first of several that are missing gets one line of options that names all of them.
    """
    if table.frame.is_empty():
        return list(findings)
    seen = _Cells(table)
    ways: dict[Finding, list[str]] = {
        f: list(_ways(f.role, seen)) for f in findings if isinstance(f, MissingColumn)
    }
    offered = [replace(f, fix="   or  ".join(ways[f])) if ways.get(f) else f for f in findings]
    if len(ways) < 2 or len(ways) < len(findings) or not all(ways.values()):
        return offered
    named = [*_together(list(ways.values()))]
    others = [way for way in next(iter(ways.values()))[1:] if "   if " not in way]
    return [replace(offered[0], fix="   or  ".join([*named, *others])), *offered[1:]]


def _together(ways: Sequence[Sequence[str]]) -> Iterator[str]:
    """One line for all parts that are missing; several where a day may be a month or a start."""
    most = max(ways, key=lambda found: sum("   if " in way for way in found))
    for way in most if "   if " in most[0] else most[:1]:
        parts: list[str] = []
        for found in ways:
            told = {part.partition(" ")[2] for part in parts}
            free = [other for other in found if other.partition(" ")[2] not in told]
            parts.append(way.partition("   ")[0] if found is most else (free or found)[0])
        yield f"{' '.join(parts)}   {way.partition('   ')[2] or 'names all that is missing'}"


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


def _ways(role: str, seen: _Cells) -> Iterator[str]:
    """Options that name a column for a part, with the words that tell when, likeliest first."""
    option = OPTION.get(role)
    if role == "month":
        days, span = seen.days(), seen.span()
        month = [f"{option} {shlex.quote(name)}   if each row is one month" for name in days[:1]]
        begins = span or tuple(days[:1])
        named = zip(("start", "end"), begins, strict=False)
        life = " ".join(f"{OPTION[part]} {shlex.quote(name)}" for part, name in named)
        lives = [f"{life}   if it is a subscription"] if life else []
        yield from (lives + month if span or seen.runs else month + lives)
    elif option is not None:
        found = {"mrr": seen.amounts, "customer": seen.accounts}.get(role, seen.days)()
        yield from (f"{option} {shlex.quote(name)}" for name in found[:_MOST])


class _Cells:
    """What the first cells of the columns that play no part of their own look like."""

    def __init__(self, table: Table) -> None:
        header = table.header
        told = {name for role in _TAKEN for name in candidates(role, header)}
        self.runs = any(candidates(role, header) for role in ("end", "term", "interval"))
        self._cells = {
            name: table.text(name)[:_LOOKED_AT].str.strip_chars()
            for name in header
            if name not in told and not candidates("customer", [name])
        }

    def amounts(self) -> list[str]:
        """Numbers, those with decimals first; no ids, no days or years, no months of a sheet."""
        other = {*self._like(_YEAR), *self._like(_DAY)}
        found = [n for n in self._like(_AMOUNT) if n not in other and not _is_id(n)]
        found = [n for n in found if not self._numbers_rows(n)]
        if sum(bool(_MONTH_NAME.match(name)) for name in found) > 1:
            return []
        return sorted(found, key=lambda name: not self._cells[name].str.contains(r"[.,]\d").any())

    def days(self) -> list[str]:
        """Days and months, in the order of the header."""
        return self._like(_DAY)

    def span(self) -> tuple[str, str] | None:
        """Two columns of days, of which one is never before the other: a start and an end."""
        days = {n: parse_days(self._cells[n], DateRules()).days for n in self.days()}
        for start, end in permutations(days, 2):
            apart = (days[end] - days[start]).dt.total_days().drop_nulls()
            later, filled = int((apart > 0).sum()), int(days[start].is_not_null().sum())
            if later and int((apart < 0).sum()) * 10 <= len(apart) <= filled:
                return start, end
        unread = [name for name, read in days.items() if read.is_null().all()]
        return (unread[0], unread[1]) if len(unread) > 1 else None

    def accounts(self) -> list[str]:
        """What is no day and no fraction: ids, then texts, numbers, and what numbers the rows."""
        fractions = {n for n in self._like(_AMOUNT) if self._cells[n].str.contains(r"[.,]\d").any()}
        other = fractions | {*self._like(_DAY)}
        found = [n for n in self._cells if n not in other and self._cells[n].n_unique() > 1]
        numbers = {*self._like(_AMOUNT)}
        rank = {n: (self._numbers_rows(n), not _is_id(n), n in numbers) for n in found}
        return sorted(found, key=rank.__getitem__)

    def _numbers_rows(self, name: str) -> bool:
        """True for numbers of documents: by their name, or as each is one more than another."""
        if _NUMBERED.match(normalise(name)):
            return True
        numbers = self._cells[name].cast(pl.Int64, strict=False).drop_nulls().sort()
        follow = bool((numbers.diff().drop_nulls() == 1).all())
        return len(numbers) > 2 and len(numbers) == len(self._cells[name]) and follow

    def _like(self, pattern: str) -> list[str]:
        return [name for name in self._cells if self._all(name, pattern)]

    def _all(self, name: str, pattern: str) -> bool:
        """Nine in ten of the cells that are filled look like this."""
        filled = self._cells[name].filter(self._cells[name] != "")
        fits = int(filled.str.contains(pattern).sum())
        return len(filled) > 0 and 10 * fits >= 9 * len(filled)


def _is_id(name: str) -> bool:
    return bool({*normalise(name).split("_")} & {*_NAMES})
