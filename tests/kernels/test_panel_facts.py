"""Every engine gives the same integers to every question of ``panel_facts``.

Sorted rows in one piece are the measure; single windows and joins account by account hold them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from retcalc.core.months import Window
from retcalc.core.panel import ROW, Panel, panel_of_rows
from retcalc.core.speed import dense_panel
from retcalc.core.speed.dense_panel import make_dense_panel
from retcalc.kernels import panel_facts
from retcalc.kernels.bridge import as_one_segment, bridges
from retcalc.kernels.by_account.account_bridge import LINES, account_lines
from retcalc.kernels.cells import transitions as cell_transitions
from retcalc.kernels.cohort import Periods, cohorts
from retcalc.kernels.rows import transitions as row_transitions

START = 24_000
FIXTURES = [HealthCheck.function_scoped_fixture]
SMALL = [1, 2, 5, 12]  # rows and months handled at once

MONTH = st.tuples(st.sampled_from([0, 0, 1, 2, 3]), st.integers(-1, 1))
PANELS = st.lists(st.lists(MONTH, max_size=14), min_size=1, max_size=6).filter(
    lambda accounts: any(mrr for months in accounts for mrr, _ in months)
)


def rows_of(accounts, *, segmented=True):
    """Sorted rows of lists of (mrr, seg) a month; zero is no row."""
    rows = [
        (account, START + at, mrr, seg if segmented else 0)
        for account, months in enumerate(accounts)
        for at, (mrr, seg) in enumerate(months)
        if mrr
    ]
    return pl.DataFrame(rows, schema=ROW, orient="row")


def no_rows():
    raise AssertionError("the engine answers from rows")


def in_cells(rows):
    """A panel that has cells only, so that an answer from rows is noticed."""
    accounts = int(rows["account"].max()) + 1
    dense = make_dense_panel(rows.rename({"mrr": "amount"}).reverse(), accounts)
    assert dense is not None
    return Panel(no_rows, dense)


@dataclass(frozen=True)
class Engine:
    """A way to hold a panel, and the questions that it does not answer by itself yet."""

    hold: Callable[[pl.DataFrame], Panel]
    not_yet: frozenset[str] = frozenset()


ENGINES = {
    "rows": Engine(panel_of_rows),
    "cells": Engine(
        in_cells, frozenset({"transitions with a gap", "cohorts by date", "pairs", "accounts"})
    ),
}


@pytest.fixture(params=ENGINES)
def hold(request):
    """How an engine holds rows; a question it does not answer yet must fail."""
    engine = ENGINES[request.param]
    question = request.node.get_closest_marker("question")
    if question is not None and question.args[0] in engine.not_yet:
        request.applymarker(pytest.mark.xfail(strict=True, raises=AssertionError))
    return engine.hold


@pytest.fixture
def at_once(monkeypatch):
    """Set how many rows and months are handled at once."""

    def patch(count):
        monkeypatch.setattr(dense_panel, "ROWS_AT_ONCE", count)
        monkeypatch.setattr(dense_panel, "MONTHS_AT_ONCE", count)
        monkeypatch.setattr(cell_transitions, "MONTHS_AT_ONCE", count)
        monkeypatch.setattr(row_transitions, "_ROWS_AT_ONCE", count)

    return patch


def months_of(rows):
    return range(int(rows["month"].min()), int(rows["month"].max()) + 1)


def properties(examples=100):
    def decorate(test):
        # the fixtures only say how to hold a panel and set the same constants every time
        check = settings(max_examples=examples, deadline=None, suppress_health_check=FIXTURES)
        return check(test)

    return decorate


def ordered(frame):
    return frame.sort(frame.columns)


def expected_bridges(rows, closings, lag, gap, as_of):
    """Lines of single accounts by joins, added up by month: all segments inside as one."""
    spans = [Window(month - lag, month) for month in closings]
    pairs = panel_facts.account_pairs(panel_of_rows(rows), spans, gap)
    lines = account_lines(as_one_segment(pairs, "seg_before", "seg_after"), as_of=as_of)
    sums = lines.group_by("month").agg(pl.col(LINES).sum()).rows_by_key("month", unique=True)
    return {month: values for month, values in sums.items() if any(values)}


def total_bridges(facts, as_of):
    found = bridges(as_one_segment(facts, "seg_before", "seg_after"), as_of)
    values = {m: tuple(getattr(b, n) for n in LINES) for (s, m), b in found.items() if s == 0}
    return {month: own for month, own in values.items() if any(own)}


@given(
    PANELS, st.integers(1, 7), st.sampled_from(["opening", "closing"]), st.booleans(),
    st.sampled_from(SMALL), st.integers(0, 13), st.integers(1, 14),
)  # fmt: skip
@properties()
def test_transitions(hold, at_once, accounts, lag, as_of, segmented, count, skipped, length):
    """Of some closing months, which may lie beyond the data; against joins account by account."""
    rows = rows_of(accounts, segmented=segmented)
    closings = range(START + skipped, START + skipped + length)
    whole = row_transitions.transitions(rows, closings, lag, None)
    at_once(count)
    facts = panel_facts.transitions(hold(rows), closings, lag)
    assert_frame_equal(facts, whole)
    assert total_bridges(facts, as_of) == expected_bridges(rows, closings, lag, None, as_of)


@pytest.mark.question("transitions with a gap")
@given(
    PANELS, st.integers(1, 7), st.sampled_from([0, 1, 2, 5]), st.sampled_from(SMALL),
    st.integers(0, 13), st.integers(1, 14),
)  # fmt: skip
@properties()
def test_transitions_with_a_longest_absence(hold, at_once, accounts, lag, gap, count, skip, length):
    rows = rows_of(accounts)
    closings = range(START + skip, START + skip + length)
    at_once(count)
    facts = panel_facts.transitions(hold(rows), closings, lag, gap)
    expected = expected_bridges(rows, closings, lag, gap, "opening")
    assert total_bridges(facts, "opening") == expected


@given(PANELS, st.integers(1, 7), st.sampled_from([None, 0, 2]), st.integers(0, 13))
@properties()
def test_a_window_is_its_closing_among_all_months(accounts, lag, gap, at):
    """Only the rows that one window needs are looked at."""
    rows, closing = rows_of(accounts), START + at
    every = range(START - 1, START + 15)
    facts = row_transitions.transitions(rows, every, lag, gap).filter(pl.col("month") == closing)
    one = row_transitions.transitions(rows, range(closing, closing + 1), lag, gap)
    assert_frame_equal(one, facts)


@given(PANELS, st.booleans(), st.integers(0, 2))
@properties()
def test_cohort_sums(hold, accounts, segmented, before_the_end):
    rows = rows_of(accounts, segmented=segmented)
    last = months_of(rows)[-1] - before_the_end
    expected = panel_facts.cohort_sums(panel_of_rows(rows), last)
    found = panel_facts.cohort_sums(hold(rows), last)
    for months, fiscal_start in ((1, 1), (3, 2), (12, 7)):
        periods = Periods(months, fiscal_start)
        assert cohorts(found, last, periods) == cohorts(expected, last, periods)


@pytest.mark.question("cohorts by date")
def test_cohort_sums_by_date(hold):
    """Account 0 pays from before its date, 1 has none."""
    rows = rows_of([[(5, 0), (6, 0), (4, 0)], [(7, 0)]])
    dates = {"account": [0, 1], "start_month": [START + 1, None]}
    starts = pl.DataFrame(dates, schema={"account": pl.UInt32, "start_month": pl.Int32})
    found = panel_facts.cohort_sums(hold(rows), START + 2, starts)
    assert (found.undated, found.early) == (1, 1)
    assert sorted(found.cells.select("month", "accounts", "mrr", "gross_mrr").rows()) == [
        (START + 1, 1, 6, 6),
        (START + 2, 1, 4, 4),
    ]


@given(PANELS, st.booleans())
@properties()
def test_lifetimes(hold, accounts, segmented):
    """Against a walk along the months of each account."""
    rows = rows_of(accounts, segmented=segmented)
    expected = []
    for account, months in enumerate(accounts):
        paid = [at for at, (mrr, _) in enumerate(months) if mrr]
        if paid:
            end = next(at for at in range(paid[0], 15) if at not in paid)
            seg = months[paid[0]][1] if segmented else 0
            expected.append((account, seg, START + paid[0], START + end - 1))
    found = panel_facts.lifetimes(hold(rows))
    assert found.select("account", "seg", "first", "last").rows() == expected


@given(PANELS, st.booleans(), st.integers(-2, 15), st.integers(-2, 15))
@properties()
def test_month_rows(hold, accounts, segmented, first, last):
    rows = rows_of(accounts, segmented=segmented)
    found = panel_facts.month_rows(hold(rows), START + first, START + last)
    inside = rows.filter(pl.col("month").is_between(START + first, START + last))
    assert_frame_equal(ordered(found), ordered(inside))


@pytest.mark.question("pairs")
def test_account_pairs(hold):
    """0 stays, 1 goes, 2 comes in, 3 comes back."""
    rows = rows_of(
        [[(5, 0)] * 3, [(0, 0), (6, 0)], [(0, 0), (0, 0), (7, 1)], [(8, 0), (0, 0), (9, 0)]]
    )
    found = panel_facts.account_pairs(hold(rows), [Window(START + 1, START + 2)])
    assert found.sort("account").select("account", "before", "after", "returned").rows() == [
        (0, 5, 5, None),
        (1, 6, None, None),
        (2, None, 7, None),
        (3, None, 9, True),
    ]


@pytest.mark.question("accounts")
def test_rows_of_some_accounts(hold):
    """By code, and of those with enough MRR in an opening month."""
    rows = rows_of([[(5, 0), (9, 0)], [(6, 0), (0, 0), (1, 0)], [(0, 0), (7, 0)]])
    first = panel_facts.account_rows(hold(rows), 0)
    assert first.select("month", "mrr").rows() == [(START, 5), (START + 1, 9)]
    large = panel_facts.with_opening_mrr(hold(rows), START, 6)
    assert panel_facts.month_rows(large, START, START + 9).select("account", "mrr").rows() == [
        (1, 6),
        (1, 1),
    ]


def test_segment_codes_beyond_a_key_of_64_bits():
    """Two segments of an account side by side, whatever their codes."""
    most = 2**31 - 2
    pairs = [(3, 2**22), (2**22 + 7, 5), (most, most - 1), (most, most)]
    rows = [
        row
        for account, (was, now) in enumerate(pairs)
        for row in ((account, START, 10, was), (account, START + 1, 20, now))
    ]
    frame = pl.DataFrame(rows, schema=ROW, orient="row")
    facts = panel_facts.transitions(panel_of_rows(frame), range(START + 1, START + 2), 1)
    assert sorted(facts.select("seg_before", "seg_after").rows()) == sorted(pairs)
