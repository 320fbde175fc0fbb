"""Wide sheets: months as columns, in the state people keep them in."""

from pathlib import Path

import pytest

from book.books import book, codes, joined, months, mrr_of
from book.command import write_lines
from helpers import run
from retcalc.core.findings import RetcalcError

SHEET = """
Account,Plan,Jan-24,Feb-24,Mar-24,Total
a,Pro,100.50,100.50,,201
b,Team,-,20,20,40
c,Pro,0,0,5,5
"""


def refused(folder: Path, text: str, **options: object) -> list[str]:
    with pytest.raises(RetcalcError) as error:
        book(folder, text, **options)
    return [
        f"{f.code} {f.spots[0].line if f.spots else ''} {f.header}" for f in error.value.findings
    ]


def test_cells_count_in_the_month_of_their_column(tmp_path: Path) -> None:
    made = book(tmp_path, SHEET)
    assert made.shape == "wide"
    assert mrr_of(made) == {
        "a": months("2024-01", "2024-02", "100.5"),
        "b": months("2024-02", "2024-03", 20),
        "c": {"2024-03": 5},
    }
    assert "RC819" in codes(made)


def test_segments_come_from_the_other_columns(tmp_path: Path) -> None:
    made = book(tmp_path, SHEET, by=["plan"])
    assert made.segments == (("Pro",), ("Team",))


def test_columns_in_any_order_and_months_nobody_filled_in(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """
        customer,2024-05,2024-03,2024-02,2024-04,2024-01
        a,,1,1,,
        b,,,2,2,
        """,
    )
    assert mrr_of(made) == {
        "a": months("2024-02", "2024-03", 1),
        "b": joined(months("2024-02", "2024-02", 2), months("2024-04", "2024-04", 2)),
    }
    assert made.last == 2024 * 12 + 3


def test_total_row_is_refused_then_left_out_and_checked(tmp_path: Path) -> None:
    with_total = SHEET + "Total,,100.50,120.50,25,\n"
    assert refused(tmp_path, with_total) == ["RC212 5 Account"]
    made = book(tmp_path, with_total, drop_total_rows=True)
    assert mrr_of(made) == mrr_of(book(tmp_path, SHEET))
    assert "RC837" in codes(made)
    wrong = with_total.replace("120.50,25,", "120.50,26,")
    assert refused(tmp_path, wrong, drop_total_rows=True) == ["RC238 5 Account"]


def test_thousands_need_their_mark(tmp_path: Path) -> None:
    text = 'Account,Jan 2024,Feb 2024\na,"1,234.50","1,300.00"\n'
    assert refused(tmp_path, text) == ["RC214 2 Jan 2024", "RC214 2 Feb 2024"]
    made = book(tmp_path, text, thousands=",")
    assert mrr_of(made)["a"]["2024-01"] * 2 == 2469


def test_finer_cells_of_one_column_do_not_disturb_the_others(tmp_path: Path) -> None:
    made = book(tmp_path, "Account,2024-01,2024-02\na,0.125,10\nb,3,1\n")
    assert mrr_of(made)["a"] == joined(
        months("2024-01", "2024-01", "0.125"), months("2024-02", "2024-02", 10)
    )


def test_bad_cells_name_their_column_and_line(tmp_path: Path) -> None:
    assert refused(tmp_path, SHEET.replace("20,20,40", "20,x,40")) == ["RC214 3 Mar-24"]


def test_an_account_twice(tmp_path: Path) -> None:
    twice = SHEET + "a,Pro,1,1,1,3\n"
    assert refused(tmp_path, twice) == ["RC219 2 Account"]
    made = book(tmp_path, twice, "", duplicates="sum")
    assert mrr_of(made)["a"]["2024-03"] == 1


def test_two_columns_for_one_month(tmp_path: Path) -> None:
    assert refused(tmp_path, "Account,Jan-24,2024-01,Feb-24\na,1,2,3\n") == ["RC207  2024-01"]


def test_a_missing_column_between_months(tmp_path: Path) -> None:
    text = "Account,Jan-24,Mar-24\na,1,2\n"
    assert refused(tmp_path, text) == ["RC233  None"]
    made = book(tmp_path, text, allow_empty_months=True)
    assert sorted(mrr_of(made)["a"]) == ["2024-01", "2024-03"]


def test_as_of_cuts_the_columns(tmp_path: Path) -> None:
    made = book(tmp_path, SHEET, as_of="2024-02")
    assert made.last == 2024 * 12 + 1
    assert "c" not in mrr_of(made)


def test_a_wide_sheet_below_a_title_is_found(tmp_path):
    write_lines(tmp_path, "MRR by customer", "Customer,2024-01,2024-02,Owner", "a,1,2,x")
    done = run("nrr", "data.csv", cwd=tmp_path)
    assert done.exit_code == 3
    assert "RC315" in done.stderr and "--skip-lines 1" in done.stderr


def test_quarters_beside_months_are_left_aside_and_named(tmp_path):
    (tmp_path / "w.csv").write_text(
        "Customer,Jan-25,Feb-25,Mar-25,Q1 2025,FY 2025\n"
        "Acme,100,100,120,320,320\nBeta,50,50,0,100,100\n"
    )
    done = run("movements", "w.csv", "-f", "json", cwd=tmp_path)
    assert [r["closing_mrr"] for r in done.json["rows"]] == ["150.00", "150.00", "120.00"]
    assert "3 months; longer periods are left aside: Q1 2025, FY 2025" in done.stderr


@pytest.mark.parametrize(("how", "closing"), [("mrr", "360.00"), ("total", "120.00")])
def test_a_year_beside_its_quarters_is_left_aside(tmp_path, how, closing):
    """A pays 360 in the second quarter: 120 a month if that is a total; B pays nothing then."""
    (tmp_path / "q.csv").write_text("Customer;2025 Q1;2025 Q2;2025\nA;300;360;660\nB;150;0;150\n")
    asked = run("movements", "q.csv", cwd=tmp_path)
    assert "RC259: amounts of quarters" in asked.stderr
    assert "--periods mrr" in asked.stderr
    done = run("movements", "q.csv", "--periods", how, "-f", "json", cwd=tmp_path)
    assert done.json["rows"][-1]["closing_mrr"] == closing
    assert "2 periods of 3 months; longer periods are left aside: 2025" in done.stderr
