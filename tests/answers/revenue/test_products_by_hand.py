"""Products of accounts with several, worked by hand: further segments, filters, intervals, events.

January to March:

    account   Core        Addon    Data       account            what it means
    A         100 -> 100  0 -> 20             100 -> 120  +20    Addon expands by 20
    B          50 -> 0    5 -> 5   0 -> 70     55 ->  75  +20    50 moves to Data, which adds 20
    C          40 -> 0    10 -> 0              50 ->   0         both products churn
    D          30 -> 0    10 -> 10             40 ->  10  -30    Core contracts by 30
"""

from pathlib import Path
from typing import Any

import pytest

from helpers import run

ROWS = """account,product,start,end,mrr
A,Core,2025-01-01,,100
A,Addon,2025-02-01,,20
B,Core,2025-01-01,2025-02-01,50
B,Data,2025-02-01,,70
B,Addon,2025-01-01,,5
C,Core,2025-01-01,2025-03-01,40
C,Addon,2025-01-01,2025-03-01,10
D,Core,2025-01-01,2025-02-01,30
D,Addon,2025-01-01,,10
"""
TIERS = "account,tier\nA,Gold\nB,Gold\nC,Silver\nD,Silver\n"
SPAN = ("--as-of", "2025-03", "--window", "2m", "-f", "json")
MONEY = ("opening", "expansion", "contraction", "churn", "segment_in", "segment_out", "closing")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.csv").write_text(ROWS)
    (tmp_path / "c.csv").write_text(TIERS)
    return tmp_path


def rows(folder: Path, command: str, *args: str) -> dict[tuple[str, ...], Any]:
    found = run(command, "b.csv", *SPAN, *args, cwd=folder).json["rows"]
    return {tuple(row["segment"].values()): row for row in found}


def money(row: Any) -> list[int]:
    return [int(float(row.get(f"{name}_mrr", 0))) for name in MONEY]


def test_each_product_has_its_bridge(folder: Path) -> None:
    found = rows(folder, "churn", "--by", "product")
    assert {segment: money(row) for segment, row in found.items()} == {
        ("Addon",): [25, 20, 0, 10, 0, 0, 35],
        ("Core",): [220, 0, 30, 40, 0, 50, 100],
        ("Data",): [0, 20, 0, 0, 50, 0, 70],
        (): [245, 40, 30, 50, 0, 0, 205],
    }


def test_products_within_attributes_of_the_customers_file(folder: Path) -> None:
    found = rows(folder, "nrr", "--by", "product", "--by", "tier", "--customers", "c.csv")
    assert {segment: money(row) for segment, row in found.items()} == {
        ("Addon", "Gold"): [5, 20, 0, 0, 0, 0, 25],
        ("Addon", "Silver"): [20, 0, 0, 10, 0, 0, 10],
        ("Core", "Gold"): [150, 0, 0, 0, 0, 50, 100],
        ("Core", "Silver"): [70, 0, 30, 40, 0, 0, 0],
        ("Data", "Gold"): [0, 20, 0, 0, 50, 0, 70],
        (): [245, 40, 30, 50, 0, 0, 205],
    }
    core = rows(folder, "nrr", "--by", "tier", "--where", "product=Core", "--customers", "c.csv")
    assert {segment: money(row) for segment, row in core.items()} == {
        ("Gold",): [150, 0, 0, 0, 0, 50, 100],
        ("Silver",): [70, 0, 30, 40, 0, 0, 0],
        (): [220, 0, 30, 40, 0, 50, 100],
    }


def test_a_size_is_that_of_the_whole_account(folder: Path) -> None:
    (folder / "retcalc.yaml").write_text(
        "segments: {size: {from: opening_mrr, bands: [0, 60]}}\n"  # A alone has 60 in January
    )
    found = rows(folder, "nrr", "--by", "size", "--by", "product")
    opened = {segment: money(row)[0] for segment, row in found.items() if money(row)[0]}
    assert opened == {
        ("0 to 60", "Addon"): 25,
        ("0 to 60", "Core"): 120,
        ("60 and more", "Core"): 100,
        (): 245,
    }


def test_the_total_of_a_filter_knows_no_segments(folder: Path) -> None:
    """E: Core 10 -> 20, Addon 20 -> 10, Data 0 -> 15. Core and Addon together 30 -> 30.

    Inside the filter nothing grew; by product 10 moved from Addon to Core, and Data grew by 15.
    """
    (folder / "b.csv").write_text(
        "account,product,start,end,mrr\n"
        "E,Core,2025-01-01,2025-02-01,10\nE,Core,2025-02-01,,20\n"
        "E,Addon,2025-01-01,2025-02-01,20\nE,Addon,2025-02-01,,10\nE,Data,2025-02-01,,15\n"
        "F,Core,2025-01-01,,1\n"
    )
    where = ("--where", "product!=Data")
    found = rows(folder, "nrr", "--by", "product", *where)
    assert money(found[()]) == money(rows(folder, "nrr", *where)[()]) == [31, 0, 0, 0, 0, 0, 31]
    assert money(found["Addon",]) == [20, 0, 0, 0, 0, 10, 10]
    assert money(found["Core",]) == [11, 0, 0, 0, 10, 0, 21]


def test_an_interval_holds_the_rate_of_a_product_that_is_taken_up(folder: Path) -> None:
    found = rows(folder, "nrr", "--by", "product", "--confidence", "95")
    addon = found["Addon",]
    assert addon["nrr"] == (25 + 20 - 10) / 25
    assert addon["nrr_lower"] <= addon["nrr"] <= addon["nrr_upper"]
    assert found["Data",]["nrr_lower"] is None  # nothing to open with


def test_churn_events_by_the_day_are_no_part_s(folder: Path) -> None:
    (folder / "events.yaml").write_text("name: events\nchurn_numerator: all_events\n")
    events = ("--definition", "events.yaml")
    found = rows(folder, "churn", "--by", "product", *events)
    assert found[()]["logo_churn"] == 1 / 4  # C
    assert found["Core",]["reasons"]["logo_churn"] == "accounts_in_several_segments"
    core = rows(folder, "churn", "--where", "product=Core", *events)
    assert core[()]["reasons"]["logo_churn"] == "accounts_in_several_segments"


def test_the_life_of_an_account_in_a_product(folder: Path) -> None:
    life = ("explain", "nrr", "b.csv", "--as-of", "2025-03", "--account", "D", "-f", "json")
    found = run(*life, "--where", "product=Core", cwd=folder).json["rows"]
    assert [(r["month"], r["mrr"], r["movement"]) for r in found] == [
        ("2025-01", "30.00", "new"),
        ("2025-02", "0.00", "contraction"),
        ("2025-03", "10.00", "outside"),
    ]
    assert found[1]["why"] == "paid nothing inside the filter in 2025-02: contraction 30.00"
