"""What the rows of a log mean where the header leaves it open: changes, levels or states.

A movement log holds changes of MRR, a panel the MRR in force, a log of states the MRR from each
row to the next of its account. Kinds such as churn or no_change tell which one a file is.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from retcalc.book.columns.column_names import amount_meaning
from retcalc.book.columns.recognise import Recognised
from retcalc.book.rules import BookRules
from retcalc.book.shapes.movement_log import LEVELS, SIGNS, kinds
from retcalc.book.values.billing_intervals import interval_shares
from retcalc.book.values.locate import at
from retcalc.core.findings import Finding, RetcalcError
from retcalc.read import Table

_RUN_ON = ("end", "term", "interval", "cancelled", "paid_from", "paid_until")


def settle_meaning(
    table: Table, found: Recognised, rules: BookRules
) -> tuple[Recognised, list[Finding]]:
    """The shape of a log by its kinds; raises RC255 where a row may replace or add to another."""
    if rules.shape != "auto" or found.preset is not None:
        return found, []
    if found.shape == "movements":
        return _levels(table, found)
    if found.shape == "long" and "kind" in found.columns:
        return _states(table, found)
    if found.shape == "intervals":
        return _history(table, found)
    return found, []


def _levels(table: Table, found: Recognised) -> tuple[Recognised, list[Finding]]:
    """A movement log whose kinds or amounts show that its amounts are in force, not changes."""
    column, kind = found.columns["change"], found.columns.get("movement")
    if kind is None or amount_meaning(column).rank or "running" in found.columns:
        return found, []
    words = kinds(table.text(kind))
    amounts = table.text(column).str.strip_chars()
    nothing = amounts.str.contains(r"^[-+]?0*(\.0*)?$")
    still = words.is_in(list(LEVELS)) & ~nothing
    falls = words.replace_strict(SIGNS, default=0, return_dtype=pl.Int64) < 0
    gone = falls & words.str.contains("churn|cancel|lost")
    signed = amounts.str.starts_with("-").any()
    if signed or not (still.any() or (gone.any() and nothing.filter(gone).all())):
        return found, []
    columns = {"mrr": column} | {
        role: name for role, name in found.columns.items() if role not in ("change", "movement")
    }
    why = "amounts stand beside kinds that change nothing" if still.any() else "churn has none left"
    text = f"{column} is read as the MRR in force, not as changes: {why}"
    note = Finding("RC899", text, fix="--shape movements  if they are changes")
    return replace(found, shape="long", columns=columns), [note]


def _states(table: Table, found: Recognised) -> tuple[Recognised, list[Finding]]:
    """A dated log of events with the MRR after each, instead of a panel."""
    column, kind = found.columns["mrr"], found.columns["kind"]
    words = kinds(table.text(kind).unique())
    told = words.is_in(list(SIGNS))
    if (
        amount_meaning(column).rank
        or 2 * told.sum() < len(words)
        or words.is_in(list(LEVELS)).any()
    ):
        return found, []
    columns = {"start" if r == "month" else r: name for r, name in found.columns.items()}
    text = f"each row holds its {column} until the next row of its account ({kind} tells of events)"
    note = Finding(
        "RC899", text, fix="--shape movements  if they are changes; --shape long  if not"
    )
    return replace(found, shape="states", columns=columns), [note]


def _history(table: Table, found: Recognised) -> tuple[Recognised, list[Finding]]:
    """Rows with starts and no ends: states where a plan or status tells of an end, else RC255."""
    from retcalc.book.shapes.states import ends_it

    history = _by_plans(table, found)
    if any(role in history.columns for role in _RUN_ON) or "mrr" not in found.columns:
        return found, []
    ids = table.coded(found.columns["customer"]).codes
    if not ids.is_duplicated().any():
        return found, []
    unit = found.columns.get("subscription")
    if unit is not None and not table.coded(unit).codes.is_duplicated().any():
        return found, []
    named = next((history.columns[r] for r in ("plan", "status") if r in history.columns), None)
    if named is not None and ends_it(table.text(named)).any():
        text = f"each row ends the one before of its account: {named} tells of ends"
        note = Finding("RC899", text, fix="--shape intervals  if rows run side by side")
        return replace(history, shape="states"), [note]
    value = (
        f"{int(ids.is_duplicated().sum()):,} rows share their account with others and have no end"
    )
    fix = "--shape states  (each row ends the one before)  or  --shape intervals  (side by side)"
    fix += "  or  --shape payments  (each counts in its month only)"
    error = Finding("RC255", "rows may follow each other or run side by side", value=value, fix=fix)
    raise RetcalcError(at(table, ids.is_duplicated(), found.columns["customer"], error))


def _by_plans(table: Table, found: Recognised) -> Recognised:
    """The same roles without the interval where only the names of plans tell it."""
    column = found.columns.get("interval")
    if column is None:
        return found
    if column != found.columns.get("plan") and not interval_shares(table.text(column))[1].any():
        return found
    others = {role: name for role, name in found.columns.items() if role != "interval"}
    return replace(found, columns={"plan": column, **others})
