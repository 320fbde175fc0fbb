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


def unmatched(panel: pl.DataFrame, by: Sequence[str], where: Sequence[Condition]) -> list[Finding]:
    """Say which filter no value meets, with the nearest one, and which values look alike."""
    findings = []
    for condition in where:
        values = [v or NO_VALUE for v in panel[condition.column].cast(pl.String).unique().sort()]
        if any(holds(v, condition) for v in values):
            continue
        column, asked = unmark(condition.column), ", ".join(condition.values)
        hint = did_you_mean(asked, values) or f"the values are {', '.join(values[:5])}"
        text = f"no account has {column} {condition.operator} {asked}; {hint}"
        findings.append(Finding("RC871", text))
    for name in by:
        texts = panel[name].cast(pl.String).unique().sort()
        folded: dict[str, list[str]] = {}
        for value in texts:
            folded.setdefault(" ".join((value or "").split()).casefold(), []).append(value)
        alike = [group for group in folded.values() if len(group) > 1]
        if alike:
            shown = "; ".join(" and ".join(repr(v) for v in group) for group in alike[:3])
            text = f"values of {unmark(name)} differ in case or blanks only, kept apart: {shown}"
            findings.append(Finding("RC872", text))
    return findings


def encode(
    panel: pl.DataFrame,
    by: Sequence[str],
    where: Sequence[Condition],
    known: tuple[tuple[str, ...], ...] | None = None,
) -> tuple[pl.DataFrame, tuple[tuple[str, ...], ...]]:
    """Replace the attribute columns by ``seg`` (Int32; OUTSIDE where filtered out).

    Returns the panel and, per code, the values of the ``by`` columns. With ``known`` the codes
    are those given, and values that are not among them get the next code.
    """
    names = list(dict.fromkeys([*by, *(c.column for c in where)]))
    if not names:
        return panel.with_columns(pl.lit(0, pl.Int32).alias("seg")), ((),)
    combos = _combinations(panel.select(names)).sort(names)
    kept = [_kept(row, where) for row in combos.iter_rows(named=True)]
    values = [tuple(row[b] or NO_VALUE for b in by) for row in combos.iter_rows(named=True)]
    found = sorted({v for v, keep in zip(values, kept, strict=True) if keep}, key=_in_order)
    codes = tuple(found) if known is None else known
    index = {v: i for i, v in enumerate(codes)}
    seg = [
        index.get(v, len(codes)) if keep else OUTSIDE for v, keep in zip(values, kept, strict=True)
    ]
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
