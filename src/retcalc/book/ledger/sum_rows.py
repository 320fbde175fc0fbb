"""Rows of a panel that are sums of other rows, whatever they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
        cells = _numbers(frame[month])
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
    if found.shape not in ("long", "wide") or table.frame.height > _MOST:
        return None
    likely = ids.values.str.contains(_LIKELY)
    if not likely.any():
        return None
    tell = _of_sheet if found.shape == "wide" else _of_panel
    marked = tell(table, found, ids.spread(likely))
    return marked if marked is not None and marked.any() else None


def sums_of_accounts(table: Table, found: Recognised, ids: Distinct) -> pl.Series | None:
    """Mark the last row of each account that has several, where it is the sum of the others.

    Such as Total below the products of an account, in every account and month. It counts only
    where some account has several others: two equal rows are a row that stands twice.
    """
    month, amount = (found.columns.get(role) for role in ("month", "mrr"))
    panel = found.shape == "long" and month is not None and amount is not None
    if not (panel or found.shape == "wide") or table.frame.height > _MOST:
        return None
    keys = pl.DataFrame({"id": ids.codes} | ({"month": table.text(str(month))} if panel else {}))
    several = keys.is_duplicated()
    if not several.any():
        return None
    cells = [table.column(str(amount))] if panel else [table.frame[m] for m in found.months]
    at = pl.col("at")
    numbered = keys.with_row_index("at")
    last = numbered.select(at == at.max().over(keys.columns)).to_series() & several
    added = False
    of, is_last = pl.col("amount"), pl.col("last")
    for column in cells:
        rows = keys.with_columns(amount=_numbers(column), last=last).filter(several)
        sums = rows.group_by(keys.columns).agg(
            of.filter(is_last).sum().alias("told"),
            of.filter(~is_last).sum().alias("own"),
            (~is_last & (of != 0)).sum().alias("rows"),
        )
        if not all(_equal(*pair) for pair in sums.select("told", "own").rows()):
            return None
        added = added or bool((sums["rows"] > 1).any())
    return last if added else None


@dataclass(slots=True)
class _Added:
    """Rows of a sheet added up so far, month by month."""

    amounts: list[float]
    rows: int = 0

    def add(self, amounts: Sequence[float]) -> None:
        self.amounts = [a + b for a, b in zip(self.amounts, amounts, strict=True)]
        self.rows += 1


def _of_sheet(table: Table, found: Recognised, named: pl.Series) -> pl.Series:
    months = pl.DataFrame([_numbers(table.frame[month]) for month in found.months])
    every, since = (_Added([0.0] * months.width) for _ in range(2))
    marks, least = list[bool](), 2
    for likely, amounts in zip(named, months.iter_rows(), strict=True):
        is_sum = likely and any(
            added.rows >= least and any(amounts) and all(map(_equal, added.amounts, amounts))
            for added in (since, every)
        )
        marks.append(is_sum)
        if is_sum:
            since, least = _Added([0.0] * months.width), 1
        else:
            every.add(amounts)
            since.add(amounts)
    return pl.Series(marks, dtype=pl.Boolean)


def _of_panel(table: Table, found: Recognised, named: pl.Series) -> pl.Series | None:
    columns = (found.columns.get("month"), found.columns.get("mrr"))
    if columns[0] is None or columns[1] is None:
        return None
    amount = _numbers(table.column(columns[1]))
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


def _numbers(cells: pl.Series) -> pl.Series:
    return cells.cast(pl.Float64, strict=False).fill_null(0)


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME * max(1.0, abs(other))
