"""Rows that run for months become the same cells as a walk month by month gives."""

from __future__ import annotations

from collections import defaultdict

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcalc.core.speed import dense_spans
from retcalc.core.speed.dense_panel import ROW
from retcalc.core.speed.dense_spans import dense_panel_of_spans

SCHEMA = {
    "account": pl.UInt32,
    "first": pl.Int32,
    "last": pl.Int32,
    "amount": pl.Int64,
    "seg": pl.Int32,
}
JAN = 12 * 2024
ROWS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(JAN, JAN + 30),
        st.integers(-1, 20),
        st.sampled_from([-7, -1, 0, 1, 5, 5, 10**6, 2**33]),
        st.integers(-1, 2),
    ),
    min_size=1,
    max_size=12,
)


def spans(rows: list[tuple[int, ...]]) -> pl.DataFrame:
    data = [
        (account, first, first + length, amount, seg)
        for account, first, length, amount, seg in rows
    ]
    return pl.DataFrame(data, schema=SCHEMA, orient="row")


def walk(rows: list[tuple[int, ...]]) -> tuple[dict[tuple[int, int], tuple[int, set[int]]], bool]:
    """MRR and segments of every account and month, and whether two rows ever meet."""
    found: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for account, first, length, amount, seg in rows:
        for month in range(first, first + length + 1) if amount else ():
            found[account, month].append((amount, seg))
    meets = any(len(amounts) > 1 for amounts in found.values())
    return {
        key: (sum(a for a, _ in each), {s for _, s in each}) for key, each in found.items()
    }, meets


@given(ROWS, st.booleans(), st.sampled_from([1, 5, 1 << 24]))
def test_cells_are_those_of_a_walk(rows, single, cells_at_once):
    if single:
        rows = [(*row[:4], 0) for row in rows]
    expected, meets = walk(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dense_spans, "CELLS_AT_ONCE", cells_at_once)
        made = dense_panel_of_spans(spans(rows), 4)
    if not expected or (meets and not single and {s for *_, s in rows if _[3]} != {0}):
        assert made is None
        return
    assert made is not None
    panel, below = made
    paid = {key: mrr for key, (mrr, _) in expected.items() if mrr > 0}
    segments = {key: min(of) for key, (mrr, of) in expected.items() if mrr > 0}
    found = panel.rows(panel.first, panel.last)
    assert found.schema == ROW
    assert {(a, m): mrr for a, m, mrr, _ in found.iter_rows()} == paid
    assert {(a, m): seg for a, m, _, seg in found.iter_rows()} == segments
    assert below == sum(mrr < 0 for mrr, _ in expected.values())


def test_cells_that_waste_memory_are_not_made():
    rows = [(account, JAN + account % 1200, 0, 5, 0) for account in range(3000)]
    assert dense_panel_of_spans(spans(rows), 3000) is None


def test_amounts_that_do_not_fit_are_not_made():
    assert dense_panel_of_spans(spans([(0, JAN, 3, 2**61, 0), (0, JAN, 3, 2**61, 0)]), 1) is None
    assert dense_panel_of_spans(spans([(0, JAN, 3, 2**61, 1)]), 1) is None
    made = dense_panel_of_spans(spans([(0, JAN, 3, 2**61, 0)]), 1)
    assert made is not None
    assert made[0].rows(JAN, JAN)["mrr"].to_list() == [2**61]
