"""Every refusal of cells: all its lines, its column, the first bad value, and how to go on.

Each file has good rows before, between and behind the bad ones, and bad ones of several values.
"""

from pathlib import Path

import pytest

from book.books import book, write
from retcalc.core.findings import RetcalcError

DROP_EMPTY = "fill it in the export, or drop the row"
IN_EXPORT = "correct the value in the export"


def refused(folder: Path, text: str, config: str = "", **options: object) -> list[object]:
    with pytest.raises(RetcalcError) as error:
        book(folder, text, config, **options)
    return [
        (f.code, [s.line for s in f.spots], f.column, f.header, f.value, f.fix)
        for f in error.value.findings
        if f.is_error
    ]


CELLS = {
    "empty ids": (
        "account,month,mrr|a,2024-01,1|,2024-01,2|b,2024-01,3|,2024-02,4|a,2024-02,1",
        ("RC211", [3, 5], 1, "account", '"" is no id', "fill the id in the export, or drop the row "
         "there"),
    ),
    "totals": (
        "month,mrr,account|2024-01,1,a|2024-01,2,TOTAL:|2024-02,1,a|2024-02,3,Summe|2024-02,1,b",
        ("RC212", [3, 5], 3, "account", '"TOTAL:" reads like a total, not like an account',
         "--drop-total-rows"),
    ),
    "empty amounts": (
        "account,month,mrr|a,2024-01,1|b,2024-01,|a,2024-02,1|b,2024-02,|c,2024-02,1",
        ("RC213", [3, 5], 3, "mrr", '"" is no amount',
         "write 0 for an account that pays nothing, or drop the row"),
    ),
    "negative amounts": (
        "account,mrr,month|a,1,2024-01|b,-0.01,2024-01|c,0,2024-01|b,-7,2024-02|a,1,2024-02",
        ("RC215", [3, 5], 2, "mrr", '"-0.01" is below zero',
         "--allow-negative   counts such an account as not active; else correct the export"),
    ),
    "empty months": (
        "account,month,mrr|a,2024-01,1|b,,1|a,2024-02,1|c,,1|b,2024-02,1",
        ("RC226", [3, 5], 2, "month", '"" is no date', DROP_EMPTY),
    ),
    "account and month twice": (
        "month,account,mrr|2024-01,a,1|2024-02,b,1|2024-02,a,1|2024-02,b,1|2024-01,c,1|2024-01,c,0",
        ("RC219", [3, 5, 6, 7], 2, "account", '"b" has more than one row in 2024-02',
         "--duplicates sum   adds them up; --duplicates last   keeps the last of each month "
         "(also of daily snapshots)"),
    ),
    "a subscription and month twice": (
        "account,subscription_id,month,mrr|a,s,2024-01,1|a,t,2024-01,1|b,s,2024-01,1|b,s,2024-01,2",
        ("RC219", [4, 5], 1, "account", '"b" has more than one row in 2024-01',
         "--duplicates sum   adds them up; --duplicates last   keeps the last of each month "
         "(also of daily snapshots)"),
    ),
    "a mistyped month behind a hole": (
        "account,month,mrr|a,2024-01,1|b,2024-01,1|a,2024-02,1|b,2024-02,1|a,2024-05,1",
        ("RC233", [6, 4], 2, "month",
         "nobody has a row in 2024-03 and 1 other month; the next is 2024-05",
         "correct the date or complete the export; --allow-empty-months  counts them as zero"),
    ),
    "a mistyped month before a hole": (
        "account,month,mrr|a,2024-01,1|b,2024-03,1|a,2024-03,1|b,2024-04,1|a,2024-04,1",
        ("RC233", [2, 3], 2, "month", "nobody has a row in 2024-02; the next is 2024-03",
         "correct the date or complete the export; --allow-empty-months  counts them as zero"),
    ),
    "as many rows on either side of a hole": (
        "account,month,mrr|a,2024-01,1|b,2024-01,1|a,2024-03,1|b,2024-03,1",
        ("RC233", [4, 2], 2, "month", "nobody has a row in 2024-02; the next is 2024-03",
         "correct the date or complete the export; --allow-empty-months  counts them as zero"),
    ),
    "ends before starts": (
        "account,start,end,mrr|a,2024-01-01,2024-01-01,1|b,2024-02-02,2024-02-01,1"
        "|c,2024-02-02,,1|d,2024-02-02,2023-02-01,1|e,2024-03-31,,1",
        ("RC232", [3, 5], 3, "end", '"2024-02-01" lies before the start',
         "--skip-bad-rows   leaves such rows out; else correct the dates in the export"),
    ),
    "ended without a day": (
        "account,start,end,mrr,status|a,2024-01-01,,1,active|b,2024-01-01,,1,cancelled"
        "|c,2024-01-01,2024-02-01,1,expired|d,2024-03-31,,1,ended",
        ("RC209", [3, 5], 5, "status", "status says that it ended, and no column says when",
         "--skip-bad-rows   leaves such rows out; --ignore status   lets them run; or name the "
         "column with --end-column"),
    ),
    "terms that are no numbers": (
        "account,start,mrr,contract_term|a,2024-01-31,1,12|b,2024-01-31,1,long|c,2024-01-31,1,"
        "|d,2024-01-31,1,-1|e,2024-01-31,1,1.23456",
        ("RC246", [3, 5, 6], 4, "contract_term", '"long" is no positive number', IN_EXPORT),
    ),
    "tenures": (
        "account,tenure,churn|a,3,no|b,1.5,no|c,3.0,yes|d,12345,no|e,,no|f,9999,no",
        ("RC239", [3, 5, 6], 2, "tenure", '"1.5" is no whole number of months',
         "write whole months"),
    ),
    "flags": (
        "account,tenure,churn|a,3,no|b,1,Perhaps|c,3,Y|d,1,never",
        ("RC240", [3, 5], 3, "churn",
         '"perhaps" is none of yes, y, true, t, 1, churned, left, exited, no, n, false, f, 0, '
         "stayed, active, existing", "write yes or no"),
    ),
    "two currencies": (
        "account,month,mrr,currency|a,2024-01,1,EUR|b,2024-01,1,usd|c,2024-01,1,|d,2024-01,1,GBP",
        ("RC218", [3, 5], 4, "currency", "the column holds EUR, GBP, USD",
         "--where currency=EUR   keeps that currency; or --fx RATES.csv --currency EUR"),
    ),
    "a log that contradicts itself": (
        "date,account,movement_type,mrr|2024-01-31,a,new,5|2024-01-31,a,Expansion,-1"
        "|2024-01-31,a,churn,-1|2024-01-31,a,Contraction,2",
        ("RC234", [3, 5], 4, "mrr", '"Expansion" goes the other way than its amount',
         "correct the sign or the kind in the export"),
    ),
    "a log against its own total": (
        "date,account,mrr_change,mrr_after|2024-01-31,a,10,10|2024-02-29,a,5,16|2024-02-29,b,5,5"
        "|2024-03-31,b,1,5.5",
        ("RC235", [3, 5], 4, "mrr_after", '"16" is not the total before plus the change',
         "complete the log: a change is missing or doubled"),
    ),
    "a log below zero": (
        "date,account,mrr_change|2024-01-31,b,5|2024-01-31,a,5|2024-02-28,b,-4|2024-02-29,b,-2"
        "|2024-02-29,a,-5|2024-03-31,b,1|2024-03-31,c,-0.01",
        ("RC236", [5, 8], 3, "mrr_change", '"b" stands below zero at the end of 2024-02',
         "complete the log: an earlier change is missing"),
    ),
    "an account twice in a sheet": (
        "account,2024-01,2024-02|a,1,1|b,1,1|c,1,1|b,2,2|c,1,1",
        ("RC219", [3, 4, 5, 6], 1, "account", '"b" has more than one row',
         "--duplicates sum   adds them up"),
    ),
    "two columns of one month": (
        "account,Feb 24,2024-01,Jan 24,2024/01|a,1,1,1,1",
        ("RC207", [], 4, "Jan 24", "the columns '2024-01', 'Jan 24', '2024/01'",
         "leave one of them out of the export"),
    ),
    "six months missing in a sheet": (
        "account,2024-01,2024-09|a,1,1",
        ("RC233", [], None, None, "there is no column for 2024-02, 2024-03, 2024-04, 2024-05, "
         "2024-06, 2024-07 …", "complete the sheet; --allow-empty-months  counts them as zero"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_cells(name: str, tmp_path: Path) -> None:
    text, expected = CELLS[name]
    assert refused(tmp_path, text.replace("|", "\n")) == [expected]


PANEL = "account,month,mrr\na,2024-01,1\nb,2024-01,1\na,2024-02,1\nb,2024-02,1"
MIXED = "account,month,mrr,currency\na,2024-01,1,USD\nb,2024-01,1,EUR\nb,2024-02,1,EUR"
TO_USD = "currency: {report: USD, policy: monthly}"

FILES = {
    "two rates for a month": (
        "month,currency,rate|2024-01,EUR,1.1|2024-02,EUR,1|2024-02,GBP,2|2024-02,eur,1.2",
        "fx", TO_USD,
        ("RC228", [3, 5], 1, "month", "EUR has more than one rate in a month", "keep one of them"),
    ),
    "what is no rate": (
        "month,currency,rate|2024-01,EUR,1.1|2024-02,EUR,0|2024-03,EUR,1|2024-04,EUR,1.0000000001"
        "|2024-05,EUR,1234567890|2024-06,EUR,-1|2024-07,EUR,123456789.123456789|2024-08,EUR,1e-3",
        "fx", TO_USD,
        ("RC229", [3, 5, 6, 7], 3, "rate", '"0" is no positive number of up to 9 decimals',
         "write the value of one unit in the reporting currency, such as 1.0842"),
    ),
    "rates of the reporting currency": (
        "month,currency,rate|2024-01,EUR,1.1|2024-01,USD,1.00|2024-02,USD,0.9|2024-03,EUR,1"
        "|2024-03,USD,0.8",
        "fx", TO_USD,
        ("RC229", [4, 6], 3, "rate", "one USD is worth 0.9 USD",
         "write what one unit of the other currencies is worth in USD"),
    ),
    "a rate that is missing": (
        "month,currency,rate|2024-01,EUR,1.1|2024-03,EUR,1", "fx", TO_USD,
        ("RC227", [], None, None, "none for EUR 2024-02",
         "add them to {folder}/fx.csv: month,currency,rate"),
    ),
    "rates without a column": (
        "month,code,quote|2024-01,EUR,1.1", "fx", TO_USD,
        ("RC245", [], None, None, "the columns are: month, code, quote",
         "a rates file has the columns month, currency and rate"),
    ),
    "a customer twice": (
        "plan,account|Pro,b|Pro,a|Team,c|Team,a|Pro,c", "customers", "",
        ("RC241", [3, 4, 5, 6], 2, "account", '"a" has more than one row',
         "keep one row per account, or name the day each holds from: valid_from"),
    ),
    "a customer twice from one day": (
        "account,plan,valid_from|a,Pro,2024-01-01|b,Pro,2024-01-01|b,Pro,2024-01-02"
        "|b,Team,2024-01-01", "customers", "",
        ("RC248", [3, 5], 1, "account", '"b" has two rows that hold from one day',
         "keep one of them"),
    ),
    "customers without an id": (
        "who,plan|a,Pro", "customers", "",
        ("RC242", [], None, None, "the columns are: who, plan",
         "give it the same name as in the MRR export"),
    ),
    "an account renamed twice": (
        "from,to|z,y|a,x|b,x|a,y|,x|c,", "mergers", "",
        ("RC211", [6], 1, "from", '"" is no id', "fill the id"),
        ("RC211", [7], 2, "to", '"" is no id', "fill the id"),
        ("RC243", [3, 5], 1, "from", '"a" becomes more than one account', "keep one row"),
    ),
    "a circle": (
        "from,to|z,a|a,b|b,c|c,a", "mergers", "",
        ("RC244", [], None, None, "a → b → c → a", None),
    ),
    "a circle of six": (
        "from,to|a,b|b,c|c,d|d,e|e,a", "mergers", "",
        ("RC244", [], None, None, "a → b → c → d → e → a", None),
    ),
    "a circle of eight": (
        "from,to|a,b|b,c|c,d|d,e|e,f|f,g|g,h|h,a", "mergers", "",
        ("RC244", [], None, None, "a → b → c → d → e → f → … → a", None),
    ),
    "mergers without a column": (
        "from,into what|a,b", "mergers", "",
        ("RC245", [], None, None, "the columns are: from, into what",
         "a file of mergers has the columns from, to and, if you like, date"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_further_files(name: str, tmp_path: Path) -> None:
    text, option, config, *expected = FILES[name]
    path = write(tmp_path, text.replace("|", "\n"), f"{option}.csv")
    data = MIXED if option == "fx" else PANEL
    by = ["plan"] if option == "customers" else None
    found = refused(tmp_path, data, config, by=by, **{option: path})
    there = [(*rest, fix and fix.format(folder=tmp_path)) for *rest, fix in expected]
    assert found == there
