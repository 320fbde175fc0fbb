"""explain --account: one account's life, month by month, and why each month counts as it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from retcalc.answers.base.prepare import prepare
from retcalc.answers.base.rate_plans import months
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import segments_as_of
from retcalc.answers.trust.source_rows import SourceRow, source_rows
from retcalc.book import Book, constant_currency
from retcalc.core.findings import Finding, RetcalcError, did_you_mean
from retcalc.core.months import Window, format_month
from retcalc.core.panel import Panel
from retcalc.core.result import Column, Currency, Result, Row, Value
from retcalc.kernels.by_account.account_bridge import MOVEMENTS, RETAINED
from retcalc.kernels.panel_facts import account_lines, account_rows, panel_of_account
from retcalc.render.numbers import money

COLUMNS = (
    Column("month", "Month", "month"),
    Column("mrr", "MRR", "money"),
    Column("movement", "Movement", "text"),
    Column("why", "Why", "text"),
    Column("source", "Source", "text"),
    Column("line", "Line", "count"),
)
AWAY, OUTSIDE = "away", "outside"
_NEAR = 20_000  # ids looked through for a near miss


def life_result(request: Request, account: str) -> Result:
    """One row a month, from the first that pays to the last or the month of the churn."""
    prepared = prepare(request, split=True)
    book = prepared.book
    code = _code(book, account)
    own = panel_of_account(book.panel, code)
    rows = tuple(_life(book, code, own, request)) if own.rows.height else ()
    return Result(
        metric="explain",
        title=f"Life of {account}",
        definition={
            "account": account,
            "basis": "monthly",
            "reactivation_gap": request.profile.reactivation_gap,
        },
        columns=COLUMNS,
        rows=rows,
        currency=book.currency,
        notes=prepared.notes,
        sources=book.sources,
        config_sha256=request.config_sha256,
    )


def _code(book: Book, account: str) -> int:
    place = book.accounts.search_sorted(account)
    if place < book.accounts.len() and book.accounts[place] == account:
        return int(place)
    near = did_you_mean(account, book.accounts.head(_NEAR).to_list())
    fix = near or "--account ID   as it stands in the file"
    raise RetcalcError(Finding("RC173", f"there is no account {account!r}", fix=fix))


@dataclass(frozen=True, slots=True)
class _Month:
    """One month of a life: MRR before and in it, its lines, its rows, months away before it.

    ``elsewhere``: the account pays in it, but nothing inside the filter.
    """

    month: int
    before: int
    mrr: int
    lines: Mapping[str, int]
    rows: tuple[SourceRow, ...]
    away: int
    elsewhere: bool


def _life(book: Book, code: int, own: Panel, request: Request) -> Iterator[Row]:
    rows, parts = account_rows(own, code), own.parts
    paid = dict(rows.select("month", "mrr").iter_rows())
    inside = dict(rows.filter(pl.col("seg") >= 0).select("month", "mrr").iter_rows())
    first, last = min(paid), min(max(paid) + 1, book.last)
    spans = months(Window(first - 1, last))
    gap = request.profile.reactivation_gap
    lines = account_lines(constant_currency(book.of(own)), spans, gap, segments_as_of(request))
    by_month = {row["month"]: row for row in lines.iter_rows(named=True)}
    away = 0
    for month in range(first, last + 1):
        sources = source_rows(book, pl.Series([code], dtype=pl.UInt32), Window(month, month))
        moved, pays = by_month.get(month, {}), paid.get(month, 0)
        # the lines of an account with parts are those of what is inside
        counted = inside if moved and parts is not None and parts.height else paid
        before, mrr = counted.get(month - 1, 0), counted.get(month, 0)
        elsewhere = bool(pays and not mrr)
        known = _Month(month, before, mrr, moved, sources.get(code, ()), away, elsewhere)
        yield _row(known, book, gap)
        away = 0 if pays else away + 1


def _row(known: _Month, book: Book, gap: int | None) -> Row:
    movement, place = _movement(known), known.rows[0] if known.rows else None
    values: dict[str, Value] = {
        "month": known.month,
        "mrr": known.mrr,
        "movement": movement,
        "why": _why(known, movement, book, gap),
        "source": place.source if place else None,
        "line": place.line if place else None,
    }
    return Row(values)


def _movement(known: _Month) -> str:
    named = [name for name, line in MOVEMENTS.items() if known.lines.get(line)]
    if named or known.lines:
        return "+".join(named) or RETAINED
    return OUTSIDE if known.mrr or known.before else AWAY


def _why(known: _Month, movement: str, book: Book, gap: int | None) -> str:
    fact = _fact(known, book)
    if movement == AWAY:
        return f"{fact}: still away"
    if movement == OUTSIDE:
        return f"{fact}: outside the filter"
    if movement == RETAINED:
        return f"{fact}, as the month before"
    amounts = {n: known.lines[MOVEMENTS[n]] for n in movement.split("+")}
    parts = ", ".join(f"{name} {_paid(a, book.currency)}" for name, a in amounts.items())
    if not known.mrr:
        zero = "" if known.rows or known.elsewhere else " counts as zero →"
        return f"{fact}:{zero} {parts}"
    if known.before:
        return f"{fact} after {_paid(known.before, book.currency)}: {parts}"
    if known.month == book.first:
        return f"{fact}, where the data starts: {parts}"
    if known.away:
        long = "" if gap is None or known.away <= gap else f", more than {gap}"
        return f"{fact} after {known.away} month{'s' if known.away > 1 else ''} away{long}: {parts}"
    return f"{fact} for the first time: {parts}"


def _fact(known: _Month, book: Book) -> str:
    month = format_month(known.month)
    if known.elsewhere:
        return f"paid nothing inside the filter in {month}"
    if known.mrr or known.rows:
        return f"paid {_paid(known.mrr, book.currency)} in {month}"
    if book.intervals is None:
        return f"no row in {month}"
    return f"no subscription runs at the end of {month}"


def _paid(amount: int, currency: Currency) -> str:
    return money(amount, currency)
