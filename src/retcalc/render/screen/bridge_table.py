"""The bridge from opening to closing MRR as rows, for a result that is one single row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from retcalc.core.result import Currency, Value
from retcalc.render.numbers import NOT_AVAILABLE, money_on_screen, percent, plain

# (words, money column, accounts column); a line of a column that is absent is left out.
_LINES = (
    ("  opening", "opening_mrr", "opening_accounts"),
    ("+ new", "new_mrr", "new_accounts"),
    ("+ reactivated", "reactivation_mrr", "reactivated_accounts"),
    ("+ expansion", "expansion_mrr", ""),
    ("- contraction", "contraction_mrr", ""),
    ("- churned", "churn_mrr", "churned_accounts"),
    ("+ currency effect", "fx_mrr", ""),
    ("+ from other segments", "segment_in_mrr", "segment_in_accounts"),
    ("- to other segments", "segment_out_mrr", "segment_out_accounts"),
    ("= closing", "closing_mrr", "closing_accounts"),
)
_NAMES = frozenset(name for _, *names in _LINES for name in names if name)
_FIGURE = (int, Fraction)
OPTIONAL = frozenset(name for _, *names in _LINES[6:9] for name in names)  # hidden when zero


def is_bridge(names: Sequence[str]) -> bool:
    """Tell whether columns of these names make a bridge."""
    return "opening_mrr" in names and "closing_mrr" in names


def in_bridge(name: str) -> bool:
    """Tell whether a column is one of the bridge's."""
    return name in _NAMES


def bridge_rows(
    values: Mapping[str, Value], names: Sequence[str], currency: Currency, minus: str
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Give header and rows: words, MRR, accounts (where counted), share of opening MRR."""
    counted = any(accounts in names for _, _, accounts in _LINES if accounts)
    rows = []
    for words, name, accounts in _LINES:
        dull = name in OPTIONAL and not values.get(name) and not values.get(accounts)
        if name not in names or dull:
            continue
        count = _count(values.get(accounts)) if accounts in names else ""
        share = _share(values.get(name), values.get("opening_mrr"))
        amount = _money(values.get(name), currency)
        label = words.replace("-", minus)
        rows.append((label, amount, count, share) if counted else (label, amount, share))
    heads = ("", "MRR", "accounts", "% of opening") if counted else ("", "MRR", "% of opening")
    return heads, tuple(rows)


def _money(value: Value, currency: Currency) -> str:
    return money_on_screen(value, currency) if isinstance(value, _FIGURE) else NOT_AVAILABLE


def _count(value: Value) -> str:
    return plain(value) if isinstance(value, int) else NOT_AVAILABLE


def _share(value: Value, opening: Value) -> str:
    if not isinstance(value, _FIGURE) or not isinstance(opening, _FIGURE) or opening <= 0:
        return NOT_AVAILABLE
    return percent(Fraction(value) / Fraction(opening))
