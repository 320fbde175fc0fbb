"""Rows of a panel that are sums of other rows, whatever they are called."""

from __future__ import annotations

import polars as pl

from retcalc.book.columns.recognise import Recognised
from retcalc.read import Distinct, Table

_SAME = 1e-9  # relative; sums of numbers as they are written differ by less
_MOST = 100_000  # rows that are looked through
# words that a sum may go by; an account may too, so the arithmetic decides
_LIKELY = (
    r"(?i)^\W*(all|alle|tous|toutes|todos|todas|tutti|tutte|alles|grand|every(one|body)|overall|"
    r"entire|combined|company|mrr|arr|revenue|umsatz|totals?)\b|\b(gesamt|all|totals?)\W*$|[∑Σ]"
)


def ends_in_sums(table: Table, found: Recognised) -> bool:
    """True where the last row of a wide sheet is the sum of the rows above it in every month.

    It counts only where at least three accounts are there, three months have different sums, and
    each of these sums is of several accounts: less may be a coincidence.
    """
    frame = table.frame
    if found.shape != "wide" or frame.height < 4:
        return False
    seen: set[float] = set()
    for month in found.months:
        cells = frame[month].cast(pl.Float64, strict=False).fill_null(0)
        above, last = cells.head(-1), float(cells[-1])
        if not _equal(float(above.sum()), last):
            return False
        if int((above != 0).sum()) > 1:
            seen.add(last)
    return len(seen) >= 3


def sums_under_other_names(table: Table, found: Recognised, ids: Distinct) -> pl.Series | None:
    """Mark rows whose name may be that of a sum and whose amounts are one; None where none are.

    A sum is that of all accounts, or of the rows between it and the sum before, in every month.
    """
    likely = ids.values.str.contains(_LIKELY)
    if found.shape not in ("long", "wide") or not likely.any() or table.frame.height > _MOST:
        return None
    named = ids.spread(likely)
    marked = _of_sheet(table, found, named) if found.shape == "wide" else None
    marked = _of_panel(table, found, named) if found.shape == "long" else marked
    return marked if marked is not None and marked.any() else None


def _of_sheet(table: Table, found: Recognised, named: pl.Series) -> pl.Series:
    months = [table.frame[m].cast(pl.Float64, strict=False).fill_null(0) for m in found.months]
    sums: list[int] = []
    for row in named.arg_true():
        begin = sums[-1] + 1 if sums else 0
        own = [i for i in range(row) if i not in sums]
        for rows in ([i for i in own if i >= begin], own):
            pairs = [(float(month[rows].sum()), float(month[row])) for month in months]
            several = len(rows) > 1 - bool(sums) and any(told for _, told in pairs)
            if several and all(_equal(*pair) for pair in pairs):
                sums.append(row)
                break
    return pl.int_range(table.frame.height, eager=True).is_in(sums)


def _of_panel(table: Table, found: Recognised, named: pl.Series) -> pl.Series | None:
    columns = (found.columns.get("month"), found.columns.get("mrr"))
    if columns[0] is None or columns[1] is None:
        return None
    amount = table.column(columns[1]).cast(pl.Float64, strict=False).fill_null(0)
    rows = pl.DataFrame({"month": table.text(columns[0]), "amount": amount, "named": named})
    of = pl.col("amount")
    months = rows.group_by("month").agg(
        of.filter("named").sum().alias("told"),
        of.filter(~pl.col("named")).sum().alias("own"),
        (~pl.col("named")).sum().alias("accounts"),
        pl.col("named").sum().alias("names"),
    )
    equal = all(_equal(told, own) for told, own in months.select("told", "own").rows())
    several = bool((months["accounts"] > 1).any()) and bool((months["names"] == 1).all())
    return named if equal and several else None


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME * max(1.0, abs(other))
