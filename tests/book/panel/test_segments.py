"""Segments and filters: who is in which, in which month and in which order; by hand."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from book.books import book, write
from book.command import write_lines
from helpers import run
from retcalc.book import Condition
from retcalc.book.panel import segments as segments_module
from retcalc.book.panel.segments import encode
from retcalc.core.months import format_month


@pytest.mark.parametrize(
    ("operator", "values", "kept"),
    [
        ("=", ("2",), "2"),
        ("in", ("2", "x"), "2 x"),
        ("!=", ("2",), "10 2.0 x "),
        ("<", ("2",), ""),
        ("<=", ("2",), "2 2.0"),
        (">", ("2",), "10 x"),
        (">=", ("2",), "10 2 2.0 x"),
        ("<", ("y",), "10 2 2.0 x"),
        (">", ("1e1",), "x"),
        (">=", ("1e1",), "10 x"),
        ("<", ("",), ""),
    ],
)
def test_conditions(operator, values, kept):
    """Numbers go by their size beside a number; an empty value is neither below nor above."""
    texts = ["10", "2", "2.0", "x", ""]
    rows = pl.DataFrame({"c": texts})
    coded, _ = encode(rows, (), [Condition("c", operator, values)])
    expected = kept.split(" ") if kept else []
    assert [t for t, s in zip(texts, coded["seg"], strict=True) if s >= 0] == expected


@pytest.mark.parametrize(
    ("values", "order"),
    [
        ("b a C", "C a b"),
        ("10 9 100", "9 10 100"),
        ("100+ 11-50 1-10 51-100", "1-10 11-50 51-100 100+"),
        ("x 2 y 1", "1 2 x y"),
        ("1.5 1.25 -3", "-3 1.25 1.5"),
    ],
)
def test_segments_go_by_their_first_number(values, order):
    rows = pl.DataFrame({"c": values.split()})
    coded, segments = encode(rows, ("c",), ())
    assert [value for (value,) in segments] == order.split()
    assert [segments[s][0] for s in coded["seg"]] == values.split()


def test_bands_of_size_stand_in_order():
    _, segments = encode(pl.DataFrame({"c": ["10 to 20", "under 10", "20 and more"]}), ("c",), ())
    assert segments == (("under 10",), ("10 to 20",), ("20 and more",))


@pytest.mark.parametrize("kind", [pl.String, pl.Enum(["Pro", "", "Team", "x"])])
@pytest.mark.parametrize("some", [1, 2, 100])
def test_segments_by_code_and_by_text_are_the_same(kind, some, monkeypatch):
    """However many of the first rows are looked at before all are."""
    monkeypatch.setattr(segments_module, "_SOME", some)
    rows = pl.DataFrame({"p": ["Team", "", "Pro", "Team"], "q": ["x", "Pro", "x", "Team"]})
    rows = rows.cast(kind)
    coded, segments = encode(rows, ("p",), [Condition("q", "!=", ("Team",))])
    assert segments == (("(none)",), ("Pro",), ("Team",))
    assert coded["seg"].to_list() == [2, 0, 1, -1]
    again, codes = encode(rows, ("p",), (), (("Team",),))
    assert again["seg"].to_list() == [0, 1, 2, 0]
    assert codes == (("Team",), ("(none)",), ("Pro",))  # the known one, then those that are new


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
    ("condition", "closing"),
    [
        ("seats<10", "1.00"),
        ("seats<=10", "3.00"),
        ("seats>10", "4.00"),
        ("seats>=10", "6.00"),
        ("seats=10", "2.00"),
        ("seats!=10", "5.00"),
    ],
)
def test_conditions_compare_numbers_as_numbers(tmp_path, condition, closing):
    """As texts, 9 would be above 10 and 100 below 9."""
    rows = [
        f"{n},2024-0{m},{mrr},{s}"
        for n, mrr, s in (("a", 1, 9), ("b", 2, 10), ("c", 4, 100))
        for m in (1, 2)
    ]
    write_lines(tmp_path, "account,month,mrr,seats", *rows)
    done = run("nrr", "data.csv", "--where", condition, "-f", "json", cwd=tmp_path)
    assert done.total["closing_mrr"] == closing


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "1e999999999", "٣"])
def test_words_that_decimals_know_are_compared_as_texts(tmp_path, value):
    """NaN has no order among numbers; asking for it was an internal error."""
    write_lines(tmp_path, "account,month,mrr,seats", f"a,2024-01,1,{value}", "b,2024-01,2,5")
    for condition in ("seats<6", f"seats>={value}"):
        done = run("movements", "data.csv", "--where", condition, "-f", "json", cwd=tmp_path)
        assert done.exit_code == 0


PLANS = "account,month,mrr,plan\na,2024-01,1,Pro\nb,2024-01,2,pro \nc,2024-01,3,Team\n"


def test_a_filter_that_nobody_meets_names_the_nearest_value(tmp_path: Path) -> None:
    (tmp_path / "mrr.csv").write_text(PLANS)
    done = run("nrr", "mrr.csv", "--where", "plan=Teem", "-f", "json", cwd=tmp_path)
    assert "note RC871: no account has plan = Teem; did you mean Team?" in done.stderr


def test_segment_values_that_look_alike_are_named(tmp_path: Path) -> None:
    (tmp_path / "mrr.csv").write_text(PLANS)
    done = run("nrr", "mrr.csv", "--by", "plan", "-f", "json", cwd=tmp_path)
    assert "note RC872: values of plan differ in case or blanks only" in done.stderr
    assert "'Pro' and 'pro '" in done.stderr
