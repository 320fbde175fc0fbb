"""What the rows of a log mean where the header leaves it open: changes, levels or states.

A movement log holds changes of MRR, a panel the MRR in force, a log of states the MRR from each
row to the next of its account. Kinds such as churn or no_change tell which one a file is.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from retcalc.book.columns.amount_names import is_after
from retcalc.book.columns.column_names import CHANGE, amount_meaning, is_named, normalise
from retcalc.book.columns.header_errors import charge_marks, unrecognised
from retcalc.book.columns.named_by_values import with_candidates
from retcalc.book.columns.recognise import Recognised
from retcalc.book.rules import BookRules
from retcalc.book.values.billing_intervals import interval_shares
from retcalc.book.values.locate import at
from retcalc.book.values.words.endings import ends_it
from retcalc.book.values.words.kinds import LEVELS, SIGNS, is_over, kinds
from retcalc.book.values.words.statuses import classes
from retcalc.core.findings import Finding, RetcalcError
from retcalc.read import Table

_LEAVING = ("end", "term", "cancelled", "paid_until")
_IN_A_MONTH = r"\d{1,4}[-/. ]\w{1,9}[-/. ]\d{1,4}"  # a day, and no month
_ZERO = r"^[-+]?0*(\.0*)?$"
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
        return _states(table, found, rules)
    if found.shape == "long":
        return _statuses(table, found, rules)
    if found.shape == "intervals":
        return _history(table, found, rules)
    return found, []


def _leaves_nothing(table: Table, found: Recognised, amount: str, kind: str) -> bool:
    """True where amounts must be what is left: zero where nothing is, more after each expansion.

    They have no sign, and none falls with a kind that raises or rises with one that lowers it.
    """
    words, amounts = kinds(table.text(kind)), table.text(amount).str.strip_chars()
    gone = words.is_in([word for word in words.unique() if is_over(word)])
    nothing = amounts.str.contains(_ZERO).filter(gone)
    if amounts.str.starts_with("-").any() or not len(nothing) or not nothing.all():
        return False
    rows = pl.DataFrame(
        {
            "id": table.coded(found.columns["customer"]).codes,
            "day": table.text(found.columns["month"]),
            "sign": words.replace_strict(SIGNS, default=0, return_dtype=pl.Int64),
            "left": amounts.cast(pl.Float64, strict=False),  # only compared
        }
    ).sort("id", "day", maintain_order=True)
    step = pl.col("left") - pl.col("left").shift(1).over("id")
    return bool(rows.select((step * pl.col("sign") >= 0).fill_null(value=True).all()).item())


def _levels(table: Table, found: Recognised) -> tuple[Recognised, list[Finding]]:
    """A movement log whose names, kinds or amounts show that its amounts are in force."""
    column, kind = found.columns["change"], found.columns.get("movement")
    fix = "--shape movements  if they are changes"
    if "before" in found.columns and is_after(normalise(column)):
        why = f"{found.columns['before']} stands beside it"
        text = f"{column} is read as the MRR from each row on, not as changes: {why}"
        return _as_states(found), [Finding("RC899", text, fix=fix)]
    if kind is None or is_named(column, CHANGE) or "running" in found.columns:
        return found, []
    words = kinds(table.text(kind))
    amounts = table.text(column).str.strip_chars()
    still = words.is_in(list(LEVELS)) & ~amounts.str.contains(_ZERO)
    stands = bool(still.any()) and not amount_meaning(column).rank
    if amounts.str.starts_with("-").any():
        return found, []
    if not stands and not _leaves_nothing(table, found, column, kind):
        return found, []
    if not stands:
        text = f"{column} is read as the MRR from each row on, not as changes: churn has none left"
        return _as_states(found), [Finding("RC899", text, fix=fix)]
    roles = {"change": "mrr", "movement": "kind"}
    columns = {roles.get(role, role): name for role, name in found.columns.items()}
    why = "amounts stand beside kinds that change nothing"
    text = f"{column} is read as the MRR in force, not as changes: {why}"
    return replace(found, shape="long", columns=columns), [Finding("RC899", text, fix=fix)]


def _as_states(found: Recognised) -> Recognised:
    """The same columns in a log of states."""
    roles = {"month": "start", "change": "mrr", "movement": "kind"}
    columns = {roles.get(role, role): name for role, name in found.columns.items()}
    return replace(found, shape="states", columns=columns)


def _states(table: Table, found: Recognised, rules: BookRules) -> tuple[Recognised, list[Finding]]:
    """A dated log of events with the MRR after each, or without any amount, instead of a panel."""
    column, kind = found.columns.get("mrr"), found.columns["kind"]
    words = kinds(table.text(kind).unique(), rules.words)
    told = words.is_in(list(SIGNS))
    sure = column is None or not amount_meaning(column).rank or "before" in found.columns
    if (
        not (sure or _leaves_nothing(table, found, column or "", kind))
        or 2 * told.sum() < len(words)
        or words.is_in([*LEVELS, ""]).any()
    ):
        return found, []
    if column is None and not any(is_over(word) for word in words):
        return found, []
    what = "each row holds" if column is None else f"each row holds its {column}"
    text = f"{what} until the next row of its account ({kind} tells of events)"
    fix = "--shape movements  if they are changes; --shape long  if not"
    fix = fix if column else "--shape long  if each row is a month"
    return _as_states(found), [Finding("RC899", text, fix=fix)]


def _statuses(
    table: Table, found: Recognised, rules: BookRules
) -> tuple[Recognised, list[Finding]]:
    """A log of plans or statuses, each on a day of its own; with amounts it is asked about."""
    named = [found.columns[r] for r in ("plan", "status") if r in found.columns]
    told = [c for c in named if ends_it(table.coded(c).values, rules.words).any()]
    if not told:
        return found, []
    days = table.text(found.columns["month"]).str.strip_chars()
    ids = table.coded(found.columns["customer"]).codes
    own = 2 * days.n_unique() > len(days) > ids.n_unique()
    if not own or not days.str.contains(_IN_A_MONTH).all():
        return found, []
    if "mrr" not in found.columns:
        text = f"each row holds until the next row of its account: {told[0]} tells of ends"
        note = Finding("RC899", text, fix="--shape long  if each row is a month")
        return _as_states(found), [note]
    over = classes(table.coded(told[0]).values.to_list(), rules.words)
    if charge_marks(table.header) or not {"ended", "paused"} & {*over}:  # each counts in its month
        return found, []
    value = f"{told[0]} tells of ends, and the rows are of {days.n_unique():,} different days"
    fix = "--shape states  (each row holds until the next)  or  --shape long  (in its month only)"
    error = Finding("RC255", "rows may follow each other or run side by side", value=value, fix=fix)
    raise RetcalcError(at(table, ids.is_duplicated(), found.columns["customer"], error))


def _history(table: Table, found: Recognised, rules: BookRules) -> tuple[Recognised, list[Finding]]:
    """Rows with starts and no ends: states where a plan or status tells of an end, else RC255.

    Without amounts, and without a word that tells who left, there is nothing to count (RC202).
    """
    amounts, history = "mrr" in found.columns, _by_plans(table, found)
    if any(role in history.columns for role in (_RUN_ON if amounts else _LEAVING)):
        return found, []
    ids = table.coded(found.columns["customer"]).codes
    unit = found.columns.get("subscription")
    alone = unit is not None and not table.coded(unit).codes.is_duplicated().any()
    named = [history.columns[r] for r in ("plan", "status", "kind") if r in history.columns]
    told = [c for c in named if ends_it(table.coded(c).values, rules.words).any()]
    if not amounts and not told:
        file = table.sources[0].path
        raise RetcalcError(with_candidates([unrecognised("mrr", table.header, file)], table))
    if not ids.is_duplicated().any() or alone:
        return found, []
    if told:
        text = f"each row ends the one before of its account: {told[0]} tells of ends"
        note = Finding("RC899", text, fix="--shape intervals  if rows run side by side")
        return replace(history, shape="states"), [note]
    value = (
        f"{int(ids.is_duplicated().sum()):,} rows share their account with others and have no end"
    )
    ways = ["--shape states  (each row ends the one before)", "--shape intervals  (side by side)"]
    paid = "--shape payments  (each counts in its month only)"
    ways = [paid, *ways] if charge_marks(table.header) else [*ways, paid]
    fix = "  or  ".join(ways)
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
