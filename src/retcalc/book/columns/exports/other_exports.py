"""Exports that are no subscriptions: catalogues, refunds, tickets, payouts, coupons."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from retcalc.book.columns.amount_names import amount_name
from retcalc.book.columns.column_names import CUSTOMER, candidates, normalise
from retcalc.core.findings import Finding
from retcalc.read.wording import quoted

_ITEM = frozenset(
    f"{thing}_{part}"
    for thing in ("plan", "product", "price", "item", "package", "variant", "addon", "coupon")
    for part in ("id", "code", "name", "key", "oid", "uuid")
) | {"sku", "plan", "product", "package", "price", "tier", "coupon", "percent_off", "amount_off"}
_TICKET = frozenset(("ticket_id", "ticket_number", "ticket_no", "ticket", "case_number", "case_id"))
_PAYOUT = frozenset(("payout", "payouts", "disbursement", "settlement", "remittance", "auszahlung"))
_REFUND = frozenset(("refund_id", "refund_amount", "refund_reason", "refund_status"))
_CHARGE = frozenset(("charge", "charge_id", "payment_intent", "payment_intent_id"))
_REASON = frozenset(("reason", "refund_reason"))
_MADE = frozenset(("created", "created_at", "created_date"))  # the day of the entry itself
_PARENT = ("subscription_id", "invoice_id", "charge_id", "order_id")  # what items are parts of
_BARE = frozenset(CUSTOMER[-1]) - {"email", "customer_email"}

_CATALOGUE = "a catalogue of plans or products"
_ITEMS = "items of what accounts bought, without the accounts"
_INSTEAD = {
    _CATALOGUE: "give the subscriptions that name these items: account, start, end, amount; "
    "or name the account with --customer-column",
    "refunds": "give the subscriptions, or the invoice lines with these refunds as credits; "
    "to read it all the same, name its shape with --shape",
    "support tickets": "give the subscriptions, the invoices or the MRR by account and month; "
    "to read it all the same, name its shape with --shape",
    "payouts": "give the subscriptions or the invoices that were paid; "
    "to read it all the same, name its shape with --shape",
}


def no_subscriptions(
    header: Sequence[str], named: Collection[str], months: Collection[str], file: str
) -> Finding | None:
    """Say (RC205) what an export is that holds no subscriptions, by its header alone.

    ``named`` are the roles that the user gave a column; whoever names the account of a catalogue
    knows better.
    """
    what, telling = _kind(header)
    if what is None or months or (what in (_CATALOGUE, _ITEMS) and "customer" in named):
        return None
    if what == _ITEMS:
        fix = f"join the account by {telling[0]}; or let each be an account: "
        fix += f"--customer-column {quoted(telling[0])}"
        value = f"the columns of {file} are: {', '.join(header)}"
        return Finding("RC205", f"the export lists {what}", value=value, fix=fix)
    message = f"the export lists {what}, no subscriptions"
    value = f"{file} has {', '.join(telling)}; the columns are: {', '.join(header)}"
    return Finding("RC205", message, value=value, fix=_INSTEAD[what])


def _kind(header: Sequence[str]) -> tuple[str | None, list[str]]:
    """What an export lists, and the columns that tell; None where it may be subscriptions."""
    folded = {normalise(name): name for name in reversed(header)}
    names = folded.keys()
    amounts = {name: amount_name(name) for name in names}
    recurring = [name for name, known in amounts.items() if known and known.rank <= 1]
    runs = any(candidates(role, header) for role in ("end", "cancelled", "period_start", "tenure"))
    if recurring or runs:
        return None, []
    charge, reason = names & _CHARGE, names & _REASON
    priced = [name for name, known in amounts.items() if known and "refund" not in name]
    if "refund_id" in names or (names & _REFUND and not priced) or (charge and reason):
        return "refunds", [folded[n] for n in sorted(names & _REFUND or charge | reason)]
    if names & _TICKET or {"subject", "priority"} <= names:
        return "support tickets", [folded[n] for n in sorted(names & (_TICKET | {"subject"}))]
    paid_out = {name for name in names if _PAYOUT & {*name.split("_")} or name == "arrival_date"}
    if paid_out and not names & _CHARGE:
        return "payouts", [folded[n] for n in sorted(paid_out)]
    accounts = {normalise(name) for name in candidates("customer", header)} - _BARE
    item = sorted(names & _ITEM)
    if not item and _is_priced_by_interval(header):
        item = sorted(names & (_BARE | {"interval", "billing_interval"}))
    starts = {normalise(name) for name in candidates("start", header)} - _MADE
    dated = candidates("month", header) or starts
    parents = [name for name in _PARENT if name in names]
    if item and parents and not accounts:
        return _ITEMS, [folded[parents[0]]]
    if item and not accounts and not dated:
        return _CATALOGUE, [folded[n] for n in item]
    return None, []


def _is_priced_by_interval(header: Sequence[str]) -> bool:
    """True for names or ids with a price and its interval and nothing of an account."""
    return bool(candidates("interval", header)) and bool(candidates("mrr", header))
