"""What the name of an amount says: for how long it is, whether for one seat, and in what unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Grain = Literal["month", "year", "term", "price"]

_MRR = frozenset(
    ("mrr", "mrr_amount", "monthly_recurring_revenue", "total_mrr", "current_mrr", "monthly_mrr")
    + ("mrr_usd", "mrr_eur", "mrr_gbp", "recurring_revenue")
)
_ARR = frozenset(
    ("arr", "arr_amount", "annual_recurring_revenue", "arr_usd", "arr_eur")
    + ("annual_contract_value", "acv", "annual_recurring_revenue_arr")
)
_TERM = frozenset(("total_contract_value", "tcv", "contract_value"))
_AMOUNT = frozenset(
    ("amount", "revenue", "monthly_revenue", "monthly_amount", "subscription_cost")
    + ("subscription_amount", "plan_amount", "plan_price", "recurring_amount")
    + ("total_recurring_amount",)
)
_OTHERS = frozenset(
    ("price", "cost", "value", "fee", "total", "sales", "unit_amount", "unit_price", "line_total")
    + ("line_amount",)
)
_RANKS = (_MRR, _ARR, _TERM, _AMOUNT, _OTHERS)
_GRAINS: tuple[Grain, ...] = ("month", "year", "term", "price", "price")
_PER_UNIT = frozenset(("unit_amount", "unit_price", "plan_amount", "plan_price", "price"))

_CENTS = frozenset(("cents", "cent", "pence", "minor"))
CODES = frozenset(
    [
        "usd",
        "eur",
        "gbp",
        "chf",
        "cad",
        "aud",
        "jpy",
        "sek",
        "nok",
        "dkk",
        "pln",
        "czk",
        "inr",
        "brl",
        "mxn",
        "nzd",
    ]
)
_MONTHLY, _YEARLY = frozenset(("monthly",)), frozenset(("annual", "annually", "yearly"))
_SEAT = frozenset(("seat", "user", "license", "licence", "unit", "member"))
_BESIDE = frozenset(("net", "gross", "current", "in", "subscription", "plan", "recurring"))
_BASE = frozenset(
    ("mrr", "arr", "acv", "price", "fee", "revenue", "cost", "charge", "charges", "amount")
    + ("value", "spend", "subscription", "recurring")
)


@dataclass(frozen=True, slots=True)
class AmountName:
    """How an amount's name is understood.

    ``rank``: 0 for the name that is most surely the amount. ``plain``: the name stands in the
    lists as it is. ``grain``: a monthly or yearly amount, that of a whole term, or a price of a
    billing interval. ``per_unit``: the price of one seat. ``currency``: the code it names.
    """

    rank: int
    grain: Grain
    plain: bool = True
    per_unit: bool = False
    cents: bool = False
    currency: str | None = None


@lru_cache(maxsize=1 << 14)
def amount_name(folded: str) -> AmountName | None:
    """What a folded header (``annual_price_usd``) says; None where it names no amount."""
    words = folded.split("_")
    codes = [word for word in words if word in CODES]
    cents = any(word in _CENTS for word in words)
    rest = [word for word in words if word not in CODES and word not in _CENTS]
    if cents:
        rest = [word for word in rest if word not in ("in", "units")]
    known = next(
        (r for r, names in enumerate(_RANKS) for n in (folded, "_".join(rest)) if n in names), None
    )
    currency = codes[0].upper() if len(codes) == 1 else None
    if known is not None:
        name = "_".join(rest)
        grain: Grain = "month" if name.startswith("monthly_") else _GRAINS[known]
        plain = any(folded in names for names in _RANKS)
        return AmountName(known, grain, plain, name in _PER_UNIT, cents, currency)
    return _composed(rest, cents=cents, currency=currency)


def _composed(words: list[str], *, cents: bool, currency: str | None) -> AmountName | None:
    """A name made of known words: ``net_mrr``, ``annual_price``, ``price_per_seat``."""
    left, period, per_unit = list(words), set[Grain](), False
    for at, word in enumerate(words[:-1]):
        after = words[at + 1]
        if word == "per" and (after in _SEAT or after in ("month", "year")):
            per_unit = per_unit or after in _SEAT
            period |= {"month"} if after == "month" else {"year"} if after == "year" else set()
            left.remove(word)
            left.remove(after)
    told = {"month": _MONTHLY, "year": _YEARLY}
    period |= {g for g, names in told.items() if names & set(left)}  # type: ignore[misc]
    beside = (_SEAT | {"list"}) & set(left) if left[-1:] == ["price"] else set()
    per_unit = per_unit or bool(beside)
    left = [w for w in left if w not in _MONTHLY | _YEARLY | beside]
    bases = [w for w in left if w in _BASE]
    if not bases or set(left) - _BASE - _BESIDE or (left[0] in _BESIDE and left == bases[:1]):
        return None
    period |= {"month"} if "mrr" in left else {"year"} if {"arr", "acv"} & set(left) else set()
    changed = bool(period or per_unit or {"net", "gross", "current"} & set(words))
    if len(period) > 1 or not changed:
        return None
    rank = 0 if "mrr" in left else 1 if {"arr", "acv"} & set(left) else 4 if per_unit else 3
    grain: Grain = next(iter(period), "price")
    per_unit = per_unit or left[-1] == "price"
    return AmountName(rank, grain, False, per_unit, cents, currency)
