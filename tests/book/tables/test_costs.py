"""Spend: read in units of the book, by month and segment, and refused by the cell."""

from fractions import Fraction
from pathlib import Path

import pytest

from book.books import write
from retcalc.book.rules import AmountRules, BookRules
from retcalc.book.tables.costs import has_costs, missing_spend, read_costs
from retcalc.core.findings import RetcalcError
from retcalc.core.months import parse_month
from retcalc.core.result import Currency
from retcalc.read import ReadPlan, ReadRules, read_table


@pytest.mark.parametrize(("count", "more"), [(6, ""), (7, " …")])
def test_six_months_without_spend_are_listed(count, more):
    text = missing_spend(range(24288, 24288 + count), "", "spend.csv").message
    months = "2024-01, 2024-02, 2024-03, 2024-04, 2024-05, 2024-06"
    assert text == f"no spend for {months}{more}, which won new accounts"


DOLLARS = Currency("USD", 2, 2)


def spend(folder: Path, text: str, by=(), segments=(), currency=DOLLARS, **amounts: object):
    path = write(folder, text.replace("|", "\n"), "costs.csv")
    table, _ = read_table([path], ReadRules(), lambda _: ReadPlan())
    rules = BookRules(amounts=AmountRules(**amounts))
    return read_costs(table, rules, by, segments, currency)


JAN, FEB = parse_month("2024-01"), parse_month("2024-02")


@pytest.mark.parametrize(
    ("text", "scale", "total"),
    [
        ("month,spend|2024-01,10|2024-02,5.25", 2, {JAN: 1000, FEB: 525}),
        ("month,spend|2024-01,10|2024-02,5.25", 0, {JAN: 10, FEB: Fraction(21, 4)}),
        ("month,spend|2024-01,1|2024-02,0.12555", 4, {JAN: 10_000, FEB: Fraction("1255.5")}),
        ("spend,who,month|10,a,2024-01|5,b,2024-01|0,c,2024-02", 2, {JAN: 1500, FEB: 0}),
    ],
)
def test_spend_is_in_units_of_the_book(tmp_path, text, scale, total):
    costs = spend(tmp_path, text, currency=Currency("USD", 2, scale))
    assert (costs.by_month, costs.by_segment, costs.notes) == (total, None, ())


@pytest.mark.parametrize(
    ("header", "by", "segments", "parts"),
    [
        ("plan", ("plan",), [("x",)], {("x",): {JAN: 300, FEB: 400}, ("(none)",): {JAN: 100}}),
        ("channel", ("plan",), [("x",)], {("x",): {JAN: 300, FEB: 400}, ("(none)",): {JAN: 100}}),
        ("segment", ("plan",), [("z",), ("x",)], {("x",): {JAN: 300, FEB: 400}, ("(none)",): {
            JAN: 100}}),
        ("segment", ("plan",), [("z",)], None),
        ("channel", ("plan", "owner"), [("x", "y")], None),
        ("plan", ("plan", "owner"), [("x", "y")], None),
        ("else", ("plan",), [("x",)], None),
        ("plan", (), [()], None),
    ],
)  # fmt: skip
def test_spend_by_segment(tmp_path, header, by, segments, parts):
    text = f"month,spend,{header}|2024-01,1, |2024-01,3,x|2024-02,4,x"
    costs = spend(tmp_path, text, by, segments)
    assert (costs.by_month, costs.by_segment) == ({JAN: 400, FEB: 400}, parts)


def test_rows_that_differ_in_nothing_but_the_spend_are_noted(tmp_path):
    rows = ["2024-01,1,a", "2024-01,2,a", "2024-01,1,b", "2024-02,1,a", "2024-02,1,a"]
    costs = spend(tmp_path, "|".join(["month,spend,who", *rows]))
    text = f"4 rows of {tmp_path}/costs.csv differ in nothing but the spend; summed"
    assert [(n.code, n.message) for n in costs.notes] == [("RC857", text)]


def test_spend_beyond_all_decimals_is_rounded_and_noted(tmp_path):
    costs = spend(tmp_path, "month,spend|2024-01,1|2024-02,0.33333333333|2024-02,1", decimal=".")
    (note, _) = costs.notes
    assert (note.code, [s.line for s in note.spots]) == ("RC838", [3])


COSTS = {
    "empty": ("2024-01,1|2024-02,|2024-03,2|2024-04,",
              ("RC213", [3, 5], 2, '"" is no amount', "write 0 for a month without spend")),
    "negative": ("2024-01,0|2024-02,-0.01|2024-03,2|2024-04,-5",
                 ("RC262", [3, 5], 2, '"-0.01" is below zero',
                  "net credits within their month in the export")),
    "days": ("2024-01,1|,1|2024-03,2|,1",
             ("RC226", [3, 5], 1, '"" is no date', "fill it in the export, or drop the row")),
}  # fmt: skip


@pytest.mark.parametrize("name", COSTS)
def test_spend_that_is_refused(name, tmp_path):
    rows, expected = COSTS[name]
    with pytest.raises(RetcalcError) as error:
        spend(tmp_path, f"month,spend|{rows}")
    (told,) = error.value.findings
    assert (told.code, [s.line for s in told.spots], told.column, told.value, told.fix) == expected


def test_a_point_that_may_part_thousands_is_asked_about(tmp_path):
    """1.250 is one and a quarter, or a thousand: all lines with a point are named."""
    with pytest.raises(RetcalcError) as error:
        spend(tmp_path, "month,spend|2024-01,7|2024-02,1.250|2024-03,2|2024-04,1.500")
    (told,) = error.value.findings
    assert (told.code, [s.line for s in told.spots]) == ("RC214", [3, 5])


@pytest.mark.parametrize(
    ("header", "value", "message"),
    [
        ("month,what", "month, what", "no column of {} is recognised as the spend"),
        ("when,spend", "when, spend", "no column of {} is recognised as the month"),
        ("month,cost,spend", "cost, spend", "more than one column of {} could be the spend"),
        ("month,period,cost", "month, period", "more than one column of {} could be the month"),
    ],
)
def test_spend_needs_two_columns(tmp_path, header, value, message):
    with pytest.raises(RetcalcError) as error:
        spend(tmp_path, f"{header}|2024-01,1{',1' * (header.count(',') - 1)}")
    (told,) = error.value.findings
    assert (told.code, told.value) == ("RC260", f"the columns are: {value}")
    assert told.message == message.format(tmp_path / "costs.csv")
    assert told.fix == "call the columns month and spend"


@pytest.mark.parametrize(
    ("header", "fits"), [("month spend", True), ("month x", False), ("x spend", False)]
)
def test_which_rows_look_like_spend(header, fits):
    assert has_costs(header.split()) is fits
