"""Ids that look alike are kept apart, and said."""

import pytest

from book.books import book


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
