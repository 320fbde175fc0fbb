"""Lives by the day from dated rows: by hand, and against a walk day by day."""

from __future__ import annotations

import random
from datetime import date, timedelta

import polars as pl
import pytest

from retcalc.kernels.by_account.day_lives import (
    RUNNING,
    day_ages,
    day_lives,
    day_number,
    in_months,
    with_start_days,
)

ORIGIN = date(2024, 1, 1)
Dated = tuple[int, int, int | None, int, int]  # account, first day, end, amount, segment


def day(number: int) -> date:
    return ORIGIN + timedelta(days=number)


def frame(rows: list[Dated]) -> pl.DataFrame:
    dated = [(a, day(s), None if e is None else day(e), m, g) for a, s, e, m, g in rows]
    schema = {
        "account": pl.UInt32,
        "start": pl.Date,
        "end": pl.Date,
        "amount": pl.Int128,
        "seg": pl.Int32,
    }
    return pl.DataFrame(dated, schema=schema, orient="row")


def lives(rows: list[Dated], **options: int) -> list[tuple[int, int, int, int | None]]:
    """Account, segment, first day and end by the days of ``rows``."""
    zero = day_number(ORIGIN)
    return [
        (account, seg, first - zero, None if end == RUNNING else end - zero)
        for account, seg, first, end in day_lives(frame(rows), **options).rows()
    ]


def test_rows_that_overlap_or_adjoin_are_one_life() -> None:
    rows = [(0, 0, 10, 5, 0), (0, 10, 20, 5, 0), (0, 15, 30, 5, 0), (1, 3, None, 5, 0)]
    assert lives(rows) == [(0, 0, 0, 30), (1, 0, 3, None)]


def test_a_return_is_no_new_life_and_a_row_inside_another_ends_nothing() -> None:
    rows = [(0, 0, 50, 5, 0), (0, 10, 20, 5, 0), (0, 51, None, 5, 0)]
    assert lives(rows) == [(0, 0, 0, 50)]


def test_what_is_free_or_ends_before_it_starts_is_no_life() -> None:
    assert lives([(0, 0, 9, 0, 0), (1, 5, 4, 9, 0), (2, 7, 8, 9, 0)]) == [(2, 0, 7, 8)]
    assert lives([]) == []


def test_a_row_that_ends_on_the_day_it_starts_is_a_life_of_no_days() -> None:
    assert lives([(0, 5, 5, 9, 0), (1, 5, 5, 0, 0)]) == [(0, 0, 5, 5)]
    assert lives([(0, 5, 5, 9, 0), (0, 8, 20, 9, 0)]) == [(0, 0, 5, 5)]
    assert lives([(0, 5, 5, 9, 0), (0, 5, 20, 9, 0)]) == [(0, 0, 5, 20)]
    assert lives([(0, 5, 5, 9, 0), (0, 1, 3, 9, 0)]) == [(0, 0, 1, 3)]


def test_a_credit_ends_the_life_where_it_takes_the_rest() -> None:
    assert lives([(0, 0, 30, 100, 0), (0, 12, 30, -100, 0)]) == [(0, 0, 0, 12)]
    assert lives([(0, 0, 30, 100, 0), (0, 12, 30, -40, 0)]) == [(0, 0, 0, 30)]


def test_the_segment_is_that_of_the_largest_row_of_the_first_day_or_of_the_last_row() -> None:
    rows = [(0, 0, 30, 5, 1), (0, 0, 30, 9, 2), (0, 40, 50, 7, 3), (1, 4, 9, 1, -1)]
    assert lives(rows) == [(0, 2, 0, 30), (1, -1, 4, 9)]
    zero = day_number(ORIGIN)
    assert lives(rows, latest_by=zero + 40) == [(0, 3, 0, 30), (1, -1, 4, 9)]
    assert lives(rows, latest_by=zero + 39) == [(0, 2, 0, 30), (1, -1, 4, 9)]


def walk(rows: list[Dated]) -> list[tuple[int, int, int | None]]:
    """Account, first day on which its rows add up to something, first day after without."""
    found = []
    for account in sorted({row[0] for row in rows}):
        own = [row for row in rows if row[0] == account]

        def paid(on: int, own: list[Dated] = own) -> int:
            return sum(m for _, s, e, m, _ in own if s <= on and (e is None or e > on))

        first = next((d for d in range(300) if paid(d) > 0), None)
        if first is not None:
            end = next((d for d in range(first, 300) if paid(d) <= 0), None)
            found.append((account, first, end))
    return found


