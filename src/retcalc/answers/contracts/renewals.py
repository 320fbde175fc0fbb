"""renewals: what came up for renewal and what became of it, and what falls due next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from retcalc.answers.base.prepare import Prepared, prepare
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import row_of, segment_of
from retcalc.answers.base.sums import TOTAL, months_of, order
from retcalc.book import Book
from retcalc.book.rules import Weeks
from retcalc.book.values.fiscal_months import closing_day
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.months import Window
from retcalc.core.result import Block, Column, Result, Row
from retcalc.kernels.by_account.renewals import LOST, OPEN, RENEWED, renewals
from retcalc.metrics import Rate
from retcalc.metrics.customers.renewals import (
    gross_renewal_rate,
    net_renewal_rate,
    renewal_rate,
)
from retcalc.read import FILE, LINE
from retcalc.read.wording import count_that, counted

MONTH = Column("month", "Month", "month")
SUMS = (
    Column("due_accounts", "Due", "count"),
    Column("renewed_accounts", "Renewed", "count"),
    Column("early_accounts", "Early", "count", screen=False),
    Column("on_time_accounts", "On time", "count", screen=False),
    Column("late_accounts", "Late", "count"),
    Column("lost_accounts", "Lost", "count"),
    Column("open_accounts", "Open", "count"),
    Column("due_mrr", "Due MRR", "money"),
    Column("renewed_mrr", "Renewed MRR", "money"),
    Column("kept_mrr", "Kept MRR", "money", screen=False),
    Column("lost_mrr", "Lost MRR", "money", screen=False),
    Column("open_mrr", "Open MRR", "money", screen=False),
)
RATES = (
    renewal_rate.METRIC.column(),
    gross_renewal_rate.METRIC.column(),
    net_renewal_rate.METRIC.column(),
)
OF_MONEY = {*(c.name for c in SUMS if c.unit == "money"), *(c.name for c in RATES[1:])}
ACCOUNTS = (
    Column("account", "Account", "text"),
    Column("term_start", "Term from", "text"),
    Column("last_day", "Last day", "text"),
    Column("status", "Status", "text"),
    Column("due_mrr", "Due MRR", "money"),
    Column("renewed_mrr", "Renewed MRR", "money"),
    Column("source", "Source", "text", screen=False),
    Column("line", "Line", "count"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A row a month, a row an account, or what falls due in so many months after the closing."""

    monthly: bool = False
    accounts: bool = False
    ahead: int | None = None


def renewals_result(request: Request, asked: Asked = Asked()) -> Result:
    """Due, renewed, lost and open per segment and in total, or the accounts behind them.

    Raises RC282 where the data has no terms.
    """
    prepared = prepare(request, revenue=False)
    book, window = prepared.book, prepared.window
    if asked.ahead is not None:
        window = Window(window.closing, window.closing + asked.ahead)
    ended = ended_terms(prepared, window, request)
    notes = (*_without_default(prepared, asked), *_notes(ended, book))
    raise_errors(notes, strict=request.strict)
    listed, by_month = asked.accounts or asked.ahead is not None, asked.monthly or asked.ahead
    sums = _columns(book, (MONTH, *SUMS, *RATES) if by_month else (*SUMS, *RATES))
    rows = tuple(_sum_rows(ended, book, window, request, by_month=bool(by_month)))
    return Result(
        metric="renewals",
        title="Renewals" if asked.ahead is None else "What falls due for renewal",
        definition=_definition(request),
        columns=_columns(book, ACCOUNTS) if listed else sums,
        rows=tuple(_account_rows(ended, book)) if listed else rows,
        window=window,
        currency=book.currency,
        notes=notes,
        sources=book.sources,
        extra={"sums": Block(sums, rows)} if listed else {},
        by=book.by,
        config_sha256=request.config_sha256,
    )


def ended_terms(prepared: Prepared, window: Window, request: Request) -> pl.DataFrame:
    """The ends of terms in a window, as ``kernels.by_account.renewals`` with ``month``."""
    book, rule, weeks = prepared.book, request.renewal, request.sources.rules.dates.weeks
    if book.intervals is None:
        raise RetcalcError(_no_terms(book))
    closing = closing_day(prepared.window.closing, weeks)
    places = {"file": FILE, "line": LINE, "end": "term_end"}
    terms = book.intervals.drop("end").rename({old: new for new, old in places.items()})
    found = renewals(terms, rule.early, rule.late, closing).filter(pl.col("seg") >= 0)
    days = found.with_columns(last_day=pl.col("end").dt.offset_by("-1d"))
    opening, until = (closing_day(month, weeks) for month in (window.opening, window.closing))
    inside = days.filter(pl.col("last_day") > opening, pl.col("last_day") <= until)
    return inside.with_columns(month=_months(inside["last_day"], window, weeks))


def _months(days: pl.Series, window: Window, weeks: Weeks | None) -> pl.Series:
    """The month of the window that each day lies in."""
    ends = pl.Series([closing_day(month, weeks) for month in months_of(window)], dtype=pl.Date)
    return ends.search_sorted(days).cast(pl.Int32) + window.opening + 1


