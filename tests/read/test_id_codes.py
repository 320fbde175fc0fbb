"""Codes for texts: right whatever the hashes do, and the same in every part of a table."""

import random

import polars as pl
import pytest

from retcalc.read import ReadPlan, ReadRules, id_codes, read_table
from retcalc.read.id_codes import Coder, distinct


def texts(count, seed=1):
    rng = random.Random(seed)
    return [f"acct_{rng.randrange(count // 3):08d}" for _ in range(count)]


def check(values):
    found = distinct(pl.Series(values, dtype=pl.String))
    assert found.values.to_list() == sorted(set(values))
    place = {value: i for i, value in enumerate(sorted(set(values)))}
    assert found.codes.to_list() == [place[value] for value in values]
    assert found.codes.dtype == pl.UInt32


@pytest.fixture
def by_text(monkeypatch):
    """The number of parts that had to be compared as texts."""
    parts, joined = [], Coder._joined
    monkeypatch.setattr(Coder, "_joined", lambda self, t: parts.append(len(t)) or joined(self, t))
    return parts


@pytest.mark.parametrize("count", [0, 1, 2, 1000, 20_000])
def test_values_are_sorted_and_codes_are_their_places(count, by_text):
    check(texts(count) if count > 2 else ["b", "a"][:count])
    assert not by_text


def test_odd_texts_keep_apart():
    check(["", " ", "a", "A", "ä", "a\u0308", "0", "00", "\u200b", "x" * 300, "x" * 299, "a"])


@pytest.mark.parametrize("size", [1, 7, 999, 1000])
def test_parts_share_their_codes(monkeypatch, size):
    monkeypatch.setattr(id_codes, "_SLICE", size)
    check(texts(1000))


def test_a_table_that_is_too_small_takes_longer_and_is_right(monkeypatch, by_text):
    monkeypatch.setattr(id_codes, "_LEAST_BITS", 3)
    monkeypatch.setattr(id_codes, "_MOST_BITS", 3)
    monkeypatch.setattr(id_codes, "_SLICE", 100)
    check(texts(3000))
    assert not by_text


def weak(bits):
    """A first hash of few bits."""
    true = id_codes._hash
    return lambda text, seed: true(text, seed) % (2**bits if seed == id_codes._SEED else 2**64 - 1)


@pytest.mark.parametrize("size", [500, 1 << 20])
@pytest.mark.parametrize("bits", [0, 3, 8, 12])
def test_ids_that_share_a_hash_are_noticed_and_told_apart(monkeypatch, by_text, bits, size):
    """One collision is enough to make codes wrong, and the second hash shows it."""
    monkeypatch.setattr(id_codes, "_SLICE", size)
    monkeypatch.setattr(id_codes, "_hash", weak(bits))
    check(texts(6000))
    assert by_text


@pytest.mark.parametrize("where", [0, 1500, 3000])
def test_a_single_collision_among_many_ids_is_noticed(monkeypatch, by_text, where):
    """Also where the two ids stand in parts far from each other."""
    true = id_codes._hash

    def hashed(text, seed):
        return true(text.replace("acct_x", "acct_y") if seed == id_codes._SEED else text, seed)

    monkeypatch.setattr(id_codes, "_hash", hashed)
    monkeypatch.setattr(id_codes, "_SLICE", 100)
    many = texts(3000)
    check(["acct_x", *many[:where], "acct_y", *many[where:], "acct_x"])
    assert by_text


def test_leading_bits_may_be_the_same(monkeypatch, by_text):
    """Hashes that the table of leading bits cannot tell apart are found by the join."""
    true = id_codes._hash
    monkeypatch.setattr(id_codes, "_hash", lambda text, seed: true(text, seed) % 2**40)
    check(texts(3000))
    assert not by_text


def test_an_enum_has_the_order_of_the_texts():
    values = ["b", "a", "", "c", "a"]
    column = distinct(pl.Series(values)).as_enum()
    assert column.cast(pl.String).to_list() == values
    assert column.sort().cast(pl.String).to_list() == sorted(values)


def test_unused_values_go():
    column = distinct(pl.Series(["b", "a", "c"]))
    rest = id_codes.Distinct(column.values, column.codes.slice(0, 1)).used()
    assert (rest.values.to_list(), rest.codes.to_list()) == (["b"], [0])


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("size", [2, 1 << 20])
def test_columns_of_codes_say_what_the_file_says(tmp_path, monkeypatch, ending, size):
    monkeypatch.setattr(id_codes, "_SLICE", size)
    rows = {"id": ["b", "a", "", "b", "c"], "plan": ["x", "y", "x", "x", "z"]}
    paths = []
    for name, part in (("one", slice(0, 3)), ("two", slice(3, 5))):
        path = tmp_path / f"{name}.{ending}"
        frame = pl.DataFrame({title: values[part] for title, values in rows.items()})
        frame.write_csv(path) if ending == "csv" else frame.write_parquet(path)
        paths.append(str(path))
    table, _ = read_table(paths, ReadRules(), lambda _: ReadPlan(codes=["id"]))
    assert "id" in table
    assert "id" not in table.frame.columns
    assert table.text("id").to_list() == rows["id"]
    assert table.coded("id").values.to_list() == ["", "a", "b", "c"]
    assert table.frame["plan"].to_list() == rows["plan"]
    some = table.filter(table.text("id") == "b").renamed("id", "again")
    for title in ("id", "again"):
        assert some.coded(title).values.to_list() == ["b"]
        assert some.text(title).to_list() == ["b", "b"]


def test_nulls_and_numbers_become_texts(tmp_path):
    path = tmp_path / "ids.parquet"
    pl.DataFrame({"id": [7, None, 10]}).write_parquet(path)
    table, _ = read_table([str(path)], ReadRules(), lambda _: ReadPlan(codes=["id"]))
    assert table.text("id").to_list() == ["7", "", "10"]
