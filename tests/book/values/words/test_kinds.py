"""Kinds of movements in their spellings and languages."""

from __future__ import annotations

import polars as pl
import pytest

from retcalc.book.values.words.kinds import SIGNS, are_kinds, is_known, is_over, kinds


@pytest.mark.parametrize(
    ("word", "sign"),
    [
        ("New business - inbound", 1),
        ("subscription.created", 1),
        ("Erweiterung", 1),
        ("hausse", 1),
        ("Churn (voluntary)", -1),
        ("Kündigung", -1),
        ("baja", -1),
        ("DOWN-SELL", -1),
    ],
)
def test_which_way_a_kind_goes(word: str, sign: int) -> None:
    assert SIGNS[kinds(pl.Series([word]))[0]] == sign


@pytest.mark.parametrize("word", ["frobnicated", "Price uplift", "new adjustment", "", "42"])
def test_kinds_that_tell_no_way(word: str) -> None:
    assert kinds(pl.Series([word]))[0] not in SIGNS


def test_a_kind_of_either_way_is_known_all_the_same() -> None:
    assert is_known("updated")
    assert is_known("no_change")
    assert not is_known("frobnicated")


def test_the_user_gives_kinds_a_meaning() -> None:
    told = kinds(pl.Series(["Frob", "gone"]), {"frob": "contraction", "gone": "ended"})
    assert told.to_list() == ["contraction", "churn"]


def test_a_churn_leaves_nothing_and_a_downgrade_something() -> None:
    assert is_over("churned")
    assert is_over("kundigung")
    assert not is_over("downgrade")
    assert not is_over("partial_churn")


def test_a_column_of_kinds_is_told_by_its_words() -> None:
    assert are_kinds(["new", "churn", "frobnicated"])
    assert are_kinds(["Neu", "Kündigung"])
    assert not are_kinds(["new", "used"])
    assert not are_kinds(["Pro", "Basic"])
