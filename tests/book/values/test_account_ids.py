"""Ids that look alike are kept apart, and said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from book.books import book
from book.command import answer, closings


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("Caf\u00e9", "Cafe\u0301", "RC834"),
        ("Caf\u00e9", "CAF\u00c9", "RC834"),
        ("acme", "ac\u200bme", "RC834"),
        ("acme", "ac\u00adme", "RC834"),
        ("\uff21cme", "Acme", "RC834"),
        ("acme", "ACME", "RC834"),
        ("12", "0012", "RC835"),
        ("acme", "acne", None),
        ("10", "1", None),
    ],
)
def test_ids_that_look_alike_are_kept_apart(tmp_path, one, other, code):
    made = book(tmp_path, f"account,month,mrr\n{one},2024-01,1\n{other},2024-01,2\nx,2024-01,1\n")
    assert len(made.accounts) == 3
    told = {n.code: n.message for n in made.notes if n.code in ("RC834", "RC835")}
    assert list(told) == ([] if code is None else [code])
    for text in told.values():
        assert text.startswith("ids that are the same") and text.count(" and ") == 1


def test_look_alikes_are_those_of_the_ids_that_count(tmp_path):
    """After white space is cut, and without the rows that are left out."""
    rows = "account,month,mrr\n Acme,2024-01,1\nacme,2024-01,2\nTotal,2024-01,3\ntotal,2024-01,3\n"
    made = book(tmp_path, rows, drop_total_rows=True)
    (note,) = [n for n in made.notes if n.code == "RC834"]
    assert note.message.endswith("kept apart: 'Acme' and 'acme'")


def test_three_groups_of_alike_ids_are_shown(tmp_path):
    rows = [f"{name},2024-01,1" for letter in "abcd" for name in (letter, letter.upper())]
    made = book(tmp_path, "\n".join(["account,month,mrr", *rows]))
    (text,) = (n.message for n in made.notes if n.code == "RC834")
    assert text.startswith("ids that are the same")
    assert text.endswith("'A' and 'a'; 'B' and 'b'; 'C' and 'c'")


def test_a_bare_id_is_not_the_account_without_a_question(tmp_path: Path) -> None:
    text = (
        "id,shop_id,started_at,ended_at,mrr\n1,A,2025-01-05,2025-02-10,50\n"
        "2,A,2025-02-10,,80\n3,B,2025-01-20,,30\n4,C,2025-02-28,,30\n"
    )
    done = answer(tmp_path, text)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC256" in done.stderr
    assert closings(answer(tmp_path, text, "--customer-column", "shop_id")) == ["80.00", "140.00"]


def test_numbers_with_a_point_are_one_account_across_files(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,plan\n1,Pro\n2,Basic\n")
    text = "customer_id,month,mrr\n1.0,2025-01,100\n1.0,2025-02,120\n2.0,2025-01,50\n"
    args = ("--customers", "customers.csv", "--by", "plan")
    rows = json.loads(answer(tmp_path, text, *args, command="nrr").stdout)["rows"]
    opening = {row["segment"].get("plan"): row["opening_mrr"] for row in rows}
    assert opening == {"Basic": "50.00", "Pro": "100.00", None: "150.00"}


@pytest.mark.parametrize("word", ["NULL", "nan", "None"])
def test_a_missing_id_is_refused(tmp_path: Path, word: str) -> None:
    done = answer(tmp_path, f"customer_id,month,mrr\n{word},2025-01,100\nB,2025-01,50\n")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC211" in done.stderr
