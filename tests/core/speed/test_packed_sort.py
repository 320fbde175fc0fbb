"""The packed sort against a plain one."""

import itertools
import random

import polars as pl
import pytest

from retcalc.core.speed.packed_sort import all_differ, ends, packed_sort


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


WIDTHS = [(1, 30), (1, 31), (2, 31), (2, 61), (1, 62), (2, 62), (63, 63), (63, 64), (64, 64)]


@pytest.mark.parametrize(("a", "b"), WIDTHS)
@pytest.mark.parametrize("least", [0, 1, -3])
def test_numbers_of_many_widths_are_packed(a, b, least):
    """The ends of each width together make numbers of up to 127 bits, and of one more."""
    high = [least + 2**a - 1, least + 2**b - 1]
    pairs = list(itertools.product((least, least + 1, high[0]), (least, least + 2, high[1])))
    frame = pl.DataFrame(
        sorted(pairs, reverse=True), {"a": pl.Int128, "b": pl.Int128}, orient="row"
    )
    assert packed_sort(frame, "a").rows() == sorted(pairs)
    assert packed_sort(frame, "b").rows() == sorted(pairs, key=lambda pair: pair[::-1])
    assert ends(frame["b"]) == (least, high[1])


def test_the_ends_of_nothing_are_zeros():
    assert ends(pl.Series([], dtype=pl.Int64)) == (0, 0)
    assert ends(pl.Series([None], dtype=pl.Int64)) == (0, 0)
