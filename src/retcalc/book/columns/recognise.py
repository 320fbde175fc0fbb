"""Which shape a table has and which column plays which part, told from the headers alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from retcalc.book.columns.amount_names import amount_name
from retcalc.book.columns.column_names import (
    MONTH,
    OPTION,
    ROLES,
    START,
    amount_meaning,
    candidates,
    find_column,
    is_named,
    normalise,
)
from retcalc.book.columns.exports.known_exports import Preset, find_preset
from retcalc.book.columns.exports.other_exports import no_subscriptions
from retcalc.book.columns.header_errors import (
    INVOICE_IDS,
    amounts_of_periods,
    no_history,
    refuse_open_months,
    refuse_plain_invoices,
    several,
    unknown_column,
    unrecognised,
    used_twice,
)
from retcalc.book.columns.month_headers import bare_months, month_columns, period_columns
from retcalc.book.values.words.flags import flag_of
from retcalc.core.choices import Periods
from retcalc.core.findings import RetcalcError

__all__ = [
    "MONTH",
    "OPTION",
    "ROLES",
    "Recognised",
    "accepts",
    "candidates",
    "find_column",
    "normalise",
    "recognise",
    "unknown_column",
]


@dataclass(frozen=True, slots=True)
class Parts:
    """Per shape: what it must have, what else must not be in doubt, what else it uses."""

    needed: tuple[str, ...]
    asked: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


# a number, or a day in the middle of a month, that no column is called
_DATA = re.compile(
    r"[-+]?\d{1,3}(?:[.,]\d+)?|\d{4}-\d\d-(?:0[2-9]|1\d|2[0-7])(?:[ T].*)?|"
    r"(?:\d{1,2}[/.]){2}(?:19|20)\d\d(?! 0?0:00(?::00)?$).+"
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d$")
_MIDNIGHT = re.compile(r".+\d 0?0:00(?::00)?")
_WITH_TAX = ("total", "total_amount", "invoice_total", "gross", "gross_amount", "amount_gross")
_REPEATS = ("row_id", "updated")  # what tells whether a row stands twice
_BILLED = ("currency", "status", "term", "quantity")
PARTS: Mapping[str, Parts] = {
    "long": Parts(
        ("customer", "month", "mrr"),
        (),
        ("currency", "subscription", "kind", "quantity", "status", "before", "updated"),
    ),
    "wide": Parts(("customer",), (), ("currency", "subscription", "status")),
    "intervals": Parts(
        ("customer", "start", "mrr"),
        ("end",),
        (*_BILLED, "interval", "interval_count", "cancelled", "paid_from", "paid_until")
        + ("trial_end", "paused", "resumed", "subscription", "plan", "signed", *_REPEATS),
    ),
    "invoices": Parts(
        ("customer", "start", "mrr"),
        ("end",),
        (*_BILLED, "tax", "discount", "invoiced", "kind") + _REPEATS,
    ),
    "movements": Parts(
        ("customer", "month", "change"),
        (),
        ("running", "before", "movement", "subscription", "currency", "status", *_REPEATS),
    ),
    "states": Parts(
        ("customer", "start", "mrr"),
        (),
        ("kind", "plan", "status", "subscription", "interval", "interval_count", "quantity")
        + ("currency", "before", *_REPEATS),
    ),
    "payments": Parts(("customer", "month", "mrr"), (), ("currency", "status", *_REPEATS)),
    "snapshot": Parts(("customer", "tenure", "churned"), (), ("mrr",)),
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """The shape of a table and the header that plays each role.

    ``months`` gives the month index of each column of a wide sheet, the first one where columns
    are of ``period`` months each. ``flags`` are columns of yes and no that say whether rows pay.
    """

    shape: str
    columns: Mapping[str, str]
    preset: Preset | None = None
    months: Mapping[str, int] = field(default_factory=dict)
    period: int = 1
    flags: tuple[str, ...] = ()


def accepts(header: Sequence[str]) -> bool:
    """Tell whether a header row looks like a table that has a shape."""
    if find_preset(header) is not None:
        return True
    if any(_DATA.fullmatch(cell.strip()) for cell in header):  # a row of data names no columns
        return False
    has = {role for role in ROLES if candidates(role, header)}
    try:
        months = len(month_columns(header) or bare_months(header) or period_columns(header)[0])
    except RetcalcError:  # months whose order of day and month is a question for the user
        return True
    if len({cell.strip()[-2:] == "01" for cell in header if _DAY.match(cell.strip())}) > 1:
        return False  # first days beside last days are no months of a sheet
    if any(_MIDNIGHT.fullmatch(cell.strip()) for cell in header):  # days of data, or of a workbook
        return len(header) // 2 < months < len(header)
    if 1 < months < len(header):
        return True
    has |= {"start"} if "period_start" in has else set()
    if has >= {"customer", "start"} and has & {"end", "cancelled"}:  # lives without amounts
        return True
    return any(has >= set(PARTS[s].needed) for s in PARTS if s != "wide")


def recognise(
    header: Sequence[str],
    given: Mapping[str, str],
    shape: str,
    file: str,
    date_format: str | None = None,
    year: int | None = None,
    periods: Periods = "ask",
) -> Recognised:
    """Settle shape and roles, or raise an error that lists candidates and the option to use.

    ``given`` are the columns the user named, by role; ``shape`` is one of PARTS or auto.
    """
    named = _given_columns(header, given, file)
    preset = find_preset(header)
    if preset is not None and shape not in ("auto", preset.shape):
        preset = None
    if preset is not None and (preset.totals or preset.customers):
        if not named:
            raise RetcalcError(no_history(preset, file))
        preset = None
    months, period = month_columns(header, date_format, year), 1
    if not months:
        months, period = period_columns(header)
    if preset is not None and preset.shape is not None:
        return _by_preset(preset, header, named, file)
    other = no_subscriptions(header, named, months, file) if shape == "auto" else None
    if other is not None:
        raise RetcalcError(other)
    free = [name for name in header if name not in named.values() and name not in months]
    ties = {role: candidates(role, free) for role in ROLES if role not in named}
    ties["before"] = [name for name in candidates("before", header) if name in free]
    present = {**{r: found[0] for r, found in ties.items() if found}, **named}
    chosen = shape if shape in PARTS else _choose_shape(present, given, months, header)
    if chosen == "intervals" and shape == "auto" and not {"end", "interval"} & present.keys():
        refuse_plain_invoices(header, named, file)
    present = _settled(chosen, present, named, ties, header)
    if chosen == "wide" and period > 1 and periods == "ask":
        raise RetcalcError(amounts_of_periods(list(months), period))
    if chosen == "wide" and "customer" not in present and free:
        present["customer"] = free[0]
    # who came and left is told without amounts too
    leaving = {"end", "cancelled", "plan", "status", "kind"} & present.keys()
    lives = chosen == "long" or (chosen in ("intervals", "states") and bool(leaving))
    if chosen == "long" and not months and "month" not in present:
        refuse_open_months(header, file)
    _refuse_doubt(chosen, present, ties, header, file, without=("mrr",) if lives else ())
    parts = PARTS[chosen]
    roles = (*parts.needed, *parts.asked, *parts.optional)
    columns = {r: present[r] for r in roles if r in present}
    if chosen == "long" and "mrr" not in columns and "plan" in present:
        columns["plan"] = present["plan"]  # it may say who left
    used = {*columns.values(), *named.values(), *months}
    flags = tuple(h for h in header if h not in used and flag_of(h) and chosen != "snapshot")
    if chosen != "wide":
        return Recognised(chosen, columns, flags=flags)
    return Recognised(chosen, columns, None, months, period, flags)


def _by_preset(
    preset: Preset, header: Sequence[str], named: Mapping[str, str], file: str
) -> Recognised:
    shape = preset.shape or "long"
    columns = {**preset.roles(header), **named}
    if shape == "movements" and "mrr" in named:
        columns["change"] = columns.pop("mrr")
    needed = [r for r in PARTS[shape].needed if preset.revenue or r != "mrr"]
    missing = [r for r in needed if r not in columns]
    if missing:
        raise RetcalcError([unrecognised(r, header, file) for r in missing])
    return Recognised(shape, columns, preset)


def _choose_shape(
    present: Mapping[str, str],
    given: Mapping[str, str],
    months: Mapping[str, int],
    header: Sequence[str],
) -> str:
    """Prefer what the user named, then the names that mean one shape only."""
    logged = "running" in present and "month" in present and not {"change", "mrr"} & present.keys()
    if logged and "start" not in given:
        return "states"
    if ("start" in given) != ("month" in given):
        return "intervals" if "start" in given else "long"
    if len(months) > 1 and not {"month", "mrr"} <= present.keys():
        return "wide"
    if "month" in present and ("change" in present or {"movement", "mrr"} <= present.keys()):
        return "movements"
    if {"period_start", "period_end", "mrr"} <= present.keys():
        return "invoices"
    billed = any(normalise(name) in INVOICE_IDS for name in header)
    if {"start", "end", "mrr"} <= present.keys() and billed:
        return "invoices"
    if {"start", "mrr"} <= present.keys() and amount_meaning(present["mrr"]).grain == "term":
        return "invoices"
    if {"tenure", "churned"} <= present.keys() and not {"month", "start"} & present.keys():
        return "snapshot"
    if "month" not in present or "start" not in present:
        return "intervals" if "start" in present else "long"
    telling = is_named(present["month"], MONTH[:1]) or is_named(present["start"], START[1:])
    return "long" if telling else "intervals"


def _settled(
    shape: str,
    present: Mapping[str, str],
    named: Mapping[str, str],
    ties: dict[str, list[str]],
    header: Sequence[str],
) -> dict[str, str]:
    """Roles that mean one thing in one shape and nothing, or another, in the rest."""
    roles = dict(present)
    if shape == "movements" and ("mrr" in named or "change" not in roles) and "mrr" in roles:
        roles["change"], ties["change"] = roles["mrr"], ties.get("mrr", [])
        if roles.get("running") == roles["change"]:
            del roles["running"]
    if shape == "invoices":
        for role, period in (("start", "period_start"), ("end", "period_end")):
            if role not in named and period in roles:
                roles[role], ties[role] = roles[period], ties[period]
    if "quantity" in roles and "quantity" not in named:
        name = amount_meaning(roles.get("mrr", ""))
        whole = shape == "long" or _has_unit_price(header, roles.get("mrr"))
        multiplies = name.per_unit or (name.grain == "price" and not whole)
        roles = roles if multiplies else {r: c for r, c in roles.items() if r != "quantity"}
    if shape == "movements" and "kind" in roles:
        roles.setdefault("movement", roles["kind"])
    if shape == "snapshot" and "mrr" not in named:
        roles.pop("mrr", None)
    if "tax" not in named and normalise(roles.get("mrr", "")) not in _WITH_TAX:
        roles.pop("tax", None)
    if shape == "states":
        roles = _of_states(roles, ties)
    if shape == "payments":
        dated = next((r for r in ("month", "paid_on", "invoiced", "start") if r in roles), None)
        if dated is not None:
            roles["month"], ties["month"] = roles[dated], ties.get(dated, [])
    return roles


def _of_states(roles: dict[str, str], ties: dict[str, list[str]]) -> dict[str, str]:
    """A log of states starts each on the day of its row, with the MRR after it."""
    replaced = (("start", "month"), ("mrr", "running"), ("mrr", "change"), ("kind", "movement"))
    for role, instead in replaced:
        if role not in roles and instead in roles:
            roles[role], ties[role] = roles[instead], ties.get(instead, [])
    return roles


def _has_unit_price(header: Sequence[str], amount: str | None) -> bool:
    """True where a price of one seat stands beside the amount, which then is that of all."""
    others = (amount_name(normalise(name)) for name in header if name != amount)
    return any(other is not None and other.per_unit for other in others)


def _refuse_doubt(
    shape: str,
    present: Mapping[str, str],
    ties: Mapping[str, list[str]],
    header: Sequence[str],
    file: str,
    without: Sequence[str] = (),
) -> None:
    parts = PARTS[shape]
    unsure = [r for r in (*parts.needed, *parts.asked) if len(ties.get(r, ())) > 1]
    missing = [r for r in parts.needed if r not in present]
    missing = missing if set(missing) - {*without} else []
    columns = [present[r] for r in parts.needed if r in present]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if unsure or missing or twice:
        raise RetcalcError(
            [several(r, ties[r], file) for r in unsure]
            + [unrecognised(r, header, file) for r in missing]
            + [used_twice(name, parts.needed, present, file) for name in twice]
        )


def _given_columns(header: Sequence[str], given: Mapping[str, str], file: str) -> dict[str, str]:
    columns: dict[str, str] = {}
    for role, name in given.items():
        if role not in ROLES:
            continue
        column = find_column(name, header)
        if column is None:
            raise RetcalcError(
                unknown_column(name, header, file, OPTION.get(role, f"columns.{role}"))
            )
        columns[role] = column
    return columns
