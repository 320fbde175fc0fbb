"""Accounts at risk by hand: who is counted, and from which age to which."""

import polars as pl

from retcalc.kernels.lifetimes import AtRisk, at_risk, started, with_starts
from retcalc.kernels.rows.lifetimes import lifetimes

PANEL = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}
FIRST, LAST = 24_300, 24_306


def panel(*rows: tuple[int, int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=PANEL, orient="row")


def life(account: int, first: int, last: int, seg: int = 0) -> list[tuple[int, int, int, int]]:
    return [(account, month, 10, seg) for month in range(first, last + 1)]


def observed(rows, *, dates=None, since=None):
    """Accounts at risk by segment, and how many have no known start."""
    found = with_starts(lifetimes(rows), FIRST, dates, dates_first=True)
    found = started(found, LAST, since)
    return at_risk(found, LAST), found["start_month"].null_count()


def test_accounts_outside_the_filter_do_not_count():
    rows = panel(*life(0, FIRST + 1, FIRST + 3), *life(1, FIRST + 1, LAST, seg=-1))
    found, unknown = observed(rows)
    assert set(found) == {0}
    assert found[0] == (AtRisk(0, 3, True, 1),)
    assert unknown == 0


def test_who_pays_in_the_first_month_may_be_older():
    rows = panel(*life(0, FIRST, FIRST + 2), *life(1, FIRST + 1, LAST))
    found, unknown = observed(rows)
    assert unknown == 1
    assert found == {0: (AtRisk(0, LAST - FIRST - 1, False, 1),)}


def test_a_date_makes_the_entry_late():
    dates = pl.DataFrame({"account": [0, 1], "start_month": [FIRST - 5, None]})
    dates = dates.cast({"account": pl.UInt32, "start_month": pl.Int32})
    rows = panel(*life(0, FIRST, FIRST + 2), *life(1, FIRST + 1, FIRST + 1))
    found, unknown = observed(rows, dates=dates)
    assert unknown == 0
    assert found[0] == (AtRisk(0, 1, True, 1), AtRisk(5, 8, True, 1))


def test_since_keeps_later_lives_only():
    rows = panel(*life(0, FIRST + 1, LAST), *life(1, FIRST + 2, LAST), *life(2, FIRST + 3, LAST))
    found, _ = observed(rows, since=FIRST + 1)
    ages = [(same.entry, same.exit, same.accounts) for same in found[0]]
    assert ages == [(0, 3, 1), (0, 4, 1)]
