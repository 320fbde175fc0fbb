"""Currencies: constant and monthly rates, worked out by hand, through the real command line."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from book.books import book, mrr_of, write
from book.command import write_lines
from helpers import run
from retcalc.book import constant_currency
from retcalc.book.tables.exchange_rates import accepts_rates
from retcalc.core.findings import RetcalcError

PANEL = """
account,month,mrr,currency
a,2024-01,100,USD
b,2024-01,200,EUR
c,2024-01,50,EUR
a,2024-02,110,USD
b,2024-02,200,EUR
d,2024-02,10,EUR
a,2024-03,110,USD
b,2024-03,180,EUR
d,2024-03,10,EUR
"""

RATES = """
month,currency,rate
2024-01,EUR,1.10
2024-02,EUR,1.20
2024-03,EUR,1.05
"""


def files(folder: Path, config: str) -> tuple[str, ...]:
    write(folder, config, "retcalc.yaml")
    return write(folder, PANEL), "--fx", write(folder, RATES, "rates.csv")


def rows(folder: Path, config: str, command: str, *args: str) -> list[Any]:
    done = run(command, *files(folder, config), *args, "-f", "json")
    return done.json["rows"]  # type: ignore[no-any-return]


def money(row: dict[str, Any], *names: str) -> list[Fraction]:
    return [Fraction(row[f"{name}_mrr"]) for name in names]


LINES = ("opening", "new", "expansion", "contraction", "churn", "closing")


def test_constant_rates_leave_no_fx_line(tmp_path: Path) -> None:
    """All at March: EUR 1.05. January is 100 + 250 x 1.05, February 110 + 210 x 1.05."""
    config = "currency: {report: USD, policy: constant, at: 2024-03}"
    january, february, march = rows(tmp_path, config, "movements")
    assert "fx_mrr" not in january
    assert money(january, "closing") == [Fraction("362.50")]
    assert money(february, *LINES) == [
        Fraction(x) for x in ("362.50", "10.50", "10", "0", "52.50", "330.50")
    ]
    assert money(march, *LINES) == [Fraction(x) for x in ("330.50", "0", "0", "21", "0", "309.50")]


def test_constant_rates_are_those_of_the_closing_month_by_default(tmp_path: Path) -> None:
    told = rows(tmp_path, "currency: {report: USD, at: 2024-03}", "movements")
    assert rows(tmp_path, "currency: {report: USD}", "movements") == told


def test_monthly_rates_have_their_own_line(tmp_path: Path) -> None:
    """January 100 + 275; February: b 200 from 1.10 to 1.20 is fx 20, c churns at 55, d is 12.

    March: b 200 and d 10 from 1.20 to 1.05 are fx -31.50; then b falls by 20 x 1.05 = 21.
    """
    config = "currency: {report: USD, policy: monthly}"
    january, february, march = rows(tmp_path, config, "movements")
    assert money(january, "closing", "fx") == [375, 0]
    assert money(february, *LINES, "fx") == [375, 12, 10, 0, 55, 362, 20]
    assert money(march, *LINES, "fx") == [362, 0, 0, 21, 0, Fraction("309.50"), Fraction("-31.50")]
    assert february["nrr"] == (375 + 10 - 55) / 375


def test_a_window_restates_its_opening_at_the_closing_rates(tmp_path: Path) -> None:
    """January to March: b is 200 x (1.05 - 1.10) = -10 of fx, then -21; c churns at 55."""
    config = "currency: {report: USD, policy: monthly}"
    (row,) = rows(tmp_path, config, "nrr", "--window", "2m")
    assert money(row, *LINES, "fx") == [375, Fraction("10.50"), 10, 21, 55, Fraction("309.50"), -10]
    (chained,) = rows(tmp_path, config, "nrr", "--window", "2m", "--basis", "monthly")
    assert money(chained, "opening", "closing", "fx") == [
        375,
        Fraction("309.50"),
        Fraction("-11.50"),
    ]


def test_the_fx_line_closes_segments_too(tmp_path: Path) -> None:
    config = "currency: {report: USD, policy: monthly}"
    by_currency = rows(tmp_path, config, "nrr", "--window", "1m", "--by", "currency")
    euro, dollar, total = by_currency
    assert money(euro, "fx", "contraction", "closing") == [
        Fraction("-31.50"),
        21,
        Fraction("199.50"),
    ]
    assert money(dollar, "fx", "closing") == [0, 110]
    assert money(total, "fx") == [Fraction("-31.50")]


def test_mixed_currencies_need_rates(tmp_path: Path) -> None:
    done = run("nrr", write(tmp_path, PANEL))
    assert done.exit_code == 3
    assert "error RC218" in done.stderr


def test_one_foreign_currency_is_converted_too(tmp_path: Path) -> None:
    euros = "\n".join(line for line in PANEL.strip().splitlines() if "USD" not in line)
    path, rates = write(tmp_path, euros), write(tmp_path, RATES, "rates.csv")
    done = run("movements", path, "--fx", rates, "--currency", "USD", "-f", "json")
    assert done.json["currency"] == "USD"
    assert Fraction(done.json["rows"][0]["closing_mrr"]) == Fraction("262.50")


@pytest.mark.parametrize(
    ("rates", "code", "line"),
    [
        (RATES.replace("2024-02,EUR,1.20\n", ""), "RC227", None),
        (RATES + "2024-02,EUR,1.21", "RC228", 3),
        (RATES.replace("1.05", "0"), "RC229", 4),
        (RATES.replace("1.05", "n/a"), "RC229", 4),
        (RATES.replace("rate", "quote"), "RC245", None),
    ],
)
def test_rates_that_are_refused(tmp_path: Path, rates: str, code: str, line: int | None) -> None:
    write(tmp_path, "currency: {report: USD, policy: monthly}", "retcalc.yaml")
    done = run("nrr", write(tmp_path, PANEL), "--fx", write(tmp_path, rates, "rates.csv"))
    assert done.exit_code == 3
    assert f"error {code}" in done.stderr
    if line is not None:
        assert f"rates.csv, line {line}" in done.stderr


def test_no_reporting_currency(tmp_path: Path) -> None:
    done = run("nrr", write(tmp_path, PANEL), "--fx", write(tmp_path, RATES, "rates.csv"))
    assert done.exit_code in (2, 3)
    assert "error RC178" in done.stderr


def test_yen_have_no_cents_and_dinars_three(tmp_path: Path) -> None:
    """1,500 yen written in minor units are 1,500 yen; 1,500 fils are 1.5 dinars."""
    text = "account,month,mrr,currency\na,2024-01,1500,JPY\nb,2024-01,1500,KWD\nc,2024-01,150,USD\n"
    rates = "month,currency,rate\n2024-01,JPY,0.01\n2024-01,KWD,3\n"
    args = ("--fx", write(tmp_path, rates, "rates.csv"), "--currency", "USD", "--unit", "minor")
    done = run("movements", write(tmp_path, text), *args, "-f", "json")
    assert Fraction(done.json["rows"][0]["closing_mrr"]) == 15 + Fraction("4.5") + Fraction("1.5")


def test_explain_adds_up_with_an_fx_line(tmp_path: Path) -> None:
    config = "currency: {report: USD, policy: monthly}"
    for basis in ("endpoints", "monthly"):
        args = ("--window", "2m", "--basis", basis)
        found = rows(tmp_path, config, "nrr", *args)[-1]
        done = run("explain", "nrr", *files(tmp_path, config), *args, "-f", "json")
        explained = done.json["rows"]
        lines = ("opening", "expansion", "contraction", "churn")
        assert money(explained[-1], *lines) == money(found, *lines)
        # of b only, who is behind the rate; d joined in between
        assert money(explained[-1], "fx") == [-10]


def test_intervals_of_confidence_leave_fx_aside(tmp_path: Path) -> None:
    """Nobody changes anything but the rate: every resample retains exactly everything."""
    text = "account,month,mrr,currency\n"
    text += "".join(f"e{i},2024-0{m},{i + 1},EUR\n" for i in range(20) for m in (1, 2))
    write(tmp_path, "currency: {report: USD, policy: monthly}", "retcalc.yaml")
    path, rates = write(tmp_path, text), write(tmp_path, RATES, "rates.csv")
    row = run("nrr", path, "--fx", rates, "--confidence", "95", "-f", "json").total
    assert [row["nrr"], row["nrr_lower"], row["nrr_upper"], row["grr_lower"]] == [1, 1, 1, 1]


COLUMN = "account,month,mrr,currency\n"


@pytest.mark.parametrize(
    ("rows", "report", "code"),
    [
        ("a,2024-01,5,usd\nb,2024-01,5, USD \n", None, "USD"),
        ("a,2024-01,5,EUR\nb,2024-01,5,\n", None, "EUR"),
        ("a,2024-01,5,EUR\nb,2024-01,5,EUR\n", "EUR", "EUR"),
        ("a,2024-01,5,\nb,2024-01,5,\n", "GBP", "GBP"),
        ("a,2024-01,5,\nb,2024-01,5,\n", None, None),
    ],
)
def test_one_currency_needs_no_rates(
    tmp_path: Path, rows: str, report: str | None, code: str | None
) -> None:
    made = book(tmp_path, COLUMN + rows, currency=report)
    assert made.currency.code == code
    assert made.exchange is None
    assert mrr_of(made) == {"a": {"2024-01": 5}, "b": {"2024-01": 5}}


def refused(folder: Path, rows: str, rates: str, **options: object) -> list[tuple[object, ...]]:
    path = write(folder, f"month,currency,rate\n{rates}", "fx.csv")
    with pytest.raises(RetcalcError) as error:
        book(folder, COLUMN + rows, fx=path, **options)
    found = [f for f in error.value.findings if f.is_error]
    return [(f.code, [s.line for s in f.spots], f.column, f.value) for f in found]


def test_rows_without_a_currency_have_no_rate(tmp_path: Path) -> None:
    rows = "a,2024-01,5,EUR\nb,2024-01,5,\nc,2024-01,5,USD\nd,2024-01,5,\n"
    found = refused(tmp_path, rows, "2024-01,EUR,2\n", currency="USD")
    assert found == [("RC230", [3, 5], 4, '"" is no currency')]


def test_another_currency_than_the_report_without_rates(tmp_path: Path) -> None:
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, COLUMN + "a,2024-01,5,EUR\nb,2024-01,5,USD\n", currency="USD")
    (told,) = error.value.findings
    assert told.value == "the column holds EUR, USD; the report is in USD"
    assert [s.line for s in told.spots] == [2]


@pytest.mark.parametrize(("months", "more"), [(6, ""), (7, " and 1 more"), (9, " and 3 more")])
def test_missing_rates_are_listed_up_to_six(tmp_path: Path, months: int, more: str) -> None:
    write(tmp_path, "currency: {report: USD, policy: monthly}", "retcalc.yaml")
    rows = "".join(f"a,2024-{m:02},5,EUR\n" for m in range(1, months + 1))
    ((code, _, _, value),) = refused(tmp_path, rows, "2023-12,EUR,2\n")
    listed = ", ".join(f"EUR 2024-{m:02}" for m in range(1, 7))
    assert (code, value) == ("RC227", f"none for {listed}{more}")


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


def test_six_missing_rates_are_listed(tmp_path):
    rows = [f"a,2024-{m:02},1,EUR" for m in range(1, 9)]
    write_lines(tmp_path, "account,month,mrr,currency", *rows, "b,2024-08,1,USD")
    write_lines(tmp_path, "month,currency,rate", "2024-08,EUR,1.1", name="fx.csv")
    line = ("data.csv", "--fx", "fx.csv", "--currency", "USD", "-c", "monthly.yaml")
    write_lines(tmp_path, "currency: {policy: monthly}", name="monthly.yaml")
    done = run("movements", *line, cwd=tmp_path)
    listed = ", ".join(f"EUR 2024-{m:02}" for m in range(1, 7))
    assert done.exit_code == 3
    assert f"none for {listed} and 1 more" in done.stderr


MIXED_PANEL = "account,month,mrr,currency|a,2024-01,10.25,USD|b,2024-01,10,EUR|b,2024-02,20,EUR"


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
    made = book(tmp_path, MIXED_PANEL.replace("|", "\n"), given, fx=path)
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
    made = book(tmp_path, MIXED_PANEL.replace("|", "\n"), "currency: {report: USD}", fx=path)
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
    made = book(tmp_path, MIXED_PANEL.replace("|", "\n"), "currency: {report: USD}", fx=path)
    assert mrr_of(made)["b"] == {"2024-01": 20, "2024-02": 40}
    assert accepts_rates(header.split(","))
    assert not accepts_rates(header.split(",")[1:])


CONVERTED = (
    "amount_base",
    "Amount (converted)",
    "amount_in_company_currency",
    "Converted Amount",
    "amount_usd",
)


@pytest.mark.parametrize("header", CONVERTED)
def test_an_amount_in_one_currency_is_offered_before_rows_are_dropped(tmp_path, header):
    """90 + 100 in January, 91 + 100 in February."""
    (tmp_path / "mrr.csv").write_text(
        f"customer_id,month,amount,currency,{header}\nA,2025-01,100,USD,90\nB,2025-01,100,EUR,100\n"
        "A,2025-02,100,USD,91\nB,2025-02,100,EUR,100\n"
    )
    refused = run("movements", "mrr.csv", cwd=tmp_path)
    assert "error RC218" in refused.stderr
    named = f"'{header}'" if " " in header else header
    assert f"fix    --mrr-column {named}   is in one currency; or --where" in refused.stderr
    rows = run("movements", "mrr.csv", "--mrr-column", header, "-f", "json", cwd=tmp_path).json[
        "rows"
    ]
    assert [r["closing_mrr"] for r in rows] == ["190.00", "191.00"]


def test_a_list_price_is_in_no_currency_of_its_own(tmp_path):
    (tmp_path / "mrr.csv").write_text(
        "customer_id,month,amount,currency,base_price\nA,2025-01,100,USD,120\nB,2025-01,100,EUR,110\n"
    )
    assert "base_price" not in run("movements", "mrr.csv", cwd=tmp_path).stderr.split("fix")[1]
    named = run("movements", "mrr.csv", "--mrr-column", "base_price", cwd=tmp_path)
    assert "error RC218" in named.stderr


def test_the_currency_that_is_kept_is_named_as_the_file_writes_it(tmp_path):
    (tmp_path / "mrr.csv").write_text(
        "customer_id,month,mrr,currency\nA,2025-01,100,eur\nB,2025-01,100,usd\n"
    )
    refused = run("movements", "mrr.csv", cwd=tmp_path)
    assert "--where currency=eur   keeps that currency" in refused.stderr
    kept = run("movements", "mrr.csv", "--where", "currency=eur", "-f", "json", cwd=tmp_path)
    assert kept.json["rows"][-1]["closing_mrr"] == "100.00"
