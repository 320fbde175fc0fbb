"""The words of a status, and how they are listed."""

import pytest

from retcalc.book.values.words.statuses import classes, listed


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("", "live"),
        ("  ", "live"),
        ("Active", "live"),
        ("in-trial", "none"),
        (" Past Due ", "past_due"),
        ("On Hold", "paused"),
        ("CANCELLED", "ended"),
        ("golden", "unknown"),
    ],
)
def test_words_of_a_status(word, kind):
    assert classes([word]) == [kind]


def test_lists_of_words_are_short():
    assert listed(["b", "a", "b"]) == "a, b"
    assert listed(["d", "c", "b", "a"]) == "a, b, c, d"
    assert listed(["e", "d", "c", "b", "a"]) == "a, b, c, d …"
