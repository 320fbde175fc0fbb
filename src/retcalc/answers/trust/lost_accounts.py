"""explain churn --by-reason and explain win_back: accounts that left, why, and who came back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import polars as pl

from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL, monthly_sums, months_of, window_sums
from retcalc.answers.contracts.churn_reasons import FORMULA, told_reasons
from retcalc.answers.contracts.win_back import FORMULA as WON_BACK
from retcalc.answers.contracts.win_back import lost_and_back
from retcalc.answers.trust.source_rows import listed, rows_of, with_first
from retcalc.book import Book
from retcalc.book.panel.contracts.churn_kinds import kind_of
from retcalc.core.findings import Finding, RetcalcError, did_you_mean, own_fault
from retcalc.core.result import Column, Result, Row
from retcalc.kernels.bridge import Bridge
from retcalc.read import FILE, LINE

WIN_BACK = "win_back"
CHURN = ("churn", "logo_churn")  # metrics whose accounts are told by reason
_ACCOUNT = Column("account", "Account", "text")
_PLACE = (Column("source", "Source", "text"), Column("line", "Line", "count"))
REASONS = (
    _ACCOUNT,
    Column("month", "Left in", "month"),
    Column("reason", "Reason", "text"),
    Column("kind", "Kind", "text"),
    Column("churn_mrr", "Churn", "money"),
    *_PLACE,
)
RETURNS = (
    _ACCOUNT,
    Column("month", "Month lost", "month"),
    Column("churn_mrr", "Churn", "money"),
    Column("months_away", "Months away", "count"),
    Column("returned_mrr", "MRR on return", "money"),
    *_PLACE,
)


def reason_accounts(request: Request, asked: str, reason: str | None, limit: int | None) -> Result:
    """One row an account that left, with its reason, the total last; raises RC170 or RC174.

    ``reason``: only those of one reason or kind. ``limit``: the rest of the accounts in one row.
    """
    if asked not in CHURN:
        text = f"{asked!r} is not told by reason"
        raise RetcalcError(Finding("RC170", text, fix=f"one of {', '.join(CHURN)}"))
    told = told_reasons(request)
    book, window = told.prepared.book, told.prepared.window
    _check(told.gone, [window_sums(book, window, request)[TOTAL]])
    rules = request.sources.rules.reasons
    kinds = {word: kind_of(word, rules) for word in told.gone["reason"].unique().sort()}
    gone = told.gone.with_columns(
        pl.col("reason").replace_strict(kinds, return_dtype=pl.String).alias("kind"),
        last="paid_until",
        month=pl.col("paid_until") + 1,
    )
    if reason is not None:
        known = [*kinds, *dict.fromkeys(kinds.values())]
        if reason not in known:
            raise RetcalcError(_no_reason(reason, known))
        column = "reason" if reason in kinds else "kind"
        gone = gone.filter(pl.col(column) == reason)
    behind = gone.rename({"mrr": "churn_mrr"}).sort(
        "churn_mrr", "account", descending=[True, False]
    )
    return Result(
        metric="explain",
        title="Accounts that left, by reason",
        definition={"metric": "churn", "profile": request.profile.name, "formula": FORMULA},
        columns=_columns(REASONS, book),
        rows=tuple(_rows(book, behind, REASONS, limit)),
        window=window,
        currency=book.currency,
        notes=told.notes,
        sources=told.sources,
        config_sha256=request.config_sha256,
    )


def win_back_accounts(request: Request, limit: int | None) -> Result:
    """One row an account and loss, with its return if there is one, the total last."""
    prepared, window, lost = lost_and_back(request)
    book = prepared.book
    sums = monthly_sums(book, window, request)
    _check(lost, [sums[TOTAL, month] for month in months_of(window)])
    behind = lost.with_columns(last=pl.col("month") - 1).rename({"mrr": "churn_mrr"})
    behind = behind.with_columns(pl.col("returned_mrr").fill_null(0))
    order = ["returned_mrr", "churn_mrr", "account", "month"]
    behind = behind.sort(order, descending=[True, True, False, False])
    return Result(
        metric="explain",
        title="Accounts that were lost, and who came back",
        definition={"metric": WIN_BACK, "profile": request.profile.name, "formula": WON_BACK},
        columns=_columns(RETURNS, book),
        rows=tuple(_rows(book, behind, RETURNS, limit)),
        window=window,
        currency=book.currency,
        notes=prepared.notes,
        sources=book.sources,
        config_sha256=request.config_sha256,
    )


def _no_reason(reason: str, known: Sequence[str]) -> Finding:
    hint = did_you_mean(reason, known)
    fix = f"{hint}{'  ' if hint else ''}one of {', '.join(known)}"
    return Finding("RC174", f"nobody left for {reason!r}", fix=fix)


def _columns(columns: Sequence[Column], book: Book) -> tuple[Column, ...]:
    return tuple(c for c in columns if book.revenue or c.unit != "money")


def _check(lost: pl.DataFrame, bridges: Sequence[Bridge]) -> None:
    """Refuse accounts that do not add up to the churn of the bridges (RC702)."""
    money = int(lost["mrr"].cast(pl.Int128).sum())
    sums = sum(b.churned_accounts for b in bridges), sum(b.churn_mrr for b in bridges)
    if (lost.height, money) != sums:
        raise own_fault("RC702", "the accounts do not add up to the churn")


def _rows(
    book: Book, behind: pl.DataFrame, columns: Sequence[Column], limit: int | None
) -> Iterator[Row]:
    """Rows in order, the rest in one row if there is a limit, the total."""
    names = [c.name for c in columns[1:] if c not in _PLACE]
    money = [c.name for c in columns if c.unit == "money"]
    return listed(book, behind, limit, partial(_with_places, book), names, money)


def _with_places(book: Book, lost: pl.DataFrame) -> pl.DataFrame:
    """The losses with FILE and LINE of the first row of the last month that was paid."""
    held = rows_of(book, lost, "last").filter(pl.col("asked").is_between("first", "last"))
    return with_first(lost, held.sort(FILE, LINE))
