"""Shares of amounts to the last decimal, and what is noted of invoices, contracts and counts."""

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from book.books import book, mrr_of
from retcalc.book.shapes.common.amount_columns import annual_share, month_share
from retcalc.book.values.money import Amounts
from retcalc.core.findings import RetcalcError


def amounts(units: list[int], scale: int) -> Amounts:
    none = pl.repeat(value=False, n=len(units), dtype=pl.Boolean, eager=True)
    return Amounts(pl.Series(units, dtype=pl.Int64), scale, none, none, none)


@pytest.mark.parametrize(
    ("units", "scale", "times", "over", "shares", "per_major"),
    [
        ([1200, 2400], 2, 1, 12, [100, 200], 100),
        ([1000, 2000], 2, 1, 3, [1000, 2000], 300),
        ([-1000, -2000], 2, 1, 3, [-1000, -2000], 300),
        ([300, 100], 2, 1, 3, [300, 100], 300),
        ([10], 0, 1, 4, [10], 4),
        ([10], 0, 5, 2, [25], 1),
        ([10], 2, 52, 12, [130], 300),
        ([1, 3, -1], 8, 1, 2, [1, 3, -1], 2 * 10**8),
        ([0], 2, 1, 7, [0], 100),
        ([25], 2, 100, 1, [2500], 100),
        ([7], 2, 1, 10**6, [7], 10**8),
        ([7], 2, 1, 10**6 + 1, [7], 10**8),  # too fine a unit: eight decimals, half-up
        ([1500000], 2, 1, 10**6 + 1, [1499999], 10**8),
        ([-7], 4, 1, 10**6 + 1, [0], 10**8),
    ],
)
def test_shares(units, scale, times, over, shares, per_major):
    """Exact in units that are split as shares need it, else in eight decimals."""
    found = month_share(amounts(units, scale), pl.DataFrame({"times": [times], "over": [over]}))
    assert (found.units.to_list(), found.per_major) == (shares, per_major)


def test_shares_of_shares():
    third = month_share(amounts([100], 2), pl.DataFrame({"times": [1], "over": [3]}))
    found = month_share(third, pl.DataFrame({"times": [1], "over": [4]}))
    assert (found.units.to_list(), found.per_major) == ([25], 300)
    odd = month_share(third, pl.DataFrame({"times": [1], "over": [999983]}))
    assert (found.units.to_list(), odd.units.to_list(), odd.per_major) == ([25], [33], 10**8)


def test_one_unit_for_the_shares_of_all_rows():
    factors = pl.DataFrame({"times": [1, 1, 52], "over": [12, 24, 12]})
    found = month_share(amounts([100, 100, 100], 2), factors)
    assert (found.units.to_list(), found.per_major) == ([200, 100, 10400], 2400)


def test_a_share_of_each_row():
    factors = pl.DataFrame({"times": [1, 2, 3], "over": [1, 4, 6]})
    found = month_share(amounts([10, 10, 10], 0), factors)
    assert (found.units.to_list(), found.scale) == ([10, 5, 5], 0)


def test_a_year_is_twelve_months():
    found, notes = annual_share(amounts([1200, 1800], 2), "ARR")
    assert (found.units.to_list(), [n.code for n in notes]) == ([100, 150], ["RC890"])
    assert annual_share(amounts([1200], 2), "mrr")[0].units.to_list() == [1200]


def noted(folder: Path, text: str, config: str = "") -> list[tuple[str, str, list[object]]]:
    made = book(folder, text.replace("|", "\n"), config)
    return [(n.code, n.message, [s.line for s in n.spots]) for n in made.notes
            if n.code != "RC891"]  # fmt: skip


