"""Which rows of which files an account's figures come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from retcalc.book import Book, account_months
from retcalc.core.months import Window
from retcalc.core.result import Block, Column, Row
from retcalc.read import FILE, LINE

COLUMNS = (
    Column("month", "Month", "month"),
    Column("amount", "Amount", "money"),
    Column("source", "Source", "text"),
    Column("line", "Line", "count"),
)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a file: month index, amount in integer units, path and physical line."""

    month: int
    amount: int
    source: str
    line: int


def source_rows(
    book: Book, accounts: pl.Series, window: Window
) -> Mapping[int, tuple[SourceRow, ...]]:
    """Rows of the opening and the closing month per account code, in file and line order.

    An account without any in those months shows the first of those in between.
    """
    month, first, last = (pl.col(name) for name in ("month", "first", "last"))
    wanted = pl.DataFrame({"account": accounts})
    rows = book.ledger.filter((first <= window.closing) & (last >= window.opening))
    rows = rows.join(wanted, on="account", how="semi")
    rows = rows.with_columns(first.clip(window.opening), last.clip(upper_bound=window.closing))
    inside = account_months(rows).sort("month", FILE, LINE)
    at_ends = inside.filter(month.is_in([window.opening, window.closing]))
    between = inside.join(at_ends, on="account", how="anti", maintain_order="left")
    earliest = between.unique("account", keep="first", maintain_order=True)
    found: dict[int, list[SourceRow]] = {}
    rows = pl.concat([at_ends, earliest]).select("account", "month", "amount", FILE, LINE)
    for account, when, amount, file, line in rows.iter_rows():
        row = SourceRow(when, int(amount), book.sources[file].path, line)
        found.setdefault(account, []).append(row)
    return {account: tuple(rows) for account, rows in found.items()}


def in_words(rows: tuple[SourceRow, ...]) -> str:
    """Every row as ``file:line``, in one text."""
    return " ".join(dict.fromkeys(f"{row.source}:{row.line}" for row in rows))


def block(rows: tuple[SourceRow, ...]) -> Block:
    """The rows as a nested table."""
    values = ({c.name: getattr(row, c.name) for c in COLUMNS} for row in rows)
    return Block(COLUMNS, tuple(Row(v) for v in values))
