"""Sizes of accounts at one month-end and their shares: by hand, and against sums over pairs."""

from __future__ import annotations

import random
from fractions import Fraction
from math import ceil

import polars as pl
import pytest

from retcalc.core.panel import panel_of_rows
from retcalc.kernels.bridge import as_one_segment
from retcalc.kernels.by_account.month_sizes import Sizes, month_sizes
from retcalc.kernels.panel_facts import month_rows
from retcalc.metrics.revenue.concentration import gini, share_top_20pct

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


JAN = 12 * 2024

SCHEMA = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}


def frame(amounts: list[tuple[int, int]]) -> pl.DataFrame:
    rows = [(code, JAN, mrr, seg) for code, (mrr, seg) in enumerate(amounts)]
    other = [(code, JAN - 1, 999, 0) for code in range(len(amounts))]
    return pl.DataFrame(rows + other, schema=SCHEMA, orient="row").sort("account", "month")


def mean_difference(amounts: list[int]) -> Fraction:
    """Gini by its other definition: half the mean difference of all pairs over the mean."""
    pairs = sum(abs(a - b) for a in amounts for b in amounts)
    return Fraction(pairs, 2 * len(amounts) * sum(amounts))


def lorenz(amounts: list[int], share: Fraction) -> Fraction:
    """Walk up from the smallest account until the share of accounts is used up."""
    left, total = share * len(amounts), Fraction(0)
    for amount in sorted(amounts):
        part = min(left, Fraction(1))
        total, left = total + part * amount, left - part
    return total / sum(amounts)


@pytest.mark.parametrize("seed", range(120))
def test_against_pairs_and_walks(seed: int) -> None:
    rng = random.Random(seed)
    top = rng.choice([2, 1000, 10**14])
    drawn = [(rng.randint(1, top), rng.choice([-1, 0, 1])) for _ in range(rng.randint(1, 40))]
    rows = month_rows(panel_of_rows(frame(drawn)), JAN, JAN)
    found = month_sizes(rows, 3)
    assert sorted(found) == sorted({seg for _, seg in drawn} - {-1})
    groups = [(found[s], [m for m, seg in drawn if seg == s]) for s in found]
    inside = [m for m, seg in drawn if seg >= 0]
    if inside:
        groups.append((month_sizes(as_one_segment(rows, "seg"), 3)[0], inside))
    for group, amounts in groups:
        total, largest = sum(amounts), sorted(amounts, reverse=True)
        assert (group.accounts, group.mrr) == (len(amounts), total)
        assert gini.compute(group.ranked, group.accounts, group.mrr) == mean_difference(amounts)
        fifth = sum(largest[: ceil(Fraction(len(amounts), 5))])
        assert share_top_20pct.compute(group.top_fifth, total) == Fraction(fifth, total)
        assert [mrr for _, mrr in group.top] == largest[:3]
        points = [Fraction(sum_, 10 * total) for sum_ in group.lorenz]
        assert points == [lorenz(amounts, Fraction(tenth, 10)) for tenth in range(11)]
