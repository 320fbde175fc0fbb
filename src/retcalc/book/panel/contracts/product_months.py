"""What each account pays for each product in each month, with the quantity where rows tell it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from retcalc.book.columns.columns_to_read import product_columns, quantity_columns
from retcalc.book.columns.header_errors import unknown_column
from retcalc.book.ledger.export import Export
from retcalc.book.rules import KindColumns
from retcalc.book.shapes.common.active_months import account_months
from retcalc.book.tables.exchange_rates import Exchange
from retcalc.book.values.day_columns import read_days
from retcalc.core.findings import Finding, RetcalcError
from retcalc.read import FILE, LINE, Table
from retcalc.read.wording import counted

_PLACES = 4  # decimals of a quantity


@dataclass(frozen=True, slots=True)
class ProductMonths:
    """Sums by account, month and product, and how they were read.

    ``rows``: account, month, product (code), amount, next_amount (the same at the exchange rates
    of the month after), quantity (null where a row tells none), begun (the earliest start) and
    signed_on (the latest day of signing; both null where a row tells none).
    """

    rows: pl.DataFrame
    findings: tuple[Finding, ...]


def product_months(
    export: Export, ledger: pl.DataFrame, exchange: Exchange | None, last: int
) -> ProductMonths:
    """The sums of a ledger's rows; raises RC264 for an export of neither products nor quantities.

    ``ledger`` and ``exchange`` are those of the book, ``last`` its last month.
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
    months = account_months(rows)
    following = pl.min_horizontal(pl.col("month") + 1, pl.lit(last, pl.Int32))
    amounts = months["amount"]
    if exchange is not None:
        amounts = exchange.converted(months.with_columns(following=following), "following")
    months = months.with_columns(amounts.alias("next_amount"))
    return ProductMonths(_summed(months), tuple(findings))


def _summed(months: pl.DataFrame) -> pl.DataFrame:
    def known(name: str, value: pl.Expr) -> pl.Expr:
        return pl.when(~pl.col(name).has_nulls()).then(value).alias(name)

    return months.group_by("account", "month", "product").agg(
        pl.col("amount", "next_amount").cast(pl.Int128).sum(),
        known("quantity", pl.col("quantity").sum()),
        known("begun", pl.col("begun").min()),
        known("signed_on", pl.col("signed_on").max()),
    )


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
