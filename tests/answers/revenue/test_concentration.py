"""concentration: Gini, top fifth and Lorenz by hand, through the command line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from helpers import run


def lorenz(amounts: list[int], share: Fraction) -> Fraction:
    """Walk up from the smallest account until the share of accounts is used up."""
    left, total = share * len(amounts), Fraction(0)
    for amount in sorted(amounts):
        part = min(left, Fraction(1))
        total, left = total + part * amount, left - part
    return total / sum(amounts)


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
