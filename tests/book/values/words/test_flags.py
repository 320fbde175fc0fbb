"""What columns of yes and no say of their rows, by their names."""

from __future__ import annotations

import pytest

from retcalc.book.values.words.flags import flag_of, flagged, is_flag


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("active", "live", "ended"),
        ("is_active", "live", "ended"),
        ("IsActive", "live", "ended"),
        ("Aktiv", "live", "ended"),
        ("actif", "live", "ended"),
        ("Subscription Active?", "live", "ended"),
        ("is_deleted", "none", "live"),
        ("_fivetran_deleted", "none", "live"),
        ("churned", "ended", "live"),
        ("Churn Flag", "ended", "live"),
        ("Gekündigt", "ended", "live"),
        ("is_trial", "none", "live"),
        ("refunded", "none", "live"),
        ("paused", "paused", "live"),
        ("is_paid", "live", "none"),
        ("bezahlt", "live", "none"),
        ("was_subscription_paid", "live", "none"),
    ],
)
def test_names_of_flags(header: str, yes: str, no: str) -> None:
    flag = flag_of(header)
    assert flag is not None
    assert (flag.yes, flag.no) == (yes, no)


@pytest.mark.parametrize(
    "header",
    ["auto_renew", "is_current", "vip", "churn_next_month", "plan", "left", "SeniorCitizen"],
)
def test_names_that_say_nothing_of_revenue(header: str) -> None:
    assert flag_of(header) is None


def test_a_blank_says_no_only_in_a_column_of_crosses() -> None:
    active, churned = flag_of("active"), flag_of("churned")
    assert active is not None
    assert churned is not None
    assert flagged(["x", ""], active) == ["live", "ended"]
    assert flagged(["1", "0", ""], active) == ["live", "ended", "live"]
    assert flagged(["Yes", ""], churned) == ["ended", "live"]


def test_flags_hold_yes_and_no_alone() -> None:
    assert is_flag(["Ja", "nein", ""])
    assert is_flag(["TRUE", "false"])
    assert is_flag(["1.0", "0.0"])
    assert not is_flag(["", " "])
    assert not is_flag(["yes", "2025-01-31"])
