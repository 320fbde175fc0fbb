"""What accounts pay for each product before and after the months in which a row begins or ends."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from retcalc.book.columns.columns_to_read import product_columns, quantity_columns
from retcalc.book.columns.header_errors import unknown_column
from retcalc.book.ledger.export import Export
from retcalc.book.rules import KindColumns
from retcalc.book.tables.exchange_rates import Exchange
from retcalc.book.values.day_columns import read_days
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import Window
from retcalc.read import FILE, LINE, Table
from retcalc.read.wording import counted

_PLACES = 4  # decimals of a quantity
_KEYS = ("account", "month", "product")


@dataclass(frozen=True, slots=True)
class ProductChanges:
    """Sums by account, month and product at both ends of the month, and how they were read.

    ``rows``: account, month, product (code), was (amount of the month before, at the exchange
    rates of the month), now, quantity_was, quantity_now (null where a row tells none), begun (the
    earliest start before) and signed_on (the latest signing after; null where a row tells none).
    An account has all of its products in each of its months, which are those where a row of it
    begins or has ended.
    """

    rows: pl.DataFrame
    findings: tuple[Finding, ...]


def product_changes(
    export: Export, ledger: pl.DataFrame, exchange: Exchange | None, window: Window
) -> ProductChanges:
    """The sums of a ledger's rows; raises RC264 for an export of neither products nor quantities.

    ``ledger`` and ``exchange`` are those of the book; ``window`` has the months.
    """
    table, kinds = export.table, export.rules.kinds or KindColumns()
    product = _one(table, product_columns(table.header, kinds.product), "product", kinds.product)
    named = kinds.quantity or export.rules.columns.get("quantity")
    quantity = _one(table, quantity_columns(table.header, named), "quantity", named)
    if product is None and quantity is None:
        value = f"the columns are: {', '.join(table.header)}"
        fix = "--product-column COLUMN   or  --quantity-column COLUMN"
        text = "rows tell neither product nor quantity"
        raise RetcalcError(Finding("RC264", text, value=value, fix=fix))
    told = table.frame.select(FILE, LINE).with_columns(
        product=_products(table, product),
        quantity=_quantities(table, quantity),
        begun=_days(export, "start"),
        signed_on=_days(export, "signed"),
    )
    rows = ledger.join(told.unique([FILE, LINE]), on=[FILE, LINE], how="left", validate="m:1")
    findings = [_read_as(product, quantity, signed="signed" in export.found.columns)]
    if quantity is not None and rows["quantity"].has_nulls():
        findings.append(_without_quantity(rows, quantity))
    return ProductChanges(_at_both_ends(rows, exchange, window), tuple(findings))


def _at_both_ends(rows: pl.DataFrame, exchange: Exchange | None, window: Window) -> pl.DataFrame:
    month = pl.col("month")
    turns = [rows.select("account", month=m) for m in (pl.col("first"), pl.col("last") + 1)]
    inside = month.is_between(window.opening + 1, window.closing)
    asked = pl.concat(turns).filter(inside).unique()
    before, after = _in_force(rows, asked, 1), _in_force(rows, asked, 0)
    if exchange is not None:
        before = before.with_columns(exchange.converted(before, "month"))
    was = before.group_by(_KEYS).agg(
        was=_money(),
        quantity_was=_known("quantity", pl.col("quantity").sum()),
        begun=_known("begun", pl.col("begun").min()),
    )
    now = after.group_by(_KEYS).agg(
        now=_money(),
        quantity_now=_known("quantity", pl.col("quantity").sum()),
        signed_on=_known("signed_on", pl.col("signed_on").max()),
    )
    both = was.join(now, on=_KEYS, how="full", coalesce=True, validate="1:1")
    return both.with_columns(pl.col("was", "now").fill_null(0))


def _in_force(rows: pl.DataFrame, asked: pl.DataFrame, earlier: int) -> pl.DataFrame:
    """The rows that count so many months before each account and month that is asked about."""
    if (rows["first"] == rows["last"]).all():
        placed = rows.with_columns(month=pl.col("first") + earlier)
        return placed.join(asked, on=["account", "month"], how="semi")
    counts = (pl.col("month") - earlier).is_between("first", "last")
    return rows.join(asked, on="account", how="inner", validate="m:m").filter(counts)


def _money() -> pl.Expr:
    return pl.col("amount").cast(pl.Int128).sum()


def _known(name: str, value: pl.Expr) -> pl.Expr:
    """A value of a group, null where a row of it does not tell the column."""
    return pl.when(pl.col(name).null_count() == 0).then(value)


def _one(table: Table, found: Sequence[str], what: str, named: str | None) -> str | None:
    """The one column; raises RC201 for several, RC150 for a named one that is not there."""
    file, option = table.sources[0].path, f"--{what}-column"
    if len(found) > 1:
        fix = "   or  ".join(f"{option} {shlex.quote(name)}" for name in found)
        text, value = f"more than one column could be the {what}", f"in {file}: {', '.join(found)}"
        raise RetcalcError(Finding("RC201", text, header=what, value=value, fix=fix))
    if named is not None and not found:
        raise RetcalcError(unknown_column(named, table.header, file, option))
    return found[0] if found else None


def _products(table: Table, column: str | None) -> pl.Series:
    if column is None:
        return pl.repeat(0, table.frame.height, dtype=pl.UInt32, eager=True)
    return table.text(column).str.strip_chars().rank("dense").cast(pl.UInt32)


def _quantities(table: Table, column: str | None) -> pl.Series:
    """Numbers that are not negative, in units of 10**-_PLACES; null for anything else."""
    if column is None:
        return pl.repeat(None, table.frame.height, dtype=pl.Int64, eager=True)
    text = table.text(column).str.strip_chars()
    plain = text.str.contains(rf"^[0-9]{{1,9}}(\.[0-9]{{1,{_PLACES}}})?$")
    halves = text.str.split_exact(".", 1).struct
    fraction = halves.field("field_1").fill_null("").str.pad_end(_PLACES, "0")
    units = pl.when(plain).then(halves.field("field_0") + fraction)
    return pl.select(units.cast(pl.Int64)).to_series()


def _days(export: Export, role: str) -> pl.Series:
    """The days of a role that a dated row has, null without it."""
    table, found = export.table, export.found
    column = found.columns.get(role) if found.shape == "intervals" else None
    if column is None:
        return pl.repeat(None, table.frame.height, dtype=pl.Date, eager=True)
    utc = found.preset is not None and found.preset.zone == "UTC"
    return read_days(table, column, export.rules, blank_ok=True, utc=utc)[0].days


def _read_as(product: str | None, quantity: str | None, *, signed: bool) -> Finding:
    parts = [f"product = {product}" if product else "no product, so no cross-sell"]
    parts.append(f"quantity = {quantity}" if quantity else "no quantity, so the rest is price")
    parts += [] if signed else ["no day of signing, so no ramp"]
    return Finding("RC899", f"kinds of expansion and contraction: {', '.join(parts)}")


def _without_quantity(rows: pl.DataFrame, column: str) -> Finding:
    out = rows.filter(pl.col("quantity").is_null())
    who = counted(out["account"].n_unique(), "account")
    lines = out.select(FILE, LINE).n_unique()
    verb = "has" if lines == 1 else "have"
    text = f"{counted(lines, 'row')} of {who} {verb} no number in {column}"
    text += "; what changes there counts as price"
    return Finding("RC877", text)
