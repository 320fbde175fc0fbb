"""The words of a status, and how they are listed."""

import pytest

from retcalc.book.values.words.statuses import are_statuses, classes, listed


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("", "live"),
        ("  ", "live"),
        ("-", "live"),
        ("n/a", "live"),
        ("Active", "live"),
        ("in-trial", "none"),
        (" Past Due ", "past_due"),
        ("On Hold", "paused"),
        ("CANCELLED", "ended"),
        ("golden", "unknown"),
        ("Cancelled by customer", "ended"),
        ("Suspended (non-payment)", "paused"),
        ("Trial (14 days)", "none"),
        ("Pending cancellation", "live"),
        ("will be cancelled", "unknown"),
        ("nicht aktiv", "unknown"),
        ("requires_action", "none"),
        ("Résilié", "ended"),
        ("42", "unknown"),
    ],
)
def test_words_of_a_status(word, kind):
    assert classes([word]) == [kind]


def test_lists_of_words_are_short():
    assert listed(["b", "a", "b"]) == "a, b"
    assert listed(["d", "c", "b", "a"]) == "a, b, c, d"
    assert listed(["e", "d", "c", "b", "a"]) == "a, b, c, d …"


def test_the_user_gives_words_a_meaning():
    given = {"Gold-Member": "active", "dormant": "paused", "Late": "past-due"}
    assert classes(["gold member", "Dormant", "LATE"], given) == ["live", "paused", "past_due"]


def test_a_complete_payment_was_made_and_a_complete_subscription_is_over():
    assert classes(["Completed"], payments=True) == ["live"]
    assert classes(["Completed"]) == ["ended"]


@pytest.mark.parametrize(
    ("words", "are"),
    [
        (["active", "churned"], True),
        (["aktiv", "gekündigt", "Sonderfall"], True),
        (["Lead", "Customer"], False),
        (["free", "Pro", "Basic"], False),
        (["paid", "organic"], False),
        (["CA", "NY"], False),
        ([""], False),
    ],
)
def test_a_column_of_statuses_is_told_by_its_words(words, are):
    assert are_statuses(words) is are
