"""Churn events by the day: spells by hand."""

from datetime import date

import polars as pl
import pytest

from retcalc.core.months import Window, parse_month
from retcalc.kernels.by_account.churn_events import JOINED, LATE, RETURNED, account_events

MARCH = Window(parse_month("2024-02"), parse_month("2024-03"))
INTERVALS = {
    "account": pl.UInt32, "start": pl.Date, "end": pl.Date, "amount": pl.Int64, "seg": pl.Int32,
}  # fmt: skip
PANEL = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(f"2024-{text}")


def month_of(text: str) -> int:
    return parse_month(f"2024-{text[:2]}")


def counts(*intervals: tuple[str, str | None], amount: int = 10) -> tuple[int, int, int] | None:
    """Counts of one account in March; None when it has none of interest."""
    rows = [(0, day(start), day(end), amount, 0) for start, end in intervals]
    paid = [
        (0, month, 10, 0)
        for month in (MARCH.opening, MARCH.closing)
        if any(month_of(s) <= month and (e is None or month_of(e) > month) for s, e in intervals)
    ]
    frame = account_events(
        pl.DataFrame(rows, schema=INTERVALS, orient="row"),
        pl.DataFrame(paid, schema=PANEL, orient="row"),
        MARCH,
    )
    return frame.select(RETURNED, LATE, JOINED).row(0) if frame.height else None  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        ([("01-05", None)], None),  # stays
        ([("01-05", "03-10")], (0, 0, 0)),  # the churn that month-ends show
        ([("01-05", "03-10"), ("03-20", None)], (1, 0, 0)),  # left and came back
        ([("01-05", "03-10"), ("03-10", None)], None),  # renewed on the day
        ([("01-05", "03-10"), ("02-20", None)], None),  # another one still runs
        ([("01-05", None), ("02-20", "03-10")], None),
        ([("01-05", "03-05"), ("03-07", "03-09"), ("03-20", None)], (2, 0, 0)),  # twice
        ([("01-05", "03-05"), ("03-07", "03-09")], (1, 0, 0)),  # back once, then gone
        ([("01-05", "03-10"), ("04-02", None)], (0, 0, 0)),  # back too late for March
        ([("03-03", "03-25")], (0, 1, 1)),  # joined and left
        ([("03-03", None)], (0, 0, 1)),  # joined
        ([("01-05", "01-20"), ("03-03", "03-25")], (0, 1, 0)),  # no newcomer, but left again
        ([("01-05", "04-01")], None),  # the last day of March is paid
        ([("01-05", "03-31")], (0, 0, 0)),  # the end is exclusive
        ([("01-05", "03-01")], (0, 0, 0)),  # paid on the last day of February
        ([("03-05", "03-05")], None),  # never ran
        ([("01-05", "02-10"), ("02-20", None)], None),  # left and back before the opening
        ([("02-29", None)], None),  # the last day before the window
        ([("01-05", "03-31"), ("04-01", None)], (0, 0, 0)),
    ],
)
def test_counts(intervals, expected):
    assert counts(*intervals) == expected


def test_free_plans_are_no_customers():
    assert counts(("03-03", "03-25"), amount=0) is None
    assert counts(("03-03", "03-25"), amount=-5) is None


def test_an_account_no_month_end_sees_has_the_segment_of_its_interval():
    intervals = pl.DataFrame(
        [(0, day("03-03"), day("03-25"), 10, 4)], schema=INTERVALS, orient="row"
    )
    assert account_events(intervals, pl.DataFrame(schema=PANEL), MARCH)["seg"].to_list() == [4]


@pytest.mark.parametrize(("as_of", "seg"), [("opening", 0), ("closing", 1)])
def test_a_mover_counts_where_the_movements_count(as_of, seg):
    rows = [(0, day("01-05"), day("03-10"), 10, 0), (0, day("03-20"), None, 10, 1)]
    panel = [(0, MARCH.opening, 10, 0), (0, MARCH.closing, 10, 1)]
    events = account_events(
        pl.DataFrame(rows, schema=INTERVALS, orient="row"),
        pl.DataFrame(panel, schema=PANEL, orient="row"),
        MARCH,
        as_of=as_of,
    )
    assert events["seg"].to_list() == [seg]
