"""What the status of a row says about its revenue: none, ended, paused, past due or live."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from retcalc.book.values.billing_intervals import folded

_WORDS: Mapping[str, str] = {
    "none": "trialing, trial, in_trial, trialling, free, freemium, draft, void, voided, deleted, "
    "incomplete, incomplete_expired, future, pending, not_started, scheduled, lead, new_lead, "
    "working_lead, qualified_lead, unqualified_lead, in_approval_process, requested, failed, "
    "uncollectible, written_off, refunded, refund, chargeback, disputed, declined, rejected, "
    "lost, closed_lost, prospecting, qualification, proposal, negotiation, on_trial, free_trial, "
    "never_paid, testphase, probe, probezeit, entwurf, storniert, essai, brouillon, prueba, prova, "
    "bozza, teste, rascunho, proef, proefperiode, concept",
    "ended": "canceled, cancelled, expired, churned, ended, inactive, terminated, completed, "
    "closed, gekundigt, gekuendigt, beendet, abgelaufen, inaktiv, resilie, resiliee, termine, "
    "expire, inactif, baja, cancelado, cancelada, terminado, inactivo, disdetto, disdetta, "
    "cessato, scaduto, inattivo, encerrado, inativo, opgezegd, beeindigd, verlopen, inactief, "
    "gone, left, dormant",
    "paused": "paused, on_hold, suspended, pausiert, en_pause, suspendu, pausado, pausada, "
    "sospeso, in_pausa, suspenso, gepauzeerd",
    "past_due": "past_due, pastdue, delinquent, overdue, in_dunning, dunning, unpaid",
    "live": "active, live, paid, open, current, activated, invoiced, posted, sent, non_renewing, "
    "running, renewed, approved, won, closed_won, succeeded, settled, aktiv, laufend, bezahlt, "
    "actif, active, paye, activo, activa, pagado, vigente, attivo, pagato, ativo, ativa, pago, "
    "actief, betaald",
}
CLASSES: Mapping[str, str] = {
    word.strip(): name for name, words in _WORDS.items() for word in words.split(",")
}
UNKNOWN = "unknown"


def classify(raw: pl.Series) -> pl.Series:
    """Class of each status (none, ended, paused, past_due, live, unknown); live where blank."""
    words = raw.cast(pl.String).fill_null("")
    known = {word: _class(word) for word in words.unique().sort()}
    return words.replace_strict(known, return_dtype=pl.String).alias("status")


def _class(word: str) -> str:
    text = re.sub(r"[^a-z]+", "_", folded(word)).strip("_")
    return CLASSES.get(text, UNKNOWN) if text else "live"


def listed(words: Sequence[str], most: int = 4) -> str:
    """List the distinct words of a message in order."""
    unique = sorted(set(words))
    return ", ".join(unique[:most]) + (" …" if len(unique) > most else "")
