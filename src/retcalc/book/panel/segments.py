"""Segments and filters: which group each account-month belongs to.

A filter is a segment of its own (inside or outside), so an account that changes its plan leaves
or enters the filtered set on a line of its own instead of looking like churn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from math import prod

import polars as pl

from retcalc.book.columns.column_names import unmark
from retcalc.book.rules import NO_VALUE, Condition, holds
from retcalc.core.findings import Finding, did_you_mean

OUTSIDE = -1
_MOST = 1 << 20  # combinations of values that are looked up
_SOME = 100_000  # rows
_EXACT = ("=", "!=", "in")


def unmatched(panel: pl.DataFrame, by: Sequence[str], where: Sequence[Condition]) -> list[Finding]:
    """Say which values of a filter nobody has, with the nearest ones, and which look alike."""
    names = dict.fromkeys([*by, *(c.column for c in where)])
    values = {n: [v or NO_VALUE for v in panel[n].cast(pl.String).unique().sort()] for n in names}
    findings = [f for c in where if (f := _missing(values[c.column], c)) is not None]
    asked = {(c.column, _folded(v)) for c in where if c.operator in _EXACT for v in c.values}
    for name in names:
        only = None if name in by else {value for column, value in asked if column == name}
        if (alike := _alike(values[name], only)) is not None:
            text = f"values of {unmark(name)} differ in case or blanks only, kept apart: {alike}"
            findings.append(Finding("RC872", text))
    return findings


def _missing(values: Sequence[str], condition: Condition) -> Finding | None:
    """The asked values of a filter that no row holds, or a comparison that none meets."""
    exact = condition.operator in _EXACT
    gone = [v for v in condition.values if v not in values] if exact else list(condition.values)
    if not gone or (not exact and any(holds(v, condition) for v in values)):
        return None
    known = f"the values are {', '.join(values[:5])}{' …' if len(values) > 5 else ''}"
    hint = (did_you_mean(gone[0], values) if exact else "") or known
    column, operator = unmark(condition.column), "=" if exact else condition.operator
    return Finding("RC871", f"no account has {column} {operator} {', '.join(gone)}; {hint}")


def _alike(values: Sequence[str], only: set[str] | None) -> str | None:
    """Values that are the same but for case and blanks; with ``only`` those like one of them."""
    folded: dict[str, list[str]] = {}
    for value in values:
        folded.setdefault(_folded(value), []).append(value)
    groups = [g for f, g in folded.items() if len(g) > 1 and (only is None or f in only)]
    return "; ".join(" and ".join(repr(v) for v in g) for g in groups[:3]) or None


def _folded(value: str) -> str:
    return " ".join(value.split()).casefold()


def encode(
    panel: pl.DataFrame,
    by: Sequence[str],
    where: Sequence[Condition],
    known: tuple[tuple[str, ...], ...] | None = None,
) -> tuple[pl.DataFrame, tuple[tuple[str, ...], ...]]:
    """Replace the attribute columns by ``seg`` (Int32; OUTSIDE where filtered out).

    Returns the panel and, per code, the values of the ``by`` columns. With ``known`` the codes
    are those given, and values that are not among them follow.
    """
    names = list(dict.fromkeys([*by, *(c.column for c in where)]))
    if not names:
        return panel.with_columns(pl.lit(0, pl.Int32).alias("seg")), ((),)
    combos = _combinations(panel.select(names)).sort(names)
    kept = [_kept(row, where) for row in combos.iter_rows(named=True)]
    values = [tuple(row[b] or NO_VALUE for b in by) for row in combos.iter_rows(named=True)]
    found = sorted({v for v, keep in zip(values, kept, strict=True) if keep}, key=_in_order)
    codes = tuple(found) if known is None else (*known, *(v for v in found if v not in known))
    index = {v: i for i, v in enumerate(codes)}
    seg = [index[v] if keep else OUTSIDE for v, keep in zip(values, kept, strict=True)]
    coded = combos.with_columns(pl.Series("seg", seg, dtype=pl.Int32))
    return panel.with_columns(_spread(panel, coded, names)).drop(names), codes


def _sizes(rows: pl.DataFrame) -> list[int]:
    """How many values each column can have; empty where one is not coded or misses a value."""
    kinds = [kind for kind in rows.schema.values() if isinstance(kind, pl.Enum)]
    if len(kinds) < rows.width or any(rows.null_count().row(0)):
        return []
    return [len(kind.categories) for kind in kinds]


def _combinations(rows: pl.DataFrame) -> pl.DataFrame:
    """Every combination of values once; the first rows alone are tried first, as a shortcut."""
    some, sizes = rows.head(_SOME).unique(), _sizes(rows)
    return some if sizes and some.height == prod(sizes) else rows.unique()


def _spread(panel: pl.DataFrame, coded: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """Give every row the segment of its values, looked up by codes where columns are coded."""
    rows = panel.select(names)
    sizes = _sizes(rows)
    if not sizes or prod(sizes) > _MOST:
        return rows.join(
            coded, on=names, how="left", validate="m:1", nulls_equal=True, maintain_order="left"
        )["seg"]

    def places(frame: pl.DataFrame) -> pl.Series:
        place, *others = (pl.col(name).to_physical().cast(pl.UInt32) for name in names)
        for other, size in zip(others, sizes[1:], strict=True):
            place = place * size + other
        return frame.select(place).to_series()

    table = pl.repeat(OUTSIDE, prod(sizes), dtype=pl.Int32, eager=True)
    return table.scatter(places(coded), coded["seg"])[places(panel)].alias("seg")


def _in_order(values: Sequence[str]) -> list[tuple[int, Decimal, bool, str]]:
    """Sort keys: values that begin with a number by that number, then all others by letters."""
    numbers = [re.match(r"(under )?(-?\d{1,15}(?:\.\d{1,9})?)\b", v, re.ASCII) for v in values]
    return [
        (0, Decimal(m[2]), not m[1], v) if m else (1, Decimal(0), True, v)
        for m, v in zip(numbers, values, strict=True)
    ]


def as_of_current(panel: pl.DataFrame) -> pl.DataFrame:
    """Give every account-month the segment of the account's latest month."""
    latest = panel.sort("account", "month").group_by("account", maintain_order=True).last()
    return panel.drop("seg").join(
        latest.select("account", "seg"),
        on="account",
        how="left",
        validate="m:1",
        maintain_order="left",
    )


def _kept(row: dict[str, str], where: Sequence[Condition]) -> bool:
    return all(holds(row[c.column] or "", c) for c in where)
