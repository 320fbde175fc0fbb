"""churn --by-reason: the churn of a window or month by the reason that accounts left for.

A reason is a segment of the accounts that left. They come from pairs of months per account and
must add up to the churn of the bridge, per segment and month.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from retcalc.answers.base.prepare import Prepared, prepare, told_window
from retcalc.answers.base.rate_plans import chain, months
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import Settled, segment_of, settle
from retcalc.answers.base.sources import Opened, names_accounts, open_sources, read_further
from retcalc.answers.base.sums import TOTAL, monthly_sums, months_of, order, window_sums
from retcalc.book import Book
from retcalc.book.columns.columns_to_read import reason_columns
from retcalc.book.panel.contracts.churn_kinds import kind_of, says_nothing
from retcalc.book.panel.contracts.churn_reasons import (
    STATED,
    Reasons,
    reasons_in_file,
    reasons_in_sources,
)
from retcalc.book.rules import NO_VALUE
from retcalc.core.choices import ChurnKind
from retcalc.core.findings import Finding, own_fault, raise_errors
from retcalc.core.months import Window
from retcalc.core.result import Block, Column, Result, Row, Source, Value
from retcalc.kernels.bridge import Bridge
from retcalc.kernels.by_account.paid_runs import leavers, with_reasons
from retcalc.kernels.panel_facts import account_pairs, month_rows, paid_runs
from retcalc.metrics.rate_formula import share
from retcalc.read.wording import counted
from retcalc.render.numbers import money_on_screen

MONTH = Column("month", "Month", "month")
REASON = Column("reason", "Reason", "text")
_FIGURES = (
    Column("churned_accounts", "Churned accounts", "count"),
    Column("churn_mrr", "Churn", "money"),
    Column("share", "Share", "rate"),
    Column("of_opening_accounts", "Of opening accounts", "rate"),
    Column("of_opening_mrr", "Of opening MRR", "rate"),
)
_KIND = Column("kind", "Kind", "text")
KINDS: tuple[ChurnKind, ...] = ("voluntary", "involuntary", "unknown")
FORMULA = "churn of the accounts that left for the reason"


@dataclass(frozen=True, slots=True)
class Left:
    """Accounts that left for one reason, and the MRR that left with them."""

    reason: str
    kind: ChurnKind
    accounts: int
    mrr: int


def columns(*, revenue: bool = True, monthly: bool = False) -> tuple[Column, ...]:
    """The columns of the rows, without money where the export has none."""
    return (*([MONTH] if monthly else ()), REASON, *kind_columns(revenue=revenue))


def kind_columns(*, revenue: bool = True) -> tuple[Column, ...]:
    """The columns of the table of kinds."""
    return (_KIND, *(c for c in _FIGURES if revenue or not c.name.endswith("_mrr")))


@dataclass(frozen=True, slots=True)
class Told:
    """Who left in each span of a window and why, with everything that is noted on the way.

    ``gone``: account, month (the closing of its span), seg, mrr, paid_from, paid_until, reason.
    """

    prepared: Prepared
    gone: pl.DataFrame
    notes: tuple[Finding, ...]
    sources: tuple[Source, ...]


def told_reasons(request: Request, *, monthly: bool = False) -> Told:
    """The accounts that left over the whole window or, ``monthly``, over each of its months."""
    opened = request.opened or open_sources(request.sources, request.question.columns)
    request = replace(request, opened=opened)
    prepared = prepare(request, revenue=False)
    book, window = prepared.book, prepared.window
    spans = months(window) if monthly else chain(request.profile, window)
    reasons, sources = _reasons(request, opened)
    gone = leavers(account_pairs(book.panel, spans), paid_runs(book.panel))
    gone = with_reasons(gone, reasons.rows, notice=reasons.notice)
    gone = gone.with_columns(pl.col("reason").fill_null(NO_VALUE))
    notes = (*prepared.notes, *reasons.findings, *_stayed(book, window, reasons, gone))
    notes = (*notes, *_of_no_kind(gone, request))
    raise_errors(notes, strict=request.strict)
    return Told(prepared, gone, notes, (*book.sources, *sources))


def reasons_are_stated(request: Request) -> bool:
    """True where a file of reasons is named, or one column of the open sources is known as such."""
    opened, named = request.opened, request.sources.rules.reasons.column
    if request.sources.reasons is not None or opened is None:
        return request.sources.reasons is not None
    tables = [t for t in (opened.export.table, opened.export.customers) if t is not None]
    found = [reason_columns(table.header, named) for table in tables]
    return len(next(filter(None, found), [])) == 1


def churn_reasons_result(request: Request, *, monthly: bool = False) -> Result:
    """A row per reason, then their sum: for the window, or for each of its months."""
    told = told_reasons(request, monthly=monthly)
    book, window, revenue = told.prepared.book, told.prepared.window, told.prepared.book.revenue
    cells = _cells(book, window, request, monthly=monthly)
    left = {cell: _left(_of_cell(told.gone, cell), request) for cell in cells}
    _check(left, cells)
    whole = _left(_of_cell(told.gone, (TOTAL, None)), request)
    first = next((b for (segment, _), b in cells.items() if segment == TOTAL), Bridge())
    return Result(
        metric="churn",
        title="Churn by reason",
        definition={
            "profile": request.profile.name,
            "basis": "monthly" if monthly else request.profile.basis,
            "formula": FORMULA,
        },
        columns=columns(revenue=revenue, monthly=monthly),
        rows=tuple(row for cell in cells for row in _rows(book, cell, left[cell], cells[cell])),
        window=told_window(book, window, request) if window.months else None,
        currency=book.currency,
        notes=told.notes,
        sources=told.sources,
        extra={"kinds": _kinds(whole, first, revenue=revenue)},
        by=book.by,
        config_sha256=request.config_sha256,
    )


Cell = tuple[int, int | None]  # a segment, and a month unless the row is of the whole window


def _reasons(request: Request, opened: Opened) -> tuple[Reasons, tuple[Source, ...]]:
    """The reasons, and the files of their own that they were read from."""
    sources, question = request.sources, request.question
    if opened.empty:
        return Reasons(pl.DataFrame(schema=STATED), notice=False, findings=()), ()
    fits = partial(names_accounts, sources.rules)
    table, notes = read_further(sources, sources.reasons, fits)
    if table is None:
        return reasons_in_sources(opened.export, question), ()
    found = reasons_in_file(table, opened.export, question)
    return replace(found, findings=(*notes, *found.findings)), table.sources


def _cells(book: Book, window: Window, request: Request, *, monthly: bool) -> dict[Cell, Bridge]:
    """The bridge of every segment and month, or of every segment over the window."""
    if monthly:
        sums = monthly_sums(book, window, request)
        return {(s, m): sums[s, m] for s in order(book) for m in months_of(window)}
    totals = window_sums(book, window, request)
    return {(s, None): totals[s] for s in order(book)}


def _of_cell(gone: pl.DataFrame, cell: Cell) -> pl.DataFrame:
    segment, month = cell
    if segment != TOTAL:
        gone = gone.filter(pl.col("seg") == segment)
    return gone if month is None else gone.filter(pl.col("month") == month)


def _left(gone: pl.DataFrame, request: Request) -> list[Left]:
    """Reasons by kind, those of most MRR first; what nobody stated comes last."""
    sums = gone.group_by("reason").agg(pl.len(), pl.col("mrr").cast(pl.Int128).sum())
    rules = request.sources.rules.reasons
    found = [Left(r, kind_of(r, rules), n, int(mrr)) for r, n, mrr in sums.iter_rows()]
    return sorted(
        found, key=lambda of: (KINDS.index(of.kind), of.reason == NO_VALUE, -of.mrr, of.reason)
    )


def _rows(book: Book, cell: Cell, left: Sequence[Left], bridge: Bridge) -> Iterable[Row]:
    segment, month = cell
    start: dict[str, Value] = {} if month is None else {"month": month}
    named, whole = segment_of(book, segment), _sum(left)

    def row(reason: str | None, kind: ChurnKind | None, some: tuple[int, int]) -> Row:
        values, reasons = settle(figures(some, whole, bridge, revenue=book.revenue))
        return Row(start | {"reason": reason, "kind": kind} | values, named, reasons)

    yield from (row(one.reason, one.kind, (one.accounts, one.mrr)) for one in left)
    yield row(None, None, whole)


def _kinds(left: Sequence[Left], bridge: Bridge, *, revenue: bool) -> Block:
    """The three kinds as a table of their own."""
    rows = []
    for kind in KINDS:
        some = _sum([one for one in left if one.kind == kind])
        values, reasons = settle(figures(some, _sum(left), bridge, revenue=revenue))
        rows.append(Row({"kind": kind, **values}, {}, reasons))
    return Block(kind_columns(revenue=revenue), tuple(rows))


def _sum(left: Sequence[Left]) -> tuple[int, int]:
    return sum(one.accounts for one in left), sum(one.mrr for one in left)


def figures(
    some: tuple[int, int], whole: tuple[int, int], bridge: Bridge, *, revenue: bool
) -> dict[str, Settled]:
    """Accounts and MRR that were lost, as shares of all that was, and of the opening.

    The share is that of MRR where there is some.
    """
    (accounts, mrr), at = some, 1 if revenue else 0
    found: dict[str, Settled] = {
        "churned_accounts": accounts,
        "churn_mrr": mrr,
        "share": share(some[at], whole[at], "no_churn"),
        "of_opening_accounts": share(accounts, bridge.opening_accounts, "no_opening_accounts"),
        "of_opening_mrr": share(mrr, bridge.opening_mrr, "no_opening_mrr"),
    }
    return {n: v for n, v in found.items() if revenue or not n.endswith("_mrr")}


def _stayed(book: Book, window: Window, reasons: Reasons, gone: pl.DataFrame) -> list[Finding]:
    """Say how many accounts state a reason in the window and are there at its closing."""
    first, last = pl.col("first"), pl.col("last")
    inside = first.is_null() | first.is_between(window.opening + 1, window.closing)
    inside = inside | last.is_between(window.opening, window.closing - 1)
    named = reasons.rows.filter(inside).select("account").unique()
    here = month_rows(book.panel, window.closing, window.closing).filter(pl.col("seg") >= 0)
    stayed = here.join(named, on="account", how="semi").join(gone, on="account", how="anti")
    if stayed.is_empty():
        return []
    mrr = int(stayed["mrr"].cast(pl.Int128).sum())
    text = f"reasons of {counted(stayed.height, 'account')} that did not leave do not count"
    text += f", {money_on_screen(mrr, book.currency)} of closing MRR" if book.revenue else ""
    return [Finding("RC875", text)]


def _of_no_kind(gone: pl.DataFrame, request: Request) -> list[Finding]:
    """Name the reasons that are neither voluntary nor involuntary by the words that are known."""
    rules = request.sources.rules.reasons
    stated = gone["reason"].unique().sort().to_list()
    strange = [
        word
        for word in stated
        if word != NO_VALUE and kind_of(word, rules) == "unknown" and not says_nothing(word)
    ]
    if not strange:
        return []
    shown = ", ".join(f'"{word}"' for word in strange[:4]) + (" …" if len(strange) > 4 else "")
    text = f"the kind of {counted(len(strange), 'reason')} is not known: {shown}"
    quoted = strange[0].replace("'", "''")
    fix = f"in retcalc.yaml  churn_reasons: {{voluntary: ['{quoted}']}}   or involuntary"
    return [Finding("RC876", text, fix=fix)]


def _check(left: Mapping[Cell, Sequence[Left]], cells: Mapping[Cell, Bridge]) -> None:
    """Refuse reasons that do not add up to the churn of the bridge (RC702)."""
    wanted = {cell: (b.churned_accounts, b.churn_mrr) for cell, b in cells.items()}
    if any(_sum(found) != wanted[cell] for cell, found in left.items()):
        raise own_fault("RC702", "the reasons do not add up to the churn")
