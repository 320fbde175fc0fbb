"""explain movements --kinds: the accounts behind kinds of expansion and contraction."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import polars as pl

from retcalc.answers.base.request import Request
from retcalc.answers.revenue.change_kinds import COLUMNS as PARTS
from retcalc.answers.revenue.change_kinds import kinds_of
from retcalc.answers.trust.explain import one_number
from retcalc.answers.trust.source_rows import listed, rows_of, with_first
from retcalc.book import Book
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.result import Column, Result, Row
from retcalc.read import FILE, LINE

COLUMNS = (
    Column("account", "Account", "text"),
    Column("month", "Month", "month"),
    *PARTS,
    Column("source", "Source", "text"),
    Column("line", "Line", "count"),
)
_NAMES = [c.name for c in PARTS]
FORMULA = "quantity at the old price + the rest of what was there + cross-sell + ramp"


def kind_accounts(request: Request, asked: str, limit: int | None) -> Result:
    """One row an account and month that it pays more or less in, the total last; raises RC170.

    ``limit``: the first so many, those that move most, and the rest in one row.
    """
    if asked != "movements":
        text = f"{asked!r} is not told by kinds of expansion"
        raise RetcalcError(Finding("RC170", text, fix="one of movements"))
    one_number(request, "explain")
    found = kinds_of(request)
    result, book, accounts = found.result, found.prepared.book, found.accounts
    rows = tuple(_rows(book, accounts, limit)) if accounts.width else ()
    return Result(
        metric="explain",
        title="Accounts behind kinds of expansion and contraction",
        definition={
            "metric": "movements",
            "profile": request.profile.name,
            "basis": "monthly",
            "formula": FORMULA,
        },
        columns=COLUMNS,
        rows=rows,
        window=result.window,
        currency=book.currency,
        notes=result.notes,
        sources=book.sources,
        config_sha256=request.config_sha256,
    )


def _rows(book: Book, accounts: pl.DataFrame, limit: int | None) -> Iterator[Row]:
    """Those that move most first, the rest in one row if there is a limit, the total."""
    size = pl.sum_horizontal(pl.col(name).abs() for name in _NAMES)
    ordered = accounts.sort(size, "account", "month", descending=[True, False, False])
    blank = {"month": None}
    names, place = ["month", *_NAMES], partial(_with_places, book)
    return listed(book, ordered, limit, place, names, _NAMES, blank=blank, what="row")


def _with_places(book: Book, moved: pl.DataFrame) -> pl.DataFrame:
    """FILE and LINE of the first row that begins in the month, else of one that ended before it."""
    held = rows_of(book, moved, "month")
    begins, ended = pl.col("first") == pl.col("asked"), pl.col("last") + 1 == pl.col("asked")
    held = held.filter(begins | ended).sort(begins, FILE, LINE, descending=[True, False, False])
    return with_first(moved, held)
