"""Columns that look as if they mattered and play no part: they are named, not guessed."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence

from retcalc.book.columns.amount_names import amount_name
from retcalc.book.columns.column_names import ROLES, normalise
from retcalc.book.values.words.flags import flag_of
from retcalc.core.findings import Finding

_MOST = 8  # named in one note
_TELLING = ("quantity", "status", "end", "kind", "movement", "interval", "trial_end", "paused")
_KNOWN = frozenset(name for role in _TELLING for rank in ROLES[role] for name in rank)
_WORDS = frozenset(
    ("discount", "coupon", "rebate", "credit", "credits", "refund", "refunded", "refunds", "tax")
    + ("vat", "price", "amount", "fee", "cost", "revenue", "mrr", "arr", "seats", "licenses")
    + ("licences", "quantity", "qty", "status", "stage", "state", "trial", "paid", "churned")
    + ("churn", "cancelled", "canceled", "expires", "expiry", "paused", "voided", "type", "kind")
)
_NO_MATTER = frozenset(("reason", "name", "id", "note", "notes", "comment", "band", "url", "link"))


def unread(header: Sequence[str], used: Collection[str]) -> list[Finding]:
    """One note that names the unused columns of money, quantity, status, kind or an end."""
    left = [name for name in header if name not in used and _matters(normalise(name))]
    if not left:
        return []
    listed = ", ".join(left[:_MOST]) + (" …" if len(left) > _MOST else "")
    fix = " ".join(f"--ignore {shlex.quote(name)}" for name in left[:_MOST])
    fix += "   if they do not matter" if len(left) > 1 else "   if it does not matter"
    return [Finding("RC866", f"not read: {listed}", fix=fix)]


def _matters(name: str) -> bool:
    words = name.split("_")
    if _NO_MATTER & set(words):
        return False
    told = name in _KNOWN or amount_name(name) is not None or flag_of(name) is not None
    return told or bool(_WORDS & set(words))
