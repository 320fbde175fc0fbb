"""Lives and accounts at risk by age: worked by hand, and against a month walk over dictionaries."""

import random
from collections import Counter

import polars as pl
import pytest

from retcalc.kernels.lifetimes import (
    AgeCount,
    AtRisk,
    accounts_of,
    at_risk,
    begun,
    by_age,
    merged,
    month_ages,
    with_starts,
)
from retcalc.kernels.rows.lifetimes import lifetimes

FIRST = 24000

DATES = {"account": pl.UInt32, "start_month": pl.Int32}


def panel(rows):
    """Account -> months; or account -> {month: segment}."""
    made = [
        (account, month, 100, paid[month] if isinstance(paid, dict) else 0)
        for account, paid in rows.items()
        for month in sorted(paid)
    ]
    schema = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}
    return pl.DataFrame(made, schema=schema, orient="row").sort("account", "month")


def test_a_life_ends_at_the_first_month_without_mrr():
    lives = with_starts(lifetimes(panel({1: [3, 4, 5, 6, 7], 2: [5, 6, 7, 8], 3: [8]})))
    assert by_age(lives, 8) == {
        0: (AgeCount(0, 3, 0, 1), AgeCount(3, 0, 0, 1), AgeCount(5, 0, 1, 0))
    }


def test_a_return_is_no_new_life():
    lives = with_starts(lifetimes(panel({1: [1, 2, 5, 6], 2: [2, 3]})))
    assert by_age(lives, 6)[0] == (AgeCount(0, 2, 0, 0), AgeCount(2, 0, 2, 0))


def test_an_earlier_closing_sees_the_life_still_running():
    lives = with_starts(lifetimes(panel({1: [1, 2, 3], 2: [4]})))
    assert by_age(lives, 2) == {0: (AgeCount(0, 1, 0, 0), AgeCount(1, 0, 0, 1))}
    assert by_age(lives, 3)[0][-1] == AgeCount(2, 0, 0, 1)
    assert by_age(lives, 4)[0][-1] == AgeCount(3, 0, 1, 0)


def test_an_opening_makes_late_entrants_and_forgets_the_dead():
    lives = with_starts(lifetimes(panel({1: [1, 2], 2: [1, 2, 3, 4], 3: [4, 5], 4: [2, 3, 4, 5]})))
    # watched from month 3: 1 is gone; 2 enters at age 2, ends at 4; 3 begins; 4 enters at age 1
    assert by_age(lives, 5, opening=3)[0] == (
        AgeCount(0, 1, 0, 0),
        AgeCount(1, 1, 0, 1),
        AgeCount(2, 1, 0, 0),
        AgeCount(3, 0, 0, 1),
        AgeCount(4, 0, 1, 0),
    )


def test_the_segment_is_that_of_the_first_month_and_outside_is_left_out():
    lives = with_starts(lifetimes(panel({1: {1: 0, 2: 1}, 2: {1: 1, 2: 1}, 3: {1: -1, 2: 0}})))
    found = by_age(lives, 3)
    assert {segment: accounts_of(of) for segment, of in found.items()} == {0: 1, 1: 1}
    assert merged(found.values()) == (AgeCount(0, 2, 0, 0), AgeCount(2, 0, 2, 0))


def test_unknown_starts_are_null_unless_a_date_tells():
    rows = panel({1: [5, 6], 2: [5], 3: [6], 4: [5, 6]})
    dates = pl.DataFrame(
        {"account": [1, 3, 4], "start_month": [2, 1, 9]},
        schema={"account": pl.UInt32, "start_month": pl.Int32},
    )
    assert with_starts(lifetimes(rows))["start_month"].to_list() == [5, 5, 6, 5]
    assert with_starts(lifetimes(rows), 5)["start_month"].to_list() == [None, None, 6, None]
    # 3 begins with its first payment; 4 signed up after it paid
    assert with_starts(lifetimes(rows), 5, dates)["start_month"].to_list() == [2, None, 6, 5]


def test_a_known_start_enters_late():
    dates = pl.DataFrame(
        {"account": [1], "start_month": [2]}, schema_overrides={"account": pl.UInt32}
    )
    lives = with_starts(lifetimes(panel({1: [5, 6]})), 5, dates)
    assert by_age(lives, 9)[0] == (AgeCount(3, 1, 0, 0), AgeCount(5, 0, 1, 0))


