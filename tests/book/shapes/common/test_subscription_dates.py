"""The day that ends a subscription, by each rule of --churn-date; by hand."""

from pathlib import Path

import pytest

from book.books import book, mrr_of
from book.command import write_lines
from helpers import run
from retcalc.core.findings import RetcalcError


def refused(folder: Path, text: str, **options: object):
    with pytest.raises(RetcalcError) as error:
        book(folder, text.replace("|", "\n"), **options)
    return [f for f in error.value.findings if f.is_error]


CHURN = (
    "account,start,end,mrr,canceled_at,current_period_end|a,2024-01-01,2024-03-15,1,2024-02-10,"
    "2024-03-31|b,2024-01-01,,1,2024-02-10,2024-04-30|c,2024-01-01,2024-02-15,1,,"
    "|d,2024-04-30,,1,,2024-05-31|e,2024-01-31,,1,,2024-02-28"
)


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("end", {"a": 2, "b": 4, "c": 1, "d": 4, "e": 4}),
        ("cancelled", {"a": 1, "b": 1, "c": 1, "d": 4, "e": 4}),
        ("end_of_paid_period", {"a": 2, "b": 3, "c": 1, "d": 4, "e": 4}),
    ],
)
def test_the_day_that_ends_a_subscription(tmp_path, rule, last):
    """Written end, else the day of cancelling, or the end of what was paid once cancelled."""
    made = book(tmp_path, CHURN.replace("|", "\n"), f"billing: {{churn_date: {rule}}}")
    assert {who: int(max(row)[5:]) for who, row in mrr_of(made).items()} == last


@pytest.mark.parametrize(
    ("rule", "role", "fix"),
    [
        ("cancelled", "cancelled", "columns: {cancelled: COLUMN}"),
        ("end_of_paid_period", "paid_until", "columns: {paid_until: COLUMN}"),
    ],
)
def test_the_day_needs_its_column(tmp_path, rule, role, fix):
    text = "account,start,end,mrr|a,2024-01-31,,1"
    (told,) = refused(tmp_path, text, config=f"billing: {{churn_date: {rule}}}")
    assert (told.code, told.message) == ("RC208", f"--churn-date {rule} needs a column")
    assert told.value == f"no column of {tmp_path}/data.csv is recognised as {role}"
    assert told.fix == f"--churn-date end   or in retcalc.yaml  {fix}"


def test_terms_that_are_over_of_rows_that_are_active(tmp_path):
    """Up to the latest start the export shows; what is over later, or ended, stays so."""
    header = "account_code,plan_code,state,total_recurring_amount,activated_at,expired_at"
    rows = [
        "a,p,active,1.00,2024-01-31,2024-03-31",
        "b,p,active,1.00,2024-01-31,2024-04-01",
        "c,p,expired,1.00,2024-01-31,2024-02-29",
        "d,p,past_due,1.00,2024-01-31,2024-02-29",
        "e,p,active,1.00,2024-03-31,",
    ]
    made = book(tmp_path, "\n".join([header, *rows]), as_of="2024-04")
    last = {who: int(max(row)[5:]) for who, row in mrr_of(made).items()}
    assert last == {"a": 4, "b": 3, "c": 1, "d": 4, "e": 4}
    (note,) = [n for n in made.notes if n.code == "RC818"]
    assert [s.line for s in note.spots] == [2, 5]


def test_the_paid_period_ends_what_was_cancelled(tmp_path):
    """Cancelled in February, paid to the end of March: gone in April; the other one goes on."""
    header = "account,start_date,end_date,canceled_at,current_period_start,current_period_end,mrr"
    a = "a,2024-01-01,,2024-02-10,2024-03-01,2024-03-31,10"
    b = "b,2024-01-01,,,2024-03-01,2024-03-31,5"
    c = "c,2024-04-30,,,2024-04-30,2024-05-30,1"
    write_lines(tmp_path, header, a, b, c)
    line = ("data.csv", "--churn-date", "end_of_paid_period", "-f", "json")
    rows = run("movements", *line, cwd=tmp_path).json["rows"]
    closing = {row["month"]: row["closing_mrr"] for row in rows}
    assert (closing["2024-02"], closing["2024-04"]) == ("15.00", "6.00")
