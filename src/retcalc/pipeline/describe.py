"""init: a starter config that says what was recognised in the files."""

from __future__ import annotations

import os
from pathlib import Path

from retcalc.book.headers import recognise
from retcalc.book.rules import BookRules
from retcalc.months import format_month
from retcalc.pipeline.prepare import Request, prepare, read_data

_TEMPLATE = """\
# retcalc.yaml, written by retcalc init. Every key is optional.
# {accounts} accounts, {first} to {last}, read as {shape}.
sources:
  mrr: {mrr}
{customers}{others}
shape: {shape}              # long | wide | intervals | invoices | movements | snapshot
columns:                    # which header plays which part
{columns}
{settled}currency:
  {currency}
definition: default         # retcalc compare nrr shows what other definitions give
segments: {{as_of: opening}}  # opening | closing | current
#calendar: {{fiscal_year_start: 1}}
#clv: {{gross_margin: 0.80, lifespan: survival}}
#checks:
#  - {{metric: nrr, window: 12m, min: 1.00, severity: error}}
#  - {{metric: logo_churn, window: 1m, max: 0.02, severity: warn}}
"""


def starter_config(request: Request, folder: Path) -> str:
    """Text of a retcalc.yaml for the request's files, with paths relative to ``folder``."""
    table, *_ = read_data(request)
    rules = request.book
    found = recognise(table.header, rules.columns, rules.shape, request.data[0], rules.dates.format)
    book = prepare(request, revenue=False).book
    columns = "\n".join(f"  {role}: {_quoted(name)}" for role, name in found.columns.items())
    customers = (
        f"  customers: {_path(request.customers, folder)}"
        if request.customers
        else ("  #customers: customers.csv   # one row per account, for --by and --where")
    )
    code = book.currency.code
    return _TEMPLATE.format(
        accounts=book.accounts.len(),
        first=format_month(book.first),
        last=format_month(book.last),
        shape=found.shape,
        mrr=_path(request.data[0], folder),
        customers=customers,
        others=_others(request, folder),
        columns=columns,
        settled=_settled(rules),
        currency=f"report: {code}" if code else "#report: USD   # nothing in the file says it",
    )


def _others(request: Request, folder: Path) -> str:
    files = {"fx": request.fx, "costs": request.costs}
    return "".join(f"\n  {name}: {_path(path, folder)}" for name, path in files.items() if path)


def _settled(rules: BookRules) -> str:
    """The reading rules that were given on the command line."""
    amounts, dates = rules.amounts, rules.dates
    parts = {
        "amounts": {
            "unit": amounts.unit,
            "decimal": amounts.decimal,
            "thousands": amounts.thousands,
            "negative": "allow" if amounts.allow_negative else None,
        },
        "dates": {"format": dates.format, "timezone": dates.timezone},
    }
    lines = ""
    for name, keys in parts.items():
        given = [f"{key}: {_quoted(value)}" for key, value in keys.items() if value is not None]
        lines += f"{name}: {{{', '.join(given)}}}\n" if given else ""
    return lines


def _path(path: str, folder: Path) -> str:
    return _quoted(os.path.relpath(path, folder))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
