"""The oracles against tables worked by hand."""

from datetime import date
from fractions import Fraction

import pytest

from oracle import cohorts, intervals, walk
from oracle.walk import Rules

JAN = 12 * 2024


def cells(**accounts: list[int]) -> dict[tuple[str, int], int]:
    """Rows of amounts from January 2024 on, one argument an account."""
    return {(a, JAN + i): v for a, row in accounts.items() for i, v in enumerate(row) if v}


def some(facts: walk.Facts) -> dict[str, walk.Amount]:
    hidden = ("base_", "kept_", "segment_")
    return {k: v for k, v in facts.items() if v and not k.startswith(hidden)}


def test_seven_of_fifty_leave() -> None:
    """definitions.md, section 2: 7 / 50 = 14%, retention 43 / 50 = 86%."""
    mrr = {(f"a{i}", JAN + t): 100 for i in range(50) for t in range(2) if t == 0 or i >= 7}
    values, _ = walk.rates(walk.window(mrr, JAN, JAN + 1)[walk.TOTAL])
    assert values["logo_churn"] == Fraction(14, 100)
    assert values["logo_retention"] == Fraction(86, 100)


# A falls from 100 to 80; B joins in month 2 at 100 and grows to 160; C leaves and comes back
# smaller; D never pays; E lives for one month inside the window.
FIVE = cells(
    a=[100, 90, 80, 80], b=[0, 100, 160, 160], c=[50, 0, 0, 40], d=[0, 0, 0, 0], e=[0, 0, 7, 0]
)


def test_five_accounts_endpoints() -> None:
    facts = walk.window(FIVE, JAN, JAN + 3)[walk.TOTAL]
    assert some(facts) == {
        "opening_mrr": 150,
        "new_mrr": 160,
        "contraction_mrr": 30,
        "closing_mrr": 280,
        "opening_accounts": 2,
        "new_accounts": 1,
        "closing_accounts": 3,
    }
    values, reasons = walk.rates(facts)
    assert values["nrr"] == values["grr"] == Fraction(120, 150)
    assert values["quick_ratio"] == Fraction(160, 30)
    assert values["arpa"] == Fraction(280, 3)
    assert values["arr"] == 3360
    assert reasons == {}


def test_five_accounts_monthly() -> None:
    """C's leaving and return, E's whole life and B's growth all show; endpoints net them."""
    facts = walk.window(FIVE, JAN, JAN + 3, Rules("monthly"))[walk.TOTAL]
    assert some(facts) == {
        "opening_mrr": 150,
        "new_mrr": 107,
        "reactivation_mrr": 40,
        "expansion_mrr": 60,
        "contraction_mrr": 20,
        "churn_mrr": 57,
        "closing_mrr": 280,
        "opening_accounts": 2,
        "new_accounts": 2,
        "reactivated_accounts": 1,
        "churned_accounts": 2,
        "closing_accounts": 3,
    }
    values, _ = walk.rates(facts, Rules("monthly"))
    assert values["nrr"] == Fraction(150 + 60 - 20 - 57, 150)
    back, _ = walk.rates(facts, Rules("monthly", reactivation_in_nrr=True))
    assert back["nrr"] == Fraction(150 + 60 - 20 - 57 + 40, 150)
    assert back["net_revenue_churn"] == 1 - back["nrr"]


def test_first_month_opens_at_zero_and_its_new_is_a_stock() -> None:
    months = walk.roll_forward(FIVE, JAN, JAN + 3)
    assert some(months[JAN][walk.TOTAL]) == {
        "new_mrr": 150,
        "closing_mrr": 150,
        "new_accounts": 2,
        "closing_accounts": 2,
    }
    assert [m[walk.TOTAL]["closing_mrr"] for m in months.values()] == [150, 190, 247, 280]


@pytest.mark.parametrize(
    ("gap", "field"),
    [(None, "reactivation_mrr"), (2, "reactivation_mrr"), (1, "new_mrr"), (0, "new_mrr")],
)
def test_away_longer_than_the_gap_counts_as_new(gap: int | None, field: str) -> None:
    """Paid in January, away in February and March, back in April: two months away."""
    mrr = cells(x=[10, 0, 0, 12])
    for basis, s in (("monthly", JAN + 1), ("endpoints", JAN + 1), ("endpoints", JAN + 2)):
        facts = walk.window(mrr, s, JAN + 3, Rules(basis, reactivation_gap=gap))[walk.TOTAL]
        assert facts[field] == 12