DIVIDED = "amount is divided by the months of its period: {} rows for other than a month"
HEAD = "account,amount,period_start,period_end|"
INVOICES = {
    "both ways, and by days": (
        HEAD + "a,1,2024-01-01,2024-01-31|b,1,2024-01-01,2024-02-01|c,1,2024-01-01,2024-02-29"
        "|d,1,2024-01-01,2024-01-11|e,1,2024-01-31,2024-03-17", "",
        ("RC841", "1 line starts and ends between two month-ends and is in no month", []),
        ("RC899", DIVIDED.format(3), []),
        ("RC899", "service periods: 1 end exclusive and 2 end inclusive, 2 fit no whole months and "
         "go by days", []),
    ),
    "one way": (
        HEAD + "a,1,2024-01-01,2024-01-31|b,1,2024-01-31,2024-02-28", "",
        ("RC899", "service periods: 2 end inclusive", []),
    ),
    "neither": (
        HEAD + "a,487,2024-01-02,2025-05-03|b,487,2024-01-31,2025-06-01", "",
        ("RC899", DIVIDED.format(2), []),
        ("RC899", "service periods: none fits whole months, 2 fit no whole months and go by days",
         []),
    ),
    "as it was said": (
        HEAD + "a,1,2024-01-31,2024-02-28", "billing: {period_end: inclusive}",
        ("RC899", "the last day of a period is inclusive", []),
    ),
    "credits and one-off lines": (
        HEAD + "a,9,2024-01-01,2024-01-31|a,-1,2024-01-01,2024-01-31|b,5,,|c,0,,"
        "|d,7,,|a,-0.01,2024-01-01,2024-01-31|e,1,2024-01-31,2024-02-28",
        "billing: {undated: one-off}",
        ("RC820", "credits lower the revenue of their period", [3, 7]),
        ("RC821", "lines without a service period are one-off and no recurring revenue: "
            "2 rows of 2 accounts (40%), 12.00 of 23.01 (52.2%)", [4, 6]),
        ("RC899", "service periods: 4 end inclusive", []),
    ),
    "an end without a start is no period": (
        HEAD + "a,1,2024-01-31,2024-02-28|b,5,,2024-02-29", "left_out: 100%",
        ("RC821", "lines without a service period are one-off and no recurring revenue: "
            "1 row of 1 account (50%), 5.00 of 6.00 (83.3%)", [3]),
        ("RC899", "service periods: 1 end inclusive", []),
    ),
    "taxes": (
        "account,amount,vat,period_start,period_end|a,9,1,2024-01-31,2024-02-28",
        "columns: {tax: vat}",
        ("RC899", "service periods: 1 end inclusive", []),
        ("RC899", "taxes are left out: amount - vat", []),
    ),
    "discounts": (
        "account,amount,off,period_start,period_end|a,9,1,2024-01-31,2024-02-28",
        "columns: {discount: off}\nbilling: {discounts: gross}",
        ("RC899", "discounts are left aside: amount + off", []),
        ("RC899", "service periods: 1 end inclusive", []),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", INVOICES)
def test_notes_of_invoices(name, tmp_path):
    text, config, *expected = INVOICES[name]
    assert sorted(noted(tmp_path, text, config)) == expected


DEALS = "deal_stage,close_date,annual_recurring_revenue_arr,company,contract_term|"


def test_contracts_run_for_their_term(tmp_path):
    """Deals without a term run for twelve months; one of two months ends in its third."""
    rows = ["Closed Won,2023-01-31,12,a,", "Closed Won,2023-11-30,24,b,2", "Lost,2023-01-31,9,c,"]
    rows.append("closed won,2024-01-31,36,d,")
    found = mrr_of(book(tmp_path, (DEALS + "|".join(rows)).replace("|", "\n")))
    assert {who: (min(r), max(r), set(r.values())) for who, r in found.items()} == {
        "a": ("2023-01", "2023-12", {Fraction(1)}),
        "b": ("2023-11", "2023-12", {Fraction(2)}),
        "d": ("2024-01", "2024-01", {Fraction(3)}),
    }


@pytest.mark.parametrize(
    ("quantity", "mrr"),
    [("2", 6), ("", 3), ("0.5", "1.5"), ("1.2345", "3.7035"), ("10.0", 30), ("999999999", None)],
)
def test_quantities(tmp_path, quantity, mrr):
    text = f"account,start,end,unit_price,quantity\na,2024-01-31,,3,{quantity}\n"
    expected = Fraction(2999999997) if mrr is None else Fraction(mrr)
    assert mrr_of(book(tmp_path, text)) == {"a": {"2024-01": expected}}


@pytest.mark.parametrize("quantity", ["1.23456", "-1", "1e3", ".5", "2.", "1234567890", "two"])
def test_what_is_no_quantity(tmp_path, quantity):
    text = f"account,start,end,unit_price,quantity\nb,2024-01-31,,3,1\na,2024-01-31,,3,{quantity}\n"
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, text)
    (told,) = error.value.findings
    assert (told.code, told.column, told.spots[0].line) == ("RC246", 5, 3)
    assert told.value == f'"{quantity}" is no positive number'


@pytest.mark.parametrize(
    ("currency", "unit", "mrr"),
    [
        ("USD", "minor", "12.34"),
        ("JPY", "minor", "1234"),
        ("KWD", "minor", "1.234"),
        ("USD", "major", "1234"),
        (None, "minor", "12.34"),
        (None, None, "1234"),
    ],
)
def test_cents(tmp_path, currency, unit, mrr):
    options = {} if unit is None else {"unit": unit}
    made = book(tmp_path, "account,month,mrr\na,2024-01,1234\n", currency=currency, **options)
    assert mrr_of(made) == {"a": {"2024-01": Fraction(mrr)}}
