"""What is said of a header that leaves a question: candidates, and the option that settles it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retcalc.book.columns.column_names import OPTION, ROLES, candidates, normalise
from retcalc.book.columns.exports.known_exports import Preset
from retcalc.book.columns.month_headers import bare_months
from retcalc.book.values.dates.patterns import fitting_patterns
from retcalc.core.findings import Finding, RetcalcError, nearest
from retcalc.read.files.month_names import month_in_name

_SOME_YEAR = "2025"
_NO_HISTORY = {
    "customers": "lists the customers as they are today, without their history",
    "totals": "holds sums per month, without the accounts behind them",
}


INVOICE_IDS = frozenset(("invoice_id", "invoice_number", "invoice_no", "invoice"))
# what only entries of money that was taken have
_CHARGE_MARKS = frozenset(
    ("charge_id", "payment_id", "payment_intent", "payment_intent_id", "transaction_id", "order_id")
    + ("order_number", "order_no", "charge", "refunded", "is_refunded", "captured", "paid")
    + ("amount_refunded", "payment_method", "card_brand", "failure_code", "receipt_number")
    + ("disputed", "voided", "chargeback", "financial_status", "payment_status", "charge_status")
)
_INVOICE_MARKS = INVOICE_IDS | frozenset(
    ("due_date", "due_at", "amount_due", "amount_paid", "paid_at", "net_terms")
)
_TO_EXPORT = {
    "customer": "export the id of the account of each row too",
    "month": "export the month of each row too, or the day that it is of",
    "mrr": "export the amounts too, or the days on which accounts left",
    "start": "export the day on which each row begins too",
    "end": "export the day on which each row ends too",
    "change": "export the change of MRR of each row too",
    "tenure": "export the months that each account has been there too",
    "churned": "export who left too, as yes or no",
}


@dataclass(frozen=True, slots=True)
class MissingColumn(Finding):
    """A part that no column plays, told from the header alone; its cells may tell more."""

    role: str = ""


def unknown_column(name: str, header: Sequence[str], file: str, option: str) -> Finding:
    """Say that a column the user named does not exist, with the nearest ones."""
    near = nearest(name, header, cutoff=0.5)
    hint = f"did you mean {near!r}? " if near else ""
    return Finding(
        "RC150",
        f"there is no column {name!r} in {file}",
        value=f"the columns are: {', '.join(header)}",
        fix=f"{hint}name an existing column with {option}",
    )


def no_history(preset: Preset, file: str) -> Finding:
    """Say that a known export holds no history of accounts."""
    what = _NO_HISTORY["totals" if preset.totals else "customers"]
    fix = "export the accounts: subscriptions, invoices, MRR movements or MRR per account and month"
    if preset.customers:
        fix += "; this file goes with them as --customers"
    return Finding(
        "RC205",
        "the export has no history of accounts",
        value=f"{file} ({preset.name}) {what}",
        fix=fix,
    )


def several(role: str, found: Sequence[str], file: str) -> Finding:
    """Say that several columns could play a part."""
    return Finding(
        "RC201",
        f"more than one column could be the {role}",
        header=role,
        value=f"in {file}: {', '.join(found)}",
        fix=_naming(role, found),
    )


def unrecognised(role: str, header: Sequence[str], file: str) -> Finding:
    """Say that no column is recognised as a part."""
    if role == "month" and month_in_name(file):
        value = f"the columns are: {', '.join(header)}; the name of the file holds a month"
        message = f"no column of {file} is recognised as the month"
        return Finding("RC202", message, value=value, fix="--month-from-name")
    paid = candidates("paid_on", header) or candidates("invoiced", header)
    if role == "month" and paid:
        value = f"the columns are: {', '.join(header)}; {paid[0]} is the day of a payment or bill"
        message = f"no column of {file} is recognised as the month"
        fix = "--shape payments   counts each in the month it was made in"
        return Finding("RC202", message, value=value, fix=fix)
    fix = _TO_EXPORT.get(role, f"export a column of the {role} too")
    message = f"no column of {file} is recognised as the {role}"
    value = f"the columns are: {', '.join(header)}"
    return MissingColumn("RC202", message, value=value, fix=fix, role=role)


LENGTHS = {3: "quarters", 6: "half-years", 12: "years"}


def amounts_of_periods(names: Sequence[str], months: int) -> Finding:
    """Ask what the amounts of quarters, half-years or years are."""
    fix = "--periods mrr   if each is the MRR in force in it, or "
    fix += f"--periods total   if each is the sum of its {months} months"
    value = f"{_some(names)} are {LENGTHS[months]}"
    return Finding("RC259", f"amounts of {LENGTHS[months]}", value=value, fix=fix)


def refuse_open_months(header: Sequence[str], file: str) -> None:
    """Ask for the year of months that are named without one, or how rare spellings are read."""
    bare = list(bare_months(header))
    rare = [name.strip() for name in header if re.search("[0-9]", name)]
    ways = [f'--date-format "{pattern}"' for pattern in fitting_patterns(rare)]
    if len(bare) > 1:
        year = (month_in_name(file) or _SOME_YEAR)[:4]
        value = f"{_some(bare)} name months without a year"
        fix = f"--year {year}   if {bare[0]} is of {year}"
    elif len(rare) > 1 and ways:
        value = f"{_some(rare)} may be months"
        fix = "  or  ".join(ways)
    else:
        return
    raise RetcalcError(Finding("RC202", f"no column of {file} is a month", value=value, fix=fix))


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (" …" if len(names) > 4 else "")


def charge_marks(header: Sequence[str]) -> list[str]:
    """The columns that only entries of money that was taken have."""
    return [name for name in header if normalise(name) in _CHARGE_MARKS]


def refuse_plain_invoices(header: Sequence[str], named: Mapping[str, str], file: str) -> None:
    """Refuse invoices and payments that only tell a day: as subscriptions they would never end."""
    invoiced = [name for name in header if normalise(name) in _INVOICE_MARKS]
    charged = charge_marks(header)
    recurring = {"subscription", "plan", "interval"} & {r for r in ROLES if candidates(r, header)}
    charged = charged if len(charged) > 1 and not recurring else []
    marks, what = (invoiced, "invoices") if invoiced else (charged, "payments")
    if marks and "start" not in named:
        value = f"{file} looks like {what} ({', '.join(marks[:3])}) without service periods"
        fix = "--shape payments   counts each in its month; else export the periods of the lines"
        error = Finding("RC206", "nothing tells how long a price is for", value=value, fix=fix)
        raise RetcalcError(error)


def used_twice(name: str, roles: Sequence[str], present: Mapping[str, str], file: str) -> Finding:
    """Say that one column was named for two parts."""
    parts = " and ".join(role for role in roles if present.get(role) == name)
    return Finding(
        "RC210",
        "one column plays two parts",
        header=name,
        value=f'"{name}" of {file} is named as {parts}',
        fix="name another column for one of them",
    )


def _naming(role: str, columns: Sequence[str]) -> str:
    if role in OPTION:
        return "   or  ".join(f"{OPTION[role]} {shlex.quote(column)}" for column in columns)
    return f'in retcalc.yaml  columns: {{{role}: "{columns[0]}"}}'
