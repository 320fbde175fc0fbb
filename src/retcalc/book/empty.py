"""The book of a file without rows, for ``--allow-empty``: every figure zero or undefined."""

from __future__ import annotations

import polars as pl

from retcalc.book.book import Book
from retcalc.book.money import minor_digits
from retcalc.book.rules import BookRules
from retcalc.findings import Finding
from retcalc.read import FILE, LINE, Table
from retcalc.result import Currency

_PANEL = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}
_LEDGER = {"account": pl.UInt32, "month": pl.Int32, "amount": pl.Int64}


def empty_book(table: Table, rules: BookRules) -> Book:
    """Give a book without accounts and months."""
    digits = minor_digits(rules.currency)
    ledger = {**_LEDGER, FILE: pl.UInt16, LINE: pl.UInt32}
    return Book(
        shape="long",
        make_panel=lambda: pl.DataFrame(schema=_PANEL),
        accounts=pl.Series("id", [], pl.String),
        segments=(() if rules.by else ((),)),
        by=rules.by,
        currency=Currency(rules.currency, digits, digits),
        first=0,
        last=0,
        ledger=pl.DataFrame(schema=ledger),
        sources=table.sources,
        notes=(Finding("RC848", f"{table.sources[0].path} has no rows"),),
    )
