"""A panel in rows and in cells gives the same answers, and both those of single windows."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retcalc.core import dense_panel as grids
from retcalc.core.dense_panel import make_grid, pauses
from retcalc.core.months import Window
from retcalc.kernels.bridge import Bridge, grid_bridges, monthly_bridges, window_bridges
from retcalc.kernels.cells import transitions as cell_transitions
from retcalc.kernels.cohort import Periods, cohorts, grid_cohorts
from retcalc.kernels.rows import transitions

SCHEMA = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}
START, TOTAL = 24_000, -2

MONTH = st.tuples(st.sampled_from([0, 0, 1, 2, 3]), st.integers(-1, 1))
PANELS = st.lists(st.lists(MONTH, max_size=14), min_size=1, max_size=6).filter(
    lambda lives: any(mrr for life in lives for mrr, _ in life)
)


def panel_of(lives, *, segmented=True):
    rows = [
        (account, START + at, mrr, seg if segmented else 0)
        for account, life in enumerate(lives)
        for at, (mrr, seg) in enumerate(life)
        if mrr
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def grid_of(panel, accounts):
    return make_grid(panel.rename({"mrr": "amount"}).reverse(), accounts)


def told(expression):
    return pl.select(expression).to_series()


def mrr_of(grid, month):
    return told(grid.mrr(pl.lit(grid.cells_of(month))))


def seg_of(grid, month):
    return told(grid.seg(pl.lit(grid.cells_of(month))))


def ends(panel):
    return int(panel["month"].min()), int(panel["month"].max())


def filled(bridges, panel):
    first, last = ends(panel)
    segments = [*range(-1, 2), TOTAL]
    cells = [(s, m) for s in segments if s != -1 for m in range(first, last + 1)]
    return {cell: bridges.get(cell, Bridge()) for cell in cells}


@given(
    PANELS,
    st.integers(1, 7),
    st.sampled_from(["opening", "closing"]),
    st.booleans(),
    st.sampled_from([1, 2, 5, 12]),
)
@settings(max_examples=300, deadline=None)
def test_cells_give_the_bridges_of_rows(lives, lag, as_of, segmented, together):
    """However many rows are placed and months are summed at once."""
    panel = panel_of(lives, segmented=segmented)
    first, last = ends(panel)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grids, "_PART", together)
        patch.setattr(grids, "TOGETHER", together)
        patch.setattr(cell_transitions, "TOGETHER", together)
        grid = grid_of(panel, len(lives))
        assert grid is not None
        window = Window(first - 1, last)
        from_cells = grid_bridges(grid, window, lag, as_of=as_of, total=TOTAL)
    from_rows = monthly_bridges(panel, last, as_of=as_of, total=TOTAL, months=lag)
    assert filled(from_cells, panel) == filled(from_rows, panel)


@given(
    PANELS,
    st.integers(1, 7),
    st.sampled_from([None, 0, 1, 2, 5]),
    st.sampled_from(["opening", "closing"]),
    st.sampled_from([1, 2, 7, 1 << 20]),
)
@settings(max_examples=300, deadline=None)
def test_all_months_at_once_are_the_windows_one_by_one(lives, lag, gap, as_of, size):
    """Rows linked by their order against accounts joined by their code, also in many slices."""
    panel = panel_of(lives)
    first, last = ends(panel)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transitions, "_SLICE", size)
        found = monthly_bridges(panel, last, as_of=as_of, gap=gap, total=TOTAL, months=lag)
    for month in range(first, last + 1):
        window = Window(month - lag, month)
        one = window_bridges(panel, window, as_of=as_of, gap=gap, total=TOTAL)
        for segment in {s for s, _ in found} | set(one):
            got = found.get((segment, month), Bridge())
            assert got == one.get(segment, Bridge()), (segment, month)


@given(PANELS, st.sampled_from([1, 3, 12]), st.integers(1, 12), st.booleans())
@settings(max_examples=300, deadline=None)
def test_cells_give_the_cohorts_of_rows(lives, months, fiscal_start, segmented):
    panel = panel_of(lives, segmented=segmented)
    _, last = ends(panel)
    periods = Periods(months, fiscal_start)
    grid = grid_of(panel, len(lives))
    for until in (last, last - 1):
        assert grid_cohorts(grid, until, periods) == cohorts(panel, until, periods)


def test_pauses_are_the_months_between_first_and_last_row():
    lives = [[1, 0, 0, 1], [0, 1, 1, 0], [1, 0, 1, 0, 1], [0, 0, 1]]
    panel = panel_of([[(mrr, 0) for mrr in life] for life in lives])
    assert pauses(grid_of(panel, 4)) == (2, 4)


def test_a_row_of_nothing_is_a_row():
    rows = {"account": [0, 0, 0], "month": [START, START + 1, START + 2], "amount": [5, 0, 7]}
    frame = pl.DataFrame({**rows, "seg": [0, 0, 0]})
    grid = make_grid(frame.select("account", "month", "amount", "seg"), 1)
    assert pauses(grid) == (0, 0)
    assert [mrr_of(grid, START + i)[0] for i in range(-1, 4)] == [0, 5, 0, 7, 0]
    assert [grid.paid(START + i)[0] for i in range(-1, 4)] == [False, True, False, True, False]
    found = grid_bridges(grid, Window(START - 1, START + 2), 1, total=TOTAL)
    assert [found[TOTAL, START + i].closing_accounts for i in range(3)] == [1, 0, 1]
    assert found[TOTAL, START + 2].reactivated_accounts == 1


def test_a_row_of_nothing_first_is_nobody():
    rows = {"account": [0, 0, 1], "month": [START, START + 1, START + 1], "amount": [0, 7, 0]}
    grid = make_grid(pl.DataFrame({**rows, "seg": [0, 0, 0]}), 2)
    found = grid_bridges(grid, Window(START - 1, START + 1), 1, total=TOTAL)
    assert (TOTAL, START) not in found
    assert found[TOTAL, START + 1] == Bridge(
        new_mrr=7, new_accounts=1, closing_mrr=7, closing_accounts=1
    )


@pytest.mark.parametrize(
    ("rows", "accounts"),
    [
        ([(0, START, 5), (0, START, 6)], 1),  # a row twice
        ([(0, START, 5), (0, START, 0)], 1),  # also where one is of nothing
        ([(0, START, -5), (0, START + 1, 5)], 1),  # below zero
        ([(0, START, 2**62), (0, START + 1, 5)], 1),  # too large
        ([(0, START, 5), (0, START + 900_000, 5)], 1),  # too thin
        ([], 0),
    ],
)
def test_what_does_not_fit_is_for_the_panel(rows, accounts):
    schema = {"account": pl.UInt32, "month": pl.Int32, "amount": pl.Int64, "seg": pl.Int32}
    frame = pl.DataFrame([(*row, 0) for row in rows], schema=schema, orient="row")
    assert make_grid(frame, accounts) is None


@pytest.mark.parametrize("rest", [0, 1, 2])
@pytest.mark.parametrize("bits", [28, 29, 30, 31, 32, 33, 58])
def test_large_amounts_come_back_whatever_the_cells_hold(bits, rest):
    """Around the largest that 32 bits hold alone, and with segments beside them."""
    most = 2**bits - 1 + rest
    rows = [(0, START, most, 0), (0, START + 1, 1, 1), (1, START, 7, 2), (1, START + 1, most, -1)]
    schema = {"account": pl.UInt32, "month": pl.Int32, "amount": pl.Int64, "seg": pl.Int32}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    for some in (frame, frame.with_columns(seg=pl.lit(0, pl.Int32))):
        grid = make_grid(some, 2)
        assert grid is not None
        assert mrr_of(grid, START).to_list() == [most, 7]
        assert mrr_of(grid, START + 1).to_list() == [1, most]
    segmented = make_grid(frame, 2)
    assert segmented is not None
    assert seg_of(segmented, START).to_list() == [0, 2]
    assert seg_of(segmented, START + 1).to_list() == [1, -1]


@pytest.mark.parametrize(("segments", "fits"), [(4095, False), (4094, True)])
@pytest.mark.parametrize("months", [1, 12, 13])
def test_more_segments_than_a_key_holds_are_for_the_panel(segments, fits, months):
    """The last months of those summed together have the largest keys."""
    rows = [(n, START + m, 5 + m, n) for n in range(segments) for m in range(months)]
    schema = {"account": pl.UInt32, "month": pl.Int32, "amount": pl.Int64, "seg": pl.Int32}
    grid = make_grid(pl.DataFrame(rows, schema=schema, orient="row"), segments)
    assert (grid is not None) == fits
    if grid is not None:
        last = START + months - 1
        found = grid_bridges(grid, Window(START - 1, last), 1)
        assert {
            s: b.new_mrr for (s, m), b in found.items() if m == START and s >= 0
        } == dict.fromkeys(range(segments), 5)
        grown = [b.expansion_mrr for (s, m), b in found.items() if m == last and s >= 0]
        assert grown == [months > 1] * segments
