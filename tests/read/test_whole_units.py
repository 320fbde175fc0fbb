"""Decimals held as whole units are the decimals of the file to whoever asks."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import run
from retcalc.read import ReadPlan, ReadRules, read_table

DAYS = ["2024-01-01", "2024-02-01", "2024-03-01"]


def write(folder, amounts, kind, name="d.parquet"):
    """A panel of one account with these amounts."""
    rows = {"account": ["a"] * len(amounts), "month": DAYS[: len(amounts)]}
    frame = pl.DataFrame(rows).with_columns(
        pl.col("month").str.to_date(), pl.Series("mrr", amounts, dtype=kind)
    )
    frame.write_parquet(folder / name)
    return str(folder / name)


def read(*paths):
    return read_table(paths, ReadRules(), lambda _: ReadPlan(units=["mrr"]))[0]


def money(scale):
    """Amounts of 18 digits at the most, of which so many are decimals."""
    whole = st.integers(-(10**18) + 1, 10**18 - 1)
    return st.none() | whole.map(lambda units: Decimal(units).scaleb(-scale))


@given(st.integers(0, 18).flatmap(lambda s: st.tuples(st.just(s), st.lists(money(s), max_size=3))))
def test_the_decimals_come_back(tmp_path_factory, drawn):
    scale, amounts = drawn
    folder = tmp_path_factory.mktemp("units")
    path = write(folder, [*amounts, Decimal(0)][:3], pl.Decimal(18, scale))
    table = read(path)
    there = pl.read_parquet(path)["mrr"]
    assert table.scales == {"mrr": scale}
    assert table.frame["mrr"].dtype == pl.Int64
    assert table.column("mrr").to_list() == there.to_list()
    assert table.text("mrr").to_list() == there.cast(pl.String).fill_null("").to_list()
    assert table.renamed("mrr", "x").text("x").to_list() == table.text("mrr").to_list()


@pytest.mark.parametrize("kind", [pl.Decimal(19, 2), pl.Int64, pl.Float64])
def test_what_64_bits_may_not_hold_and_what_is_no_decimal_stays(tmp_path, kind):
    table = read(write(tmp_path, [1, 2], kind))
    assert (table.scales, table.frame["mrr"].dtype) == ({}, kind)


def test_of_several_files_all_stay_as_they_are(tmp_path):
    paths = [write(tmp_path, [1], pl.Decimal(18, 2), name) for name in ("a.parquet", "b.parquet")]
    table = read(*paths)
    assert (table.scales, table.frame["mrr"].dtype) == ({}, pl.Decimal(18, 2))


@pytest.mark.parametrize(
    ("amounts", "kind", "options", "told"),
    [
        (["5.25", "-1.50"], pl.Decimal(18, 2), (), 'RC215: "-1.50" is below zero'),
        (["5.25", "0.00", "-0.001"], pl.Decimal(18, 3), (), 'RC215: "-0.001" is below zero'),
        (["99999999999999999"], pl.Decimal(18, 0), (), "RC217: "),
        (["1.123456789"], pl.Decimal(18, 9), (), "RC838: "),
        ([None, "1"], pl.Decimal(18, 2), (), 'RC213: "" is no amount'),
        (["5.25"], pl.Decimal(18, 2), ("--decimal", ","), "RC214: "),
        (["5.25"], pl.Decimal(18, 2), ("--unit", "minor"), "RC839: "),
    ],
)
def test_what_is_wrong_with_amounts_is_told_as_for_text(tmp_path, amounts, kind, options, told):
    """And the same exit status as for a text with the same amounts."""
    path = write(tmp_path, [None if a is None else Decimal(a) for a in amounts], kind)
    table = pl.read_parquet(path).with_columns(pl.col("mrr").cast(pl.String).fill_null(""))
    table.write_csv(tmp_path / "d.csv")
    answers = []
    for name in ("d.parquet", "d.csv"):
        done = run("movements", name, "-f", "json", *options, cwd=tmp_path)
        answers.append((done.exit_code, done.stderr))
    code, value = told.split(": ")
    for _, said in answers:
        assert code in said
        assert value in said
    assert answers[0][0] == answers[1][0]
