"""Sign-up months of a customers file."""

import polars as pl
import pytest

from book.books import write
from retcalc.book.rules import BookRules
from retcalc.book.tables.signup_months import signup_months
from retcalc.core.findings import RetcalcError
from retcalc.core.months import format_month
from retcalc.read import ReadPlan, ReadRules, read_table


@pytest.mark.parametrize(
    ("header", "column", "born"),
    [
        ("account,signup_date,created_at", "signup_date", "2023-01"),
        ("account,created_at,start_date", "start_date", "2023-02"),
        ("account,x,created_at", "created_at", "2023-02"),
        ("account,customer_since,signup_date", "signup_date", "2023-02"),
        ("account,x,y", None, None),
    ],
)
def test_sign_ups(tmp_path, header, column, born):
    """The most telling name wins; who is not listed, or has no date, has no month."""
    path = write(tmp_path, f"{header}\na,2023-01-31,2023-02-28\nc,,\n", "c.csv")
    table, _ = read_table([path], ReadRules(), lambda _: ReadPlan())
    found = signup_months(table, pl.Series(["a", "b", "c"]), "account", BookRules())
    assert (found is None) == (column is None)
    if found is not None:
        months = [None if m is None else format_month(m) for m in found[0]["start_month"]]
        assert (found[0]["account"].to_list(), months, found[1]) == (
            [0, 1, 2],
            [born, None, None],
            column,
        )


def test_a_sign_up_by_name(tmp_path):
    path = write(tmp_path, "account,since,signup_date\na,2023-01-31,2023-02-28\n", "c.csv")
    table, _ = read_table([path], ReadRules(), lambda _: ReadPlan())
    accounts = pl.Series(["a"])
    named = signup_months(table, accounts, "id", BookRules(columns={"signup": "since"}))
    assert named is not None
    assert (format_month(named[0]["start_month"][0]), named[1]) == ("2023-01", "since")
    with pytest.raises(RetcalcError) as error:
        signup_months(table, accounts, "id", BookRules(columns={"signup": "joined"}))
    assert [f.code for f in error.value.findings] == ["RC150"]
