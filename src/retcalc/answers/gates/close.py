"""close: lock a month, verify that locked months still stand, list what was restated."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from retcalc import __version__
from retcalc.answers.base.prepare import Prepared, prepare
from retcalc.answers.base.request import Request
from retcalc.answers.base.sources import open_sources
from retcalc.answers.gates.locks import (
    KEY,
    Lock,
    account_months,
    locked_panel,
    read_locks,
    write_lock,
)
from retcalc.answers.revenue.rollforward import bridge_result
from retcalc.book import Book
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import Window, format_month
from retcalc.core.result import Column, Currency, Result, Row
from retcalc.kernels.panel_facts import month_rows
from retcalc.render.machine.as_json import to_json
from retcalc.render.numbers import FILE_DECIMALS, QUOTIENT_DECIMALS, money

COLUMNS = (
    Column("account", "Account", "text"),
    Column("month", "Month", "month"),
    Column("locked_mrr", "Locked MRR", "money"),
    Column("current_mrr", "Current MRR", "money"),
    Column("difference", "Difference", "money"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One account-month that no longer is what was locked; amounts as exact decimals."""

    account: str
    month: int
    locked: Decimal
    current: Decimal


def changes(locks: list[Lock], book: Book) -> list[Change]:
    """Every account-month of the locked months whose amount differs, by account and month."""
    if not locks:
        return []
    current = _panel_of(book, None, locks[-1].month).rename({"mrr": "current"})
    both = locked_panel(locks).join(current, on=KEY, how="full", coalesce=True, validate="1:1")
    differs = pl.col("mrr").ne_missing(pl.col("current"))
    rows = both.filter(differs).sort(KEY).select(*KEY, "mrr", "current").iter_rows()
    return [Change(a, m, Decimal(old or "0"), Decimal(new or "0")) for a, m, old, new in rows]


def diff_result(request: Request, folder: Path, title: str) -> tuple[Result, int]:
    """The restated account-months, and exit status 1 when there are any."""
    locks = read_locks(folder)
    prepared = prepare(request)
    if not locks:
        month = format_month(prepared.window.closing)
        fix = f"retcalc close lock {month} {_data(request)}  locks that month"
        raise RetcalcError(Finding("RC292", f"there is no lock in {folder}", fix=fix))
    found = changes(locks, prepared.book)
    result = _result(prepared, found, locks, title)
    return result, 1 if found else 0


def lock_month(
    request: Request, month: int, folder: Path, *, as_corrections: bool
) -> tuple[Result, int]:
    """Lock a month with everything since the lock before.

    Restated locked months are refused (RC601), or booked to this month as corrections.
    """
    locks = read_locks(folder)
    if locks and locks[-1].month >= month:
        fix = f"lock a month after {format_month(locks[-1].month)}"
        raise RetcalcError(Finding("RC291", f"{format_month(month)} is locked already", fix=fix))
    opened = open_sources(request.sources, request.question.columns)
    request = replace(request, opened=opened)  # figures and rows of one reading
    prepared = prepare(request)
    found = changes(locks, prepared.book)
    if found and not as_corrections:
        raise RetcalcError(_restated(found, request))
    after = locks[-1].month if locks else None
    figures = json.loads(to_json(bridge_result("movements", request, monthly=True)))
    lock = Lock(
        month,
        _manifest(month, figures, found, request),
        _panel_of(prepared.book, after, month),
        account_months([(c.account, c.month, _plain(c.current)) for c in found]),
    )
    write_lock(folder, lock)
    title = f"Locked {format_month(month)}" + (" with corrections" if found else "")
    return _result(prepared, found, [*locks, lock], title), 0


def _manifest(
    month: int, figures: dict[str, Any], found: list[Change], request: Request
) -> dict[str, Any]:
    name = format_month(month)
    return {
        "retcalc": __version__,
        "schema": 1,
        "month": name,
        "config_sha256": request.config_sha256,
        "definition": figures["definition"],
        "currency": figures["currency"],
        "sources": figures["sources"],
        "figures": [r for r in figures["rows"] if r["month"] == name],
        "corrections": {
            "account_months": len(found),
            "difference": _plain(sum((c.current - c.locked for c in found), Decimal(0))),
        },
    }


def _panel_of(book: Book, after: int | None, until: int) -> pl.DataFrame:
    """The book's account-months in locked form, of the months after one and up to another."""
    rows = month_rows(book.panel, 0 if after is None else after + 1, until)
    # without decimals to fill up, so that amounts of any scale can be compared
    ids, currency = book.accounts.to_list(), replace(book.currency, digits=0)
    texts = [
        (ids[a], m, money(u, currency))
        for a, m, u in rows.select("account", "month", "mrr").iter_rows()
    ]
    return account_months(texts)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _data(request: Request) -> str:
    """The files of a request as they are written on a command line."""
    return shlex.join(request.sources.data)


def _restated(found: list[Change], request: Request) -> Finding:
    first = found[0]
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    value = (
        f"{first.account} in {format_month(first.month)} was {_plain(first.locked)}, "
        f"is {_plain(first.current)}{more}"
    )
    fix = "--as-corrections   books them to the month being locked; "
    fix += f"retcalc close diff {_data(request)}  lists all"
    return Finding("RC601", "a locked month was restated", value=value, fix=fix)


def _result(prepared: Prepared, found: list[Change], locks: list[Lock], title: str) -> Result:
    book = prepared.book
    shown = book.currency
    if found:
        decimals = shown.scale + (QUOTIENT_DECIMALS if shown.parts > 1 else 0)
        shown = Currency(shown.code, shown.digits, max(decimals, FILE_DECIMALS))

    def units(amount: Decimal) -> int:
        return int(Fraction(amount) * shown.per_major)

    def row(account: str, month: int | None, old: Decimal, new: Decimal) -> Row:
        values = {"account": account, "month": month, "locked_mrr": units(old)}
        return Row({**values, "current_mrr": units(new), "difference": units(new - old)})

    rows = [row(c.account, c.month, c.locked, c.current) for c in found]
    old, new = (sum((getattr(c, n) for c in found), Decimal(0)) for n in ("locked", "current"))
    return Result(
        metric="close",
        title=title if found else f"{title}: no locked month was restated",
        definition={"formula": "current - locked, per account and month"},
        columns=COLUMNS,
        rows=(*rows, row("", None, old, new)),
        window=Window(book.first - 1, locks[-1].month),
        currency=shown,
        notes=prepared.notes,
        sources=book.sources,
    )
