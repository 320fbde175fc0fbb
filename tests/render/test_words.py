"""Nothing unseen and nothing a terminal or a CI runner obeys gets through."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.render_samples import NAUGHTY
from retcalc.render.words import safe_text

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ZERO_WIDTH = set("\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u3164\ufe0f\ufeff\uffa0\U000e0041")
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Café 名前 Ωmega ñ", "Café 名前 Ωmega ñ"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x9b31m", r"\x9b31m"),
        ("\x7f\x00", r"\x7f\x00"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("\u202egnp", r"\u202egnp"),
        ("a\u200bb", r"a\u200bb"),
        ("\udcff", r"\udcff"),
        ("\U000e0041", r"\U000e0041"),
        (r"C:\new", r"C:\new"),
        ("::error::x", r":\x3aerror::x"),
        ("  ::error", r"  :\x3aerror"),
        ("a::b", "a::b"),
        ("##[error]x", r"##\x5berror]x"),
    ],
)
def test_what_is_shown(text, shown):
    assert safe_text(text) == shown


def unseen(text: str) -> set[str]:
    kinds = {"Cc", "Cs", "Zl", "Zp"}
    return {c for c in text if unicodedata.category(c) in kinds} | set(text) & (BIDI | ZERO_WIDTH)


@given(ANY_TEXT)
def test_any_text_becomes_visible(text):
    safe = safe_text(text)
    assert not unseen(safe)
    safe.encode("utf-8")
    assert not safe.lstrip().startswith("::")
    assert "##[" not in safe
    assert safe_text(safe) == safe


def test_naughty_strings_become_visible():
    for text in NAUGHTY:
        assert not unseen(safe_text(text))


@given(
    st.text(
        st.characters(
            categories=["L", "N", "P", "Sm", "Sc"], exclude_characters=":[\u3164\uffa0\u115f\u1160"
        )
    )
)
def test_ordinary_text_stays(text):
    assert safe_text(text) == text