@pytest.mark.parametrize("seed", range(60))
def test_random_rows_agree_with_the_walk(seed: int) -> None:
    made = random.Random(seed)
    amounts = made.choice([[0, 1, 5], [-5, -1, 0, 1, 5], [10**25, 1]])
    rows: list[Dated] = []
    for account in range(made.randint(1, 15)):
        for _ in range(made.randint(1, 4)):
            start = made.randrange(200)
            end = None if made.random() < 0.2 else start + made.randint(1, 60)
            rows.append((account, start, end, made.choice(amounts), 0))
    assert [(a, first, end) for a, _, first, end in lives(rows)] == walk(rows)


def ages(
    rows: list[Dated], closing: date, opening: date | None = None, **starts: date
) -> pl.DataFrame:
    told = pl.DataFrame(
        [(int(name[1:]), day_number(when)) for name, when in starts.items()],
        schema={"account": pl.UInt32, "start_day": pl.Int32},
        orient="row",
    )
    known = with_start_days(day_lives(frame(rows)), day_number(ORIGIN) if starts else None, told)
    return day_ages(known, day_number(closing), None if opening is None else day_number(opening))


def spans(found: pl.DataFrame) -> list[tuple[int, int, bool]]:
    return found.select("entry", "exit", "churned").rows()


def test_an_end_on_the_closing_day_is_seen_and_one_after_it_is_not() -> None:
    rows = [(0, 0, 30, 1, 0), (1, 0, 31, 1, 0), (2, 30, None, 1, 0), (3, 31, None, 1, 0)]
    assert spans(ages(rows, day(30))) == [(0, 30, True), (0, 30, False), (0, 0, False)]


def test_an_opening_lets_those_enter_late_who_pay_at_its_end() -> None:
    rows = [(0, 0, 10, 1, 0), (1, 0, 11, 1, 0), (2, 4, 40, 1, 0), (3, 12, None, 1, 0)]
    assert spans(ages(rows, day(30), day(10))) == [(10, 11, True), (6, 26, False), (0, 18, False)]


def test_a_known_start_lets_an_account_older_than_the_data_enter_late() -> None:
    rows = [(0, 0, 20, 1, 0), (1, 0, None, 1, 0), (2, 5, 9, 1, 0)]
    found = ages(rows, day(30), a0=day(-100))
    assert spans(found) == [(100, 120, True), (0, 4, True)]  # of 1 nobody knows the start


@pytest.mark.parametrize(
    ("start", "end", "begun", "full"),
    [
        (date(2024, 1, 1), date(2024, 1, 1), 1, 0),
        (date(2024, 1, 1), date(2024, 1, 20), 1, 0),
        (date(2024, 1, 1), date(2024, 2, 1), 1, 1),
        (date(2024, 1, 1), date(2024, 2, 2), 2, 1),
        (date(2024, 1, 31), date(2024, 2, 29), 1, 1),
        (date(2024, 1, 31), date(2024, 3, 1), 2, 1),
        (date(2023, 11, 15), date(2024, 2, 14), 3, 2),
        (date(2023, 11, 15), date(2024, 11, 15), 12, 12),
    ],
)
def test_calendar_months_of_a_life(start: date, end: date, begun: int, full: int) -> None:
    """A life ends in the month it has begun; who still pays has been watched for full months."""
    first, until = ((d - ORIGIN).days for d in (start, end))
    ended = in_months(ages([(0, first, until, 1, 0)], end))
    running = in_months(ages([(0, first, None, 1, 0)], end))
    assert ended.select("entry", "exit", "churned").rows() == [(0, begun, True)]
    assert running.select("entry", "exit", "churned").rows() == [(0, full, False)]


def test_a_month_that_was_entered_late_and_left_counts_in_no_risk() -> None:
    """Watched from day 40 to day 50 of its life: no month from the first day on."""
    assert in_months(ages([(0, 0, 50, 1, 0)], day(60), day(40))).height == 0
