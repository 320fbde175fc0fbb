"""explain movements --kinds: the accounts behind kinds of expansion and contraction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from retcalc.answers.base.request import Request
from retcalc.answers.revenue.change_kinds import COLUMNS as PARTS
from retcalc.answers.revenue.change_kinds import kinds_of
from retcalc.answers.trust.explain import one_number
from retcalc.book import Book
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.result import Column, Result, Row, Value
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
    first = ordered if limit is None else ordered.head(limit)
    rest = ordered.tail(ordered.height - first.height)
    for facts in _with_places(book, first).iter_rows(named=True):
        place: dict[str, Value] = {}
        if facts[FILE] is not None:
            place = {"source": book.sources[facts[FILE]].path, "line": facts[LINE]}
        named: dict[str, Value] = {"account": book.accounts[facts["account"]]}
        parts = {name: int(facts[name]) for name in _NAMES}
        yield Row({**named, "month": facts["month"], **parts, **place})
    if rest.height:
        more = f"({rest.height:,} more row{'s' if rest.height > 1 else ''})"
        yield Row({"account": more, "month": None, **_sums(rest)})
    yield Row({"account": None, "month": None, **_sums(accounts)})


def _with_places(book: Book, moved: pl.DataFrame) -> pl.DataFrame:
    """FILE and LINE of the first row that begins in the month, else of one that ended before it."""
    wanted = moved.with_row_index("at").select("at", "account", "month")
    rows = book.ledger.select("account", "first", "last", FILE, LINE)
    held = wanted.join(rows, on="account", how="inner", validate="m:m")
    begins, ended = pl.col("first") == pl.col("month"), pl.col("last") + 1 == pl.col("month")
    held = held.filter(begins | ended).sort(begins, FILE, LINE, descending=[True, False, False])
    places = held.unique("at", keep="first", maintain_order=True).select("at", FILE, LINE)
    return moved.with_row_index("at").join(places, on="at", how="left", validate="1:1").sort("at")


def _sums(accounts: pl.DataFrame) -> Mapping[str, Value]:
    sums = accounts.select(pl.col(_NAMES).cast(pl.Int128).sum()).row(0, named=True)
    return {name: int(value) for name, value in sums.items()}
