"""Spells of lives by hand: who is counted, and from which age to which."""

import polars as pl

from retcalc.kernels.lifetimes import Spell, spells

PANEL = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}
FIRST, LAST = 24_300, 24_306


def panel(*rows: tuple[int, int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=PANEL, orient="row")


def life(account: int, first: int, last: int, seg: int = 0) -> list[tuple[int, int, int, int]]:
    return [(account, month, 10, seg) for month in range(first, last + 1)]


def test_accounts_outside_the_filter_do_not_count():
    rows = panel(*life(0, FIRST + 1, FIRST + 3), *life(1, FIRST + 1, LAST, seg=-1))
    found = spells(rows, FIRST, LAST)
    assert set(found.by_segment) == {0}
    assert found.by_segment[0] == (Spell(0, 3, True, 1),)
    assert found.unknown == 0


def test_who_pays_in_the_first_month_may_be_older():
    rows = panel(*life(0, FIRST, FIRST + 2), *life(1, FIRST + 1, LAST))
    found = spells(rows, FIRST, LAST)
    assert found.unknown == 1
    assert found.by_segment == {0: (Spell(0, LAST - FIRST - 1, False, 1),)}


def test_a_told_birth_makes_the_entry_late():
    births = pl.DataFrame({"account": [0, 1], "born": [FIRST - 5, None]})
    births = births.cast({"account": pl.UInt32, "born": pl.Int32})
    rows = panel(*life(0, FIRST, FIRST + 2), *life(1, FIRST + 1, FIRST + 1))
    found = spells(rows, FIRST, LAST, births=births)
    assert found.unknown == 0
    assert found.by_segment[0] == (Spell(0, 1, True, 1), Spell(5, 8, True, 1))


def test_since_keeps_later_lives_only():
    rows = panel(*life(0, FIRST + 1, LAST), *life(1, FIRST + 2, LAST), *life(2, FIRST + 3, LAST))
    found = spells(rows, FIRST, LAST, since=FIRST + 1)
    ages = [(spell.entry, spell.exit, spell.accounts) for spell in found.by_segment[0]]
    assert ages == [(0, 3, 1), (0, 4, 1)]
