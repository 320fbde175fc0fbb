"""Small rules of the book by hand: windows to date, lists in messages, headers, spans."""

import polars as pl
import pytest

from book.books import book, mrr_of
from helpers import run
from retcalc.book.columns.column_names import find_column
from retcalc.book.rules import DateRules
from retcalc.book.shapes.common.active_months import last_complete_month, never_active
from retcalc.book.values.dates import parse_days
from retcalc.book.values.subscription_status import listed
from retcalc.core.months import WindowRule, format_month, parse_month, resolve_window


@pytest.mark.parametrize(
    ("text", "closing", "start", "opening"),
    [
        ("ytd", "2026-03", 1, "2025-12"),
        ("ytd", "2026-01", 1, "2025-12"),
        ("ytd", "2026-12", 1, "2025-12"),
        ("qtd", "2026-02", 1, "2025-12"),
        ("qtd", "2026-04", 1, "2026-03"),
        ("qtd", "2026-09", 1, "2026-06"),
        ("fytd", "2026-03", 2, "2026-01"),
        ("fytd", "2026-01", 2, "2025-01"),
        ("fqtd", "2026-03", 2, "2026-01"),
        ("fqtd", "2026-05", 2, "2026-04"),
        ("3m", "2026-03", 1, "2025-12"),
        ("2q", "2026-03", 1, "2025-09"),
        ("1y", "2026-03", 1, "2025-03"),
    ],
)
def test_windows_by_the_calendar(text, closing, start, opening):
    first, last = parse_month("2024-01"), parse_month("2026-12")
    asked = parse_month(closing)
    window, notes = resolve_window(WindowRule(text, start), first, last, asked, open_ended=False)
    assert (format_month(window.opening), format_month(window.closing)) == (opening, closing)
    assert notes == []


def test_rows_of_no_month_are_counted():
    ends = [(9, 8), (10, 9), (11, 11), (12, 15), (13, 12), (14, 12), (15, 12), (16, 17)]
    spans = pl.DataFrame(ends, schema=["first", "last"], orient="row")
    notes = {n.code: n.message for n in never_active(spans, 12, "subscription")}
    assert notes == {
        "RC841": "2 subscriptions start and end between two month-ends and are in no month",
        "RC842": "4 subscriptions start after 0001-01 and are left out",
    }


def test_lists_of_words_are_short():
    assert listed(["b", "a", "b"]) == "a, b"
    assert listed(["d", "c", "b", "a"]) == "a, b, c, d"
    assert listed(["e", "d", "c", "b", "a"]) == "a, b, c, d …"


def test_a_column_is_found_by_its_folded_name_when_there_is_one():
    assert find_column("plan", ["Plan ", "x"]) == "Plan "
    assert find_column("plan", ["Plan", "plan"]) == "plan"
    assert find_column("PLAN", ["Plan", "plan"]) is None
    assert find_column("plan", ["x"]) is None


def test_a_log_from_the_newest_day_on_is_read_from_its_end(tmp_path):
    """Two changes of one day stand in the order of the file, which runs backwards."""
    rows = ["a,2024-03-31,5,20", "a,2024-03-31,5,15", "a,2024-01-31,10,10"]
    text = "\n".join(["account,date,mrr_change,running_mrr", *rows]) + "\n"
    found = mrr_of(book(tmp_path, text))["a"]
    assert {m: int(v) for m, v in found.items()} == {"2024-01": 10, "2024-02": 10, "2024-03": 20}


def test_a_blank_interval_count_is_one(tmp_path):
    text = (
        "account,start,end,amount,interval,interval_count\n"
        "a,2024-01-01,,10,month,\n"
        "a,2024-01-02,,30,month,3\n"
        "b,2024-02-01,,120,year,1\n"
    )
    made = book(tmp_path, text, as_of="2024-02")
    found = mrr_of(made)
    assert {m: int(v) for m, v in found["a"].items()} == {"2024-01": 20, "2024-02": 20}
    assert {m: int(v) for m, v in found["b"].items()} == {"2024-02": 10}


@pytest.mark.parametrize(
    ("days", "last"),
    [
        (["2024-01-31", "2024-02-28"], "2024-01"),  # February 2024 has 29 days
        (["2024-02-29", "2024-01-31"], "2024-02"),
        (["2024-03-01"], "2024-02"),
        (["2024-01-01"], "2023-12"),
        (["2024-02", "2024-01"], "2024-02"),  # months, not days
    ],
)
def test_the_last_complete_month_ends_with_the_latest_day(days, last):
    rules = DateRules()
    assert last_complete_month(parse_days(pl.Series(days), rules), rules) == parse_month(last)


def test_without_days_there_is_no_last_month():
    rules = DateRules()
    assert last_complete_month(parse_days(pl.Series([""]), rules), rules) is None


def test_subscriptions_can_be_read_at_a_later_month(tmp_path):
    """Who is still subscribed in January is so in June, as far as the file tells."""
    text = "account,start,end,mrr\na,2024-01-01,,10\nb,2024-01-01,2024-05-10,5\n"
    path = tmp_path / "subscriptions.csv"
    path.write_text(text)
    done = run("nrr", path, "--as-of", "2024-06", "--window", "2m", "-f", "json")
    assert (done.total["opening_mrr"], done.total["closing_mrr"]) == ("15.00", "10.00")
