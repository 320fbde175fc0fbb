"""Amounts that have no end as decimals are rounded so that what adds up still does."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from retcalc.core.result import Column, Currency, Quotient, Row
from retcalc.render.machine.rounded_sums import rounded_sums
from retcalc.render.numbers import money

SIGNS = {"opening": 1, "new": 1, "lost": -1}
BRIDGE = (
    *(Column(name, name, "money") for name in SIGNS),
    Column("closing", "closing", "money", made_of=Quotient(SIGNS, {})),
    Column("accounts", "accounts", "count"),
)
TWELFTHS = Currency("USD", parts=12)


def bridge(opening: int, new: int, lost: int) -> Row:
    lines = {"opening": opening, "new": new, "lost": lost}
    return Row({**lines, "closing": opening + new - lost, "accounts": 3})


def printed(row: Row, currency: Currency = TWELFTHS) -> dict[str, Fraction]:
    return {name: Fraction(money(row.values[name], currency)) for name in (*SIGNS, "closing")}


@given(*[st.integers(0, 10**9)] * 3)
def test_a_bridge_adds_up_to_the_last_decimal(opening, new, lost):
    row = bridge(opening, new, min(lost, opening))
    (rounded,) = rounded_sums((row,), BRIDGE, TWELFTHS)
    shown = printed(rounded)
    assert shown["opening"] + shown["new"] - shown["lost"] == shown["closing"]
    for name, value in shown.items():
        assert abs(value - Fraction(row.values[name], 1200)) < Fraction(1, 10**8)
        assert (value == 0) == (row.values[name] == 0)
    assert shown["closing"] == printed(row)["closing"]
    assert shown["opening"] == printed(row)["opening"]
    assert rounded.values["accounts"] == 3


def test_a_figure_that_is_not_known_stays_so():
    row = Row({"opening": 100, "new": None, "lost": 100, "closing": None}, reasons={"new": "why"})
    (rounded,) = rounded_sums((row,), BRIDGE, TWELFTHS)
    assert (rounded.values["new"], rounded.values["closing"]) == (None, None)
    assert rounded.reasons == {"new": "why"}


def test_a_list_adds_up_to_its_total():
    columns = (Column("account", "Account", "text"), Column("mrr", "MRR", "money"))
    rows = tuple(Row({"account": a, "mrr": m}) for a, m in zip("abc ", (100, 100, 100, 300)))  # noqa: B905
    shown = [money(r.values["mrr"], TWELFTHS) for r in rounded_sums(rows, columns, TWELFTHS)]
    assert shown == ["0.08333333", "0.08333334", "0.08333333", "0.25"]


def test_rows_that_add_up_to_nothing_are_rounded_alone():
    columns = (Column("mrr", "MRR", "money"),)
    rows = tuple(Row({"mrr": m}) for m in (100, 100, 500))
    shown = [money(r.values["mrr"], TWELFTHS) for r in rounded_sums(rows, columns, TWELFTHS)]
    assert shown == ["0.08333333", "0.08333333", "0.41666667"]


def test_a_currency_that_is_not_split_is_left_alone():
    rows = (bridge(1, 2, 1),)
    assert rounded_sums(rows, BRIDGE, Currency("USD")) is rows
