"""Codes for texts: right whatever the hashes do; and the packed sort against a plain one."""

import random

import polars as pl
import pytest

from retcalc.book import coding
from retcalc.book.coding import all_differ, as_enum, distinct, packed_sort


def texts(count, seed=1):
    rng = random.Random(seed)
    return [f"acct_{rng.randrange(count // 3):08d}" for _ in range(count)]


def check(values):
    found = distinct(pl.Series(values, dtype=pl.String))
    assert found.values.to_list() == sorted(set(values))
    place = {value: i for i, value in enumerate(sorted(set(values)))}
    assert found.codes.to_list() == [place[value] for value in values]


@pytest.mark.parametrize("count", [0, 1, 2, 1000, 20_000])
def test_values_are_sorted_and_codes_are_their_places(count):
    check(texts(count) if count > 2 else ["b", "a"][:count])


def test_odd_texts_keep_apart():
    check(["", " ", "a", "A", "ä", "a\u0308", "0", "00", "\u200b", "x" * 300, "x" * 299, "a"])


def test_slices_join_where_they_were_cut(monkeypatch):
    monkeypatch.setattr(coding, "_SLICE", 7)
    check(texts(1000))


def weak(bits, seeds):
    """A hash of few bits under the given seeds, the true one under others."""
    true = pl.Series.hash

    def hashed(series, seed=0):
        found = true(series, seed)
        return found % 2**bits if seed in seeds else found

    return hashed


@pytest.mark.parametrize("bits", [0, 3, 8, 12])
def test_ids_that_share_a_hash_are_noticed_and_told_apart(monkeypatch, bits):
    """One collision is enough to make codes wrong, and the second hash shows it."""
    fallen_back = []
    apart = coding._told_apart
    monkeypatch.setattr(coding, "_told_apart", lambda s: fallen_back.append(1) or apart(s))
    monkeypatch.setattr(pl.Series, "hash", weak(bits, [coding._SEED]))
    check(texts(6000))
    assert fallen_back


def test_a_single_collision_among_many_ids_is_noticed(monkeypatch):
    true, fallen_back = pl.Series.hash, []
    victims = {"acct_00000001": "acct_00000002"}
    apart = coding._told_apart
    monkeypatch.setattr(coding, "_told_apart", lambda s: fallen_back.append(1) or apart(s))

    def hashed(series, seed=0):
        return true(series.replace(victims) if seed == coding._SEED else series, seed)

    monkeypatch.setattr(pl.Series, "hash", hashed)
    check(["acct_00000001", "acct_00000002", *texts(3000)])
    assert fallen_back


def test_leading_bits_may_be_the_same(monkeypatch):
    """Hashes that the table of leading bits cannot tell apart are found by the join."""
    true = pl.Series.hash
    monkeypatch.setattr(pl.Series, "hash", lambda s, seed=0: true(s, seed) % 2**40)
    monkeypatch.setattr(coding, "_told_apart", lambda _: pytest.fail("no collision here"))
    check(texts(3000))


def test_an_enum_has_the_order_of_the_texts():
    values = ["b", "a", "", "c", "a"]
    column = as_enum(distinct(pl.Series(values)))
    assert column.cast(pl.String).to_list() == values
    assert column.sort().cast(pl.String).to_list() == sorted(values)


@pytest.mark.parametrize("high", [1, 10**4, 10**12, 2**61, 10**30])
@pytest.mark.parametrize("low", [0, -5, -(10**9)])
def test_packed_sort_is_a_sort(low, high):
    rng = random.Random(high)
    rows = [
        (rng.randrange(50), rng.randrange(24240, 24300), rng.randint(low, high), rng.choice("xyz"))
        for _ in range(500)
    ]
    money = pl.Int128 if high > 2**62 else pl.Int64
    schema = {"account": pl.UInt32, "month": pl.Int32, "amount": money, "plan": pl.Enum("xyz")}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    packed = packed_sort(frame, "account", "month")
    assert packed.schema == frame.schema
    assert packed.rows() == sorted(rows)


def test_packed_sort_leaves_nulls_and_texts_to_the_plain_one():
    frame = pl.DataFrame({"a": [2, None, 1], "t": ["x", "y", "z"]})
    assert packed_sort(frame, "a").rows() == [(None, "y"), (1, "z"), (2, "x")]
    assert packed_sort(frame.clear(), "a").is_empty()


def test_all_differ_finds_one_repetition():
    frame = pl.DataFrame({"id": [3, 1, 2, 1], "month": [5, 5, 5, 6]})
    assert all_differ(frame)
    assert not all_differ(pl.concat([frame, frame[2]]))
    assert all_differ(frame.clear())
