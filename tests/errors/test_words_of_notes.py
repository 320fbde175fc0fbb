"""What is noted while reading: its exact words and counts, and its places where it has some."""

from pathlib import Path

import pytest

from book.books import book, write

SUMMED = {"duplicates": "sum"}


def noted(folder: Path, text: str, config: str = "", **options: object) -> list[object]:
    made = book(folder, text.replace("|", "\n"), config, **options)
    quiet = ("RC891", "RC836")  # how the columns were read
    return [(n.code, n.message, [s.line for s in n.spots]) for n in made.notes
            if n.code not in quiet]  # fmt: skip


NOTES = {
    "nothing": ("account,month,mrr|a,2024-01,1.25|b,2024-01,0", {}),
    "white space around ids": (
        'account,month,mrr|a,2024-01,1|" b",2024-01,1|c ,2024-01,1|d,2024-01,1',
        {},
        ("RC833", "white space around ids is ignored", [3, 4]),
    ),
    "totals": (
        "account,month,mrr|a,2024-01,1|Total,2024-01,1|a,2024-02,2|total:,2024-02,2",
        {"drop_total_rows": True},
        ("RC837", "total rows are left out", [3, 5]),
    ),
    "alike but for zeros": (
        "account,month,mrr|007,2024-01,1|7,2024-01,1|70,2024-01,1",
        {},
        ("RC835", "ids that are the same apart from leading zeros are kept apart: "
         "'007' and '7'", []),
    ),
    "negative amounts": (
        "account,month,mrr|a,2024-01,-1|b,2024-01,1|c,2024-01,-0.01|d,2024-01,0",
        {"allow_negative": True},
        ("RC840", "negative amounts count as not active", [2, 4]),
        ("RC840", "2 account-months add up to less than zero: not active", []),
    ),
    "amounts finer than cents": (
        "account,month,mrr|a,2024-01,1.2555|b,2024-01,1",
        {},
        ("RC839", "amounts of mrr are finer than the minor unit; kept exactly", []),
    ),
    "annual amounts": (
        "account,month,arr|a,2024-01,12|b,2024-01,1.2",
        {},
        ("RC890", "arr is annual: a twelfth of it is the MRR", []),
    ),
    "rows that are summed": (
        "account,month,mrr|a,2024-01,1|b,2024-01,1|a,2024-01,2|b,2024-02,2",
        SUMMED,
        ("RC844", "rows that share account and month are summed", [2, 4]),
    ),
    "empty months": (
        "account,month,mrr|a,2024-01,1|a,2024-04,1|b,2024-06,1",
        {"allow_empty_months": True},
        ("RC843", "no row in 3 months, counted as zero", []),
        ("RC847", "1 account misses 2 months inside a life; counted as zero", []),
    ),
    "rows after the month": (
        "account,month,mrr|a,2024-01,1|a,2024-02,1|b,2024-02,1|a,2024-03,1|b,2024-03,1|c,2024-03,1",
        {"as_of": "2024-02"},
        ("RC842", "left out: 3 rows after 2024-02", []),
    ),
    "months of a sheet after the month": (
        "account,2024-01,2024-02,2024-03|a,1,1,1|b,1,1,1",
        {"as_of": "2024-02"},
        ("RC842", "months after 2024-02 are left out", []),
    ),
    "the last month of a sheet": (
        "account,2024-01,2024-02|a,1,1|b,1,1", {"as_of": "2024-02"},
    ),
    "the first month of a sheet": (
        "account,2024-01,2024-02|a,1,1|b,1,1",
        {"as_of": "2024-01"},
        ("RC842", "months after 2024-01 are left out", []),
    ),
    "empty cells of a sheet": (
        "account,2024-01,2024-02,2024-03|a,1,,-|b,,1,1|c,1,1,1|d,1,0,1",
        {},
        ("RC819", "3 empty cells of months count as zero", []),
    ),
    "empty months of a sheet": (
        "account,2024-01,2024-04,2024-06|a,1,1,1",
        {"allow_empty_months": True},
        ("RC843", "no column for 3 months, counted as zero", []),
    ),
    "four months without an entry": (
        "account,2023-11,2023-12,2024-01,2024-02,2024-03,2024-04|a,,-,1,1,,–",
        {},
        ("RC819", "months at the ends without any entry are left out: 2023-11, 2023-12, 2024-03, "
         "2024-04", []),
    ),
    "five months without an entry": (
        "account,2023-10,2023-11,2023-12,2024-01,2024-02,2024-03,2024-04|a,,,-,1,1,,–",
        {},
        ("RC819", "months at the ends without any entry are left out: 2023-10, 2023-11, 2023-12, "
         "2024-03 …", []),
    ),
    "several values of a segment": (
        "account,subscription_id,month,mrr,plan|a,s,2024-01,1,x|a,t,2024-01,2,y|a,s,2024-02,1,x"
        "|a,t,2024-02,1,x|b,u,2024-01,0,x|b,v,2024-01,0,y",
        {"by": ["plan"]},
        ("RC845", "1 account-month holds several values of plan; the largest amount's counts: "
         "1 account, 20.0% of the MRR is under another value", []),
    ),
    "trials and strange words": (
        "account,start,end,mrr,status|a,2024-01-01,,1,active|b,2024-01-01,,1,Trialing"
        "|c,2024-01-01,,1,golden|d,2024-01-01,,1,draft|e,2024-01-31,,1,odd",
        {"left_out": "50%"},
        ("RC816", "status not known, taken as active: golden, odd: 2 rows of 2 accounts (40%), "
            "2.00 of 5.00 (40%)", [4, 6]),
        ("RC815", "no revenue, left out: status is Trialing, draft: 2 rows of 2 accounts (40%), "
            "2.00 of 5.00 (40%)", [3, 5]),
    ),
    "stopped subscriptions": (
        "account,start,end,mrr,status,paused_at|a,2024-01-01,,1,active,"
        "|b,2024-01-01,,1,paused,2024-02-15|c,2024-01-01,,1,unpaid,|d,2024-01-31,,1,on hold,"
        "|e,2024-02-29,,1,active,",
        {},
        ("RC824", "paused subscriptions no longer count (--paused drop)", [3, 5]),
        ("RC824", "past due subscriptions still count (--past-due keep)", [4]),
    ),
    "trials that end": (
        "account,start,end,mrr,trial_end|a,2024-01-01,,1,2024-01-15|b,2024-01-01,,1,2024-01-01"
        "|c,2024-01-01,,1,|d,2024-01-30,,1,2024-01-31|e,2024-01-31,,1,2024-01-30",
        {},
        ("RC831", "revenue begins when the trial is over (trial_end)", [2, 5]),
    ),
    "an inclusive end": (
        "account,start,end,mrr|a,2024-01-01,2024-01-31,1|b,2024-01-31,,1",
        {"config": "billing: {period_end: inclusive}"},
        ("RC899", "the day of end belongs to the row", []),
    ),
    "a log that checks": (
        "date,account,mrr_change,mrr_after|2024-01-31,a,10,10|2024-02-29,a,5,15",
        {},
        ("RC899", "the changes add up to mrr_after in every row", []),
    ),
    "a log that begins in the middle": (
        "date,account,mrr_change,mrr_after|2024-01-31,a,10,12|2024-01-31,b,1,1|2024-02-29,c,5,15",
        {},
        ("RC899", "the changes add up to mrr_after in every row", []),
        ("RC823", "2 accounts or subscriptions have MRR before their first change; it counts from "
         "the first month of the log", []),
    ),
    "a log without signs": (
        "date,account,movement_type,mrr|2024-01-31,a,new,10|2024-02-29,a,contraction,5",
        {},
        ("RC822", "amounts have no sign; movement_type tells which lower the MRR", []),
    ),
    "a snapshot": (
        "account,tenure,churn|a,3,no|b,1,yes",
        {},
        ("RC826", "the export has no dates: it tells who left, not when", []),
        ("RC829", "the export holds no revenue: it tells of accounts and their survival only", []),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTES)
def test_notes(name: str, tmp_path: Path) -> None:
    text, options, *expected = NOTES[name]
    assert noted(tmp_path, text, **options) == expected


PANEL = "account,month,mrr|a,2024-01,1|b,2024-01,2|c,2024-01,3|a,2024-02,1"
FILES = {
    "accounts in one file only": (
        "customers", "account,plan|a,x|b,x|x,x|y,x|z,x", {"by": ["plan"]},
        ("RC846", "1 account is not in FILE; the segment is (none)", []),
        ("RC893", "no MRR row for 3 accounts of FILE", []),
    ),
    "the same accounts in both": ("customers", "account,plan|a,x|b,x|c,x", {"by": ["plan"]}),
    "mergers": (
        "mergers", "from,to|a,c|b,c", {},
        ("RC899", "2 accounts count as the one merged into", []),
    ),
    "mergers that come later": (
        "mergers", "from,to,date|a,c,2024-02-29|b,c,2024-03-01|c,d,2024-03-31", {},
        ("RC827", "2 mergers after 2024-02 do not count yet", []),
        ("RC899", "1 account counts as the one merged into", []),
    ),
    "mergers by the month asked for": (
        "mergers", "from,to,date|a,c,2024-02-29|b,c,2024-01-31", {"as_of": "2024-01"},
        ("RC842", "left out: 1 row after 2024-01", []),
        ("RC827", "1 mergers after 2024-01 do not count yet", []),
        ("RC899", "1 account counts as the one merged into", []),
    ),
    "parents": (
        "customers", "account,parent|a,P|b,P|c,", {"parent": "parent"},
        ("RC899", "3 accounts roll up to 2 by parent", []),
        ("RC846", "1 account is not in FILE; the segment is (none)", []),
        ("RC893", "no MRR row for 2 accounts of FILE", []),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_notes_of_further_files(name: str, tmp_path: Path) -> None:
    option, text, options, *expected = FILES[name]
    path = write(tmp_path, text.replace("|", "\n"), "further.csv")
    there = [(code, message.replace("FILE", path), lines) for code, message, lines in expected]
    assert noted(tmp_path, PANEL, **{option: path}, **options) == there
