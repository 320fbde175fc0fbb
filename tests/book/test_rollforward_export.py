"""A roll-forward without accounts: lines that lead from month to month; by hand."""

import pytest

from book.books import book
from retcalc.core.findings import RetcalcError
from retcalc.core.months import parse_month

JAN, FEB = parse_month("2024-01"), parse_month("2024-02")

SUMS = "metric,2024-01,2024-02,2024-03|MRR,{}|New,{}|Upgrades,{}|Downgrades,{}|Churn,{}|Users,9,9,9"

GOOD = ("100,130,120.5", "10,40,0", "5,0,0", "0,0,-4.50", "1,-10,5")


def sums(*lines: str) -> str:
    return SUMS.format(*lines).replace("|", "\n")


def test_sums_close_from_month_to_month(tmp_path):
    """January opens at 100 - 10 - 5 + 1 = 86; February at 100, March at 130 to 120.50."""
    made = book(tmp_path, sums(*GOOD))
    assert (made.first, made.last) == (JAN, JAN + 2)
    assert (made.currency.scale, made.currency.digits) == (2, 2)
    flows = ("opening_mrr", "new_mrr", "expansion_mrr", "contraction_mrr", "churn_mrr")
    found = [[made.given[m][n] for n in (*flows, "closing_mrr")] for m in range(JAN, JAN + 3)]
    assert found == [
        [8600, 1000, 500, 0, 100, 10000],
        [10000, 4000, 0, 0, 1000, 13000],
        [13000, 0, 0, 450, 500, 12050],
    ]
    assert {made.given[m]["reactivation_mrr"] for m in range(JAN, JAN + 3)} == {0}


@pytest.mark.parametrize(("as_of", "last"), [("2024-02", 1), ("2024-03", 2), ("2024-09", 2)])
def test_sums_up_to_a_month(tmp_path, as_of, last):
    assert book(tmp_path, sums(*GOOD), as_of=as_of).last == JAN + last


def test_sums_that_do_not_lead_on(tmp_path):
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, sums("100,130,120.51", *GOOD[1:]))
    (told,) = error.value.findings
    value = "the lines of 2024-03 do not lead from its opening to its MRR"
    assert (told.code, told.value) == ("RC237", value)
    assert told.fix == "export every line of the roll-forward"


def test_sums_without_a_month(tmp_path):
    text = sums(*GOOD).replace("2024-03", "2024-04")
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, text)
    (told,) = error.value.findings
    assert (told.code, told.value) == ("RC237", f"{tmp_path}/data.csv holds no MRR of 2024-03")


def test_sums_have_no_segments(tmp_path):
    for option in ({"by": ["plan"]}, {"where": ["plan=x"]}):
        with pytest.raises(RetcalcError) as error:
            book(tmp_path, sums(*GOOD), **option)
        (told,) = error.value.findings
        assert (told.code, told.message[:25]) == ("RC150", "there is no column 'plan'")


def test_sums_a_row_a_month(tmp_path):
    """Amounts of this export are cents."""
    text = "date,mrr,mrr_new_business,mrr_churn|2024-01-31,10000,500,0|2024-02-29,9000,250,-1250"
    made = book(tmp_path, text.replace("|", "\n"))
    assert (made.given[JAN]["opening_mrr"], made.given[JAN]["closing_mrr"]) == (9500, 10000)
    february = made.given[FEB]
    assert (february["churn_mrr"], february["new_mrr"], february["closing_mrr"]) == (
        1250,
        250,
        9000,
    )
