"""Movement logs: changes add up to MRR, and to the log's own running total."""

from fractions import Fraction
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


def refusals(folder: Path, text: str, **options: object):
    with pytest.raises(RetcalcError) as error:
        book(folder, text.replace("|", "\n"), **options)
    return [f for f in error.value.findings if f.is_error]


KINDS = "account,date,type,amount|"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("new churn", "churn, new"),
        ("new Upgrade churn contraction", "churn, contraction, new, upgrade"),
        ("new upgrade churn contraction downsell", "churn, contraction, downsell, new"),
        ("new churn x y", "churn, new"),
        ("new churn x y z", None),
        ("new new x", None),
        ("card transfer", None),
    ],
)
def test_amounts_beside_kinds_may_be_changes(tmp_path, words, told):
    """Two kinds of change or more, and half of all words: that is a question."""
    rows = [f"a{i},2024-01-31,{word},1" for i, word in enumerate(words.split())]
    text = KINDS + "|".join(rows)
    if told is None:
        assert set(mrr_of(book(tmp_path, text.replace("|", "\n")))) == {
            f"a{i}" for i in range(len(rows))
        }
        return
    (error,) = refusals(tmp_path, text)
    assert (error.code, error.value) == ("RC249", f"type tells of {told}")


@pytest.mark.parametrize("shape", ["long", "movements"])
def test_the_shape_that_is_named_settles_it(tmp_path, shape):
    """As changes 5 and 2 less are 3 in February; as MRR they are 5 and then 2."""
    text = "account,date,type,amount\na,2024-01-31,new,5\na,2024-02-29,contraction,2\n"
    found = mrr_of(book(tmp_path, text, f"shape: {shape}"))
    assert found == {"a": {"2024-01": 5, "2024-02": 3 if shape == "movements" else 2}}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("new,10|churn,-4|other,-1", {"2024-01": 10, "2024-02": 6, "2024-03": 5}),
        ("new,10|churn,4|up-sell,1", {"2024-01": 10, "2024-02": 6, "2024-03": 7}),
        ("new,10|Expansion,0.5|increase,1", {"2024-01": 10, "2024-02": "10.5", "2024-03": "11.5"}),
        ("new,10|new biz,2|DOWN-SELL,1", {"2024-01": 10, "2024-02": 12, "2024-03": 11}),
        ("new,10|churn,0|other,-1", {"2024-01": 10, "2024-02": 10, "2024-03": 9}),
    ],
)
def test_signs_of_changes(tmp_path, rows, expected):
    """Where one amount has a sign, all have theirs; else the kinds that are known tell it."""
    lines = [f"a,2024-0{m}-28,{row}" for m, row in enumerate(rows.split("|"), 1)]
    lines.append("z,2024-03-31,new,0")
    text = "\n".join(["account,date,movement_type,mrr", *lines])
    there = {month: Fraction(amount) for month, amount in expected.items()}
    assert mrr_of(book(tmp_path, text))["a"] == there


def test_a_log_from_the_newest_day_on_is_read_from_its_end(tmp_path):
    """Two changes of one day stand in the order of the file, which runs backwards."""
    rows = ["a,2024-03-31,5,20", "a,2024-03-31,5,15", "a,2024-01-31,10,10"]
    text = "\n".join(["account,date,mrr_change,running_mrr", *rows]) + "\n"
    found = mrr_of(book(tmp_path, text))["a"]
    assert {m: int(v) for m, v in found.items()} == {"2024-01": 10, "2024-02": 10, "2024-03": 20}
