"""Bands of size as a segment: of the MRR at the opening, or of a column of numbers."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from book.books import book, write
from helpers import run
from retcalc.book.panel.size_bands import amount_bands, number_bands
from retcalc.core.findings import RetcalcError

PANEL = """
account,month,mrr,seats
a,2024-01,499.99,5
b,2024-01,500,60
c,2024-01,5000,700
a,2024-02,600,5
b,2024-02,400,60
d,2024-02,10,1
"""

BANDS = "segments: {size: {from: opening_mrr, bands: [0, 500, 5000]}}"


def by_size(folder: Path, config: str, *args: str) -> dict[str | None, Any]:
    write(folder, config, "retcalc.yaml")
    done = run("nrr", write(folder, PANEL), "--by", "size", "--window", "1m", *args, "-f", "json")
    return {row["segment"].get("size"): row for row in done.json["rows"]}


def test_the_opening_mrr_decides_and_bands_close(tmp_path: Path) -> None:
    """a leaves the small band at 600, b comes to it at 400; each band adds up."""
    rows = by_size(tmp_path, BANDS)
    assert list(rows) == ["0 to 500", "500 to 5000", "5000 and more", None]
    small, middle, large = (rows[n] for n in ("0 to 500", "500 to 5000", "5000 and more"))
    assert (small["opening_mrr"], small["expansion_mrr"]) == ("499.99", "100.01")
    assert (small["segment_out_mrr"], small["segment_in_mrr"]) == ("600.00", "400.00")
    assert (small["new_mrr"], small["closing_mrr"]) == ("10.00", "410.00")
    assert (middle["contraction_mrr"], middle["closing_mrr"]) == ("100.00", "600.00")
    assert (large["churn_mrr"], large["closing_mrr"]) == ("5000.00", "0.00")


def test_a_column_of_numbers(tmp_path: Path) -> None:
    rows = by_size(tmp_path, "segments: {size: {from: seats, bands: [10, 100]}}")
    assert list(rows) == ["under 10", "10 to 100", "100 and more", None]
    assert rows["under 10"]["opening_accounts"] == 1


def test_a_column_that_holds_no_numbers(tmp_path: Path) -> None:
    config = "segments: {size: {from: seats, bands: [10]}}"
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, PANEL.replace(",700", ",many"), config, by=["size"])
    assert [f.code for f in error.value.findings] == ["RC247"]


def test_without_bands_size_is_a_column_like_any_other(tmp_path: Path) -> None:
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, PANEL, by=["size"])
    assert [f.code for f in error.value.findings] == ["RC150"]


@pytest.mark.parametrize("as_of", ["opening", "closing", "current"])
def test_segment_bridges_close_however_a_segment_is_taken(tmp_path: Path, as_of: str) -> None:
    """An account that changes its plan every month; the identity is checked on every row."""
    text = "account,month,mrr,plan\n"
    plans = ["Basic", "Pro", "Team"]
    for account in range(6):
        for month in range(1, 7):
            plan, mrr = plans[(account + month) % 3], 10 * account + month
            text += f"x{account},2024-0{month},{mrr},{plan}\n" if month != account else ""
    write(tmp_path, f"segments: {{as_of: {as_of}}}", "retcalc.yaml")
    done = run("movements", write(tmp_path, text), "--by", "plan", "-f", "json")
    for row in done.json["rows"]:
        flows = ("opening", "new", "reactivation", "expansion", "segment_in")
        more = sum(float(row[f"{n}_mrr"]) for n in flows)
        less = sum(float(row[f"{n}_mrr"]) for n in ("contraction", "churn", "segment_out"))
        assert more - less == float(row["closing_mrr"])
    moved = [row for row in done.json["rows"] if float(row["segment_in_mrr"])]
    assert bool(moved) == (as_of != "current")


def test_bands_begin_at_their_bound():
    amounts = pl.Series([0, 999, 1000, 1001, 2000, 2001, 2050, 2051])
    names = ["under 1", "1 to 2.005", "2.005 and more"]
    bands = amount_bands(amounts, ["1", "2.005"], 1000)
    assert bands.to_list() == [names[i] for i in (0, 0, 1, 1, 1, 1, 2, 2)]
    assert amount_bands(pl.Series([200, 201]), ["1", "2.005"], 100).to_list() == [
        names[1],
        names[2],
    ]
    texts = pl.Series(["0.9", "1", "2.0049", " 2.005 ", "", None, "-1"])
    sizes = number_bands(texts, ["1", "2.005"], "seats").to_list()
    assert sizes == [names[0], names[1], names[1], names[2], None, None, names[0]]


@pytest.mark.parametrize("text", ["many", "NaN", "Infinity"])
def test_sizes_that_are_no_numbers(text):
    with pytest.raises(RetcalcError) as error:
        number_bands(pl.Series(["1", text]), ["1"], "seats")
    (told,) = error.value.findings
    assert (told.code, told.value) == ("RC247", f'the column seats holds "{text}"')
