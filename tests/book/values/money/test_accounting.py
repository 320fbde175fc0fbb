"""Money as finance writes it, and one currency or the good rows out of an export; all by hand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from helpers import Run, run
from retcalc.book.values.money.accounting import bare_number


def asked(folder: Path, text: str, *args: str) -> Run:
    (folder / "d.csv").write_text(text, encoding="utf-8")
    return run("movements", "d.csv", *args, "-f", "json", cwd=folder)


def closing(done: Run) -> list[str]:
    return [row["closing_mrr"] for row in done.json["rows"]]


def pasted(done: Run) -> list[str]:
    """The options that the first fix begins with."""
    fix = re.search(r"^  fix +(.*)$", done.stderr, re.MULTILINE)
    assert fix is not None, done.stderr
    return shlex.split(re.split(r"   | {2}or {2}|; ", fix[1])[0])


DOLLARS = """Customer,Jan-25,Feb-25
Acme,"$1,200.00","$1,350.50"
Beta,$ -   ,"$300.00"
Gamma,"$500.00","($50.00)"
Delta,$20.00-,$7.00
"""
EUROS = """Kunde;Jan 25;Feb 25
Acme;1.200,00 €;1 350,50 €
Beta;-   €;300,00 €
"""


def test_dollars_and_brackets(tmp_path: Path) -> None:
    """1,200 + 500 in January; 1,350.50 + 300 + 7 in February: below zero is not active."""
    done = asked(tmp_path, DOLLARS)
    assert (done.exit_code, done.stdout) == (3, "")
    assert pasted(done) == ["--amounts", "accounting", "--allow-negative"]
    assert closing(asked(tmp_path, DOLLARS, *pasted(done))) == ["1700.00", "1657.50"]


def test_euros_with_every_kind_of_blank(tmp_path: Path) -> None:
    for blank in (" ", "\u00a0", "\u202f", "\u2009"):
        text = EUROS.replace("1 350", f"1{blank}350")
        done = asked(tmp_path, text)
        assert pasted(done) == ["--amounts", "accounting"]
        assert closing(asked(tmp_path, text, *pasted(done))) == ["1200.00", "1650.50"]
    (tmp_path / "retcalc.yaml").write_text("amounts: {style: accounting}\n")
    assert closing(asked(tmp_path, EUROS)) == ["1200.00", "1650.50"]


def test_marks_that_nothing_proves_are_named_in_the_fix(tmp_path: Path) -> None:
    text = 'account,month,mrr\na,2025-01,"$1,200"\nb,2025-01,$5\n'
    done = asked(tmp_path, text)
    assert pasted(done) == ["--amounts", "accounting", "--thousands", ","]
    assert closing(asked(tmp_path, text, *pasted(done))) == ["1205.00"]


def test_what_is_no_number_stays_refused(tmp_path: Path) -> None:
    text = "account,month,mrr\na,2025-01,$5.00\nb,2025-01,none yet\n"
    done = asked(tmp_path, text, "--amounts", "accounting")
    assert "error RC214: " in done.stderr
    assert '"none yet"' in done.stderr


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("(50.00)", "-50.00"),
        ("$(50.00)", "-50.00"),
        ("-$50", "-50"),
        ("50,00-", "-50,00"),
        ("USD 12", "12"),
        ("12 000 000 kr", "12000000"),
        ("$ -", "0"),
        ("\u2212 3 €", "-3"),
        ("(50", None),
        ("12 00", None),
        ("--5", None),
        ("$", None),
        ("5%", None),
    ],
)
def test_bare_numbers(text: str, bare: str | None) -> None:
    assert bare_number(text) == bare


MIXED = "account,month,mrr,ccy\na,2025-01,10,USD\nb,2025-01,20,EUR\na,2025-02,12,USD\n"


def test_one_currency_out_of_several(tmp_path: Path) -> None:
    done = asked(tmp_path, MIXED)
    assert "error RC218: " in done.stderr
    option, condition = pasted(done)[:2]
    assert option == "--where"
    chosen = asked(tmp_path, MIXED, "--where", condition)
    assert closing(chosen) in (["20.00"], ["10.00", "12.00"])
    usd = asked(tmp_path, MIXED, "--where", "ccy=USD")
    assert closing(usd) == ["10.00", "12.00"]
    assert usd.json["currency"] == "USD"
    assert "rows of other currencies are left out (EUR): 1 row of 1 account" in usd.stderr


def test_a_converted_column_needs_no_rates(tmp_path: Path) -> None:
    text = MIXED.replace("mrr", "amount_usd")
    done = asked(tmp_path, text)
    assert closing(done) == ["30.00", "12.00"]
    assert done.json["currency"] == "USD"
    assert "amount_usd is in USD already" in done.stderr
    assert "error RC218: " in asked(tmp_path, text, "--currency", "EUR").stderr


GOOD = "".join(f"a{n},2025-01-31,,10,month\n" for n in range(40))
HEAD = "account,start_date,end_date,fee,interval\n"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("x,2025-01-31,2024-01-31,10,month", "RC232"),
        ("x,someday,,10,month", "RC221"),
        ("x,2025-01-31,,much,month", "RC214"),
        ("x,2025-01-31,,10,whenever", "RC231"),
    ],
)
def test_a_bad_row_among_many_can_be_left_out(tmp_path: Path, row: str, code: str) -> None:
    """Forty accounts of 10; the one that cannot be read is 1 of 41."""
    text = HEAD + GOOD + row + "\n"
    assert f"error {code}: " in asked(tmp_path, text).stderr
    done = asked(tmp_path, text, "--skip-bad-rows")
    assert closing(done) == ["400.00"]
    assert "note RC867: " in done.stderr
    assert "1 row of 1 account (2.4%)" in done.stderr


def test_never_more_than_the_limit(tmp_path: Path) -> None:
    text = HEAD + "a,2025-01-31,,10,month\nx,2025-01-31,2024-01-31,10,month\n"
    done = asked(tmp_path, text, "--skip-bad-rows")
    assert "error RC251: 50% of the export does not count" in done.stderr
    assert closing(asked(tmp_path, text, "--skip-bad-rows", "--left-out", "50%")) == ["10.00"]
