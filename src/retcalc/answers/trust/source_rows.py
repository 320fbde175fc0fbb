"""Which rows of which files an account's figures come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from retcalc.book import Book, account_months
from retcalc.core.months import Window
from retcalc.core.result import Block, Column, Row, Value
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


def rows_of(book: Book, asked: pl.DataFrame, month: str) -> pl.DataFrame:
    """Source rows of the accounts of each row of ``asked``, with its place and its ``month``.

    Gives at (the place), asked (the month), first and last (the months a source row counts in),
    FILE and LINE.
    """
    wanted = asked.with_row_index("at").select("at", "account", asked=month)
    rows = book.ledger.select("account", "first", "last", FILE, LINE)
    return wanted.join(rows, on="account", how="inner", validate="m:m")


def with_first(asked: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``asked`` with FILE and LINE of the first of ``held`` for each (``rows_of``)."""
    places = held.unique("at", keep="first", maintain_order=True).select("at", FILE, LINE)
    return asked.with_row_index("at").join(places, on="at", how="left", validate="1:1").sort("at")


def listed(
    book: Book,
    behind: pl.DataFrame,
    limit: int | None,
    placed: Callable[[pl.DataFrame], pl.DataFrame],
    shown: Sequence[str],
    summed: Sequence[str],
    *,
    blank: Mapping[str, Value] = {},
    what: str = "account",
) -> Iterator[Row]:
    """The first rows with their place, the rest in one row if there is a limit, and the total.

    ``placed`` adds FILE and LINE; ``shown`` are the columns of an account, ``summed`` those of the
    rest and the total, which hold ``blank`` beside them.
    """
    first = behind if limit is None else behind.head(limit)
    rest = behind.tail(behind.height - first.height)
    for facts in placed(first).iter_rows(named=True):
        place: dict[str, Value] = {}
        if facts[FILE] is not None:
            place = {"source": book.sources[facts[FILE]].path, "line": facts[LINE]}
        values = {name: facts[name] for name in shown}
        yield Row({"account": book.accounts[facts["account"]], **values, **place})
    if rest.height:
        more = f"({rest.height:,} more {what}{'s' if rest.height > 1 else ''})"
        yield Row({"account": more, **blank, **sums_of(rest, summed)})
    yield Row({"account": None, **blank, **sums_of(behind, summed)})


def sums_of(rows: pl.DataFrame, figures: Sequence[str]) -> dict[str, Value]:
    """Exact sums of columns, by their names."""
    return rows.select(pl.col(n).cast(pl.Int128).sum() for n in figures).row(0, named=True)
