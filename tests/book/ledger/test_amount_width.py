"""Amounts are held in 64 bits, and in 128 where their sum may need it."""

import polars as pl
import pytest

from book.books import book, mrr_of


@pytest.mark.parametrize(
    ("count", "amount", "kind"),
    [
        (5, "1000000000000", pl.Int64),
        (4611, "10000000000000", pl.Int64),
        (4612, "10000000000000", pl.Int128),
    ],
)
def test_sums_have_room(tmp_path, count, amount, kind):
    """2**62 cents are 46,116,860,184,273,879.04: more may be summed in 128 bits only."""
    rows = [f"a,s{i},2024-01,{amount}" for i in range(count)]
    text = "\n".join(["account,subscription_id,month,mrr", *rows])
    made = book(tmp_path, text)
    assert made.ledger.schema["amount"] == kind
    assert mrr_of(made)["a"]["2024-01"] == count * int(amount)
    assert made.sources[0].total_mrr == count * int(amount)


def test_small_amounts_beside_a_large_one_need_no_more_room(tmp_path):
    rows = ["a,s,2024-01,10000000000000", *(f"b,s{i},2024-01,1" for i in range(5000))]
    text = "\n".join(["account,subscription_id,month,mrr", *rows])
    assert book(tmp_path, text).ledger.schema["amount"] == pl.Int64
