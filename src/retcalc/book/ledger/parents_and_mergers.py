"""The account of each id, after renames and mergers and rolled up to its parent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from retcalc.book.columns.column_names import normalise, unmark
from retcalc.book.ledger.ledger import Ledger
from retcalc.book.rules import BookRules
from retcalc.book.shapes.common.active_months import account_months, single_months
from retcalc.book.tables.customers import Customers, lookup
from retcalc.book.values.dates import closing_months
from retcalc.book.values.day_columns import read_days
from retcalc.book.values.locate import at
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.months import format_month
from retcalc.read import Table, distinct
from retcalc.read.wording import count_that

_FROM = ("from", "from_id", "old", "old_id", "source", "merged", "merged_id", "from_account")
_TO = ("to", "to_id", "new", "new_id", "target", "into", "into_id", "to_account")
_DATE = ("date", "on", "effective", "effective_date", "merged_at", "renamed_at", "month")

_SHOWN = 6  # ids of a circle


def accepts_mergers(header: Sequence[str]) -> bool:
    """Tell whether a header row looks like a table of renamed accounts."""
    return _column(header, _FROM) is not None and _column(header, _TO) is not None


def read_mergers(
    table: Table, rules: BookRules, closing: int
) -> tuple[Mapping[str, str], list[Finding]]:
    """Read the mergers file: each old id and the id it became.

    A merger counts for every month, so that nobody seems to leave; one dated after the closing
    month does not count yet. Raises RetcalcError for an id with two successors and for circles.
    """
    old, new = _needed(table, _FROM, "from"), _needed(table, _TO, "to")
    names = [table.text(c).str.strip_chars() for c in (old, new)]
    findings = _refusals(table, old, new, names[0], names[1])
    dated, counts = (
        _column(table.header, _DATE),
        pl.Series([True] * len(names[0]), dtype=pl.Boolean),
    )
    if dated is not None:
        days, more = read_days(table, dated, rules, blank_ok=True)
        findings += more
        counts = (closing_months(days, rules.dates) <= closing).fill_null(value=True)
    raise_errors(findings)
    direct = {a: b for a, b, c in zip(*names, counts, strict=True) if c and a != b}
    notes = []
    if not counts.all():
        text = f"{int((~counts).sum())} mergers after {format_month(closing)} do not count yet"
        notes.append(Finding("RC827", text))
    return _lasts(direct, table.sources[0].path), notes


def _refusals(
    table: Table, old: str, new: str, before: pl.Series, after: pl.Series
) -> list[Finding]:
    findings = []
    for names, column in ((before, old), (after, new)):
        if (names == "").any():
            error = Finding("RC211", "account id is empty", value='"" is no id', fix="fill the id")
            findings.append(at(table, names == "", column, error))
    twice = before.is_duplicated() & (before != "")
    if twice.any():
        value = f'"{before.filter(twice)[0]}" becomes more than one account'
        error = Finding("RC243", "an account is renamed twice", value=value, fix="keep one row")
        findings.append(at(table, twice, old, error))
    return findings


def _lasts(direct: Mapping[str, str], file: str) -> dict[str, str]:
    """Follow every id to its last successor; each step is taken once."""
    last: dict[str, str] = {}
    for name in direct:
        way: dict[str, None] = {}
        here = name
        while here in direct and here not in last:
            if here in way:
                circle = [*list(way)[list(way).index(here) :], here]
                shown = circle if len(circle) <= _SHOWN else [*circle[:_SHOWN], "…", here]
                value = " → ".join(shown)
                error = Finding("RC244", f"accounts of {file} become each other", value=value)
                raise RetcalcError(error)
            way[here] = None
            here = direct[here]
        last.update(dict.fromkeys(way, last.get(here, here)))
    return last


def renamed(ids: pl.Series, mergers: Mapping[str, str]) -> pl.Series:
    """The ids after mergers."""
    return ids.replace(dict(mergers)) if mergers else ids


def _column(header: Sequence[str], names: Sequence[str]) -> str | None:
    folded = {normalise(name): name for name in reversed(header)}
    return next((folded[n] for n in names if n in folded), None)


def _needed(table: Table, names: Sequence[str], part: str) -> str:
    column = _column(table.header, names)
    if column is None:
        raise RetcalcError(
            Finding(
                "RC245",
                f"no column of {table.sources[0].path} is the {part}",
                value=f"the columns are: {', '.join(table.header)}",
                fix="a file of mergers has the columns from, to and, if you like, date",
            )
        )
    return column


@dataclass(frozen=True, slots=True)
class Owners:
    """Ledger rows with the account each belongs to: account (UInt32 code into ``names``).

    Where the account depends on the month, rows are cut into months.

    ``members`` is the id behind each member code, after mergers; ``codes`` its account, None
    where that depends on the month.
    """

    rows: pl.DataFrame
    names: pl.Series
    members: pl.Series
    rolled_up: bool
    codes: pl.Series | None
    notes: tuple[Finding, ...] = ()


def owners_of(
    ledger: Ledger,
    rules: BookRules,
    parent: str | None,
    listed: Customers | None,
    mergers: Table | None,
    *,
    as_of: int | None,
) -> Owners:
    """Find the account of every row: mergers, then the parent in force, then mergers of that.

    ``parent`` is a column of the ledger's rows or of the customers file.
    """
    merged: Mapping[str, str] = {}
    notes: list[Finding] = []
    if mergers is not None:
        closing = ledger.last if as_of is None else as_of
        merged, notes = read_mergers(mergers, rules, closing)
    members = renamed(ledger.members, merged)
    if merged:
        count = int((members != ledger.members).sum())
        notes.append(
            Finding(
                "RC899",
                f"{count_that(count, 'account', 'counts', 'count')} as the one merged into",
            )
        )
    if parent is None:
        names, codes = _coded(members) if merged else (members, _codes(members))
        rows = ledger.rows
        accounts = codes.gather(rows["member"]) if merged else rows["member"]
        rows = rows.with_columns(accounts.alias("account"))
        return Owners(rows, names, members, bool(merged), codes, tuple(notes))
    rows = ledger.rows
    if parent not in rows.columns and listed is not None:
        rows = account_months(rows) if listed.dated else rows
        rows = lookup(rows, "member", members, listed, [parent]).drop("known")
        rows = single_months(rows) if listed.dated else rows
    pairs = rows.select("member", parent).unique().sort("member", parent)
    above = pairs[parent].cast(pl.String).fill_null("").str.strip_chars()
    own = members.gather(pairs["member"])
    owner = renamed(pl.select(pl.when(above == "").then(own).otherwise(above)).to_series(), merged)
    names, codes = _coded(owner)
    pairs = pairs.with_columns(codes.alias("account"))
    placed = rows.join(pairs, on=["member", parent], how="left", validate="m:1", nulls_equal=True)
    notes.append(
        Finding("RC899", f"{len(members)} accounts roll up to {len(names)} by {unmark(parent)}")
    )
    one = pairs.select("member", "account").unique().sort("member")
    settled = one["account"] if one["member"].is_unique().all() else None
    return Owners(placed, names, members, rolled_up=True, codes=settled, notes=tuple(notes))


def _codes(names: pl.Series) -> pl.Series:
    return pl.int_range(len(names), dtype=pl.UInt32, eager=True)


def _coded(ids: pl.Series) -> tuple[pl.Series, pl.Series]:
    found = distinct(ids)
    return found.values, found.codes
