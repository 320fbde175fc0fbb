"""What the name of an amount says: for how long it is, whether for one seat, and in what unit."""

from __future__ import annotations

from collections.abc import Sequence
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
# moments of an amount in a log: what was in force before a row, and what is from it on
_BEFORE = frozenset(
    ("before", "old", "previous", "prior", "prev", "from", "former", "vorher", "alt", "alte")
    + ("alter", "bisher", "avant", "ancien", "antes", "anterior", "prima", "precedente", "vecchio")
    + ("voor", "oud", "oude", "vorig", "vorige")
)
_AFTER = frozenset(
    ("after", "to", "new", "resulting", "updated", "nachher", "neu", "neue", "neuer", "danach")
    + ("apres", "nouveau", "despues", "nuevo", "dopo", "nuovo", "depois", "novo", "na", "nieuw")
    + ("nieuwe",)
)
# an amount that has been converted to one currency, whatever stands beside it
_CONVERTED = frozenset(
    ("base", "converted", "home", "reporting", "report", "normalized", "normalised", "company")
    + ("consolidated", "functional", "corporate", "group", "konvertiert", "umgerechnet", "converti")
    + ("convertido", "convertito", "omgerekend")
)
_BETRAG = frozenset(
    ("betrag", "montant", "importe", "importo", "valor", "bedrag", "preis", "prix", "umsatz")
    + ("beitrag", "prezzo", "precio", "preco", "prijs", "belob", "belopp", "belop", "kwota")
)
# amounts beside the one that is paid
_ASIDE = (
    *("steuer", "mwst", "ust", "tva", "iva", "btw", "moms", "rabatt", "remise", "descuento"),
    *("sconto", "desconto", "korting", "taxe", "imposto", "imposta", "impuesto"),
)
_MONTHLY_STEMS = ("monat", "mensu", "mensil", "mensal", "maand", "monthly", "month", "mtl")
_YEARLY_STEMS = ("jahr", "jaehr", "annu", "anual", "jaar", "year")
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
    if any(word.endswith(base) for word in rest for base in _BETRAG):
        aside = any(word.startswith(_ASIDE) for word in rest)
        return None if aside else AmountName(4, _grain(rest), False, False, cents, currency)
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


def in_some_language(folded: str) -> AmountName:
    """What any other name of an amount says: monthly or yearly by its words, else a price."""
    words = [w for w in folded.split("_") if w not in _BEFORE | _AFTER]
    known = amount_name("_".join(words))
    if known is not None:
        return known
    return AmountName(3, _grain(words), plain=False)


def _grain(words: Sequence[str]) -> Grain:
    """Whether words of any language say monthly or yearly; else a price."""
    if any(word.startswith(_MONTHLY_STEMS) for word in words):
        return "month"
    return "year" if any(word.startswith(_YEARLY_STEMS) for word in words) else "price"


def in_one_currency(folded: str) -> bool:
    """Tell whether a name is that of an amount in one currency: ``amount_base``, ``mrr_usd``."""
    words = folded.split("_")
    rest = [w for w in words if w not in _CONVERTED | CODES and w not in ("in", "to", "currency")]
    if len(rest) == len(words) or (words[-1] == "currency" and "in" not in words):
        return False
    list_price = "base" in words and rest[-1:] != ["amount"] and rest[-1:] != ["mrr"]
    return bool(rest) and not list_price and _is_amount("_".join(rest))


def before_and_after(names: Sequence[str]) -> tuple[str, str] | None:
    """Two folded names of one amount before and after the events of a log; None without them."""
    rests = {name: _rest(name) for name in names}
    for before, rest in rests.items():
        if not _BEFORE & {*before.split("_")} or not _is_amount(rest):
            continue
        others = [name for name, other in rests.items() if other == rest and name != before]
        after = [name for name in others if not _BEFORE & {*name.split("_")}]
        if len(after) == 1:
            return before, after[0]
    return None


def _rest(name: str) -> str:
    return "_".join(word for word in name.split("_") if word not in _BEFORE | _AFTER)


def _is_amount(name: str) -> bool:
    return amount_name(name) is not None


def is_after(folded: str) -> bool:
    """Tell whether a name is that of an amount from an event on: ``new_mrr``, ``mrr_after``."""
    return bool(_AFTER & {*folded.split("_")}) and _is_amount(_rest(folded))
