"""What stands beside a forecast: its back-test, the chain ladder's error, and today's cohorts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import floor

from retcalc.answers.base.rows import row_of, segment_of
from retcalc.book import Book
from retcalc.core.result import Block, Column, Currency, Row, Value
from retcalc.metrics.metric import Undefined
from retcalc.metrics.value.forecasts.chain_ladder import completed, factors, mack_error
from retcalc.metrics.value.forecasts.forecast import Errors
from retcalc.metrics.value.forecasts.methods import Method, Past, forecast, total_at

SEEN_MONTHS = 24  # before the forecast
TOLD = (1, 3, 6, 12, 24)  # horizons that people see, and the farthest; JSON has all
BACK_TEST = (
    Column("method", "Method", "text"),
    Column("horizon", "Months ahead", "count"),
    Column("origins", "Past month-ends", "count"),
    Column("mean_error", "Mean error", "rate"),
    Column("mean_absolute_error", "Mean absolute error", "rate"),
    Column("used", "Used", "flag"),
)
CHAIN_LADDER = (
    Column("cohorts", "Cohorts", "count"),
    Column("age", "Oldest age", "count"),
    Column("mrr", "MRR of all at that age", "money"),
    Column("standard_error", "Standard error (Mack)", "money"),
)
SEEN = (
    Column("month", "Month", "month", screen=False),
    Column("mrr", "MRR", "money", screen=False),
)
COHORTS = (
    Column("cohort", "Cohort", "month"),
    Column("month", "Month", "month"),
    Column("mrr", "MRR", "money"),
    Column("accounts", "Accounts", "count"),
)


@dataclass(frozen=True, slots=True)
class History:
    """The past of one segment, the errors of every method on it, and the method used."""

    past: Past
    errors: Mapping[Method, Errors]
    method: Method


def tables(
    book: Book, histories: Mapping[int, History], last: int, months: int, *, by_cohort: bool
) -> dict[str, Block]:
    """The further tables, each with a part a segment."""
    found = {
        "backtest": Block(BACK_TEST, tuple(_back_test_rows(book, histories))),
        "chain_ladder": Block(CHAIN_LADDER, tuple(_chain_ladder_rows(book, histories))),
        "seen": Block(SEEN, tuple(_seen_rows(book, histories))),
    }
    if by_cohort:
        found["cohorts"] = Block(COHORTS, tuple(_cohort_rows(book, histories, last, months)))
    return found


def whole_minor(units: float, currency: Currency) -> int:
    """An amount in whole minor units of the currency, rounded half up."""
    step = max(1, currency.per_major // int(10**currency.digits))
    return floor(units / step + 0.5) * step


def _back_test_rows(book: Book, histories: Mapping[int, History]) -> Iterator[Row]:
    for code, history in histories.items():
        for method, errors in history.errors.items():
            for horizon, seen in enumerate(errors.shares, 1):
                none = Undefined("too_few_origins")
                absolute = errors.mean_absolute[horizon - 1]
                values = {
                    "method": method,
                    "horizon": horizon,
                    "origins": len(seen),
                    "mean_error": sum(seen) / len(seen) if seen else none,
                    "mean_absolute_error": none if absolute is None else absolute,
                    "used": method == history.method,
                }
                told = horizon in TOLD or horizon == len(errors.shares)
                yield replace(row_of(values, book, code), screen=told)


def _chain_ladder_rows(book: Book, histories: Mapping[int, History]) -> Iterator[Row]:
    """All cohorts but the stock at the oldest age of them, with Mack's standard error.

    A month in which nothing began has no cohort.
    """
    for code, history in histories.items():
        triangle = [row for row in history.past.mrr[1:] if any(row)]
        error = mack_error(triangle)
        ends = sum(row[-1] for row in completed(triangle, factors(triangle)))
        values = {
            "cohorts": len(triangle),
            "age": max((len(row) - 1 for row in triangle), default=None),
            "mrr": whole_minor(ends, book.currency),
            "standard_error": error
            if isinstance(error, Undefined)
            else whole_minor(error, book.currency),
        }
        yield row_of(values, book, code)


def _seen_rows(book: Book, histories: Mapping[int, History]) -> Iterator[Row]:
    """MRR of the months before the forecast, for its picture."""
    for code, history in histories.items():
        for month in range(max(0, history.past.months - SEEN_MONTHS), history.past.months):
            mrr = whole_minor(total_at(history.past.mrr, month), book.currency)
            yield Row({"month": book.first + month, "mrr": mrr}, segment_of(book, code))


def _cohort_rows(
    book: Book, histories: Mapping[int, History], last: int, months: int
) -> Iterator[Row]:
    for code, history in histories.items():
        ahead = forecast(history.method, history.past, months)
        mrr, accounts = ahead.mrr.cohorts, ahead.accounts.cohorts
        for start, row in enumerate(history.past.mrr):
            if not any(row):
                continue
            for h in range(months):
                values: dict[str, Value] = {
                    "cohort": book.first + start,
                    "month": last + 1 + h,
                    "mrr": whole_minor(mrr[start][h], book.currency),
                    "accounts": floor(accounts[start][h] + 0.5),
                }
                yield Row(values, segment_of(book, code))
