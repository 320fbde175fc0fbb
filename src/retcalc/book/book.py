"""The book: the canonical panel of account-months that every kernel works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from retcalc.book.headers import Recognised, candidates, find_column, recognise, unknown_column
from retcalc.book.ids import clean_ids
from retcalc.book.ledger import END, START, read_ledger
from retcalc.book.places import at
from retcalc.book.rules import BookRules
from retcalc.book.segments import as_of_current, encode
from retcalc.findings import Finding, RetcalcError
from retcalc.read import FILE, LINE, Table
from retcalc.result import Currency, Source


@dataclass(frozen=True, slots=True)
class Book:
    """Account-months with positive MRR, coded for speed.

    ``panel``: account (UInt32 code), month (Int32 index), mrr (integer of 10**-scale), seg (Int32
    code, -1 outside the filter); one row per account and month, sorted by both. ``accounts`` gives
    the id of each code, in sorted order. ``first`` and ``last`` are the months the data covers.
    ``ledger`` keeps the source rows behind the panel: account, month, amount, FILE, LINE.
    ``intervals`` keeps dated subscriptions by the day: account, amount, seg,
    start, end (null while running); None where the data speaks of months only.
    """

    shape: str
    panel: pl.DataFrame
    accounts: pl.Series
    segments: tuple[tuple[str, ...], ...]
    by: tuple[str, ...]
    currency: Currency
    first: int
    last: int
    ledger: pl.DataFrame
    sources: tuple[Source, ...]
    notes: tuple[Finding, ...]
    intervals: pl.DataFrame | None = None


def build_book(table: Table, rules: BookRules, customers: Table | None = None) -> Book:
    """Build the book of a table; raises RetcalcError with everything that is wrong in it."""
    file = table.sources[0].path
    found = recognise(table.header, rules.columns, rules.shape, file)
    rules = replace(
        rules,
        by=_resolve(rules.by, table, customers),
        where=tuple(
            replace(c, column=_resolve((c.column,), table, customers)[0]) for c in rules.where
        ),
    )
    wanted = list(dict.fromkeys([*rules.by, *(c.column for c in rules.where)]))
    own = [w for w in wanted if w in table.header]
    ledger = read_ledger(table, found, rules, own)
    notes = [*ledger.findings, _read_as(found)]
    rows, accounts = ledger.rows, ledger.accounts
    panel, more = _panel(rows, own)
    notes += [*more, *_pauses(rows, found.shape, refuse=rules.refuse_missing_months)]
    if customers is not None:
        static = [w for w in wanted if w not in own]
        panel, more = _join_customers(panel, accounts, customers, found, static)
        notes += more
    panel, segments = encode(panel, rules.by, rules.where)
    intervals = ledger.intervals
    if intervals is not None:
        if customers is not None:
            intervals, _ = _join_customers(intervals, accounts, customers, found, static)
        intervals = _coded(intervals, rules, segments)
    if rules.segments_as_of == "current":
        panel = as_of_current(panel)
    panel = panel.select("account", "month", "mrr", "seg").sort("account", "month")
    sources = tuple(
        replace(s, total_mrr=t) for s, t in zip(table.sources, ledger.totals, strict=True)
    )
    kept = rows.select("account", "month", "amount", FILE, LINE)
    return Book(
        found.shape,
        panel,
        accounts,
        segments,
        rules.by,
        ledger.currency,
        ledger.first,
        ledger.last,
        kept,
        sources,
        tuple(notes),
        intervals,
    )


def _coded(
    intervals: pl.DataFrame, rules: BookRules, segments: tuple[tuple[str, ...], ...]
) -> pl.DataFrame:
    """Dated subscriptions with the segment codes of the panel."""
    coded, _ = encode(intervals, rules.by, rules.where, segments)
    return coded.select("account", "amount", "seg", start=START, end=END)


def _read_as(found: Recognised) -> Finding:
    parts = ", ".join(f"{role} = {column}" for role, column in found.columns.items())
    return Finding("RC891", f"read as {found.shape}: {parts}")


def _resolve(names: Sequence[str], table: Table, customers: Table | None) -> tuple[str, ...]:
    known = [*table.header, *(customers.header if customers else ())]
    found = []
    for name in names:
        column = find_column(name, known)
        if column is None:
            where = table.sources[0].path + (
                f" or {customers.sources[0].path}" if customers else ""
            )
            raise RetcalcError(unknown_column(name, known, where, "--by or --where"))
        found.append(column)
    return tuple(found)


def _panel(rows: pl.DataFrame, attributes: Sequence[str]) -> tuple[pl.DataFrame, list[Finding]]:
    """Sum to one row per account and month; an attribute is that of the largest amount."""
    keys = ["account", "month"]
    if not attributes:
        summed = rows.group_by(keys).agg(pl.col("amount").sum().alias("mrr"))
        return summed.filter(pl.col("mrr") > 0), []
    largest = [
        pl.col(a).sort_by(["amount", a], descending=[True, False]).first() for a in attributes
    ]
    mixed = [(pl.col(a).n_unique() > 1).alias(f"mixed {a}") for a in attributes]
    summed = rows.group_by(keys).agg(pl.col("amount").sum().alias("mrr"), *largest, *mixed)
    summed = summed.filter(pl.col("mrr") > 0)
    notes = []
    for a in attributes:
        count = int(summed[f"mixed {a}"].sum())
        if count:
            text = f"{count} account-months hold several values of {a}; the largest amount's counts"
            notes.append(Finding("RC845", text))
    return summed.select(*keys, "mrr", *attributes), notes


def _pauses(rows: pl.DataFrame, shape: str, *, refuse: bool) -> list[Finding]:
    """Count the months that accounts of a panel miss between their first and last row."""
    if shape != "long":
        return []
    month = pl.col("month")
    spans = rows.group_by("account").agg(
        (month.max() - month.min() + 1 - month.n_unique().cast(pl.Int32)).alias("missing")
    )
    missing = int(spans["missing"].sum())
    if not missing:
        return []
    accounts = int((spans["missing"] > 0).sum())
    text = f"{accounts} accounts miss {missing} months inside their life; counted as zero"
    return [Finding("RC847", text, as_error=refuse)]


def _join_customers(
    panel: pl.DataFrame,
    accounts: pl.Series,
    customers: Table,
    found: Recognised,
    attributes: Sequence[str],
) -> tuple[pl.DataFrame, list[Finding]]:
    file = customers.sources[0].path
    same = find_column(found.columns["customer"], customers.header)
    column = same or recognise_customer(customers, file)
    ids, findings = clean_ids(customers, column)
    twice = ids.is_duplicated() & (ids != "")
    if twice.any():
        value = f'"{ids.filter(twice)[0]}" has more than one row'
        error = Finding(
            "RC241",
            "duplicate account in the customers file",
            value=value,
            fix="keep one row per account",
        )
        findings.append(at(customers, twice, column, error))
    errors = [f for f in findings if f.is_error]
    if errors:
        raise RetcalcError(errors)
    codes = pl.DataFrame(
        {"account": pl.arange(accounts.len(), dtype=pl.UInt32, eager=True), "id": accounts}
    )
    chosen = [customers.frame[a].cast(pl.String) for a in attributes]
    table = pl.DataFrame([ids.alias("id"), *chosen])
    matched = codes.join(
        table.with_columns(known=pl.lit(value=True)), on="id", how="left", validate="1:1"
    )
    unknown = int(matched["known"].is_null().sum())
    unused = ids.len() - (codes.height - unknown)
    if unknown:
        findings.append(
            Finding("RC846", f"{unknown} accounts are not in {file}; their segment is (none)")
        )
    if unused:
        findings.append(Finding("RC893", f"{unused} accounts of {file} have no MRR row"))
    joined = panel.join(matched.drop("id", "known"), on="account", how="left", validate="m:1")
    return joined, findings


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