def test_account_that_changes_segment() -> None:
    """X moves from Basic at 100 to Pro at 130; Y leaves Basic at 50; Z stays in Pro, 20 to 15."""
    mrr = cells(x=[100, 130], y=[50, 0], z=[20, 15])
    plan = {("x", JAN): "B", ("x", JAN + 1): "P", ("y", JAN): "B", ("z", JAN): "P"}
    segments = {key: (value,) for key, value in {**plan, ("z", JAN + 1): "P"}.items()}
    opening = walk.window(mrr, JAN, JAN + 1, Rules(as_of="opening"), segments)
    assert some(opening["B",]) == {
        "opening_mrr": 150,
        "expansion_mrr": 30,
        "churn_mrr": 50,
        "opening_accounts": 2,
        "churned_accounts": 1,
    }
    assert opening["B",]["segment_out_mrr"] == 130 == opening["P",]["segment_in_mrr"]
    assert opening["P",]["closing_mrr"] == 145
    values, _ = walk.rates(opening["B",])
    assert (values["nrr"], values["grr"]) == (Fraction(130, 150), Fraction(100, 150))
    closing = walk.window(mrr, JAN, JAN + 1, Rules(as_of="closing"), segments)
    assert closing["B",]["segment_out_mrr"] == 100 == closing["P",]["segment_in_mrr"]
    assert closing["P",]["expansion_mrr"] == 30
    assert closing["P",]["contraction_mrr"] == 5
    assert closing["B",]["churn_mrr"] == 50


def test_nothing_to_divide_by() -> None:
    values, reasons = walk.rates(walk.window(cells(x=[0, 5]), JAN, JAN + 1)[walk.TOTAL])
    assert values["nrr"] is values["grr"] is values["logo_churn"] is values["quick_ratio"] is None
    assert reasons["nrr"] == "no_opening_mrr"
    assert values["arpa"] == 5


def test_annualised_churn() -> None:
    """W6 (ChartMogul help): 5% a month is 46% a year. W17 (Lean Case): 3% a quarter is 11.47%."""
    assert walk.annualised(Fraction(5, 100)) == pytest.approx(0.4596, abs=5e-5)
    assert walk.annualised(Fraction(3, 100), 3) == pytest.approx(1 - 0.97**4)
    assert walk.annualised(Fraction(1)) == 1
    assert walk.annualised(Fraction(3, 2)) is None


def test_triangle_by_hand() -> None:
    """January: X 100, 50, 70 and Y 40, 0, 60. February: Z 10, 5."""
    cells_ = cohorts.triangle(cells(x=[100, 50, 70], y=[40, 0, 60], z=[0, 10, 5]), JAN + 2)
    assert [(c.cohort - JAN, c.age, c.accounts, c.mrr, c.gross_mrr) for c in cells_] == [
        (0, 0, 2, 140, 140),
        (0, 1, 1, 50, 50),
        (0, 2, 2, 130, 50),
        (1, 0, 1, 10, 10),
        (1, 1, 1, 5, 5),
    ]
    assert cohorts.average(cells_, "account_retention") == {0: 1, 1: Fraction(2, 3), 2: 1}
    assert cohorts.average(cells_, "account_retention", "simple")[1] == Fraction(3, 4)
    assert cohorts.average(cells_, "net_mrr_retention")[1] == Fraction(55, 150)
    assert cohorts.average(cells_, "gross_mrr_retention")[2] == Fraction(50, 140)


def test_interval_ends_by_hand() -> None:
    """An end on the last day of a month is no revenue in it; one day later it still is."""

    def months(end: date | None, amount: int = 39, interval: str = "month") -> dict[int, Fraction]:
        sub = intervals.Subscription("a", date(2024, 1, 31), end, Fraction(amount), interval)
        return {t - JAN: v for (_, t), v in intervals.monthly([sub], JAN + 3).items()}

    assert months(date(2024, 2, 29)) == {0: 39}
    assert months(date(2024, 3, 1)) == {0: 39, 1: 39}
    assert months(date(2024, 1, 31)) == {}
    assert months(None, 600, "year") == dict.fromkeys(range(4), 50)
    assert months(date(2024, 2, 1), 300, "quarter") == {0: 100}
    assert months(date(2024, 2, 1), 12, "week") == {0: 52}


def test_overlapping_subscriptions_add_up() -> None:
    """A second subscription is expansion, dropping one of two contraction, the last one churn."""
    first = intervals.Subscription("a", date(2024, 1, 1), date(2024, 4, 1), Fraction(100))
    second = intervals.Subscription("a", date(2024, 2, 10), date(2024, 3, 31), Fraction(30))
    months = walk.roll_forward(intervals.monthly([first, second], JAN + 3), JAN, JAN + 3)
    assert months[JAN + 1][walk.TOTAL]["expansion_mrr"] == 30
    assert months[JAN + 2][walk.TOTAL]["contraction_mrr"] == 30
    assert months[JAN + 3][walk.TOTAL]["churn_mrr"] == 100


def test_last_complete_month_of_dated_rows() -> None:
    assert intervals.last_complete_month([date(2023, 9, 8), date(2022, 9, 1)]) == 12 * 2023 + 7
    assert intervals.last_complete_month([date(2024, 12, 31)]) == 12 * 2024 + 11
