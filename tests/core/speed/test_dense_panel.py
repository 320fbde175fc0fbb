"""A dense panel: what fits into one, and that its cells give back what was laid."""

import polars as pl
import pytest

from retcalc.core.speed.dense_panel import make_dense_panel, pauses
from retcalc.kernels.bridge import Bridge, bridges
from retcalc.kernels.cells.transitions import transitions

START, TOTAL = 24_000, -3
AMOUNTS = {"account": pl.UInt32, "month": pl.Int32, "amount": pl.Int64, "seg": pl.Int32}


def panel_of(accounts):
    """Cells of lists of MRR a month; zero is no row."""
    rows = [
        (account, START + at, mrr, 0)
        for account, months in enumerate(accounts)
        for at, mrr in enumerate(months)
        if mrr
    ]
    return make_dense_panel(pl.DataFrame(rows, schema=AMOUNTS, orient="row"), len(accounts))


def told(expression):
    return pl.select(expression).to_series()


def mrr_of(panel, month):
    return told(panel.mrr(pl.lit(panel.cells_of(month))))


def seg_of(panel, month):
    return told(panel.seg(pl.lit(panel.cells_of(month))))


def test_pauses_are_the_months_between_first_and_last_row():
    lives = [[1, 0, 0, 1], [0, 1, 1, 0], [1, 0, 1, 0, 1], [0, 0, 1]]
    assert pauses(panel_of(lives)) == (2, 4)


def test_a_row_of_nothing_is_a_row():
    rows = {"account": [0, 0, 0], "month": [START, START + 1, START + 2], "amount": [5, 0, 7]}
    frame = pl.DataFrame({**rows, "seg": [0, 0, 0]})
    panel = make_dense_panel(frame.select("account", "month", "amount", "seg"), 1)
    assert pauses(panel) == (0, 0)
    assert [mrr_of(panel, START + i)[0] for i in range(-1, 4)] == [0, 5, 0, 7, 0]
    assert [panel.paid(START + i)[0] for i in range(-1, 4)] == [False, True, False, True, False]
    found = bridges(transitions(panel, range(START, START + 2 + 1), 1), total=TOTAL)
    assert [found[TOTAL, START + i].closing_accounts for i in range(3)] == [1, 0, 1]
    assert found[TOTAL, START + 2].reactivated_accounts == 1


def test_a_row_of_nothing_first_is_nobody():
    rows = {"account": [0, 0, 1], "month": [START, START + 1, START + 1], "amount": [0, 7, 0]}
    panel = make_dense_panel(pl.DataFrame({**rows, "seg": [0, 0, 0]}), 2)
    found = bridges(transitions(panel, range(START, START + 1 + 1), 1), total=TOTAL)
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
    frame = pl.DataFrame([(*row, 0) for row in rows], schema=AMOUNTS, orient="row")
    assert make_dense_panel(frame, accounts) is None


@pytest.mark.parametrize("rest", [0, 1, 2])
@pytest.mark.parametrize("bits", [28, 29, 30, 31, 32, 33, 58])
def test_large_amounts_come_back_whatever_the_cells_hold(bits, rest):
    """Around the largest that 32 bits hold alone, and with segments beside them."""
    most = 2**bits - 1 + rest
    rows = [(0, START, most, 0), (0, START + 1, 1, 1), (1, START, 7, 2), (1, START + 1, most, -1)]
    frame = pl.DataFrame(rows, schema=AMOUNTS, orient="row")
    for some in (frame, frame.with_columns(seg=pl.lit(0, pl.Int32))):
        panel = make_dense_panel(some, 2)
        assert panel is not None
        assert mrr_of(panel, START).to_list() == [most, 7]
        assert mrr_of(panel, START + 1).to_list() == [1, most]
    segmented = make_dense_panel(frame, 2)
    assert segmented is not None
    assert seg_of(segmented, START).to_list() == [0, 2]
    assert seg_of(segmented, START + 1).to_list() == [1, -1]


@pytest.mark.parametrize(("segments", "fits"), [(4095, False), (4094, True)])
@pytest.mark.parametrize("months", [1, 12, 13])
def test_more_segments_than_a_key_holds_are_for_the_panel(segments, fits, months):
    """The last months of those summed together have the largest keys."""
    rows = [(n, START + m, 5 + m, n) for n in range(segments) for m in range(months)]
    panel = make_dense_panel(pl.DataFrame(rows, schema=AMOUNTS, orient="row"), segments)
    assert (panel is not None) == fits
    if panel is not None:
        last = START + months - 1
        found = bridges(transitions(panel, range(START, last + 1), 1))
        assert {
            s: b.new_mrr for (s, m), b in found.items() if m == START and s >= 0
        } == dict.fromkeys(range(segments), 5)
        grown = [b.expansion_mrr for (s, m), b in found.items() if m == last and s >= 0]
        assert grown == [months > 1] * segments
