"""Accounts with several segments at once: their lines against a walk, and against their bridge."""

from collections import Counter

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle.parts import lines as walked
from retcalc.core.months import Window
from retcalc.core.panel import panel_of_rows
from retcalc.kernels.by_account.account_bridge import LINES
from retcalc.kernels.by_account.segment_parts import of_accounts, part_bridges, part_lines
from retcalc.kernels.panel_facts import account_lines, bridges, opening_ends

START, TOTAL = 100, -3
SCHEMA = {"account": pl.UInt32, "month": pl.Int32, "seg": pl.Int32, "mrr": pl.Int64}
SEGMENTS = "abc"

amounts = st.lists(st.sampled_from([0, 0, 1, 2, 3, 5, 9]), min_size=3, max_size=3)
books = st.lists(st.lists(amounts, min_size=4, max_size=4), min_size=1, max_size=6)


def frame(book, outside=()):
    rows = [
        (account, START + at, -1 if seg in outside else seg, mrr)
        for account, life in enumerate(book)
        for at, month in enumerate(life)
        for seg, mrr in enumerate(month)
        if mrr
    ]
    parts = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return parts.group_by("account", "month", "seg").agg(pl.col("mrr").sum())


def whole(parts):
    """One row an account and month, of the largest part."""
    largest = pl.col("seg").sort_by("mrr", "seg").last()
    rows = parts.group_by("account", "month").agg(pl.col("mrr").sum(), largest)
    return rows.select("account", "month", "mrr", "seg").sort("account", "month")


@settings(max_examples=300)
@given(
    book=books, ends=st.tuples(st.integers(0, 2), st.integers(1, 3)).filter(lambda e: e[0] < e[1])
)
def test_every_line_is_that_of_a_walk(book, ends):
    window = Window(START + ends[0], START + ends[1])
    parts = {
        (str(account), START + at, SEGMENTS[seg]): mrr
        for account, life in enumerate(book)
        for at, month in enumerate(life)
        for seg, mrr in enumerate(month)
        if mrr
    }
    expected = walked(parts, window.opening, window.closing)
    found = part_bridges(part_lines(frame(book), [window], None))
    for seg, name in enumerate(SEGMENTS):
        bridge, lines = found.get((seg, window.closing)), expected.get(name, Counter())
        if bridge is None:
            assert not any(lines.values())
            continue
        assert {n: getattr(bridge, n) for n in LINES} == {n: lines[n] for n in LINES}
        assert bridge.unreconciled_mrr == bridge.unreconciled_accounts == 0


@settings(max_examples=200)
@given(book=books, as_of=st.sampled_from(["opening", "closing"]), gap=st.sampled_from([None, 0, 1]))
def test_parts_add_up_to_the_bridge_of_their_accounts(book, as_of, gap):
    parts = frame(book)
    closings = range(START + 1, START + 4)
    split = bridges(panel_of_rows(whole(parts), parts), closings, 1, gap, as_of=as_of, total=TOTAL)
    alone = bridges(panel_of_rows(whole(parts)), closings, 1, gap, as_of=as_of, total=TOTAL)
    for month in closings:
        total = alone.get((TOTAL, month))
        rows = [split[p] for p in split if p[1] == month and p[0] >= 0]
        if total is None:
            assert not rows
            continue
        assert split[TOTAL, month] == total
        for name in LINES:
            if name.endswith("_mrr") and not name.startswith("segment"):
                assert sum(getattr(row, name) for row in rows) == getattr(total, name)
        moved = (sum(getattr(r, f"segment_{side}_mrr") for r in rows) for side in ("in", "out"))
        assert len(set(moved)) == 1


@settings(max_examples=100)
@given(lives=st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=5)))
def test_one_segment_at_a_time_is_as_without_parts(lives):
    rows = [
        (account, START + at, seg, mrr)
        for account, life in enumerate(lives)
        for at, (mrr, seg) in enumerate(life)
        if mrr
    ]
    parts = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    closings = range(START + 1, START + 5)
    for as_of in ("opening", "closing"):
        split = bridges(panel_of_rows(whole(parts), parts), closings, 1, as_of=as_of, total=TOTAL)
        assert split == bridges(panel_of_rows(whole(parts)), closings, 1, as_of=as_of, total=TOTAL)


@settings(max_examples=100)
@given(book=books, outside=st.sets(st.integers(0, 2)))
def test_accounts_explain_the_total_inside_a_filter(book, outside):
    parts = frame(book, outside)
    spans = [Window(START, START + 2), Window(START + 1, START + 3)]
    panel = panel_of_rows(whole(parts), parts)
    lines = account_lines(panel, spans)
    total = bridges(panel, range(START + 2, START + 4), 2, total=TOTAL)
    for span in spans:
        own = lines.filter(pl.col("month") == span.closing)
        bridge = total.get((TOTAL, span.closing))
        sums = {n: own[n].sum() for n in LINES}
        assert sums == (
            {n: getattr(bridge, n) for n in LINES} if bridge else dict.fromkeys(LINES, 0)
        )
        if bridge is not None:
            assert bridge.unreconciled_mrr == bridge.unreconciled_accounts == 0


def test_what_an_opening_account_kept_and_gained_by_hand():
    # Core 100 and Add-on 20 become Core 70 and Add-on 40: 20 of the 30 move, 10 are contraction
    parts = frame([[[100, 20, 0], [70, 40, 0], [0] * 3, [0] * 3]])
    panel, window = panel_of_rows(whole(parts), parts), Window(START, START + 1)
    ends = opening_ends(panel, window).sort("seg_before")
    assert ends.select("seg_before", "before", "after").rows() == [(0, 100, 90), (1, 20, 20)]
    one = opening_ends(panel, window, one_segment=True)
    assert one.select("seg_before", "before", "after").rows() == [(0, 120, 110)]
    account = of_accounts(part_lines(parts, [window], None))
    assert account.select("contraction_mrr", "segment_in_mrr", "opening_accounts").rows() == [
        (10, 0, 1)
    ]
