"""Sign-up months from the customers file: when an account began, before the data tells."""

from __future__ import annotations

import polars as pl

from retcalc.book.columns.recognise import find_column, normalise, unknown_column
from retcalc.book.rules import BookRules
from retcalc.book.tables.customers import recognise_customer
from retcalc.book.values.account_ids import clean_ids
from retcalc.book.values.dates import month_indexes
from retcalc.book.values.day_columns import read_days
from retcalc.core.findings import RetcalcError, raise_errors
from retcalc.read import Table

NAMES = (
    ("signup_date", "sign_up_date", "signup_month", "signed_up_at", "signup", "signup_at")
    + ("customer_since", "subscriber_since", "member_since", "acquired_at", "acquisition_date"),
    ("start_date", "started_at", "contract_start", "first_paid_at", "activated_at"),
    ("created_date", "created_at", "created", "registered_at", "registration_date"),
)


def signup_months(
    customers: Table, accounts: pl.Series, id_column: str, rules: BookRules
) -> tuple[pl.DataFrame, str] | None:
    """Month and day of sign-up per account code, and the column they are from.

    Columns account, start_month (index) and start_day (days since 1970-01-01), null if unknown.

    ``rules.columns["signup"]`` names the column, else a known name is looked for; None where
    there is none. ``id_column`` is that of the MRR export. Raises RetcalcError for bad dates and
    for a named column that is not there.
    """
    file = customers.sources[0].path
    column = _column(customers, rules.columns.get("signup"), file)
    if column is None:
        return None
    days, findings = read_days(customers, column, rules, blank_ok=True)
    raise_errors(findings)
    same = find_column(id_column, customers.header)
    ids, _ = clean_ids(customers, same or recognise_customer(customers, file))
    codes = pl.DataFrame(
        {"account": pl.arange(accounts.len(), dtype=pl.UInt32, eager=True), "id": accounts}
    )
    day = days.days.to_physical().alias("start_day")
    told = pl.DataFrame([ids.alias("id"), month_indexes(days.days).alias("start_month"), day])
    return codes.join(told, on="id", how="left", validate="1:1").drop("id"), column


def _column(customers: Table, named: str | None, file: str) -> str | None:
    if named is not None:
        column = find_column(named, customers.header)
        if column is None:
            raise RetcalcError(unknown_column(named, customers.header, file, "columns.signup"))
        return column
    folded = {normalise(name): name for name in reversed(customers.header)}
    return next((folded[n] for rank in NAMES for n in rank if n in folded), None)
