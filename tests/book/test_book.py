"""A book of one file or two: data is named by the first, rows and totals by their own file."""

from fractions import Fraction
from pathlib import Path

import pytest

from book.books import book, book_of, write
from retcalc.book import Book
from retcalc.cli.options import Options
from retcalc.core.findings import RetcalcError


def test_totals_are_told_file_by_file(tmp_path):
    parts = [("one.csv", "a,2024-01,1.50\nb,2024-01,2\n"), ("two.csv", "a,2024-02,4\n")]
    paths = [write(tmp_path, f"account,month,mrr\n{text}", name) for name, text in parts]
    from retcalc.cli.options import Options

    made = book_of(Options(data=paths))
    assert [s.total_mrr for s in made.sources] == [Fraction(7, 2), 4]


def opened(
    folder: Path, header: str, one: str, two: str, config: str = "", **options: object
) -> Book:
    if config:
        write(folder, config, "retcalc.yaml")
    paths = [
        write(folder, "\n".join([header, *rows.split("|")]), name)
        for name, rows in (("one.csv", one), ("two.csv", two))
    ]
    given = Options(data=paths, config=None, **options)  # type: ignore[arg-type]
    return book_of(given)


WHOLE = {
    "no revenue": (
        "account,start,end,mrr,status", "a,2024-01-01,,1,trial", "b,2024-01-01,,1,draft", {},
        "RC203", "{} has no revenue",
    ),
    "no amounts": (
        "account,2024-01,2024-02", "a,,", "b,,-", {}, "RC203", "{} has no amount in any month",
    ),
    "no periods": (
        "account,amount,period_start,period_end", "a,0,2024-01-31,2024-02-28",
        "b,0,2024-01-31,2024-02-28", {}, "RC203", "{} has no line with a service period",
    ),
    "no days": (
        "account,amount,period_start,period_end", "a,1,,", "b,1,,", {},
        "RC203", "{} has no dated rows",
    ),
    "no such segment": (
        "account,month,mrr", "a,2024-01,1", "b,2024-01,1", {"by": ["plan"]},
        "RC150", "there is no column 'plan' in {}",
    ),
    "no such segment of sums": (
        "metric,2024-01,2024-02", "MRR,1,1", "New,0,0", {"by": ["plan"]},
        "RC150", "there is no column 'plan' in {}",
    ),
    "no such column": (
        "account,month,mrr", "a,2024-01,1", "b,2024-01,1", {"mrr_column": "amount"},
        "RC150", "there is no column 'amount' in {}",
    ),
    "no column for a part": (
        "account,month,what", "a,2024-01,1", "b,2024-01,1", {}, None, "{}",
    ),
    "sums that do not close": (
        "metric,2024-01,2024-03", "MRR,1,1", "New,0,0", {}, "RC237", "{} holds no MRR of 2024-02",
    ),
    "no day of cancelling": (
        "account,start,end,mrr", "a,2024-01-31,,1", "b,2024-01-31,,1",
        {"config": "billing: {churn_date: cancelled}"},
        "RC208", "no column of {} is recognised as cancelled",
    ),
    "invoices without periods": (
        "account,created_at,amount,due_date", "a,2024-01-31,5,2024-02-29",
        "b,2024-01-31,5,2024-02-29", {},
        "RC206", "{} looks like invoices (due_date) without service periods",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_all_of_the_data_goes_by_its_first_file(name, tmp_path):
    header, one, two, options, code, text = WHOLE[name]
    with pytest.raises(RetcalcError) as error:
        opened(tmp_path, header, one, two, **options)
    (told,) = [f for f in error.value.findings if f.is_error]
    assert code in (None, told.code)
    said = f"{told.message}\n{told.value}"
    assert text.format(tmp_path / "one.csv") in said
    assert "two.csv" not in said


def test_a_file_without_revenue_adds_nothing(tmp_path):
    header = "account,start,end,mrr,status"
    made = opened(tmp_path, header, "a,2024-01-31,,1.50,active|b,2024-01-31,,2,active",
                  "c,2024-01-31,,4,trial")  # fmt: skip
    assert [s.total_mrr for s in made.sources] == [Fraction(7, 2), 4]


def test_data_without_amounts_have_no_totals(tmp_path):
    made = opened(tmp_path, "account,tenure,churn", "a,3,no", "b,1,yes")
    assert [s.total_mrr for s in made.sources] == [None, None]


def test_rows_of_nothing_go_by_the_first_file(tmp_path):
    paths = [write(tmp_path, "account,month,mrr\n", name) for name in ("one.csv", "two.csv")]
    made = book_of(Options(data=paths, allow_empty=True))
    assert [n.message for n in made.notes] == [f"{paths[0]} has no rows"]
    assert (made.panel.rows.height, made.segments, made.first, made.last) == (0, ((),), 0, 0)


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("account,month,mrr\na,2024-01,1\nb,2024-01,2\n", 3),
        ("account,2024-01,2024-02\na,1,1\nb,2,\n", 4),
        ("date,account,mrr_change\n2024-01-31,a,5\n2024-01-31,a,-2\n", 3),
        ("account,tenure,churn\na,1,no\n", None),
    ],
)
def test_the_total_of_one_file(tmp_path, text, total):
    made = book_of(Options(data=[write(tmp_path, text)]))
    assert [s.total_mrr for s in made.sources] == [total]