def test_an_empty_panel_has_no_lives():
    assert by_age(with_starts(lifetimes(panel({}))), 5) == {}


def walk(rows, closing, opening):
    """Entered, churned and censored by segment and age."""
    counts = {"entered": Counter(), "churned": Counter(), "censored": Counter()}
    for paid in rows.values():
        months = sorted(m for m in paid if m <= closing)
        if not months or paid[months[0]] < 0:
            continue
        start = month = months[0]
        while month + 1 in months:
            month += 1
        if opening is not None and month < opening:
            continue
        segment = paid[start]
        counts["entered"][segment, max(start, opening or start) - start] += 1
        if month < closing:
            counts["churned"][segment, month + 1 - start] += 1
        else:
            counts["censored"][segment, closing - start] += 1
    return counts


@pytest.mark.parametrize("seed", range(40))
def test_random_panels_agree_with_a_month_walk(seed):
    made = random.Random(seed)
    span = made.randint(1, 14)
    rows = {
        account: {
            FIRST + m: made.choice([-1, 0, 1, 2])
            for m in range(span)
            if made.random() < made.choice([0.5, 0.95])
        }
        for account in range(made.randint(1, 30))
    }
    lives = with_starts(lifetimes(panel(rows)))
    closing = FIRST + made.randrange(span)
    opening = made.choice([None, FIRST + made.randrange(span)])
    opening = None if opening is None or opening >= closing else opening
    expected = walk(rows, closing, opening)
    found = by_age(lives, closing, opening)
    for name, counts in expected.items():
        ours = Counter(
            {
                (s, c.age): getattr(c, name)
                for s, of in found.items()
                for c in of
                if getattr(c, name)
            }
        )
        assert ours == counts


ROWS = {"account": pl.UInt32, "month": pl.Int32, "mrr": pl.Int64, "seg": pl.Int32}

BEGIN, CLOSE = 24_300, 24_306


def rows_of(*rows: tuple[int, int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=ROWS, orient="row")


def life(account: int, first: int, last: int, seg: int = 0) -> list[tuple[int, int, int, int]]:
    return [(account, month, 10, seg) for month in range(first, last + 1)]


def observed(rows, *, dates=None, since=None):
    """Accounts at risk by segment, and how many have no known start."""
    found = with_starts(lifetimes(rows), BEGIN, dates, dates_first=True)
    found = found.filter(begun("start_month", CLOSE, since))
    return at_risk(month_ages(found, CLOSE)), found["start_month"].null_count()


def test_accounts_outside_the_filter_do_not_count():
    rows = rows_of(*life(0, BEGIN + 1, BEGIN + 3), *life(1, BEGIN + 1, CLOSE, seg=-1))
    found, unknown = observed(rows)
    assert set(found) == {0}
    assert found[0] == (AtRisk(0, 3, True, 1),)
    assert unknown == 0


def test_who_pays_in_the_first_month_may_be_older():
    rows = rows_of(*life(0, BEGIN, BEGIN + 2), *life(1, BEGIN + 1, CLOSE))
    found, unknown = observed(rows)
    assert unknown == 1
    assert found == {0: (AtRisk(0, CLOSE - BEGIN - 1, False, 1),)}


def test_a_date_makes_the_entry_late():
    dates = pl.DataFrame({"account": [0, 1], "start_month": [BEGIN - 5, None]})
    dates = dates.cast({"account": pl.UInt32, "start_month": pl.Int32})
    rows = rows_of(*life(0, BEGIN, BEGIN + 2), *life(1, BEGIN + 1, BEGIN + 1))
    found, unknown = observed(rows, dates=dates)
    assert unknown == 0
    assert found[0] == (AtRisk(0, 1, True, 1), AtRisk(5, 8, True, 1))


def test_since_keeps_later_lives_only():
    rows = rows_of(
        *life(0, BEGIN + 1, CLOSE), *life(1, BEGIN + 2, CLOSE), *life(2, BEGIN + 3, CLOSE)
    )
    found, _ = observed(rows, since=BEGIN + 1)
    ages = [(same.entry, same.exit, same.accounts) for same in found[0]]
    assert ages == [(0, 3, 1), (0, 4, 1)]
