"""Parents, mergers and renames: who an id belongs to."""

from pathlib import Path

import pytest

from book.books import book, codes, joined, months, mrr_of, write
from helpers import run
from retcalc.book.ledger.parents_and_mergers import accepts_mergers
from retcalc.core.findings import RetcalcError

PANEL = """
account,month,mrr,parent_id
a1,2024-01,10,A
a2,2024-01,20,A
b,2024-01,5,
a1,2024-02,15,A
b,2024-02,5,
"""


def test_accounts_roll_up_to_a_column_of_their_own_rows(tmp_path: Path) -> None:
    """a2 leaves, A stays: contraction of its parent, not churn."""
    made = book(tmp_path, PANEL, "account: parent_id")
    assert mrr_of(made) == {
        "A": {"2024-01": 30, "2024-02": 15},
        "b": months("2024-01", "2024-02", 5),
    }
    row = run("nrr", tmp_path / "data.csv", "--parent", "parent_id", "-f", "json").total
    assert (row["churned_accounts"], row["expansion_mrr"], row["contraction_mrr"]) == (
        0,
        "0.00",
        "15.00",
    )


def test_duplicates_are_those_of_the_rows_not_of_the_parent(tmp_path: Path) -> None:
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, PANEL + "a1,2024-02,15,A\n", "account: parent_id")
    assert [f.code for f in error.value.findings] == ["RC219"]


def test_parents_and_segments_from_the_customers_file(tmp_path: Path) -> None:
    """A has a row of its own, whose plan counts; C has none, so its largest member's counts."""
    panel = """
    account,month,mrr
    a1,2024-01,10
    a2,2024-01,20
    c1,2024-01,1
    c2,2024-01,2
    b,2024-01,5
    """
    customers = """
    account,parent_id,plan
    A,,Top
    a1,A,Low
    a2,A,Low
    c1,C,Low
    c2,C,High
    b,,Low
    """
    listed = write(tmp_path, customers, "customers.csv")
    made = book(tmp_path, panel, "account: parent_id", customers=listed, by=["plan"])
    assert list(made.accounts) == ["A", "C", "b"]
    names = {
        made.accounts[account]: made.segments[seg]
        for account, seg in made.panel.rows.select("account", "seg").iter_rows()
    }
    assert names == {"A": ("Top",), "C": ("High",), "b": ("Low",)}


DATED = """
account,parent_id,plan,valid_from
a,X,Basic,2024-01-10
a,Y,Pro,2024-03-05
b,Y,Pro,2024-01-01
"""


def test_parents_as_they_were_when(tmp_path: Path) -> None:
    """a belongs to X until the end of February, to Y from March on."""
    panel = "account,month,mrr\n"
    panel += "".join(f"{n},2024-0{m},10\n" for m in (1, 2, 3, 4) for n in "ab")
    listed = write(tmp_path, DATED, "customers.csv")
    made = book(tmp_path, panel, "account: parent_id", customers=listed)
    assert mrr_of(made) == {
        "X": months("2024-01", "2024-02", 10),
        "Y": joined(months("2024-01", "2024-02", 10), months("2024-03", "2024-04", 20)),
    }


def test_segments_as_they_were_when(tmp_path: Path) -> None:
    """a changes its plan in March: its MRR leaves Basic and enters Pro on lines of their own."""
    panel = "account,month,mrr\n"
    panel += "".join(f"{n},2024-0{m},10\n" for m in (1, 2, 3, 4) for n in "ab")
    path, listed = write(tmp_path, panel), write(tmp_path, DATED, "customers.csv")
    done = run("movements", path, "--customers", listed, "--by", "plan", "-f", "json")
    march = {r["segment"].get("plan"): r for r in done.json["rows"] if r["month"] == "2024-03"}
    assert march["Basic"]["segment_out_mrr"] == march["Pro"]["segment_in_mrr"] == "10.00"
    assert (march["Basic"]["closing_mrr"], march["Pro"]["closing_mrr"]) == ("0.00", "20.00")
    assert march[None]["churn_mrr"] == "0.00"


def test_two_rows_that_hold_from_one_day(tmp_path: Path) -> None:
    listed = write(tmp_path, DATED + "a,Z,Pro,2024-03-05\n", "customers.csv")
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, "account,month,mrr\na,2024-01,1\n", customers=listed, by=["plan"])
    assert [f.code for f in error.value.findings] == ["RC248"]


MERGING = """
account,month,mrr
old,2024-01,10
firm,2024-01,30
buyer,2024-01,50
new,2024-02,10
buyer,2024-02,80
"""


def test_renamed_and_acquired_accounts_do_not_churn(tmp_path: Path) -> None:
    """old is new now, firm was bought by buyer: 80 before, 80 after."""
    mergers = write(tmp_path, "from,to\nold,new\nfirm,buyer\n", "renames.csv")
    path = write(tmp_path, MERGING)
    alone = run("nrr", path, "-f", "json").total
    assert (alone["churned_accounts"], alone["new_accounts"]) == (2, 1)
    row = run("nrr", path, "--mergers", mergers, "-f", "json").total
    assert (row["churned_accounts"], row["new_accounts"], row["nrr"]) == (0, 0, 1)
    made = book(tmp_path, MERGING, mergers=mergers)
    assert mrr_of(made) == {
        "buyer": months("2024-01", "2024-02", 80),
        "new": months("2024-01", "2024-02", 10),
    }


def test_a_later_merger_does_not_count_yet(tmp_path: Path) -> None:
    mergers = write(tmp_path, "from,to,date\nold,new,2024-02-29\nfirm,buyer,2024-03-01\n", "m.csv")
    made = book(tmp_path, MERGING, mergers=mergers)
    assert list(made.accounts) == ["buyer", "firm", "new"]
    assert "RC827" in codes(made)


def test_chains_of_mergers(tmp_path: Path) -> None:
    mergers = write(tmp_path, "from,to\nold,firm\nfirm,buyer\n", "m.csv")
    assert list(book(tmp_path, MERGING, mergers=mergers).accounts) == ["buyer", "new"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("from,to\nold,new\nold,buyer\n", "RC243"),
        ("from,to\nold,new\nnew,old\n", "RC244"),
        ("from,to\nold,\n", "RC211"),
        ("was,is\nx,y\n", "RC245"),
    ],
)
def test_mergers_that_are_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, MERGING, mergers=write(tmp_path, text, "m.csv"))
    assert [f.code for f in error.value.findings] == [code]


def test_a_merger_into_a_parent(tmp_path: Path) -> None:
    """The parent of a1 and a2 was itself renamed."""
    mergers = write(tmp_path, "from,to\nA,Alpha\n", "m.csv")
    made = book(tmp_path, PANEL, "account: parent_id", mergers=mergers)
    assert list(made.accounts) == ["Alpha", "b"]


@pytest.mark.parametrize(
    ("header", "fits"), [("from to", True), ("old_id new_id", True), ("from x", False), ("x to", 0)]
)
def test_which_rows_look_like_mergers(header, fits):
    assert accepts_mergers(header.split()) == bool(fits)
