"""The two oracles against each other, and the laws that both must keep."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import cohorts, intervals, sql, walk
from oracle.panels import Panel, panels, random_panel, subscriptions
from oracle.walk import Rules

PANELS = 320
RULES = [
    Rules(basis, as_of, gap)
    for basis in ("endpoints", "monthly")
    for as_of in ("opening", "closing")
    for gap in (None, 0, 2)
]


def book(made: list[Panel]) -> sql.Book:
    return sql.Book(
        (number, r.account, r.month, r.minor, sql.SEPARATOR.join(r.segment))
        for number, panel in enumerate(made)
        for r in panel.rows
    )


@pytest.fixture(scope="module")
def made() -> list[Panel]:
    return [random_panel(seed) for seed in range(PANELS)]


@pytest.fixture(scope="module")
def tables(made: list[Panel]) -> sql.Book:
    return book(made)


def asked(made: list[Panel]) -> list[sql.Window]:
    """The whole panel and one inner window of every panel, under rotating rules."""
    windows = []
    for n, panel in enumerate(made):
        middle = (panel.first + panel.last) // 2
        windows += [
            sql.Window(n, panel.first, panel.last, RULES[n % len(RULES)]),
            sql.Window(n, middle, panel.last, RULES[(n + 5) % len(RULES)]),
            sql.Window(n, *walk.default_window(panel.first, panel.last)),
        ]
    return windows


def test_windows_agree_by_segment_and_in_total(made: list[Panel], tables: sql.Book) -> None:
    windows = asked(made)
    for window, from_sql in zip(windows, tables.windows(windows), strict=True):
        panel = made[window.panel]
        walked = walk.window(panel.mrr, window.s, window.e, window.rules, panel.segments())
        assert walked == from_sql


def test_roll_forwards_agree_in_every_month(made: list[Panel], tables: sql.Book) -> None:
    windows = [
        sql.Window(n, month - 1, month, Rules("monthly"))
        for n, panel in enumerate(made)
        for month in range(panel.first, panel.last + 1)
    ]
    answers = dict(zip(windows, tables.windows(windows), strict=True))
    for n, panel in enumerate(made):
        walked = walk.roll_forward(panel.mrr, panel.first, panel.last, segments=panel.segments())
        for month, facts in walked.items():
            assert facts == answers[sql.Window(n, month - 1, month, Rules("monthly"))]


def test_triangles_agree(made: list[Panel], tables: sql.Book) -> None:
    walked = [
        (n, c.cohort, c.age, c.accounts, c.mrr, c.gross_mrr, c.initial_accounts, c.initial_mrr)
        for n, panel in enumerate(made)
        for c in cohorts.triangle(panel.mrr, panel.last)
    ]
    assert walked == tables.triangle()


@settings(max_examples=15)
@given(panels(), st.sampled_from(RULES))
def test_oracles_agree_on_small_panels(panel: Panel, rules: Rules) -> None:
    window = sql.Window(0, panel.first, panel.last, rules)
    walked = walk.window(panel.mrr, window.s, window.e, rules, panel.segments())
    assert walked == book([panel]).windows([window])[0]


@settings(max_examples=100)
@given(panels(), st.sampled_from(RULES))
def test_every_bridge_closes(panel: Panel, rules: Rules) -> None:
    segments = panel.segments()
    facts = walk.window(panel.mrr, panel.first, panel.last, rules, segments)
    assert all(walk.identity_gap(row) == 0 == walk.accounts_gap(row) for row in facts.values())
    months = walk.roll_forward(panel.mrr, panel.first, panel.last, rules, segments)
    assert all(walk.identity_gap(row) == 0 for month in months.values() for row in month.values())
    for month in range(panel.first, panel.last):
        for name in ("mrr", "accounts"):
            closing = {k: v[f"closing_{name}"] for k, v in months[month].items()}
            opening = {k: v[f"opening_{name}"] for k, v in months[month + 1].items()}
            assert {k: v for k, v in closing.items() if v} == {
                k: v for k, v in opening.items() if v
            }


@settings(max_examples=100)
@given(panels(), st.sampled_from(RULES))
def test_laws_of_the_rates(panel: Panel, rules: Rules) -> None:
    for facts in walk.window(panel.mrr, panel.first, panel.last, rules, panel.segments()).values():
        values, reasons = walk.rates(facts, rules)
        assert {name for name, value in values.items() if value is None} == set(reasons)
        nrr, grr = values["nrr"], values["grr"]
        if nrr is not None and grr is not None:
            assert grr <= min(1, nrr)
            assert values["gross_revenue_churn"] == 1 - grr
            assert values["net_revenue_churn"] == 1 - nrr


@settings(max_examples=100)
@given(panels())
def test_segments_add_up_to_the_total(panel: Panel) -> None:
    facts = walk.window(panel.mrr, panel.first, panel.last, segments=panel.segments())
    total = facts.pop(walk.TOTAL)
    summed = walk.add(facts.values())
    assert summed["segment_in_mrr"] == summed["segment_out_mrr"]
    assert {k: v for k, v in summed.items() if not k.startswith("segment_")} == {
        k: v for k, v in total.items() if not k.startswith("segment_")
    }


@settings(max_examples=100)
@given(panels())
def test_one_month_windows_do_not_depend_on_the_basis(panel: Panel) -> None:
    s, e = panel.last - 1, panel.last
    endpoints = walk.window(panel.mrr, s, e, Rules("endpoints"), panel.segments())
    assert endpoints == walk.window(panel.mrr, s, e, Rules("monthly"), panel.segments())


@pytest.mark.parametrize("seed", range(60))
def test_subscriptions_give_their_panel_back(seed: int) -> None:
    panel = random_panel(seed)
    mrr = intervals.monthly(subscriptions(panel, seed), panel.last)
    assert {key: 100 * amount for key, amount in mrr.items()} == panel.mrr
