"""win-back: of the accounts lost in each month, how many came back, after how long, at what MRR.

A loss is the first month without pay after a paid one, a return the next paid month up to the
closing. Losses must be those of the month-by-month roll-forward, per segment and month.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

import polars as pl

from retcalc.answers.base.prepare import Prepared, prepare, refuse_undated, told_window
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import Settled, row_of
from retcalc.answers.base.sums import TOTAL, monthly_sums, months_of, order
from retcalc.core.findings import own_fault
from retcalc.core.months import Window
from retcalc.core.result import Block, Column, Quotient, Result, Row, Value
from retcalc.kernels.by_account.paid_runs import losses
from retcalc.kernels.panel_facts import paid_runs
from retcalc.metrics.metric import Undefined

COLUMNS = (
    Column("month", "Month lost", "month"),
    Column("churned_accounts", "Churned accounts", "count"),
    Column("churn_mrr", "Churn", "money"),
    Column("returned_accounts", "Came back", "count"),
    Column(
        "win_back_rate",
        "Win-back",
        "rate",
        made_of=Quotient({"returned_accounts": 1}, {"churned_accounts": 1}),
    ),
    Column("returned_mrr", "MRR on return", "money"),
    Column("median_months_away", "Median months away", "number"),
)
AFTER = (
    Column("months_away", "Months away", "count"),
    Column("returned_accounts", "Came back", "count"),
    Column("returned_mrr", "MRR on return", "money"),
)
FORMULA = "accounts lost in the month and back by the closing / accounts lost in the month"


@dataclass(frozen=True, slots=True)
class Lost:
    """Accounts that were lost in some months, and what is known of their return."""

    accounts: int
    mrr: int
    away: tuple[int, ...]  # of those who came back, the months they were away
    returned_mrr: int


def columns(given: Iterable[Column], *, revenue: bool) -> tuple[Column, ...]:
    """The columns of a table, without money where the export has none."""
    return tuple(c for c in given if revenue or c.unit != "money")


def lost_and_back(request: Request) -> tuple[Prepared, Window, pl.DataFrame]:
    """The book, the window asked about and its losses: see ``kernels.by_account.paid_runs``.

    Without a window all months of the data.
    """
    prepared = prepare(request, revenue=False)
    refuse_undated(prepared.book, request, "win-back")
    book, window = prepared.book, prepared.window
    if request.window.text is None and window.months:
        window = Window(book.first - 1, window.closing)
    gap = request.profile.reactivation_gap
    lost = losses(paid_runs(book.panel), window.closing, gap)
    return prepared, window, lost.filter(pl.col("month") > window.opening)


def win_back_result(request: Request) -> Result:
    """A row per month that accounts were lost in, then their sum, per segment and in total."""
    prepared, window, lost = lost_and_back(request)
    book = prepared.book
    sums = monthly_sums(book, window, request)
    rows: list[Row] = []
    for segment in order(book):
        own = lost if segment == TOTAL else lost.filter(pl.col("seg") == segment)
        for month in months_of(window):
            of_month = _sum(own.filter(pl.col("month") == month))
            bridge = sums[segment, month]
            if (of_month.accounts, of_month.mrr) != (bridge.churned_accounts, bridge.churn_mrr):
                raise own_fault("RC702", "the accounts lost do not add up to the churn")
            rows.append(row_of(_values(month, of_month, revenue=book.revenue), book, segment))
        rows.append(row_of(_values(None, _sum(own), revenue=book.revenue), book, segment))
    return Result(
        metric="win_back",
        title="Win-back",
        definition={
            "profile": request.profile.name,
            "basis": "monthly",
            "formula": FORMULA,
            "reactivation_gap": request.profile.reactivation_gap,
        },
        columns=columns(COLUMNS, revenue=book.revenue),
        rows=tuple(rows),
        window=told_window(book, window, request) if window.months else None,
        currency=book.currency,
        notes=prepared.notes,
        sources=book.sources,
        extra={"after": _after(lost, revenue=book.revenue)},
        by=book.by,
        config_sha256=request.config_sha256,
    )


def _sum(lost: pl.DataFrame) -> Lost:
    money = lost.select(pl.col("mrr", "returned_mrr").cast(pl.Int128).sum()).row(0)
    away = lost["months_away"].drop_nulls().sort().to_list()
    return Lost(lost.height, int(money[0]), tuple(away), int(money[1]))


def _values(month: int | None, lost: Lost, *, revenue: bool) -> dict[str, Settled]:
    back = len(lost.away)
    values: dict[str, Settled] = {
        "month": month,
        "churned_accounts": lost.accounts,
        "churn_mrr": lost.mrr,
        "returned_accounts": back,
        "win_back_rate": Fraction(back, lost.accounts) if lost.accounts else Undefined("no_churn"),
        "returned_mrr": lost.returned_mrr,
        "median_months_away": (
            median(map(Fraction, lost.away)) if back else Undefined("nobody_came_back")
        ),
    }
    kept = {column.name for column in columns(COLUMNS, revenue=revenue)}
    return {name: value for name, value in values.items() if name in kept}


def _after(lost: pl.DataFrame, *, revenue: bool) -> Block:
    """How many came back after how many months, in total."""
    back = lost.filter(pl.col("months_away").is_not_null())
    sums = back.group_by("months_away").agg(pl.len(), pl.col("returned_mrr").cast(pl.Int128).sum())
    rows = []
    for away, accounts, mrr in sums.sort("months_away").iter_rows():
        money: dict[str, Value] = {"returned_mrr": int(mrr)} if revenue else {}
        rows.append(Row({"months_away": away, "returned_accounts": accounts, **money}))
    return Block(columns(AFTER, revenue=revenue), tuple(rows))
