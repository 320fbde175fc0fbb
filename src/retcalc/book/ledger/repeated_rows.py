"""Rows that stand twice: the same row again, or several versions of one row."""

from __future__ import annotations

import polars as pl

from retcalc.book.columns.recognise import Recognised
from retcalc.book.rules import BookRules
from retcalc.book.values.left_out import Scales
from retcalc.book.values.locate import at
from retcalc.core.findings import Finding
from retcalc.read import Table

# what makes two rows one, where the export names its rows; else every cell that was read
_KEYS = {
    "intervals": ("customer", "subscription", "start"),
    "states": ("row_id",),
    "invoices": ("row_id",),
    "movements": ("row_id",),
    "payments": ("row_id",),
    "snapshot": ("customer",),
}


def settle_repeated(
    table: Table, found: Recognised, rules: BookRules, scales: Scales
) -> tuple[Table, list[Finding]]:
    """The table with each row once, as ``--duplicates`` says; in panels, each account and month."""
    titles, policy = _titles(table, found), rules.duplicates
    if not titles or _all_differ(table, titles):
        return table, []
    keys = pl.DataFrame({title: table.text(title) for title in titles})
    twice = keys.is_duplicated()
    if not twice.any():
        return table, []
    column = found.columns["customer"]
    if policy == "sum" and found.shape != "snapshot":
        note = Finding("RC844", "rows that stand twice are all counted")
        return table, [at(table, twice, column, note)]
    if policy in ("refuse", "sum"):
        again = _same_cells(table, twice)
        what = "the same row" if again else "rows that differ, where one is expected,"
        value = f'"{table.text(column).filter(twice)[0]}" has {what} more than once'
        ways = "first   keeps the first of each, last the last"
        fix = "--duplicates " + (
            ways if again else "last   keeps the newest of each, first the oldest"
        )
        fix += "" if found.shape == "snapshot" else "; sum counts all of them"
        error = Finding("RC252", "rows stand twice", value=value, fix=fix)
        return table, [at(table, twice, column, error)]
    order = _order(table, found)
    kept = keys.with_columns(order=order, row=pl.int_range(len(order), eager=True))
    kept = kept.sort("order", "row", descending=policy == "last", maintain_order=True)
    rows = kept.unique(keys.columns, keep="first", maintain_order=True)["row"]
    out = ~pl.int_range(len(order), eager=True).is_in(rows.implode())
    note = at(table, out, column, Finding("RC869", f"of rows that stand twice the {policy} counts"))
    return table.filter(~out), [scales.without(table, out, note, limited=False)]


def _same_cells(table: Table, twice: pl.Series) -> bool:
    """True where the rows that stand twice are the same in every column that was read."""
    rows = table.filter(twice)
    cells = {title: rows.text(title) for title in table.header if title in rows}
    return bool(pl.DataFrame(cells).is_duplicated().all())


def _titles(table: Table, found: Recognised) -> list[str]:
    """The columns in which two different rows must differ; none for panels and where unknown."""
    if found.shape not in _KEYS:
        return []
    roles = _KEYS[found.shape]
    if all(role in found.columns for role in roles):
        return [found.columns[role] for role in roles]
    # a column that nobody read may tell the rows apart
    return list(table.header) if all(title in table for title in table.header) else []


def _all_differ(table: Table, titles: list[str]) -> bool:
    """True when the hashes of all rows differ: 0.1 s of a million rows instead of 0.7 s."""
    cells = pl.DataFrame([table.codes_or_cells(title) for title in titles])
    hashes = cells.with_columns(pl.col(pl.String).fill_null("")).hash_rows().sort()
    return not (hashes == hashes.shift(1)).any()


def _order(table: Table, found: Recognised) -> pl.Series:
    """A sort key: when each row was written, if a column tells it."""
    column = found.columns.get("updated")
    if column is None:
        return pl.repeat("", table.frame.height, eager=True)
    return table.text(column).str.strip_chars().str.pad_start(40, " ")
