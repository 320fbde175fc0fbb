"""Billing intervals and service periods as shares of a month; the whole months by the calendar."""

from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from retcalc.book.values.billing_intervals import (
    Periods,
    interval_share,
    read_periods,
    whole_months,
)


@pytest.mark.parametrize(
    ("words", "share"),
    [
        ("month monthly Months mo", Fraction(1)),
        ("year annual Yearly ANNUALLY", Fraction(1, 12)),
        ("quarter quarterly q", Fraction(1, 3)),
        ("half-year semi-annual biannual", Fraction(1, 6)),
        ("week weekly", Fraction(52, 12)),
        ("day daily", Fraction(365, 12)),
    ],
)
def test_words(words: str, share: Fraction) -> None:
    assert [Fraction(*interval_share(word) or (0, 1)) for word in words.split()] == [share] * len(
        words.split()
    )


def test_counted_words() -> None:
    assert interval_share("every 3 months") == (1, 3)
    assert interval_share("2 years") == (1, 24)
    assert interval_share("6_months") == (1, 6)


@pytest.mark.parametrize("word", ["fortnightish", "12", "", "0 months", "month year"])
def test_words_that_are_no_interval(word: str) -> None:
    assert interval_share(word) is None


PERIODS = [
    # start, end, first day after it, months or days
    ("2024-01-01", "2024-06-30", "2024-07-01", 6, 0),  # the definition's own example
    ("2024-01-31", "2024-02-29", "2024-02-29", 1, 0),  # billed on the last day there is
    ("2025-02-28", "2025-03-31", "2025-03-31", 1, 0),  # and back again
    ("2024-06-30", "2024-07-30", "2024-07-30", 1, 0),
    ("2024-01-01", "2025-01-01", "2025-01-01", 12, 0),
    ("2024-01-15", "2024-02-14", "2024-02-15", 1, 0),
    ("2023-12-01", "2024-02-29", "2024-03-01", 3, 0),
    ("2024-03-05", "2024-03-15", "2024-03-15", 0, 10),
]


def parsed(rows: list[tuple[str, str, str, int, int]], rule: str = "auto") -> list[object]:
    start, end = ([date.fromisoformat(row[i]) for row in rows] for i in (0, 1))
    found = read_periods(pl.Series(start), pl.Series(end), rule)  # type: ignore[arg-type]
    return [
        (str(until), Fraction(times, over))
        for until, (times, over) in zip(found.end, found.share.rows(), strict=True)
    ]


@pytest.mark.parametrize("row", PERIODS, ids=lambda row: f"{row[0]} to {row[1]}")
def test_each_period_ends_where_it_makes_whole_months(
    row: tuple[str, str, str, int, int],
) -> None:
    share = Fraction(1, row[3]) if row[3] else Fraction(29, row[4])  # days to 15 March
    assert parsed([row]) == [(row[2], share)]


def test_a_period_that_fits_neither_way_follows_the_others() -> None:
    odd = ("2024-03-05", "2024-03-14", "", 0, 10)
    inclusive = [("2024-01-01", "2024-01-31", "", 1, 0)] * 2
    assert parsed([*inclusive, odd])[2] == ("2024-03-15", Fraction(29, 10))
    exclusive = [("2024-01-01", "2024-02-01", "", 1, 0)] * 2
    assert parsed([*exclusive, odd])[2] == ("2024-03-14", Fraction(29, 9))


def test_the_rule_can_be_told() -> None:
    row = ("2024-01-01", "2024-06-30", "", 0, 0)
    assert parsed([row], "exclusive") == [("2024-06-30", Fraction(487, 16 * 181))]
    assert parsed([row], "inclusive") == [("2024-07-01", Fraction(1, 6))]


def test_a_mean_month() -> None:
    assert Fraction(487, 16) == Fraction("30.4375")


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def periods_of(*pairs: tuple[str, str | None], rule: str = "auto") -> Periods:
    start, end = ([day(pair[i]) for pair in pairs] for i in (0, 1))
    return read_periods(pl.Series(start), pl.Series(end, dtype=pl.Date), rule)  # type: ignore[arg-type]


def test_biennial_is_two_years() -> None:
    assert interval_share("biennial") == (1, 24)


@pytest.mark.parametrize(
    ("start", "end", "counts"),
    [
        ("2024-01-01", "2024-06-30", (1, 0, 0)),
        ("2024-01-01", "2024-07-01", (0, 1, 0)),
        ("2025-02-28", "2025-03-31", (0, 1, 0)),
        ("2024-04-30", "2024-05-31", (0, 1, 0)),
        ("2024-02-29", "2024-03-30", (1, 0, 0)),
        ("2024-03-05", "2024-03-15", (0, 0, 1)),
        ("2024-03-05", None, (0, 0, 0)),
    ],
)
def test_how_each_period_ends_is_counted(start, end, counts) -> None:
    found = periods_of((start, end))
    assert (found.inclusive, found.exclusive, found.odd) == counts


def test_periods_that_fit_one_way_are_not_outvoted() -> None:
    """From last day to last day is a month by itself, whatever most periods do."""
    most = [
        ("2024-01-01", "2024-01-31"),
        ("2024-02-01", "2024-02-29"),
        ("2024-03-01", "2024-03-31"),
    ]
    found = periods_of(*most, ("2024-04-30", "2024-05-31"), ("2024-05-01", "2024-05-11"))
    ends = ["2024-02-01", "2024-03-01", "2024-04-01", "2024-05-31", "2024-05-12"]
    assert found.end.cast(pl.String).to_list() == ends
    assert (found.inclusive, found.exclusive, found.odd) == (3, 1, 1)
    shares = [Fraction(times, over) for times, over in found.share.rows()]
    assert shares == [1, 1, 1, 1, Fraction(30, 11)]  # 11 of the 30 days to 12 May


def test_a_period_that_ends_before_it_starts_has_no_months() -> None:
    exact, near = whole_months(pl.Series([day("2024-03-15")]), pl.Series([day("2024-01-15")]))
    assert exact.to_list() == near.to_list() == [0]
