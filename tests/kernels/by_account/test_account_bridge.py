"""Lines of single accounts: by hand, and adding up to the bridge of all."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retcalc.core.months import Window
from retcalc.core.panel import panel_of_rows
from retcalc.kernels.bridge import Bridge, bridges
from retcalc.kernels.by_account.account_bridge import LINES, account_lines, account_window, movement
from retcalc.kernels.panel_facts import account_pairs
from retcalc.kernels.rows.transitions import transitions

SCHEMA = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}
START = 100


def panel(lives):
    """Rows of lists of (mrr, seg) per month; zero is no row."""
    rows = [
        (account, START + at, mrr, seg)
        for account, life in enumerate(lives)
        for at, (mrr, seg) in enumerate(life)
        if mrr
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def window_of(frame, spans, *, as_of="opening", gap=None):
    pairs = account_pairs(panel_of_rows(frame), spans, gap)
    return account_window(account_lines(pairs, as_of=as_of), spans).with_columns(movement())


def months(opening, closing):
    return [Window(m - 1, m) for m in range(opening + 1, closing + 1)]


@pytest.mark.parametrize(
    ("life", "ends", "monthly"),
    [
        ([10, 10, 10], "retained", "retained"),
        ([10, 5, 10], "retained", "expansion+contraction"),
        ([10, 0, 10], "retained", "reactivation+churn"),
        ([10, 12, 0], "churn", "expansion+churn"),
        ([0, 10, 30], "new", "new+expansion"),
    ],
)
def test_movements_of_one_account(life, ends, monthly):
    frame = panel([[(mrr, 0) for mrr in life]])
    whole = [Window(START, START + 2)]
    assert window_of(frame, whole)["movement"].to_list() == [ends]
    assert window_of(frame, months(START, START + 2))["movement"].to_list() == [monthly]


def test_one_seen_before_the_window_comes_back_unless_too_long_ago():
    frame = panel([[(10, 0), (0, 0), (0, 0), (10, 0)]])
    window = [Window(START + 2, START + 3)]
    assert window_of(frame, window)["movement"].to_list() == ["reactivation"]
    assert window_of(frame, window, gap=2)["movement"].to_list() == ["reactivation"]
    assert window_of(frame, window, gap=1)["movement"].to_list() == ["new"]


def test_what_stays_outside_the_filter_is_left_out():
    frame = panel([[(10, -1), (10, -1)], [(10, -1), (20, 0)]])
    lines = account_lines(account_pairs(panel_of_rows(frame), [Window(START, START + 1)], None))
    assert lines.select("account", "segment_in_mrr", "expansion_mrr", "closing_mrr").rows() == [
        (1, 20, 0, 20)
    ]


CELL = st.tuples(st.sampled_from([0, 0, 10, 20]), st.sampled_from([-1, 0, 0, 1]))


@settings(max_examples=60)
@given(
    st.lists(st.lists(CELL, min_size=6, max_size=6), min_size=1, max_size=6),
    st.integers(START - 1, START + 4),
    st.sampled_from(["opening", "closing"]),
    st.sampled_from([None, 1, 2]),
)
def test_accounts_add_up_to_the_bridge(lives, opening, as_of, gap):
    frame, window = panel(lives), Window(opening, START + 5)
    total = frame.with_columns(pl.col("seg").clip(upper_bound=0))  # all inside the filter as one
    at_end = range(window.closing, window.closing + 1)
    whole = bridges(transitions(total, at_end, window.months, gap), as_of)
    whole = whole.get((0, window.closing), Bridge())
    facts = window_of(frame, [window], as_of=as_of, gap=gap)
    assert {n: facts[n].sum() for n in LINES} == {n: getattr(whole, n) for n in LINES}
    every = range(opening + 1, window.closing + 1)
    by_month = bridges(transitions(total, every, 1, gap), as_of)
    pairs = account_pairs(panel_of_rows(frame), months(opening, window.closing), gap)
    lines = account_lines(pairs, as_of=as_of)
    for span in months(opening, window.closing):
        month = lines.filter(pl.col("month") == span.closing)
        bridge = by_month.get((0, span.closing), Bridge())
        assert {n: month[n].sum() for n in LINES} == {n: getattr(bridge, n) for n in LINES}
