"""The rows that one window needs, of small typed panels by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from retcalc.book.panel.window_rows import rows_of_window
from retcalc.book.rules import AmountRules, BookRules, DateRules, Weeks, Whole
from retcalc.core.months import WindowRule, parse_month

TWO = WindowRule("2m")
APRIL = parse_month("2024-04")


def frame(*rows, mrr=pl.Int64, header=("account", "month", "mrr")):
    days = [(who, date.fromisoformat(day), amount) for who, day, amount in rows]
    return pl.LazyFrame(
        days, {header[0]: pl.String, header[1]: pl.Date, header[2]: mrr}, orient="row"
    )


def picked(scan, rule=TWO, **rules):
    rules = BookRules(**{"as_of": APRIL, **rules})
    return rows_of_window(scan, scan.collect_schema().names(), rules, rule, "f.parquet")


STEADY = [("s", f"2024-0{m}-15", 1) for m in range(1, 6)]
LIVES = {
    "there all the time": ([1, 1, 1, 1, 1], [2, 4]),
    "there at the opening": ([1, 1, 0, None, None], [2]),
    "came back": ([1, None, None, 1, 1], [1, 4]),
    "came back from nothing": ([1, 0, 1, 1, None], [1, 2, 4]),
    "there before, and not at the end": ([1, None, 1, None, None], []),
    "there before, and nothing at the end": ([1, None, 1, 0, None], [4]),
    "new in between": ([None, None, 1, 1, 1], [4]),
    "new at the end": ([None, None, None, 1, None], [4]),
    "new after nothing": ([0, None, None, 1, None], [4]),
    "came later": ([None, None, None, None, 1], []),
    "gone before": ([1, None, None, None, None], []),
}


@pytest.mark.parametrize("name", LIVES)
def test_rows_of_the_ends_and_one_of_who_came_back(name):
    """The window opens at the end of February and closes at that of April."""
    life, months = LIVES[name]
    rows = [("x", f"2024-0{m}-15", a) for m, a in enumerate(life, 1) if a is not None]
    found, whole = picked(frame(*STEADY, *rows))
    kept = found.collect()
    mine = kept.filter(pl.col("account") == "x").sort("month")
    assert mine["month"].dt.month().to_list() == months
    assert kept.filter(pl.col("account") == "s")["month"].dt.month().sort().to_list() == [2, 4]
    total = 100 * (5 + sum(a or 0 for a in life))
    assert whole == Whole(parse_month("2024-01"), parse_month("2024-05"), total)


def test_one_row_of_who_came_back_is_enough():
    rows = [("x", f"2023-{m:02}-01", 1) for m in range(1, 13)]
    found, _ = picked(frame(*rows, *STEADY, ("x", "2024-04-30", 1)))
    mine = found.collect().filter(pl.col("account") == "x")["month"].sort().to_list()
    assert len(mine) == 2 and mine[1] == date(2024, 4, 30)


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        ("2024-01-31", False),
        ("2024-02-01", True),
        ("2024-02-29", True),
        ("2024-03-01", False),
        ("2024-03-31", False),
        ("2024-04-01", True),
        ("2024-04-30", True),
        ("2024-05-01", False),
    ],
)
def test_months_have_a_first_and_a_last_day(day, kept):
    found, _ = picked(frame(*STEADY, ("x", day, 1)))
    assert ("x" in found.collect()["account"].to_list()) == kept


@pytest.mark.parametrize(
    ("kind", "currency", "amount", "total"),
    [
        (pl.Int64, None, 3, 800),
        (pl.UInt8, "USD", 250, 25_500),
        (pl.Int32, "JPY", 3, 8),
        (pl.Int64, "KWD", 3, 8_000),
        (pl.Int64, "USD", 2**60, 100 * (2**60 + 5)),
        (pl.Decimal(18, 2), "USD", Decimal("0.25"), 525),
        (pl.Decimal(18, 1), "USD", Decimal("0.5"), 550),
        (pl.Decimal(18, 0), "USD", Decimal(3), 800),
        (pl.Decimal(18, 3), "KWD", Decimal("0.125"), 5_125),
        (pl.Decimal(18, 3), "USD", Decimal("0.125"), None),
        (pl.Decimal(18, 1), "JPY", Decimal("0.5"), None),
        (pl.Float64, "USD", 0.5, None),
    ],
)
def test_the_total_is_in_the_minor_unit(kind, currency, amount, total):
    """Five of one, and one more: in cents, in yen, in thousandths of a dinar."""
    found = picked(frame(*STEADY, ("x", "2024-03-01", amount), mrr=kind), currency=currency)
    assert (None if found is None else found[1].total) == total


DAYS = frame(*STEADY)


def dated(day):
    return DAYS.with_columns(month=pl.lit(day))


@pytest.mark.parametrize(
    "scan",
    [
        DAYS.with_columns(pl.col("month").cast(pl.String)),
        DAYS.with_columns(pl.col("month").cast(pl.Datetime("us", "UTC"))),
        DAYS.with_columns(pl.col("account").cast(pl.Binary)),
        DAYS.with_columns(pl.col("mrr").cast(pl.String)),
        DAYS.with_columns(currency=pl.lit("USD")),
        DAYS.rename({"mrr": "arr"}),
        DAYS.rename({"mrr": "what"}),
        DAYS.rename({"account": "customer_id"}).with_columns(account_id=pl.lit("x")),
        DAYS.rename({"account": "customer_id", "month": "reporting_month"}).rename(
            {"mrr": "mrr_billing_currency"}
        ),
        DAYS.rename({"month": "start"}).with_columns(end=pl.lit(date(2024, 5, 1))),
        dated(date(1989, 12, 31)),
        dated(date(2100, 1, 1)),
        DAYS.with_columns(month=pl.lit(None, pl.Date)),
        DAYS.clear(),
    ],
)
def test_all_rows_are_read_of_other_tables(scan):
    assert picked(scan) is None


@pytest.mark.parametrize(
    ("rule", "rules"),
    [
        (TWO, {"amounts": AmountRules(unit="minor")}),
        (TWO, {"dates": DateRules(weeks=Weeks((4, 4, 5)))}),
        (TWO, {"shape": "movements"}),
        (WindowRule("4m"), {}),
        (TWO, {"as_of": parse_month("2024-06")}),
        (WindowRule(), {}),
        (WindowRule("0m"), {}),
    ],
)
def test_all_rows_are_read_under_other_rules(rule, rules):
    assert picked(DAYS, rule, **rules) is None


@pytest.mark.parametrize(
    "scan",
    [
        DAYS.with_columns(pl.col("month").cast(pl.Datetime("us"))),
        DAYS.with_columns(pl.col("account").cast(pl.Categorical)),
        DAYS.with_columns(other=pl.lit(1)),
        DAYS.rename({"month": "when"}),
    ],
)
def test_other_types_of_the_same(scan):
    columns = {} if "month" in scan.collect_schema() else {"month": "when"}
    found, whole = picked(scan, columns=columns)
    assert found.collect().height == 2
    assert whole == Whole(parse_month("2024-01"), parse_month("2024-05"), 500)


def test_the_first_and_last_days_there_are():
    assert picked(frame(("s", "1990-01-01", 1), *STEADY)) is not None
    assert picked(frame(("s", "2099-12-31", 1), *STEADY)) is not None
    assert picked(DAYS.with_columns(month=pl.lit(datetime(2024, 4, 1, tzinfo=UTC)))) is None
