"""Segments over time, members of parents, wide sums and printed totals, by hand."""

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from book.books import book, book_of, codes, mrr_of, write
from retcalc.book import constant_currency
from retcalc.book.ledger.parents_and_mergers import accepts_mergers
from retcalc.book.panel.ordered_rows import pauses
from retcalc.book.rules import BookRules
from retcalc.book.tables.signup_months import signup_months
from retcalc.core.findings import RetcalcError
from retcalc.core.months import format_month
from retcalc.read import ReadPlan, ReadRules, read_table


def placed(made) -> dict[str, dict[str, str]]:
    """The segment of each account in each month."""
    table: dict[str, dict[str, str]] = {}
    for account, month, seg in made.panel.rows.select("account", "month", "seg").iter_rows():
        value = "outside" if seg < 0 else " ".join(made.segments[seg])
        table.setdefault(made.accounts[account], {})[format_month(month)[5:]] = value
    return table


PANEL = "account,month,mrr|a,2024-01,5|a,2024-02,5|a,2024-03,5|b,2024-01,7|b,2024-03,7"
DATED = "account,plan,valid_from|a,old,2023-01-01|a,new,2024-02-29|b,late,2024-03-31|a,x,2024-02-01"
OWN = (
    "account,subscription_id,month,mrr,plan|a,s,2024-01,5,x|a,t,2024-01,6,y|a,s,2024-02,6,y"
    "|a,t,2024-02,6,x|b,u,2024-01,1,|b,u,2024-02,1,x"
)
SIZES = "segments: {size: {from: %s, bands: [6, 7]}}"
PLACES = {
    "as of their months": (
        PANEL, DATED, {"by": ["plan"]},
        {"a": {"01": "old", "02": "new", "03": "new"}, "b": {"01": "(none)", "03": "late"}},
    ),
    "as of the latest": (
        PANEL, DATED, {"by": ["plan"], "config": "segments: {as_of: current}"},
        {"a": {"01": "new", "02": "new", "03": "new"}, "b": {"01": "late", "03": "late"}},
    ),
    "a filter": (
        PANEL, DATED, {"where": ["plan=new"]},
        {"a": {"01": "outside", "02": "", "03": ""}, "b": {"01": "outside", "03": "outside"}},
    ),
    "the largest amount's, and of two the first": (
        OWN, "", {"by": ["plan"]},
        {"a": {"01": "y", "02": "x"}, "b": {"01": "(none)", "02": "x"}},
    ),
    "one column and a filter by another": (
        OWN, "account,owner|a,Ann|b,Bob", {"by": ["plan"], "where": ["owner=Ann"]},
        {"a": {"01": "y", "02": "x"}, "b": {"01": "outside", "02": "outside"}},
    ),
    "sizes of the sum": (
        OWN, "", {"by": ["size"], "config": SIZES % "opening_mrr"},
        {"a": {"01": "7 and more", "02": "7 and more"}, "b": {"01": "under 6", "02": "under 6"}},
    ),
    "sizes at their bounds": (
        PANEL, "account,seats|a,6|b,7", {"by": ["size"], "config": SIZES % "seats"},
        {"a": {"01": "6 to 7", "02": "6 to 7", "03": "6 to 7"},
         "b": {"01": "7 and more", "03": "7 and more"}},
    ),
    "subscriptions and a customers file": (
        "account,start,end,mrr|a,2024-01-01,,1|b,2024-02-29,,2", "account,plan|a,x|c,y",
        {"by": ["plan"]},
        {"a": {"01": "x", "02": "x"}, "b": {"02": "(none)"}},
    ),
    "parents of members": (
        "account,month,mrr|a,2024-01,5|b,2024-01,6|c,2024-01,1|a,2024-02,7|b,2024-02,6",
        "account,parent,plan|a,P,x|b,P,y|c,,z",
        {"by": ["plan"], "config": "account: parent"},
        {"P": {"01": "y", "02": "x"}, "c": {"01": "z"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_segments(name: str, tmp_path: Path) -> None:
    text, customers, options, expected = PLACES[name]
    if customers:
        listed = write(tmp_path, customers.replace("|", "\n"), "c.csv")
        options = {**options, "customers": listed}
    made = book(tmp_path, text.replace("|", "\n"), **options)
    assert placed(made) == expected
    outside = any("outside" in row.values() for row in expected.values())
    assert made.filtered == outside


def test_dated_rows_have_the_segments_of_the_customers_file(tmp_path):
    listed = write(tmp_path, "account,plan\na,x\nb,y\n", "c.csv")
    text = "account,start,end,mrr\nb,2024-01-01,2024-02-01,1\na,2024-02-29,,2\n"
    made = book(tmp_path, text, customers=listed, by=["plan"])
    rows = made.intervals.select("account", "amount", "seg").rows()
    named = [(made.accounts[a], n, made.segments[s][0]) for a, n, s in rows]
    assert named == [("b", 100, "y"), ("a", 200, "x")]


@pytest.mark.parametrize(
    ("total", "code"),
    [
        ("Total,2024-01,3|Total,2024-02,4", None),
        ("Total,2024-01,3.00|Total,2024-02,4.0", None),
        ("Total,2024-02,4", None),  # of one month only
        ("Total,2024-01,3|Total,2024-02,4.02", "RC238"),
        ("Total,2024-01,2.98", "RC238"),
        ("Total,2024-01,1|Total,2024-01,2", None),  # several are of parts
        ("Total,2024-01,1|Subtotal,2024-02,2", None),
        ("Total,2024-01,n/a", None),  # no amount to compare
        ("Total,2024-01,", None),  # nor here
    ],
)
def test_printed_totals(tmp_path, total, code):
    text = f"account,month,mrr|a,2024-01,1|b,2024-01,2|a,2024-02,4|{total}".replace("|", "\n")
    if code is None:
        made = book(tmp_path, text, drop_total_rows=True)
        assert "RC837" in codes(made)
        assert mrr_of(made) == {"a": {"2024-01": 1, "2024-02": 4}, "b": {"2024-01": 2}}
        return
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, text, drop_total_rows=True)
    (told,) = error.value.findings
    sums = ("2024-02", "4.00", "4.02") if "4.02" in total else ("2024-01", "3.00", "2.98")
    assert told.value == "in {} the rows add up to {}, the total row says {}".format(*sums)
    assert (told.code, told.spots[0].line) == (code, 5)
    assert told.fix is not None
    assert told.fix.startswith("delete the total row from the export where it is wrong")


@pytest.mark.parametrize(
    ("count", "amount", "kind"),
    [
        (5, "1000000000000", pl.Int64),
        (4611, "10000000000000", pl.Int64),
        (4612, "10000000000000", pl.Int128),
    ],
)
def test_sums_have_room(tmp_path, count, amount, kind):
    """2**62 cents are 46,116,860,184,273,879.04: more may be summed in 128 bits only."""
    rows = [f"a,s{i},2024-01,{amount}" for i in range(count)]
    text = "\n".join(["account,subscription_id,month,mrr", *rows])
    made = book(tmp_path, text)
    assert made.ledger.schema["amount"] == kind
    assert mrr_of(made)["a"]["2024-01"] == count * int(amount)
    assert made.sources[0].total_mrr == count * int(amount)


def test_small_amounts_beside_a_large_one_need_no_more_room(tmp_path):
    rows = ["a,s,2024-01,10000000000000", *(f"b,s{i},2024-01,1" for i in range(5000))]
    text = "\n".join(["account,subscription_id,month,mrr", *rows])
    assert book(tmp_path, text).ledger.schema["amount"] == pl.Int64


def test_totals_are_told_file_by_file(tmp_path):
    parts = [("one.csv", "a,2024-01,1.50\nb,2024-01,2\n"), ("two.csv", "a,2024-02,4\n")]
    paths = [write(tmp_path, f"account,month,mrr\n{text}", name) for name, text in parts]
    from retcalc.cli.options import Options

    made = book_of(Options(data=paths))
    assert [s.total_mrr for s in made.sources] == [Fraction(7, 2), 4]


@pytest.mark.parametrize(("ahead", "there"), [(1, ["20", "40", "40"]), (2, ["40", "40", "40"])])
def test_amounts_at_the_rates_of_a_later_month(tmp_path, ahead, there):
    """Ten euros at 1, 2 and 4 dollars: a month later, and two; never beyond the last month."""
    rates = "month,currency,rate\n2024-01,EUR,1\n2024-02,EUR,2\n2024-03,EUR,4\n"
    rows = [f"{who},2024-0{m},{10 + i},EUR" for m in (1, 2, 3) for i, who in enumerate("ab")]
    text = "\n".join(["account,month,mrr,currency", *rows])
    config = "currency: {report: USD, policy: monthly}"
    made = book(tmp_path, text, config, fx=write(tmp_path, rates, "fx.csv"))
    table = constant_currency(made, ahead).rows
    unit = 10**made.currency.scale
    assert table.select("account", "month").rows() == sorted(
        table.select("account", "month").rows()
    )
    amounts = table.filter(pl.col("account") == 0)["constant_currency_mrr"].to_list()
    assert [Fraction(a, unit) for a in amounts] == [Fraction(a) for a in there]
    if ahead == 1:
        assert constant_currency(made).rows.equals(table)


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


@pytest.mark.parametrize(
    ("header", "fits"), [("from to", True), ("old_id new_id", True), ("from x", False), ("x to", 0)]
)
def test_which_rows_look_like_mergers(header, fits):
    assert accepts_mergers(header.split()) == bool(fits)


def test_months_between_the_rows_of_an_account():
    """a misses 2, 3 and 6, 7, 8; b nothing; c misses 8."""
    rows = [(0, 1), (0, 4), (0, 5), (0, 9), (1, 2), (1, 3), (2, 7), (2, 9)]
    frame = pl.DataFrame(rows, {"account": pl.UInt32, "month": pl.Int32}, orient="row")
    assert pauses(frame) == (2, 6)
    assert pauses(frame.clear()) == (0, 0)
