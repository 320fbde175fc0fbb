"""Which column plays which part, told from the headers alone.

Each role has ranks of synonyms, strongest first. The strongest rank that occurs wins; two
columns of the same rank are a question for the user, never a guess.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retcalc.findings import Finding, RetcalcError

_ENTITIES = ("account", "customer", "client", "company", "organization", "organisation", "tenant")

CUSTOMER = (
    tuple(f"{e}_{s}" for e in _ENTITIES for s in ("id", "uuid", "oid", "code", "number", "key"))
    + ("org_id", "workspace_id", "cust_id", "acct_id"),
    (*_ENTITIES, "workspace", "org", "logo"),
    ("subscriber_id", "user_id", "member_id", "subscriber", "user", "member"),
    tuple(f"{e}_name" for e in _ENTITIES),
    ("name", "email", "customer_email", "id", "uuid"),
)
MONTH = (
    ("month", "period", "mrr_month", "year_month", "yearmonth", "reporting_month", "month_end")
    + ("month_start", "billing_month", "snapshot_month", "fiscal_month", "period_month"),
    ("date", "snapshot_date", "as_of_date", "period_date", "as_of", "report_date", "period_end"),
)
MRR = (
    ("mrr", "mrr_amount", "monthly_recurring_revenue", "total_mrr", "current_mrr", "monthly_mrr")
    + ("mrr_usd", "mrr_eur", "mrr_gbp", "recurring_revenue", "mrr_cents"),
)
ARR = (("arr", "arr_amount", "annual_recurring_revenue", "arr_usd", "arr_eur"),)
AMOUNT = (
    ("amount", "revenue", "monthly_revenue", "monthly_amount", "subscription_cost")
    + ("subscription_amount", "plan_amount", "plan_price", "recurring_amount"),
    ("price", "cost", "value", "fee", "total", "sales"),
)
START = (
    ("start_date", "started_at", "start", "start_at", "subscription_start", "contract_start")
    + ("subscription_start_date", "subscription_started_at", "contract_start_date")
    + ("activated_at", "valid_from", "effective_from", "begin_date", "begin"),
    ("created_date", "created_at", "created", "signup_date", "start_month"),
)
END = (
    ("end_date", "ended_at", "end", "end_at", "subscription_end", "contract_end", "expired_at")
    + ("subscription_end_date", "subscription_ended_at", "contract_end_date", "valid_to")
    + ("expires_at", "effective_to", "end_month"),
    ("canceled_date", "cancelled_date", "canceled_at", "cancelled_at", "churned_at", "churn_date")
    + ("cancellation_date", "subscription_canceled_at", "subscription_cancelled_at"),
)
CURRENCY = (("currency", "currency_code", "ccy", "mrr_currency", "currency_iso_code"),)
INTERVAL = (
    ("billing_frequency", "billing_interval", "subscription_interval", "interval")
    + ("billing_period", "billing_cycle", "plan_interval", "interval_unit"),
)

ROLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "customer": CUSTOMER,
    "month": MONTH,
    "mrr": (*MRR, *ARR, *AMOUNT),
    "start": START,
    "end": END,
    "currency": CURRENCY,
    "interval": INTERVAL,
}
OPTION = {
    "customer": "--customer-column",
    "month": "--month-column",
    "mrr": "--mrr-column",
    "start": "--start-column",
    "end": "--end-column",
}
# per shape: what it must have, what else must not be in doubt, what else it uses
NEEDED = {"long": ("customer", "month", "mrr"), "intervals": ("customer", "start", "mrr")}
ASKED: dict[str, tuple[str, ...]] = {"long": (), "intervals": ("end",)}
OPTIONAL = {"long": ("currency",), "intervals": ("currency", "interval")}


@dataclass(frozen=True, slots=True)
class Recognised:
    """The shape of a table and the header that plays each role."""

    shape: str
    columns: Mapping[str, str]


def normalise(header: str) -> str:
    """Fold a header for comparison: case, spacing, punctuation and a `` (UTC)`` suffix."""
    text = re.sub(r"\s*\((utc|gmt)\)\s*$", "", header.strip().casefold())
    text = re.sub(r"(?<=[a-z])id$", "_id", text) if text in _RUN_TOGETHER else text
    return re.sub(r"[^0-9a-z]+", "_", text).strip("_")


_RUN_TOGETHER = frozenset(f"{e}id" for e in (*_ENTITIES, "user", "member", "subscriber"))


def candidates(role: str, header: Sequence[str]) -> list[str]:
    """Give the columns of the strongest rank that occurs for a role; more than one is a tie."""
    folded = {name: normalise(name) for name in header}
    for rank in ROLES[role]:
        found = [name for name in header if folded[name] in rank]
        if found:
            return found
    return []


def accepts(header: Sequence[str]) -> bool:
    """Tell whether a header row looks like a table of accounts and amounts."""
    has = {role for role in ROLES if candidates(role, header)}
    return any(has >= set(needed) for needed in NEEDED.values())


def find_column(name: str, header: Sequence[str]) -> str | None:
    """Find a column the user named: exactly, else by folded spelling when that is unique."""
    if name in header:
        return name
    folded = [h for h in header if normalise(h) == normalise(name)]
    return folded[0] if len(folded) == 1 else None


def recognise(header: Sequence[str], given: Mapping[str, str], shape: str, file: str) -> Recognised:
    """Settle shape and roles, or raise an error that lists candidates and the option to use."""
    named = _given_columns(header, given, file)
    ties = {role: candidates(role, header) for role in ROLES if role not in named}
    ties = {r: [c for c in found if c not in named.values()] for r, found in ties.items()}
    present = {**{r: found[0] for r, found in ties.items() if found}, **named}
    chosen = shape if shape in NEEDED else _choose_shape(present, given)
    needed = NEEDED[chosen]
    unsure = [r for r in (*needed, *ASKED[chosen]) if len(ties.get(r, ())) > 1]
    missing = [r for r in needed if r not in present]
    if unsure or missing:
        raise RetcalcError(
            [_ambiguous(r, ties[r], file) for r in unsure]
            + [_missing(r, header, file) for r in missing]
        )
    parts = (*needed, *ASKED[chosen], *OPTIONAL[chosen])
    return Recognised(chosen, {r: present[r] for r in parts if r in present})


def _choose_shape(present: Mapping[str, str], given: Mapping[str, str]) -> str:
    """Prefer what the user named, then the more telling of a month and a start column."""
    if ("start" in given) != ("month" in given):
        return "intervals" if "start" in given else "long"
    if "month" not in present or "start" not in present:
        return "intervals" if "start" in present else "long"
    telling = normalise(present["month"]) in MONTH[0] or normalise(present["start"]) in START[1]
    return "long" if telling else "intervals"


def _given_columns(header: Sequence[str], given: Mapping[str, str], file: str) -> dict[str, str]:
    columns: dict[str, str] = {}
    for role, name in given.items():
        column = find_column(name, header)
        if column is None:
            raise RetcalcError(
                unknown_column(name, header, file, OPTION.get(role, f"columns.{role}"))
            )
        columns[role] = column
    return columns


def unknown_column(name: str, header: Sequence[str], file: str, option: str) -> Finding:
    """Say that a column the user named does not exist, with the nearest ones."""
    near = difflib.get_close_matches(name, header, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return Finding(
        "RC150",
        f"there is no column {name!r} in {file}",
        value=f"the columns are: {', '.join(header)}",
        fix=f"{hint}name an existing column with {option}",
    )


def _ambiguous(role: str, found: Sequence[str], file: str) -> Finding:
    return Finding(
        "RC201",
        f"more than one column could be the {role}",
        header=role,
        value=f"in {file}: {', '.join(found)}",
        fix=f"{OPTION[role]} {found[0]}",
    )


def _missing(role: str, header: Sequence[str], file: str) -> Finding:
    return Finding(
        "RC202",
        f"no column of {file} is recognised as the {role}",
        value=f"the columns are: {', '.join(header)}",
        fix=f"name it with {OPTION[role]} COLUMN, or in retcalc.yaml  columns: {{{role}: COLUMN}}",
    )
