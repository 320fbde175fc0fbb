"""Months between the rows of an account, by hand."""

import polars as pl

from retcalc.book.panel.ordered_rows import pauses


def test_months_between_the_rows_of_an_account():
    """a misses 2, 3 and 6, 7, 8; b nothing; c misses 8."""
    rows = [(0, 1), (0, 4), (0, 5), (0, 9), (1, 2), (1, 3), (2, 7), (2, 9)]
    frame = pl.DataFrame(rows, {"account": pl.UInt32, "month": pl.Int32}, orient="row")
    assert pauses(frame) == (2, 6)
    assert pauses(frame.clear()) == (0, 0)
