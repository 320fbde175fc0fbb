"""The customers file: attributes and parents of accounts, as they are or as they were when.

A file with a column of days from which a row holds (``valid_from``) may have several rows an
account; each month takes the row in force on its last day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from retcalc.book.columns.column_names import candidates, find_column, normalise
from retcalc.book.rules import BookRules
from retcalc.book.values.account_ids import clean_ids
from retcalc.book.values.dates import closing_months
from retcalc.book.values.day_columns import read_days
from retcalc.book.values.locate import at
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.read import Table
from retcalc.read.wording import count_that, counted

_SINCE = ("valid_from", "effective_from", "effective_date", "effective_at", "from_date")


@dataclass(frozen=True, slots=True)
class Customers:
    """Rows of a customers file.

    ``frame``: id, since (month the row holds from, null in a plain file) and the columns asked
    for, as text.
    """

    frame: pl.DataFrame
    file: str
    dated: bool
    findings: tuple[Finding, ...]


def read_customers(table: Table, same: str, rules: BookRules, columns: Sequence[str]) -> Customers:
    """Read ids and columns; ``same`` is the name of the id in the MRR export."""
    file = table.sources[0].path
    column = find_column(same, table.header) or recognise_customer(table, file)
    ids, findings = clean_ids(table, column)
    since = next((h for h in table.header if normalise(h) in _SINCE), None)
    months = pl.repeat(None, len(ids), dtype=pl.Int32, eager=True)
    keys = {"id": ids}
    if since is not None:
        days, more = read_days(table, since, rules)
        findings += more
        months, keys["day"] = closing_months(days, rules.dates), days.days
    twice = pl.DataFrame(keys).is_duplicated() & (ids != "")
    if twice.any():
        findings.append(at(table, twice, column, _duplicate(ids.filter(twice)[0], since)))
    raise_errors(findings)
    chosen = [table.frame[c].cast(pl.String).alias(c) for c in columns]
    frame = pl.DataFrame([ids.alias("id"), months.alias("since"), *chosen])
    if since is not None:  # the last row of a month is the one in force at its end
        frame = frame.with_columns(day=keys["day"]).sort("id", "day")
        frame = frame.unique(["id", "since"], keep="last", maintain_order=True).drop("day")
    return Customers(frame, file, since is not None, tuple(findings))


def _duplicate(name: str, since: str | None) -> Finding:
    if since is not None:
        value = f'"{name}" has two rows that hold from one day'
        return Finding("RC248", "two rows for one day", value=value, fix="keep one of them")
    value = f'"{name}" has more than one row'
    fix = "keep one row per account, or name the day each holds from: valid_from"
    return Finding("RC241", "duplicate account in the customers file", value=value, fix=fix)


def recognise_customer(customers: Table, file: str) -> str:
    """Find the id column of a customers file, or say what could be it."""
    found = candidates("customer", customers.header)
    if len(found) == 1:
        return found[0]
    raise RetcalcError(
        Finding(
            "RC242",
            f"the id column of {file} is not recognised",
            value=f"the columns are: {', '.join(found or customers.header)}",
            fix="give it the same name as in the MRR export",
        )
    )


def lookup(
    rows: pl.DataFrame, key: str, names: pl.Series, customers: Customers, columns: Sequence[str]
) -> pl.DataFrame:
    """Give rows the columns of the account that ``key`` codes, in force in their month.

    ``names`` is the id of each code. Rows of accounts that are not in the file get null; the
    column ``known`` tells them apart.
    """
    codes = pl.DataFrame({key: pl.arange(len(names), dtype=pl.UInt32, eager=True), "id": names})
    kind: Literal["m:m", "m:1"] = "m:m" if customers.dated else "m:1"
    listed = codes.join(customers.frame, on="id", how="inner", validate=kind).drop("id")
    listed = listed.select(key, "since", *columns).with_columns(known=pl.lit(value=True))
    if not customers.dated:
        joined = rows.join(
            listed.drop("since"), on=key, how="left", validate="m:1", maintain_order="left"
        )
        return joined.with_columns(pl.col("known").fill_null(value=False))
    placed = (
        rows.with_row_index("__at")
        .sort("month")
        .join_asof(
            listed.sort("since"),
            left_on="month",
            right_on="since",
            by=key,
            strategy="backward",
            check_sortedness=False,
        )
    )
    known = pl.col("known").fill_null(value=False)
    return placed.sort("__at").drop("__at", "since").with_columns(known)


def membership(names: pl.Series, customers: Customers) -> list[Finding]:
    """Count who is in one of the two files only."""
    listed = customers.frame["id"].unique()
    unknown = int((~names.is_in(listed.implode())).sum())
    unused = listed.len() - (names.len() - unknown)
    findings = []
    if unknown:
        text = f"{count_that(unknown, 'account', 'is', 'are')} not in {customers.file}; "
        text += "the segment is (none)"
        findings.append(Finding("RC846", text))
    if unused:
        findings.append(
            Finding(
                "RC893",
                f"no MRR row for {counted(unused, 'account')} of {customers.file}",
            )
        )
    return findings