def refused_rows(folder: Path, text: str, **options: object):
    with pytest.raises(RetcalcError) as error:
        book(folder, text.replace("|", "\n"), **options)
    return [f for f in error.value.findings if f.is_error]


NOTHING = {
    "trials only": ("account,start,end,mrr,status|a,2024-01-01,,1,trial", "{} has no revenue"),
    "invoices without days": (
        "account,amount,period_start,period_end|a,1,,|b,2,,", "{} has no dated rows",
    ),
    "invoices of nothing": (
        "account,amount,period_start,period_end|a,0,2024-01-31,2024-02-29",
        "{} has no line with a service period",
    ),
    "an empty sheet": ("account,2024-01,2024-02|a,,-|b,–,", "{} has no amount in any month"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_files_that_hold_no_revenue(name, tmp_path):
    text, message = NOTHING[name]
    (told,) = refused_rows(tmp_path, text)
    assert (told.code, told.message) == ("RC203", message.format(tmp_path / "data.csv"))


def test_places_are_told_file_by_file(tmp_path):
    header = "account,month,mrr\n"
    texts = ("a,2024-01,x\nb,2024-01,1\nc,2024-01,y\n", "d,2024-01,1\ne,2024-01,z\n")
    paths = [write(tmp_path, header + text, f"{i}.csv") for i, text in enumerate(texts)]
    with pytest.raises(RetcalcError) as error:
        book_of(Options(data=paths))
    (told,) = error.value.findings
    spots = [(s.file, s.line, s.value) for s in told.spots]
    assert spots == [(paths[0], 2, "x"), (paths[0], 4, "y"), (paths[1], 3, "z")]


@pytest.mark.parametrize(
    ("shape", "text", "starts", "later"),
    [
        ("long", "account,month,mrr|a,2024-01,1", False, False),
        ("wide", "account,2024-01,2024-02|a,1,1", False, False),
        ("intervals", "account,start,end,mrr|a,2024-01-31,,1", True, True),
        ("invoices", "account,amount,period_start,period_end|a,1,2024-01-31,2024-02-28", 0, 0),
        ("movements", "date,account,mrr_change|2024-01-31,a,1", False, True),
        ("snapshot", "account,tenure,churn|a,1,no", True, True),
    ],
)
def test_what_a_shape_knows(tmp_path, shape, text, starts, later):
    """Whether its rows say when an account began, and whether it can be read at a later month."""
    made = book(tmp_path, text.replace("|", "\n"))
    assert (made.shape, made.starts_known, made.open_ended) == (shape, bool(starts), bool(later))
    assert made.revenue == (shape != "snapshot")
