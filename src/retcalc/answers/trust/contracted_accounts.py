"""explain carr_mrr, signed_mrr, cancelling_mrr: the accounts behind what is contracted."""

from __future__ import annotations

import shlex

import polars as pl

from retcalc.answers.base.prepare import Prepared, prepare
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL, window_sums
from retcalc.answers.revenue.contracted import CARR, Contracted, contracted_at_closing
from retcalc.answers.revenue.contracted import COLUMNS as FIGURES
from retcalc.answers.trust.source_rows import source_rows, sums_of
from retcalc.book import Book
from retcalc.core.findings import Finding, RetcalcError, own_fault
from retcalc.core.months import Window
from retcalc.core.result import Block, Column, Result, Row, Value
from retcalc.kernels.by_account.contracts.contracted import CANCELLING, SIGNED
from retcalc.kernels.panel_facts import month_rows
from retcalc.read import FILE, LINE

COLUMNS = (
    Column("account", "Account", "text"),
    Column("closing_mrr", "Closing MRR", "money"),
    *FIGURES,
    Column("source", "Source", "text"),
    Column("line", "Line", "count"),
)
_MONEY = ("closing_mrr", SIGNED, CANCELLING)
_FIGURES = (*_MONEY, CARR)
FORMULA = "closing MRR + signed and not yet begun - cancelled and not yet ended"


def contracted_accounts(request: Request, name: str, limit: int | None) -> Result:
    """One row an account behind CARR or a part of it, the total last; raises RC281, RC702.

    ``limit``: the first so many accounts, the rest in one row.
    """
    prepared = prepare(request)
    book, window = prepared.book, prepared.window
    found = contracted_at_closing(prepared)
    if found is None or name in found.unknown:
        raise RetcalcError(_not_told(name, book, found))
    accounts = _accounts(prepared, found, name)
    _check(accounts, prepared, request, found)
    behind = accounts.filter(pl.col(name) != 0) if name != CARR else accounts
    total = sums_of(behind, _FIGURES)
    column = next(c for c in FIGURES if c.name == name)
    number = Block((Column(name, column.label, "money"),), (Row({name: total[name]}),))
    return Result(
        metric="explain",
        title=f"Accounts behind {column.label}",
        definition={"metric": name, "profile": request.profile.name, "formula": FORMULA},
        columns=COLUMNS,
        rows=(*_rows(prepared, behind, limit), Row({"account": None, **total})),
        window=window,
        currency=book.currency,
        notes=(*prepared.notes, *found.notes),
        sources=book.sources,
        extra={"number": number},
        config_sha256=request.config_sha256,
    )


def _not_told(name: str, book: Book, found: Contracted | None) -> Finding:
    path = book.sources[0].path
    value = f"{path} is read as {book.shape}"
    if found is not None:
        value = "; ".join(note.message for note in found.notes)
    fix = f"retcalc summary {shlex.quote(path)}   or export start, end and days of signing"
    return Finding("RC281", f"{name} needs subscriptions with days", value=value, fix=fix)


def _accounts(prepared: Prepared, found: Contracted, name: str) -> pl.DataFrame:
    """Every account that pays at the closing or will: account, its money, FILE and LINE of a row.

    That row is the first one behind the figure that changes MRR later; null where none does.
    """
    closing = prepared.window.closing
    pays = month_rows(prepared.book.panel, closing, closing).filter(pl.col("seg") >= 0)
    pays = pays.select("account", closing_mrr=pl.col("mrr").cast(pl.Int128))
    changes = found.rows.sort(FILE, LINE).group_by("account", maintain_order=True)
    money = pl.col(SIGNED, CANCELLING).cast(pl.Int128).sum()
    counts = pl.lit(value=True) if name == CARR else pl.col(name) > 0
    changing = changes.agg(money, pl.col(FILE, LINE).filter(counts).first())
    both = pays.join(changing, on="account", how="full", coalesce=True, validate="1:1")
    both = both.with_columns(pl.col(_MONEY).fill_null(0))
    carr = pl.col("closing_mrr") + pl.col(SIGNED) - pl.col(CANCELLING)
    size = pl.col(SIGNED) + pl.col(CANCELLING)
    return both.with_columns(carr.alias(CARR)).sort(
        size, "closing_mrr", "account", descending=[True, True, False]
    )


def _rows(prepared: Prepared, behind: pl.DataFrame, limit: int | None) -> list[Row]:
    book, closing = prepared.book, prepared.window.closing
    first = behind if limit is None else behind.head(limit)
    rest = behind.tail(behind.height - first.height)
    paying = source_rows(book, first["account"], Window(closing, closing))
    rows = []
    for facts in first.iter_rows(named=True):
        code, file, line = facts["account"], facts[FILE], facts[LINE]
        place = (book.sources[file].path, line) if file is not None else None
        if place is None and code in paying:
            place = (paying[code][0].source, paying[code][0].line)
        named: dict[str, Value] = {"account": book.accounts[code]}
        where: dict[str, Value] = {} if place is None else {"source": place[0], "line": place[1]}
        rows.append(Row({**named, **{n: int(facts[n]) for n in _FIGURES}, **where}))
    if rest.height:
        more = f"({rest.height:,} more account{'s' if rest.height > 1 else ''})"
        rows.append(Row({"account": more, **sums_of(rest, _FIGURES)}))
    return rows


def _check(accounts: pl.DataFrame, prepared: Prepared, request: Request, found: Contracted) -> None:
    """Refuse accounts that do not add up to the summary (RC702)."""
    closing = window_sums(prepared.book, prepared.window, request)[TOTAL].closing_mrr
    sums = sums_of(accounts, _FIGURES)
    if (sums["closing_mrr"], sums[SIGNED], sums[CANCELLING]) != (closing, *found.sums(TOTAL)):
        raise own_fault("RC702", "the accounts do not add up to what is contracted")
