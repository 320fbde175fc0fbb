"""Kinds of movements: which raise the MRR, which lower it, and which change nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from retcalc.book.values.billing_intervals import folded

_UP = (
    "new, new_biz, new_business, new_logo, new_customer, new_mrr, new_subscription, signup, "
    "sign_up, subscribed, subscribe, started, start, created, create, activation, activated, "
    "expansion, expanded, upgrade, upgraded, upsell, upsold, up_sell, cross_sell, crosssell, "
    "add_on, addon, increase, increased, price_increase, seats_added, "
    "reactivation, reactivated, resurrected, resurrection, resubscribed, resubscription, winback, "
    "win_back, won_back, recovered, returned, resumed, resume, "
    "neu, neukunde, neugeschaft, neuabschluss, erweiterung, erhohung, preiserhohung, "
    "reaktivierung, reaktiviert, ruckgewinnung, nouveau, nouvelle, nouveau_client, hausse, "
    "augmentation, reactivation_client, nuevo, nueva, alta, ampliacion, aumento, contratacion, "
    "reactivacion, nuovo, nuova, espansione, riattivazione, novo, nova, expansao, reativacao, "
    "nieuw, nieuwe_klant, uitbreiding, verhoging, heractivering"
)
_DOWN = (
    "churn, churned, lost, loss, cancellation, cancelled, canceled, cancel, new_cancelled, "
    "new_canceled, churn_delinquent, delinquent_churn, delinquent, churn_voluntary, "
    "voluntary_churn, voluntary, churn_involuntary, involuntary_churn, involuntary, "
    "logo_churn, deactivation, deactivated, deleted, expired, expiration, terminated, "
    "termination, ended, unsubscribed, paused, contraction, contracted, downgrade, "
    "downgraded, downsell, downsold, down_sell, decrease, decreased, price_decrease, "
    "seats_removed, shrink, shrinkage, partial_churn, discount, "
    "kundigung, gekundigt, abgang, verlust, reduzierung, verringerung, ruckgang, herabstufung, "
    "resiliation, resilie, perte, annulation, baisse, diminution, contraccion, reduccion, baja, "
    "cancelacion, perdida, disdetta, cancellazione, abbandono, contrazione, riduzione, "
    "cancelamento, perda, contracao, reducao, opzegging, opgezegd, krimp, inkrimping, verlies, "
    "verlaging"
)
SIGNS: Mapping[str, int] = {
    **dict.fromkeys(_UP.split(", "), 1),
    **dict.fromkeys(_DOWN.split(", "), -1),
}
# kinds that are no change, so that amounts beside them are what is in force
LEVELS = frozenset(
    ("no_change", "nochange", "unchanged", "same", "flat", "active", "existing", "retained")
    + ("retention", "renewal", "renewed", "recurring", "steady", "stable", "unverandert", "bestand")
    + ("verlangerung", "inchange", "stable", "renouvellement", "sin_cambio", "sin_cambios")
    + ("renovacion", "invariato", "rinnovo", "sem_alteracao", "renovacao", "ongewijzigd")
    + ("verlenging", "bestaand")
)
# kinds that are a change of either direction
_EITHER = frozenset(
    ("other", "others", "misc", "various", "sonstige", "autre", "otro", "altro", "outro", "overig")
    + (
        "updated",
        "update",
        "changed",
        "change",
        "plan_changed",
        "plan_change",
        "modified",
        "amended",
    )
    + ("amendment", "adjustment", "adjusted", "correction", "switch", "switched", "plan_switch")
    + ("migration", "price_change", "quantity_change", "anderung", "planwechsel", "modification")
    + ("cambio", "modifica", "alteracao", "wijziging")
)
_OVER = re.compile(
    r"churn|cancel|lost|loss|unsub|delet|ended|expir|terminat|deactiv|kundig|abgang|verlust|resili|"
    r"perte|annulation|baja|perdida|disdetta|abbandono|perda|opzeg|opgezegd|verlies"
)
_AROUND = re.compile(r"^(?:subscription|customer|account|mrr|movement|sub)_|_(?:mrr|subscription)$")
_MOST_WORDS = 40  # a column of more different ones tells something else
# what --word may call a kind: what it does to the MRR, None for rows that are no movement
_GIVEN: Mapping[str, str] = {
    "active": "renewal",
    "ended": "churn",
    "paused": "churn",
    "past-due": "renewal",
}


def kinds(words: pl.Series, given: Mapping[str, str] | None = None) -> pl.Series:
    """Fold words for comparison with SIGNS; those that the user ``given`` a meaning are it."""
    said = {folded(word): _GIVEN.get(meaning, meaning) for word, meaning in (given or {}).items()}
    known = {word: said.get(folded(word)) or _kind(word) for word in words.unique()}
    return words.replace_strict(known, return_dtype=pl.String)


def _kind(word: str) -> str:
    text = re.sub(r"[^a-z]+", "_", folded(word)).strip("_")
    bare = _AROUND.sub("", text)
    if is_known(text) or is_known(bare):
        return text if is_known(text) else bare
    told = [part for part in text.split("_") if is_known(part)]
    same = len({SIGNS.get(part) for part in told}) == 1 and told[0] in SIGNS
    return told[0] if same else text


def is_known(kind: str) -> bool:
    """Tell whether a folded word is the kind of a movement."""
    return kind in SIGNS or kind in LEVELS or kind in _EITHER


def is_over(kind: str) -> bool:
    """Tell whether a folded kind says that nothing is left."""
    return SIGNS.get(kind, 0) < 0 and bool(_OVER.search(kind)) and kind != "partial_churn"


def are_kinds(words: Sequence[str]) -> bool:
    """Tell whether most of the words of a column are kinds of movements, up and down or new."""
    filled = [_kind(word) for word in words if word.strip()]
    known = [kind for kind in filled if is_known(kind)]
    moves = {kind for kind in known if kind in SIGNS}
    return len(filled) <= _MOST_WORDS and len(moves) > 1 and 2 * len(known) >= len(filled)
