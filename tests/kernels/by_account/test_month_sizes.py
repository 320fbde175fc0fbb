"""Sizes of accounts at one month-end, by hand."""

import polars as pl

from retcalc.kernels.by_account.month_sizes import Sizes, month_sizes

PANEL = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}


def test_nobody_has_as_many_points_as_anybody():
    assert Sizes().lorenz == (0,) * 11  # 0%, 10%, … 100%
    assert month_sizes(pl.DataFrame(schema=PANEL), 3) == {}


def test_five_accounts_by_hand():
    """1, 2, 3, 4 and 10: each is a fifth of the accounts, so two points of the curve."""
    rows = [(number, 24300, mrr, 0) for number, mrr in enumerate((3, 10, 1, 4, 2))]
    found = month_sizes(pl.DataFrame(rows, schema=PANEL, orient="row"), 2)[0]
    assert (found.accounts, found.mrr) == (5, 20)
    assert found.ranked == 1 * 1 + 2 * 2 + 3 * 3 + 4 * 4 + 5 * 10
    assert found.top_fifth == 10
    assert found.top == ((1, 10), (3, 4))
    assert found.lorenz == (0, 5, 10, 20, 30, 45, 60, 80, 100, 150, 200)
