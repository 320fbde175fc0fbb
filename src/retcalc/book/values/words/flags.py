"""Columns of yes and no that say whether a row pays: ``active``, ``is_deleted``, ``churned``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from retcalc.book.values.billing_intervals import folded
from retcalc.book.values.words.statuses import CLASSES

YES = frozenset(
    ("yes", "y", "true", "t", "1", "on", "x", "ja", "j", "wahr", "oui", "o", "vrai", "si")
    + ("s", "verdadero", "vero", "sim", "verdadeiro", "waar", "✓", "✔")
)
NO = frozenset(
    ("no", "n", "false", "f", "0", "off", "nein", "falsch", "non", "faux", "falso", "nao")
    + ("nee", "onwaar")
)
_BESIDE = frozenset(
    ("is", "has", "was", "been", "are", "ist", "hat", "wurde", "est", "es", "e", "ha", "flag")
    + ("flg", "yn", "ind", "indicator", "bool", "account", "customer", "client", "user", "member")
    + ("subscription", "subscriber", "sub", "contract", "plan", "invoice", "payment", "order")
    + ("charge", "bill", "period", "month", "in", "this", "at", "end", "of", "the", "am", "le")
    + ("today", "fully", "currently", "now", "already", "marked", "row", "record", "line")
    + ("kunde", "abo", "vertrag", "abonnement", "cliente", "suscripcion", "abbonamento")
    + ("assinatura", "klant", "fivetran")
)
_NO_FLAGS = frozenset(  # words of statuses that say something else as yes or no
    ("left", "open", "current", "future", "completed", "complete", "requested", "pause")
    + ("scheduled", "proposal", "negotiation", "qualification", "prospecting", "concept", "probe")
    + ("hold", "cancel", "former", "archived", "error", "teste", "proef", "grace", "expire")
)
_PAYS_WITH_YES = frozenset(  # no: there was never any revenue
    ("paid", "paying", "billable", "recurring", "collected", "captured", "settled", "succeeded")
    + ("successful", "valid", "bezahlt", "zahlend", "paye", "payee", "payant", "payante", "pagado")
    + ("pagada", "pagato", "pagata", "pago", "paga", "betaald", "betalend", "paying_customer")
)
_LIVES_WITH_YES = frozenset(  # no: it is over
    ("active", "live", "enabled", "subscribed", "alive", "in_force", "running", "aktiv", "laufend")
    + ("actif", "activo", "activa", "vigente", "attivo", "attiva", "ativo", "ativa", "actief")
    + ("lopend",)
)
_NONE_WITH_YES = frozenset(
    ("one_time", "onetime", "one_off", "oneoff", "non_recurring", "dummy", "fake", "fraud")
    + ("fraudulent", "soft_deleted", "removed", "refund")
)
_OVER_WITH_YES = frozenset(
    ("churn", "cancellation", "attrition", "kundigung", "kuendigung", "abwanderung", "storno")
    + ("resiliation", "cancelacion", "cancelamento", "opzegging", "abandon", "exited", "lapse")
)


@dataclass(frozen=True, slots=True)
class Flag:
    """What a yes and a no of a column say of the row: a class of statuses."""

    yes: str = "live"
    no: str = "live"


@lru_cache(maxsize=1 << 12)
def flag_of(header: str) -> Flag | None:
    """What a column of yes and no says by its name; None where the name says nothing."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", header)
    words = re.sub(r"[^a-z]+", " ", folded(split)).split()
    bare = [word for word in words if word not in _BESIDE]
    return _named("_".join(words)) or _named("_".join(bare))


def _named(name: str) -> Flag | None:
    if name in _PAYS_WITH_YES:
        return Flag(no="none")
    if name in _LIVES_WITH_YES:
        return Flag(no="ended")
    if name in _NONE_WITH_YES:
        return Flag(yes="none")
    if name in _OVER_WITH_YES:
        return Flag(yes="ended")
    told = CLASSES.get(name, "live")
    return Flag(yes=told) if told != "live" and name not in _NO_FLAGS else None


def is_flag(cells: Sequence[str]) -> bool:
    """Tell whether all that stands in a column is yes or no."""
    words = {_cell(cell) for cell in cells} - {""}
    return bool(words) and words <= YES | NO


def flagged(cells: Sequence[str], flag: Flag) -> list[str]:
    """The class of each of the different cells of a column.

    A blank says no where nothing else does (a column of crosses), and nothing beside a no.
    """
    words = [_cell(cell) for cell in cells]
    blank = "live" if NO & {*words} else flag.no
    return [blank if not w else flag.yes if w in YES else flag.no for w in words]


def _cell(text: str) -> str:
    """A cell for comparison; numbers may be written with decimals."""
    return folded(re.sub(r"\.0+$", "", text.strip()))
