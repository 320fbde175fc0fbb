"""Movement logs: changes add up to MRR, and to the log's own running total."""

from pathlib import Path

import pytest

from book.books import book, codes, joined, months, mrr_of
from retcalc.core.findings import RetcalcError

LOG = """
date,customer,mrr_change,mrr_after
2024-01-05,a,100,100
2024-01-20,a,20,120
2024-02-10,b,50,50
2024-03-31,a,-120,0
2024-05-31,a,80,80
"""


def refused(folder: Path, text: str) -> list[tuple[str, int | None]]:
    with pytest.raises(RetcalcError) as error:
        book(folder, text)
    return [(f.code, f.spots[0].line if f.spots else None) for f in error.value.findings]


def test_changes_add_up(tmp_path: Path) -> None:
    made = book(tmp_path, LOG)
    assert made.shape == "movements"
    assert mrr_of(made) == {
        "a": joined(months("2024-01", "2024-02", 120), months("2024-05", "2024-05", 80)),
        "b": months("2024-02", "2024-05", 50),
    }


def test_a_log_can_be_read_later_than_its_last_change(tmp_path: Path) -> None:
    made = book(tmp_path, LOG, as_of="2024-07")
    assert sorted(mrr_of(made)["b"])[-1] == "2024-07"


def test_a_log_is_read_the_same_backwards(tmp_path: Path) -> None:
    head, *rows = LOG.strip().splitlines()
    made = book(tmp_path, "\n".join([head, *reversed(rows)]))
    assert mrr_of(made) == mrr_of(book(tmp_path, LOG))


def test_a_log_that_misses_a_change(tmp_path: Path) -> None:
    assert refused(tmp_path, LOG.replace("2024-01-20,a,20,120\n", "")) == [("RC235", 4)]


def test_changes_below_zero(tmp_path: Path) -> None:
    text = "date,customer,mrr_change\n2024-01-05,a,100\n2024-02-05,a,-150\n2024-02-29,b,1\n"
    assert refused(tmp_path, text) == [("RC236", 3)]


def test_what_was_there_before_the_log(tmp_path: Path) -> None:
    """b had 30 when the log began, which the first total after its change of 20 shows."""
    made = book(
        tmp_path,
        """
        date,customer,mrr_change,mrr_after
        2024-01-05,a,100,100
        2024-03-31,b,20,50
        """,
    )
    assert mrr_of(made)["b"] == joined(
        months("2024-01", "2024-02", 30), months("2024-03", "2024-03", 50)
    )
    assert "RC823" in codes(made)


def test_kinds_give_the_sign_where_amounts_have_none(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """
        movement_type,date,customer,mrr
        New,2024-01-31,a,100
        Expansion,2024-02-05,a,50
        Contraction,2024-03-05,a,20
        Churn,2024-04-30,a,130
        """,
    )
    assert mrr_of(made) == {"a": {"2024-01": 100, "2024-02": 150, "2024-03": 130}}
    assert "RC822" in codes(made)


def test_kinds_that_contradict_the_sign(tmp_path: Path) -> None:
    text = """
    movement_type,date,customer,mrr
    new,2024-01-31,a,100
    churn,2024-02-05,a,100
    contraction,2024-02-05,a,-10
    """
    assert refused(tmp_path, text) == [("RC234", 3)]


def test_a_total_per_subscription_is_a_total_too(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """
        date,customer,subscription_id,mrr_change,mrr_after
        2024-01-05,a,s1,100,100
        2024-01-06,a,s2,10,10
        2024-02-29,a,s1,-100,0
        """,
    )
    assert mrr_of(made) == {"a": {"2024-01": 110, "2024-02": 10}}
