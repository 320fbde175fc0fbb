"""What the status of a row says about its revenue: none, ended, paused, past due or live."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import polars as pl

from retcalc.book.values.billing_intervals import folded

_WORDS: Mapping[str, str] = {
    "none": "trialing, trial, in_trial, trialling, free, freemium, draft, void, voided, deleted, "
    "incomplete, incomplete_expired, future, pending, not_started, scheduled, lead, new_lead, "
    "working_lead, qualified_lead, unqualified_lead, in_approval_process, requested, failed, "
    "failure, error, uncollectible, written_off, refunded, refund, chargeback, charged_back, "
    "disputed, declined, rejected, reversed, bounced, authorized, upcoming, prospect, "
    "lost, closed_lost, prospecting, qualification, proposal, negotiation, on_trial, free_trial, "
    "trial_expired, expired_trial, trial_ended, unconverted, evaluation, sandbox, test, demo, "
    "internal, comped, complimentary, never_paid, non_paying, denied, refused, blocked, "
    "processing, authorised, processor_declined, gateway_rejected, authorization_expired, "
    "settlement_declined, pendingactivation, pendingacceptance, active_trial, trial_active, "
    "closedlost, appointmentscheduled, qualifiedtobuy, presentationscheduled, "
    "decisionmakerboughtin, contractsent, contract_sent, needs_analysis, value_proposition, "
    "id_decision_makers, perception_analysis, proposal_price_quote, negotiation_review, "
    "discovery, demo_scheduled, qualified, "
    "testphase, im_test, probe, probezeit, probeabo, probemonat, kostenlos, entwurf, storniert, "
    "ruckerstattet, rueckerstattet, erstattet, fehlgeschlagen, geloscht, geloescht, abgelehnt, "
    "interessent, gratis, "
    "essai, en_essai, periode_d_essai, gratuit, gratuite, brouillon, rembourse, remboursee, "
    "refusee, rechazado, rechazada, rifiutato, rifiutata, recusado, recusada, geweigerd, "
    "echoue, echouee, supprime, supprimee, "
    "prueba, en_prueba, periodo_de_prueba, gratuito, gratuita, borrador, reembolsado, "
    "reembolsada, fallido, fallida, eliminado, eliminada, pendiente, "
    "prova, in_prova, periodo_di_prova, bozza, rimborsato, rimborsata, fallito, fallita, "
    "eliminato, eliminata, teste, em_teste, periodo_de_teste, avaliacao, rascunho, estornado, "
    "estornada, excluido, excluida, pendente, "
    "proef, in_proef, proefperiode, concept, terugbetaald, mislukt, verwijderd",
    "ended": "canceled, cancelled, cancel, expired, churned, ended, inactive, terminated, "
    "completed, closed, deactivated, disabled, stopped, lapsed, not_renewed, former, archived, "
    "not_active, non_active, unsubscribed, gone, left, dormant, ex_customer, former_customer, "
    "finished, transferred, revoked, gekundigt, gekuendigt, beendet, abgelaufen, ausgelaufen, "
    "inaktiv, verloren, abgewandert, erloschen, ausgeschieden, "
    "resilie, resiliee, termine, terminee, expire, expiree, inactif, annule, annulee, perdu, "
    "perdue, parti, partie, desabonne, desabonnee, "
    "baja, de_baja, dado_de_baja, cancelado, cancelada, terminado, terminada, finalizado, "
    "finalizada, vencido, vencida, inactivo, inactiva, anulado, anulada, perdido, perdida, "
    "disdetto, disdetta, cessato, cessata, scaduto, scaduta, terminato, terminata, annullato, "
    "annullata, cancellato, cancellata, inattivo, inattiva, perso, persa, "
    "encerrado, encerrada, inativo, inativa, expirado, expirada, "
    "opgezegd, beeindigd, verlopen, gestopt, inactief, geannuleerd",
    "paused": "paused, pause, on_hold, hold, suspended, frozen, snoozed, sleeping, pausiert, "
    "stillgelegt, ruhend, gesperrt, en_pause, suspendu, suspendue, pausado, pausada, en_pausa, "
    "suspendido, suspendida, sospeso, sospesa, in_pausa, suspenso, suspensa, em_pausa, gepauzeerd, "
    "op_pauze, opgeschort",
    "past_due": "past_due, pastdue, delinquent, overdue, in_dunning, dunning, unpaid, arrears, "
    "in_arrears, not_paid, payment_due, billing_retry, in_billing_grace_period, grace, "
    "grace_period, in_grace, uberfallig, ueberfaellig, in_mahnung, unbezahlt, "
    "impaye, impayee, en_retard, moroso, morosa, impagado, impagada, insoluto, inadimplente, "
    "em_atraso, atrasado, atrasada, achterstallig",
    "live": "active, live, paid, open, current, activated, invoiced, posted, sent, non_renewing, "
    "running, renewed, approved, won, closed_won, succeeded, settled, subscribed, enabled, "
    "paying, paying_customer, customer, client, kunde, cliente, klant, ongoing, in_force, "
    "good_standing, partially_refunded, "
    "partially_paid, gewonnen, gagne, gagnee, ganado, ganada, vinto, vinta, ganho, "
    "pending_cancellation, pending_cancel, cancelling, canceling, "
    "cancel_at_period_end, closedwon, settling, submitted_for_settlement, paid_out, confirmed, "
    "billed, aktiv, laufend, bezahlt, zahlend, gezahlt, teilweise_bezahlt, "
    "actif, active, paye, payee, en_cours, payant, payante, "
    "activo, activa, pagado, pagada, vigente, en_curso, al_dia, "
    "attivo, attiva, pagato, pagata, in_corso, ativo, ativa, pago, paga, em_dia, "
    "actief, lopend, betaald, betalend",
}
CLASSES: Mapping[str, str] = {
    word.strip(): name for name, words in _WORDS.items() for word in words.split(",")
}
UNKNOWN = "unknown"
# a payment or an order that is complete was made, a subscription that is complete is over
_MADE = frozenset(
    ("completed", "complete", "closed", "finished", "captured", "cleared", "processed", "success")
    + ("successful", "fulfilled", "delivered", "shipped", "collected", "erfolgreich", "reussi")
    + ("completado", "completada", "completato", "completata", "concluido", "voltooid")
)
# words that say as much of other things, so that they alone make no column of statuses
_COMMON = frozenset(
    ("free", "paid", "open", "current", "sent", "left", "lost", "gone", "won", "running", "pending")
    + ("completed", "closed", "approved", "future", "scheduled", "error", "internal", "test")
    + ("lead", "prospect", "proposal", "concept", "gratis", "gratuit", "gratuito", "kostenlos")
    + ("live", "posted", "requested", "hold", "enabled", "disabled", "archived", "failed")
    + ("customer", "client", "kunde", "cliente", "klant")
)
_NOTHING = frozenset(("", "n a", "na", "#n a", "null", "none", "nan", "nil"))
# words beside others that turn a status round, or put it off
_TURNED = frozenset(
    ("not", "non", "no", "nicht", "kein", "keine", "pas", "sans", "sin", "nao", "niet", "geen")
    + ("will", "to", "be", "until", "pending", "scheduled", "soon", "at", "end", "after", "bis")
    + ("hasta", "fino", "jusqu", "ate", "tot", "zum", "per")
)
_NOT_YET = ("requires_", "awaiting_", "pending_")
_MOST_WORDS = 40  # a column of more different ones tells something else
# what --word may call a word, as statuses know it
_GIVEN: Mapping[str, str] = {
    "active": "live",
    "ended": "ended",
    "none": "none",
    "paused": "paused",
    "past-due": "past_due",
    "new": "live",
    "expansion": "live",
    "contraction": "live",
    "reactivation": "live",
    "churn": "ended",
}


def classes(
    words: Sequence[str], given: Mapping[str, str] | None = None, *, payments: bool = False
) -> list[str]:
    """Class of each status (none, ended, paused, past_due, live, unknown); live where blank.

    ``given`` are the meanings that the user gave to words. Of ``payments`` a complete one counts.
    """
    said = {folded(word): _GIVEN[meaning] for word, meaning in (given or {}).items()}
    return [said.get(folded(word)) or _class(word, payments=payments) for word in words]


@lru_cache(maxsize=1 << 12)
def _class(word: str, *, payments: bool) -> str:
    text = re.sub(r"[^a-z]+", "_", re.sub(r"\(.*?\)", " ", folded(word))).strip("_")
    if folded(word) in _NOTHING:
        return "live"
    if payments and text in _MADE:
        return "live"
    if text in CLASSES:
        return CLASSES[text]
    return "none" if text.startswith(_NOT_YET) else _composed(text.split("_"))


def _composed(words: Sequence[str]) -> str:
    """The class of a status of several words, where those that are plain agree."""
    told = {CLASSES[word] for word in words if word in CLASSES and word not in _COMMON}
    return told.pop() if len(told) == 1 and not _TURNED & {*words} else UNKNOWN


def are_statuses(words: Sequence[str]) -> bool:
    """Tell whether most of the words of a column are statuses, one of them beyond doubt."""
    filled = [word for word in words if word.strip()]
    if not filled or len(filled) > _MOST_WORDS:
        return False
    known = [word for word in filled if _class(word, payments=False) != UNKNOWN]
    plain = any(re.sub(r"[^a-z]+", "_", folded(w)).strip("_") not in _COMMON for w in known)
    return plain and 2 * len(known) >= len(filled)


def know_any(words: Sequence[str]) -> bool:
    """Tell whether any of the words of a column is a status."""
    return any(w.strip() and _class(w, payments=False) != UNKNOWN for w in words)


def listed(words: Sequence[str] | pl.Series, most: int = 4) -> str:
    """List the distinct words of a message in order."""
    unique = sorted({word or "(blank)" for word in words})
    return ", ".join(unique[:most]) + (" …" if len(unique) > most else "")
