"""Names of columns: folded, found, and ranked by how much they tell."""

import pytest

from retcalc.book.columns.column_names import (
    candidates,
    find_column,
    is_named,
    mark,
    normalise,
    unmark,
)


@pytest.mark.parametrize(
    ("header", "folded"),
    [
        ("Account ID", "account_id"),
        ("accountId", "account_id"),
        ("AccountID", "account_id"),
        ("customerid", "customer_id"),
        ("paid", "paid"),
        ("Start (UTC)", "start"),
        ("Start (gmt) ", "start"),
        ("  MRR $ ", "mrr"),
        ("plan-name", "plan_name"),
        ("mrrUSD", "mrr_usd"),
    ],
)
def test_headers_are_folded(header, folded):
    assert normalise(header) == folded


def test_the_strongest_names_of_a_role_win():
    header = ["Email", "Company", "Account ID", "customer_id", "name"]
    assert candidates("customer", header) == ["Account ID", "customer_id"]
    assert candidates("customer", header[:2]) == ["Company"]
    assert candidates("customer", header[:1]) == ["Email"]
    assert candidates("customer", ["x"]) == []
    assert is_named("MRR", (("arr",), ("mrr",))) and not is_named("x", (("arr",), ("mrr",)))
    assert unmark(mark("plan")) == unmark("plan") == "plan"


def test_a_column_is_found_by_its_folded_name_when_there_is_one():
    assert find_column("plan", ["Plan ", "x"]) == "Plan "
    assert find_column("plan", ["Plan", "plan"]) == "plan"
    assert find_column("PLAN", ["Plan", "plan"]) is None
    assert find_column("plan", ["x"]) is None
