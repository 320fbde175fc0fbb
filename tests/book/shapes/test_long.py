"""Long panels: one row an account and month."""

from pathlib import Path

import pytest

from book.books import book, codes, joined, months, mrr_of, named
from helpers import run
from retcalc.book.shapes.common import month_checks
from retcalc.core.findings import RetcalcError

PANEL = """
account,month,mrr
a,2024-01,10
b,2024-01,5
b,2024-02,5
b,2024-03,5
a,2024-04,30
b,2024-04,5
"""


def test_a_missing_month_is_zero_refused_or_carried(tmp_path: Path) -> None:
    zero = book(tmp_path, PANEL)
    assert sorted(mrr_of(zero)["a"]) == ["2024-01", "2024-04"]
    assert "RC847" in codes(zero)
    carried = book(tmp_path, PANEL, "missing_month: carry")
    assert mrr_of(carried)["a"] == joined(
        months("2024-01", "2024-03", 10), months("2024-04", "2024-04", 30)
    )
    refusing = book(tmp_path, PANEL, "missing_month: refuse")
    assert [n.is_error for n in refusing.notes if n.code == "RC847"] == [True]


@pytest.mark.parametrize("some", [1, 4, 5, 6])
def test_a_hole_is_found_however_many_rows_are_looked_at_first(tmp_path, some, monkeypatch):
    monkeypatch.setattr(month_checks, "_SOME", some)
    assert (book(tmp_path, PANEL).first, book(tmp_path, PANEL).last) == (24288, 24291)
    holed = "\n".join(line for line in PANEL.splitlines() if "2024-02" not in line)
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, holed)
    assert [f.code for f in error.value.findings] == ["RC233"]
    assert "RC843" in codes(book(tmp_path, holed, allow_empty_months=True))


def test_subscriptions_of_one_account_add_up(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """
        account,subscription_id,month,mrr
        a,s1,2024-01,10
        a,s2,2024-01,5
        """,
    )
    assert mrr_of(made) == {"a": {"2024-01": 15}}


def test_a_subscription_twice_is_a_duplicate(tmp_path: Path) -> None:
    text = "account,subscription_id,month,mrr\na,s1,2024-01,10\na,s1,2024-01,5\n"
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, text)
    assert [f.code for f in error.value.findings] == ["RC219"]


def test_total_rows_are_checked_month_by_month(tmp_path: Path) -> None:
    totals = "Total,2024-01,15\nTotal,2024-02,5\nTotal,2024-03,5\nTotal,2024-04,35\n"
    made = book(tmp_path, PANEL.strip() + "\n" + totals, drop_total_rows=True)
    assert mrr_of(made) == mrr_of(book(tmp_path, PANEL))
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, PANEL.strip() + "\n" + totals.replace(",35", ",36"), drop_total_rows=True)
    assert [f.code for f in error.value.findings] == ["RC238"]


def test_months_inside_a_life_are_counted(tmp_path):
    rows = ["a,2024-01,1", "a,2024-04,1", "a,2024-05,1", "b,2024-02,1", "b,2024-03,1"]
    made = book(tmp_path, "\n".join(["account,month,mrr", *rows]))
    assert "RC847 1 account misses 2 months inside a life" in named(made)


def test_months_that_carry_on_are_counted(tmp_path):
    rows = [
        "a,2024-01,1",
        "a,2024-04,1",
        "b,2024-01,1",
        "b,2024-02,1",
        "b,2024-03,1",
        "b,2024-04,1",
    ]
    made = book(tmp_path, "\n".join(["account,month,mrr", *rows]), "missing_month: carry")
    assert "RC847 2 missing months carry the amount before them on" in named(made)


def test_a_month_in_two_files_is_refused_and_never_summed(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("customer,mrr,month\nA,100,2025-01\nB,50,2025-01\n")
    refused = run("movements", "a.csv", "b.csv", cwd=tmp_path)
    assert refused.exit_code == 3
    assert "RC219: a month stands in two files" in refused.stderr
    assert "2025-01 is in a.csv and in b.csv" in refused.stderr
    assert "sum" not in refused.stderr
    last = run("movements", "a.csv", "b.csv", "--duplicates", "last", "-f", "json", cwd=tmp_path)
    assert [r["closing_mrr"] for r in last.json["rows"]] == ["150.00"]


def test_daily_snapshots_of_equal_amounts_are_offered_the_last_day_first(tmp_path):
    rows = [f"A,2025-01-{day:02d},100" for day in range(1, 32)]
    (tmp_path / "daily.csv").write_text("\n".join(["customer,date,mrr", *rows]) + "\n")
    refused = run("movements", "daily.csv", cwd=tmp_path)
    assert "fix    --duplicates last   keeps the last of each month" in refused.stderr
    last = run("movements", "daily.csv", "--duplicates", "last", "-f", "json", cwd=tmp_path)
    assert last.json["rows"][-1]["closing_mrr"] == "100.00"
