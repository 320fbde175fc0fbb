"""concentration: Gini, top fifth and Lorenz against plain sums over pairs of accounts."""

from __future__ import annotations

import random
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from helpers import run
from retcalc.core.panel import panel_of_rows
from retcalc.kernels.bridge import as_one_segment
from retcalc.kernels.by_account.month_sizes import month_sizes
from retcalc.kernels.panel_facts import month_rows
from retcalc.metrics.revenue.concentration import gini, share_top_20pct

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


def write(folder: Path, paid: dict[str, tuple[int, int]]) -> Path:
    rows = [f"{a},2024-0{m + 1},{v}" for a, both in paid.items() for m, v in enumerate(both) if v]
    path = folder / "mrr.csv"
    path.write_text("\n".join(["account,month,mrr", *rows]) + "\n")
    return path


# at the closing: 60, 20, 10, 6, 2, 2 (gone has left); 2 of 6 accounts are the top fifth
PAID = {
    "big": (10, 60),
    "mid": (20, 20),
    "low": (10, 10),
    "six": (0, 6),
    "y": (2, 2),
    "x": (2, 2),
    "gone": (500, 0),
}


def answer(*args: object) -> Any:
    return run("concentration", *args, "-f", "json").json


def test_by_hand(tmp_path: Path) -> None:
    """Gini: ranks 1 to 6 times 2, 2, 6, 10, 20, 60 make 524; (2 * 524 - 7 * 100) / 600 = 0.58."""
    json = answer(write(tmp_path, PAID), "--top", "2")
    assert json["rows"] == [
        {
            "segment": {},
            "accounts": 6,
            "closing_mrr": "100.00",
            "share_top_20pct": 0.8,
            "gini": 0.58,
            "top": [
                {"account": "big", "mrr": "60.00", "share": 0.6},
                {"account": "mid", "mrr": "20.00", "share": 0.2},
            ],
            "small": True,
        }
    ]
    assert json["definition"]["month"] == "2024-02"
    assert "lorenz" not in json


def test_lorenz_and_ties(tmp_path: Path) -> None:
    """Half the accounts, the three smallest, hold 10 of 100; ties stand in order of their id."""
    json = answer(write(tmp_path, PAID), "--lorenz")
    assert [line["share_of_mrr"] for line in json["lorenz"]][::5] == [0.0, 0.1, 1.0]
    assert [a["account"] for a in json["rows"][0]["top"]][-2:] == ["x", "y"]


def test_segments_and_a_month_without_them(tmp_path: Path) -> None:
    customers = tmp_path / "customers.csv"
    lines = [f"{a},{'left' if a == 'gone' else 'here'}" for a in PAID]
    customers.write_text("\n".join(["account,state", *lines]) + "\n")
    json = answer(write(tmp_path, PAID), "--customers", customers, "--by", "state")
    left = json["rows"][1]
    assert left["segment"] == {"state": "left"}
    assert (left["accounts"], left["share_top_20pct"], left["gini"]) == (0, None, None)
    assert left["reasons"] == {"share_top_20pct": "no_closing_mrr", "gini": "no_closing_mrr"}
    assert left["top"] == []
    assert json["rows"][2]["accounts"] == 6


def test_one_account_is_everything(tmp_path: Path) -> None:
    row = answer(write(tmp_path, {"only": (5, 7)}))["rows"][0]
    assert (row["share_top_20pct"], row["gini"]) == (1.0, 0.0)
