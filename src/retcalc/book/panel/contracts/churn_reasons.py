"""Why accounts left: a column of the export, of the customers file, or of a file of its own."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from retcalc.book.columns.column_names import END, MONTH, find_column, of_strongest_rank
from retcalc.book.columns.columns_to_read import reason_columns
from retcalc.book.columns.header_errors import unknown_column
from retcalc.book.ledger.export import AccountLedger, Export
from retcalc.book.panel.segment_columns import Asked
from retcalc.book.rules import BookRules, Question
from retcalc.book.tables.customers import recognise_customer
from retcalc.book.values.account_ids import clean_ids
from retcalc.book.values.dates import closing_months
from retcalc.book.values.day_columns import read_days
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.read import FILE, LINE, Table
from retcalc.read.wording import counted

STATED = {
    "account": pl.UInt32,
    "first": pl.Int32,
    "last": pl.Int32,
    "amount": pl.Int64,
    "reason": pl.String,
}
_LEFT = (END[1], END[0])
_DAYS = (*_LEFT, *MONTH)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Reasons for leaving as one column states them.

    ``rows``: account (code), first and last (the months that the stating row counts in; null where
    it has no day), amount (what the row weighs), reason. ``notice``: a reason may be stated before
    the last month that is paid, as a notice is.
    """

    rows: pl.DataFrame
    notice: bool
    findings: tuple[Finding, ...]


def reasons_in_sources(export: Export, question: Question) -> Reasons:
    """The reasons of the export's rows, else of the customers file; raises RC263 without any."""
    column = _column(export.table, export.rules)
    if column is not None:
        return _of_rows(export, column, question)
    if export.customers is not None:
        column = _column(export.customers, export.rules)
        if column is not None:
            return _of_table(export.customers, column, export, question, days=_LEFT)
    named = export.rules.reasons.column
    tables = [t for t in (export.table, export.customers) if t is not None]
    if named is not None:
        header = [name for table in tables for name in table.header]
        files = " or ".join(t.sources[0].path for t in tables)
        raise RetcalcError(unknown_column(named, header, files, "--reason-column"))
    value = "; ".join(f"{t.sources[0].path} has {', '.join(t.header)}" for t in tables)
    fix = "--reason-column COLUMN   or  --reasons FILE   (account,date,reason)   "
    fix += "or in retcalc.yaml  sources: {reasons: FILE}"
    raise RetcalcError(Finding("RC263", "nothing tells why accounts left", value=value, fix=fix))


def reasons_in_file(table: Table, export: Export, question: Question) -> Reasons:
    """The reasons of a file of their own; raises RC263 for one without a column of them."""
    file, rules = table.sources[0].path, export.rules
    column = _column(table, rules)
    if column is None and rules.reasons.column is not None:
        named = rules.reasons.column
        raise RetcalcError(unknown_column(named, table.header, file, "--reason-column"))
    if column is None:
        value = f"{file} has {', '.join(table.header)}"
        fix = "--reason-column COLUMN"
        error = Finding("RC263", "nothing tells why accounts left", value=value, fix=fix)
        raise RetcalcError(error)
    return _of_table(table, column, export, question, days=_DAYS)


def _column(table: Table, rules: BookRules) -> str | None:
    """The column of the reasons; raises RC201 for several."""
    found = reason_columns(table.header, rules.reasons.column)
    if len(found) > 1:
        ways = "   or  ".join(f"--reason-column {shlex.quote(name)}" for name in found)
        value = f"in {table.sources[0].path}: {', '.join(found)}"
        text = "more than one column could be the reason"
        raise RetcalcError(Finding("RC201", text, header="reason", value=value, fix=ways))
    return found[0] if found else None


def _of_rows(export: Export, column: str, question: Question) -> Reasons:
    """The reasons of the rows that count, at the months they count in."""
    table = export.table
    told = table.frame.select(FILE, LINE).with_columns(_texts(table, column).alias("reason"))
    told = told.filter(pl.col("reason") != "").unique([FILE, LINE], keep="first")
    rows = _booked(export, question).owners.rows.join(
        told, on=[FILE, LINE], how="inner", validate="m:1"
    )
    rows = rows.select(*STATED)
    return Reasons(rows, notice=False, findings=(_read_as(table, column, None),))


def _of_table(
    table: Table,
    column: str,
    export: Export,
    question: Question,
    *,
    days: Sequence[Sequence[str]],
) -> Reasons:
    """The reasons of a table of accounts, at the months of its days where it has some."""
    file, rules = table.sources[0].path, export.rules
    same = find_column(export.found.columns["customer"], table.header)
    ids, findings = clean_ids(table, same or recognise_customer(table, file))
    day = next(iter(of_strongest_rank(days, table.header)), None)
    months = pl.repeat(None, len(ids), dtype=pl.Int32, eager=True)
    if day is not None:
        read, more = read_days(table, day, rules, blank_ok=True)
        findings += more
        months = closing_months(read, rules.dates)
    raise_errors(findings)
    rows = pl.DataFrame(
        {"id": ids, "first": months, "last": months, "reason": _texts(table, column)}
    ).with_columns(amount=pl.lit(0, pl.Int64))
    rows = rows.filter(pl.col("reason") != "")
    known = _accounts(_booked(export, question))
    strange = rows.join(known, on="id", how="anti")["id"].n_unique()
    if strange:
        text = f"no MRR row for {counted(strange, 'account')} of {file} with a reason"
        findings.append(Finding("RC893", text))
    rows = rows.join(known, on="id", how="inner", validate="m:m")
    rows = rows.select(*STATED)
    return Reasons(rows, notice=True, findings=(*findings, _read_as(table, column, day)))


def _texts(table: Table, column: str) -> pl.Series:
    return table.text(column).str.strip_chars().alias("reason")


def _booked(export: Export, question: Question) -> AccountLedger:
    """The ledger that the question's panel is made of."""
    asked = Asked(question, export.rules, export.table, export.customers)
    return export.ledger(question.as_of, asked.parent)


def _accounts(booked: AccountLedger) -> pl.DataFrame:
    """Account codes by every id that stands for one: its own, a member's, one that was merged."""
    ledger, owners = booked.ledger, booked.owners
    pairs = owners.rows.select("member", "account").unique()
    named = [(ids, pairs["member"]) for ids in (ledger.members, owners.members)]
    named.append((owners.names, pairs["account"]))
    some = [pl.DataFrame({"id": ids.gather(at), "account": pairs["account"]}) for ids, at in named]
    return pl.concat(some).unique()


def _read_as(table: Table, column: str, day: str | None) -> Finding:
    when = f", at {day}" if day is not None else ""
    return Finding("RC899", f"why accounts left: {column} of {table.sources[0].path}{when}")