def _no_terms(book: Book) -> Finding:
    return Finding(
        "RC282",
        "nothing tells the terms of contracts",
        value=f"{book.sources[0].path} has no rows from a day to a day, or they are not one term "
        "each: segments or exchange rates change by the month",
        fix="export subscriptions, deals with terms or invoice lines with their start and end",
    )


def _sum_rows(
    ended: pl.DataFrame, book: Book, window: Window, request: Request, *, by_month: bool
) -> Iterator[Row]:
    keys = ["seg", "month"] if by_month else ["seg"]
    is_status = pl.col("status")
    kinds = {
        "due": is_status.is_not_null(),
        "renewed": is_status.is_in(RENEWED),
        **{name.replace(" ", "_"): is_status == name for name in (*RENEWED, LOST, OPEN)},
    }
    totals = ended.with_columns(seg=pl.lit(TOTAL, pl.Int32))
    both = pl.concat([ended, totals]) if book.by else totals
    due = pl.col("due")
    sums = both.group_by(keys).agg(
        *(kind.sum().cast(pl.Int64).alias(f"{name}_accounts") for name, kind in kinds.items()),
        due_mrr=due.sum(),
        renewed_mrr=pl.col("renewed").sum(),
        kept_mrr=pl.col("kept").sum(),
        lost_mrr=due.filter(is_status == LOST).sum(),
        open_mrr=due.filter(is_status == OPEN).sum(),
    )
    names = [c.name for c in SUMS]
    found = {tuple(row[k] for k in keys): row for row in sums.iter_rows(named=True)}
    for segment in order(book):
        for month in months_of(window) if by_month else (None,):
            key = (segment,) if month is None else (segment, month)
            row = found.get(key, {})
            values = {name: int(row.get(name, 0)) for name in names}
            small = values["due_accounts"] < request.min_group
            named = {} if month is None else {"month": month}
            shown = {**named, **values, **_rates(values)}
            shown = {n: v for n, v in shown.items() if book.revenue or n not in OF_MONEY}
            yield row_of(shown, book, segment, small=small)


def _rates(sums: Mapping[str, int]) -> dict[str, Rate]:
    due, still_open = sums["due_mrr"], sums["open_mrr"]
    return {
        "renewal_rate": renewal_rate.compute(
            sums["renewed_accounts"], sums["due_accounts"], sums["open_accounts"]
        ),
        "gross_renewal_rate": gross_renewal_rate.compute(sums["kept_mrr"], due, still_open),
        "net_renewal_rate": net_renewal_rate.compute(sums["renewed_mrr"], due, still_open),
    }


def _account_rows(ended: pl.DataFrame, book: Book) -> Iterator[Row]:
    """A row an account and end of its terms, the earliest first."""
    for one in ended.sort("end", "account").iter_rows(named=True):
        values = {
            "account": book.accounts[one["account"]],
            "term_start": one["began"].isoformat(),
            "last_day": one["last_day"].isoformat(),
            "status": one["status"],
            "due_mrr": int(one["due"]),
            "renewed_mrr": int(one["renewed"]),
            "source": book.sources[one["file"]].path,
            "line": one["line"],
        }
        values = {n: v for n, v in values.items() if book.revenue or n not in OF_MONEY}
        yield Row(values, segment_of(book, one["seg"]) if book.by else {})


def _columns(book: Book, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    several = len(book.sources) > 1
    shown = (replace(c, screen=several) if c.name == "source" else c for c in columns)
    return tuple(c for c in shown if book.revenue or c.name not in OF_MONEY)


def _without_default(prepared: Prepared, asked: Asked) -> tuple[Finding, ...]:
    """The notes of the book; of months ahead none says how long the window is."""
    ahead = asked.ahead is not None
    return tuple(n for n in prepared.notes if not (ahead and n.code == "RC894"))


def _notes(ended: pl.DataFrame, book: Book) -> Iterator[Finding]:
    """Say what runs without an end, and in money what is renewed before its term is over."""
    assert book.intervals is not None  # noqa: S101  ended_terms has told
    running = int(book.intervals["end"].null_count())
    if running:
        text = f"{count_that(running, 'row', 'runs', 'run')} without an end: not up for renewal"
        yield Finding("RC899", text)
    early = ended.filter(pl.col("status") == RENEWED[0])
    if early.is_empty():
        return
    text = counted(early["account"].n_unique(), "account")
    text += " renewed before the term was over"
    if book.revenue:
        amount = int(early["renewed"].sum()) / book.currency.per_major
        text += f": {amount:,.{book.currency.digits}f} of MRR counts beside the old term's"
        text += " until that ends"
    yield Finding("RC878", text)


def _definition(request: Request) -> dict[str, str | int | bool | None]:
    rule = request.renewal
    return {
        "profile": request.profile.name,
        "basis": None,
        "formula": renewal_rate.METRIC.formula,
        "due": "terms whose last day lies in the window",
        "renewed": f"a term begins at most {counted(rule.early, 'day')} before that end or "
        f"{counted(rule.late, 'day')} after it",
        "segment": "of the largest term that ends" if request.question.by else None,
    }
