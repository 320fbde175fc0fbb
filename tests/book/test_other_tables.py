"""Spend, sums and rates: the further tables, cell by cell."""

from fractions import Fraction
from pathlib import Path

import pytest

from book.books import book, mrr_of, write
from retcalc.book.rules import AmountRules, BookRules
from retcalc.book.tables.costs import has_costs, read_costs
from retcalc.book.tables.exchange_rates import accepts_rates
from retcalc.core.findings import RetcalcError
from retcalc.core.months import parse_month
from retcalc.core.result import Currency
from retcalc.read import ReadPlan, ReadRules, read_table

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


PANEL = "account,month,mrr,currency|a,2024-01,10.25,USD|b,2024-01,10,EUR|b,2024-02,20,EUR"


@pytest.mark.parametrize(
    ("rates", "config", "b", "notes"),
    [
        ("2024-01,EUR,1.5|2024-02,EUR,2", "", ["20", "40"],
         "all months at the rates of 2024-02"),
        ("2024-01,EUR,1.5|2024-02,EUR,2", "at: 2024-01", ["15", "30"],
         "all months at the rates of 2024-01"),
        ("2024-01,EUR,1.5|2024-02,EUR,2", "policy: monthly", ["15", "40"],
         "each month at its own rates; what the rates change is on the line fx"),
        ("2024-02,eur,1.0842", "", ["10.842", "21.684"], "all months at the rates of 2024-02"),
        ("2024-02,EUR,15e-1", "", ["15", "30"], "all months at the rates of 2024-02"),
        ("2024-02,EUR,1.123456789", "", ["11.23456789", "22.46913578"],
         "all months at the rates of 2024-02"),
    ],
)  # fmt: skip
def test_rates(tmp_path, rates, config, b, notes):
    path = write(tmp_path, f"month,currency,rate|{rates}".replace("|", "\n"), "fx.csv")
    given = f"currency: {{report: USD{', ' * bool(config)}{config}}}"
    made = book(tmp_path, PANEL.replace("|", "\n"), given, fx=path)
    found = mrr_of(made)
    assert found["a"] == {"2024-01": Fraction("10.25")}
    assert found["b"] == {"2024-01": Fraction(b[0]), "2024-02": Fraction(b[1])}
    assert f"amounts are converted to USD: {notes}" in [n.message for n in made.notes]


def test_products_beyond_all_decimals_are_rounded_half_up(tmp_path):
    """A billionth of 5 is half of what eight decimals tell, and counts; that of 4.99 is nothing."""
    path = write(tmp_path, "month,currency,rate\n2024-01,EUR,0.000000001\n", "fx.csv")
    rows = ["a,2024-01,5,EUR", "b,2024-01,4.99,EUR", "c,2024-01,15,EUR", "d,2024-01,1,USD"]
    text = "\n".join(["account,month,mrr,currency", *rows])
    made = book(tmp_path, text, "currency: {report: USD}", fx=path)
    note = [n.message for n in made.notes if n.code == "RC828"]
    assert note == ["converted amounts are rounded half-up to 8 decimals"]
    found = {who: str(row["2024-01"] * 10**8) for who, row in mrr_of(made).items()}
    assert found == {"a": "1", "c": "2", "d": str(10**8)}


def test_rates_of_the_report_itself_are_one(tmp_path):
    path = write(tmp_path, "month,currency,rate\n2024-02,EUR,2\n2024-02,USD,1.0\n", "fx.csv")
    made = book(tmp_path, PANEL.replace("|", "\n"), "currency: {report: USD}", fx=path)
    assert mrr_of(made)["a"] == {"2024-01": Fraction("10.25")}


@pytest.mark.parametrize(("amount", "fits"), [("300000000000", True), ("500000000000", False)])
def test_amounts_times_rates_beyond_all_money(tmp_path, amount, fits):
    """With eight decimals times nine, 3 and 5 times 10**37; 2**125 is 4.25 times that."""
    path = write(tmp_path, "month,currency,rate\n2024-01,EUR,999999999.999999999\n", "fx.csv")
    text = f"account,month,mrr,currency\na,2024-01,{amount}.00000001,EUR\nb,2024-01,1,USD\n"
    if fits:
        exact = Fraction(f"{amount}.00000001") * Fraction("999999999.999999999") * 10**8
        made = book(tmp_path, text, "currency: {report: USD}", fx=path)
        assert mrr_of(made)["a"]["2024-01"] * 10**8 == (exact + Fraction(1, 2)) // 1
        return
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, text, "currency: {report: USD}", fx=path)
    (told,) = error.value.findings
    value = f"amounts times rates of {path} are beyond all money"
    assert (told.code, told.value, told.fix) == ("RC217", value, "correct the amount, or the rate")


@pytest.mark.parametrize(
    "header", ["month,currency,rate", "report_date,code,fx", "period,ccy,value"]
)
def test_rates_under_other_headers(tmp_path, header):
    path = write(tmp_path, f"{header}\n2024-02-29,EUR,2\n", "fx.csv")
    made = book(tmp_path, PANEL.replace("|", "\n"), "currency: {report: USD}", fx=path)
    assert mrr_of(made)["b"] == {"2024-01": 20, "2024-02": 40}
    assert accepts_rates(header.split(","))
    assert not accepts_rates(header.split(",")[1:])
