"""When accounts started, by a date of the customers file."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from retcalc.answers.base.prepare import Prepared
from retcalc.answers.base.request import Request
from retcalc.book.columns.recognise import find_column, unknown_column
from retcalc.book.tables.signup_months import signup_months
from retcalc.core.findings import Finding, RetcalcError


def start_months(
    prepared: Prepared, request: Request, named: str | None
) -> tuple[pl.DataFrame, str] | None:
    """Month and day of start per account code, see ``signup_months``, and the column they are from.

    ``named`` is the column asked for with ``--cohort-date``; with None the sign-up column is
    recognised by its name, and None comes back where there is none. Raises RC162 without a
    customers file to look in, RC150 for a column it lacks, and RC22x for bad dates.
    """
    rules, customers = request.sources.rules, prepared.customers
    if customers is None:
        if named is None:
            return None
        fix = f"--customers FILE --cohort-date {named}"
        message = "--cohort-date names a column of the customers file, and there is none"
        raise RetcalcError(Finding("RC162", message, fix=fix))
    if named is not None:
        column = find_column(named, customers.header)
        if column is None:
            file = customers.sources[0].path
            raise RetcalcError(unknown_column(named, customers.header, file, "--cohort-date"))
        rules = replace(rules, columns={**rules.columns, "signup": column})
    found = prepared.headers.recognise(prepared.header)
    return signup_months(customers, prepared.book.accounts, found.columns["customer"], rules)
