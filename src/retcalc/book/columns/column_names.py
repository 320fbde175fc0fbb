"""The parts a column can play, and the names it goes by.

Each role has ranks of synonyms, strongest first. The strongest rank that occurs wins; two
columns of the same rank are a question for the user, never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from retcalc.book.columns.amount_names import (
    AmountName,
    amount_name,
    before_and_after,
    in_some_language,
    is_after,
)

_ENTITIES = ("account", "customer", "client", "company", "organization", "organisation", "tenant")

CUSTOMER = (
    tuple(f"{e}_{s}" for e in _ENTITIES for s in ("id", "uuid", "oid", "code", "number", "key"))
    + ("org_id", "workspace_id", "cust_id", "acct_id"),
    (*_ENTITIES, "workspace", "org", "logo"),
    ("subscriber_id", "user_id", "member_id", "subscriber", "user", "member"),
    tuple(f"{e}_name" for e in _ENTITIES),
    ("kunde", "kunden_id", "kundennummer", "kunden_nr", "kundennr", "kundenname", "mandant")
    + ("id_client", "numero_client", "compte", "cliente", "id_cliente", "cuenta", "klant")
    + ("klant_id", "klantnummer", "kund", "kund_id", "kundnummer", "kunde_id", "klient")
    + ("klient_id", "konto"),
    ("name", "email", "customer_email", "id", "uuid"),
)
MONTH = (
    ("month", "period", "mrr_month", "year_month", "yearmonth", "reporting_month", "month_end")
    + ("month_start", "billing_month", "snapshot_month", "fiscal_month", "period_month"),
    ("date", "snapshot_date", "as_of_date", "period_date", "as_of", "report_date", "period_end"),
    ("effective_date", "movement_date", "occurred_at", "record_start_at", "event_date")
    + ("event_time", "event_at", "occurred_on", "changed_at", "change_date", "changed_on")
    + ("status_date", "status_changed_at", "state_changed_at", "plan_changed_at", "plan_date"),
    ("monat", "mois", "mes", "mese", "maand", "maned", "manad", "miesiac", "abrechnungsmonat"),
)
START = (
    ("start_date", "started_at", "start", "start_at", "subscription_start", "contract_start")
    + ("subscription_start_date", "subscription_started_at", "contract_start_date")
    + ("activated_at", "valid_from", "effective_from", "begin_date", "begin", "begins")
    + ("begins_at", "begins_on", "begin_at", "began", "began_on", "starts", "starts_at")
    + ("starts_on", "start_on", "started_on", "activated_on", "activation_date", "term_start")
    + ("term_start_date", "effective_start", "effective_start_date", "valid_since"),
    ("signed_up", "signed_up_at", "signed_up_on", "sign_up_date", "subscribed_at")
    + ("subscribed_on", "onboarded_at", "onboarded_on"),
    ("created_date", "created_at", "created", "signup_date", "start_month", "date_joined")
    + (
        "started",
        "joined",
        "joined_at",
        "join_date",
        "joined_on",
        "member_since",
        "customer_since",
    ),
    ("beginn", "startdatum", "vertragsbeginn", "vertragsstart", "laufzeitbeginn", "abobeginn")
    + ("von",)
    + ("gultig_ab", "aktiv_seit", "kunde_seit", "debut", "date_debut", "date_de_debut")
    + ("debut_contrat",)
    + ("inicio", "fecha_inicio", "fecha_de_inicio", "fecha_alta", "alta", "inizio", "data_inizio")
    + (
        "data_di_inizio",
        "data_inicio",
        "data_de_inicio",
        "begindatum",
        "ingangsdatum",
        "startdato",
    ),
)
END = (
    ("end_date", "ended_at", "end", "end_at", "subscription_end", "contract_end", "expired_at")
    + ("subscription_end_date", "subscription_ended_at", "contract_end_date", "valid_to")
    + ("expires_at", "effective_to", "end_month", "ends", "ends_at", "ends_on", "end_on")
    + ("stops", "stops_at", "stops_on", "stop", "stop_date", "stopped_at")
    + ("stopped_on", "term_end", "term_end_date", "effective_end", "effective_end_date")
    + ("valid_until",),
    ("cancelled_on", "canceled_on", "cancel_date", "ended_on", "ended", "terminated_at")
    + ("termination_date", "expiry_date", "expiration_date")
    + ("date_left", "left", "left_at", "leave_date", "left_on", "leaves_on", "exit_date")
    + ("exited_at", "exited_on", "unsubscribed_at", "unsubscribed_on")
    + ("deactivated_at", "deactivated_on", "deactivation_date", "churned_on", "expired_on")
    + ("canceled_date", "cancelled_date", "canceled_at", "cancelled_at", "churned_at", "churn_date")
    + ("cancellation_date", "subscription_canceled_at", "subscription_cancelled_at"),
    ("ende", "enddatum", "vertragsende", "laufzeitende", "aboende", "bis", "gultig_bis")
    + ("kundigung",)
    + ("kundigungsdatum", "gekundigt_am", "gekundigt_zum", "fin", "date_fin", "date_de_fin")
    + ("fin_contrat", "date_resiliation", "fecha_fin", "fecha_de_fin", "fecha_baja", "fine", "baja")
    + ("data_fine", "data_di_fine", "fim", "data_fim", "data_de_fim", "einddatum", "slutdato")
    + ("slutdatum", "opzegdatum"),
)
_SERVICE = ("period", "service_period", "service", "line_period", "billing_period", "coverage")

# columns that tell of a change or a period only; their names alone settle the shape
_FIRST, _LAST = ("start", "start_date", "from"), ("end", "end_date", "to", "until")
PERIOD_START = (tuple(f"{s}_{word}" for word in _FIRST for s in _SERVICE),)
PERIOD_END = (tuple(f"{s}_{word}" for word in _LAST for s in _SERVICE),)
CHANGE = (
    ("mrr_change", "mrr_movement", "activity_mrr_movement", "mrr_delta", "delta_mrr")
    + ("change_in_mrr", "movement_mrr", "movement_amount", "mrr_movement_amount", "mrr_diff"),
)
MOVEMENT = (
    ("movement_type", "mrr_movement_type", "activity_type", "movement", "change_type")
    + ("movement_kind", "kind_of_movement"),
)
TENURE = (("tenure", "tenure_months", "months_active", "customer_tenure", "lifetime_months"),)
CHURNED = (("churn", "churned", "is_churned", "churn_flag", "has_churned", "exited"),)
# what an account pays for and why it left; no parts of any shape
PRODUCT = (
    ("product", "product_name", "product_id", "product_code", "product_title", "product_uuid"),
    ("sku", "item", "item_name", "item_id", "item_code", "module", "add_on", "addon", "service")
    + ("line_item", "line_item_name", "external_product_id_ecommerce"),
)
REASON = (
    ("churn_reason", "cancel_reason", "cancellation_reason", "cancelation_reason")
    + ("churn_reason_code", "cancel_reason_code", "cancellation_details_reason")
    + ("expiration_reason", "reason_for_churn", "reason_for_leaving", "reason_for_cancellation")
    + ("reason_for_canceling", "reason_for_cancelling", "churned_reason", "canceled_reason")
    + ("cancelled_reason", "termination_reason", "leaving_reason", "reason_of_churn"),
    ("reason_code", "reason", "lost_reason", "loss_reason"),
    ("cancellation_details_feedback", "cancellation_feedback"),
    ("churn_type", "churn_kind", "churn_category", "cancellation_type", "cancel_type"),
)

ROLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "customer": CUSTOMER,
    "month": MONTH,
    "mrr": (),
    "start": START,
    "end": END,
    "period_start": PERIOD_START,
    "period_end": PERIOD_END,
    "cancelled": (END[1],),
    "signed": (
        ("signed_at", "signed_on", "signed_date", "date_signed", "signature_date", "signed")
        + ("contract_signed", "contract_signed_at", "contract_signed_on", "contract_signed_date")
        + ("booked_at", "booked_on", "booking_date", "booked_date"),
    ),
    "paid_from": (("current_period_start", "current_period_started_at"),),
    "paid_until": (("current_period_end", "current_period_ends_at", "paid_until", "paid_through"),),
    "trial_end": (("trial_end", "trial_ends_at", "trial_ended_at", "trial_end_date"),),
    "paused": (("paused_at", "pause_date", "paused_on"),),
    "resumed": (("resumed_at", "resumed_on", "resume_date", "resumed", "unpaused_at"),),
    "currency": (
        ("currency", "currency_code", "ccy", "mrr_currency", "currency_iso_code")
        + ("plan_currency", "billing_currency_code"),
        (
            "wahrung",
            "waehrung",
            "devise",
            "monnaie",
            "moneda",
            "divisa",
            "valuta",
            "moeda",
            "waluta",
        ),
    ),
    "interval": (
        ("billing_frequency", "billing_interval", "subscription_interval", "interval")
        + ("billing_period", "billing_cycle", "plan_interval", "interval_unit"),
        (
            "abrechnungsintervall",
            "intervall",
            "zahlungsintervall",
            "zahlweise",
            "turnus",
            "frequenz",
        )
        + ("frequence", "periodicite", "frecuencia", "periodicidad", "frequenza", "frequencia")
        + ("frequentie", "betaalfrequentie", "periodicidade"),
    ),
    "interval_count": (
        ("interval_count", "plan_interval_count", "interval_length", "billing_cycle_count"),
    ),
    "quantity": (
        ("quantity", "qty", "subscription_quantity", "seats", "licenses", "licences", "users")
        + ("units", "seat_count", "user_count", "license_count", "number_of_seats", "num_seats")
        + ("number_of_users", "number_of_licenses"),
        ("menge", "anzahl", "stuckzahl", "lizenzen", "quantite", "cantidad", "quantita")
        + ("quantidade",)
        + ("aantal", "antal", "ilosc"),
    ),
    "status": (
        ("status", "subscription_status", "subscription_state", "account_status")
        + ("customer_status", "contract_status", "statut", "stato", "estado", "estatus")
        + ("situacao", "zustand", "vertragsstatus", "kundenstatus", "abostatus"),
        ("state", "billing_status", "payment_status", "invoice_status", "order_status"),
        ("stage", "deal_stage", "stage_name", "opportunity_stage"),
    ),
    "plan": (
        ("plan", "plan_name", "plan_tier", "subscription_plan", "package", "product", "tier")
        + ("tarif", "paket", "abo", "forfait", "formule", "offre", "piano", "plano", "pakket"),
        ("plan_id", "product_name", "product_id"),
    ),
    "row_id": (
        ("line_id", "invoice_line_id", "line_item_id", "invoice_line_item_id", "event_id")
        + ("movement_id", "transaction_id", "payment_id", "charge_id", "row_id"),
    ),
    "updated": (
        ("updated_at", "modified_at", "last_updated", "last_modified", "version", "row_version")
        + ("version_created_at", "synced_at", "extracted_at"),
    ),
    "subscription": (
        ("subscription_id", "subscription_uuid", "subscription_oid", "subscription")
        + ("subscription_external_id", "contract_id", "line_item_id"),
    ),
    "term": (
        ("contract_term", "term_months", "term", "contract_term_months", "term_in_months")
        + ("duration_months", "duration_in_months", "contract_months", "term_length_months")
        + ("contract_length_months", "contract_duration_months", "contract_length_in_months")
        + ("laufzeit", "laufzeit_monate", "laufzeit_in_monaten", "vertragslaufzeit")
        + ("vertragslaufzeit_monate", "dur_e_mois", "duree_mois", "looptijd_maanden"),
    ),
    "paid_on": (
        ("payment_date", "paid_at", "paid_on", "charged_at", "charge_date", "order_date")
        + ("purchase_date", "transaction_date", "payment_at", "ordered_at"),
    ),
    "invoiced": (
        ("invoice_date", "invoiced_at", "invoiced_on", "billed_at", "billing_date", "issue_date")
        + ("issued_at", "invoice_created", "invoice_created_at"),
        ("date", "transaction_date", "posted_at", "created", "created_at"),
    ),
    "tax": (("tax", "tax_amount", "vat", "vat_amount", "sales_tax", "gst"),),
    "discount": (),
    "change": CHANGE,
    "movement": MOVEMENT,
    "kind": (("type", "event", "event_type", "event_name", "transaction_type", "action"),),
    "running": (
        ("running_mrr", "mrr_after", "mrr_balance", "activity_mrr", "resulting_mrr", "mrr"),
    ),
    "before": (),
    "tenure": TENURE,
    "churned": CHURNED,
}
OPTION = {
    "customer": "--customer-column",
    "month": "--month-column",
    "mrr": "--mrr-column",
    "start": "--start-column",
    "end": "--end-column",
}

_RUN_TOGETHER = frozenset(f"{e}id" for e in (*_ENTITIES, "user", "member", "subscriber"))


@lru_cache(maxsize=1 << 14)
def normalise(header: str) -> str:
    """Fold a header for comparison: case, accents, spacing, punctuation, a `` (UTC)`` suffix."""
    text = re.sub(r"\s*\((utc|gmt)\)\s*$", "", header.strip(), flags=re.IGNORECASE)
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-zA-Z])", "_", text).casefold()
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = re.sub(r"(?<=[a-z])id$", "_id", text) if text in _RUN_TOGETHER else text
    return re.sub(r"[^0-9a-z]+", "_", text).strip("_")


def candidates(role: str, header: Sequence[str]) -> list[str]:
    """Give the columns of the strongest rank that occurs for a role; more than one is a tie."""
    if role == "mrr":
        return _amounts(header)
    if role == "before":
        return _moments(header)[:1]
    found = of_strongest_rank(ROLES[role], header)
    if role == "running" and not found:
        return _moments(header)[1:] or _after_events(header)
    return found


def of_strongest_rank(ranks: Sequence[Sequence[str]], header: Sequence[str]) -> list[str]:
    """The columns that have a name of the strongest rank that occurs."""
    folded = {name: normalise(name) for name in header}
    for rank in ranks:
        found = [name for name in header if folded[name] in rank]
        if found:
            return found
    return []


def _moments(header: Sequence[str]) -> list[str]:
    """The amounts before and after the events of a log, where two columns are named so."""
    folded = {normalise(name): name for name in reversed(header)}
    pair = before_and_after([*folded])
    return [folded[name] for name in pair] if pair else []


def _after_events(header: Sequence[str]) -> list[str]:
    """The only amount of a log of events, where its name says that it is from them on."""
    amounts = [h for h in header if is_after(normalise(h)) or amount_name(normalise(h))]
    alone = len(amounts) == 1 and is_after(normalise(amounts[0]))
    return amounts if alone and candidates("kind", header) else []


def _amounts(header: Sequence[str]) -> list[str]:
    """The columns that are most surely the amount; names as listed before composed ones."""
    named = {name: amount_name(normalise(name)) for name in header}
    told = {name: (known.rank, not known.plain) for name, known in named.items() if known}
    return [name for name, rank in told.items() if rank == min(told.values())]


def amount_meaning(header: str) -> AmountName:
    """What the name of an amount says; the price of an interval where it says nothing."""
    folded = normalise(header)
    return amount_name(folded) or in_some_language(folded)


def is_named(header: str, names: tuple[tuple[str, ...], ...]) -> bool:
    """Tell whether a header is one of the names of a role."""
    return any(normalise(header) in rank for rank in names)


def find_column(name: str, header: Sequence[str]) -> str | None:
    """Find a column the user named: exactly, else by folded spelling when that is unique."""
    if name in header:
        return name
    folded = [h for h in header if normalise(h) == normalise(name)]
    return folded[0] if len(folded) == 1 else None


_MARK = "\x1f"


def mark(column: str) -> str:
    """Give the name under which the book carries a column that was asked for."""
    return _MARK + column


def unmark(column: str) -> str:
    """Give the name a column has in its file."""
    return column.removeprefix(_MARK)
