"""init: a starter config that says what was recognised in the files."""

from __future__ import annotations

import os
from pathlib import Path

from retcalc.answers.base.prepare import prepare
from retcalc.answers.base.request import Request
from retcalc.answers.base.sources import Sources
from retcalc.book.rules import BookRules
from retcalc.core.months import format_month

_TEMPLATE = """\
# retcalc.yaml, written by retcalc init. Every key is optional.
# {accounts} accounts, {first} to {last}, read as {shape}.
{sources}
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
    rules, prepared = request.sources.rules, prepare(request, revenue=False)
    book, found = prepared.book, prepared.headers.recognise(prepared.header)
    columns = "\n".join(f"  {role}: {_quoted(name)}" for role, name in found.columns.items())
    code = book.currency.code
    return _TEMPLATE.format(
        accounts=book.accounts.len(),
        first=format_month(book.first),
        last=format_month(book.last),
        shape=found.shape,
        sources=_sources(request.sources, folder),
        columns=columns,
        settled=_settled(rules),
        currency=f"report: {code}" if code else "#report: USD   # nothing in the file says it",
    )


def _sources(sources: Sources, folder: Path) -> str:
    """The files; what a config may not name is left to the command line."""
    files = {"customers": sources.customers, "fx": sources.fx, "costs": sources.costs}
    named = {"mrr": sources.data, **{name: [path] for name, path in files.items() if path}}
    inside = {name: all(_inside(path, folder) for path in paths) for name, paths in named.items()}
    lines = ["sources:" if any(inside.values()) else "#sources:"]
    for name, paths in named.items():
        quoted = [_quoted(os.path.relpath(p, folder) if inside[name] else p) for p in paths]
        value = quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"
        why = "   # not below this folder: name it on the command line"
        lines.append(f"  {name}: {value}" if inside[name] else f"  #{name}: {value}{why}")
    if not sources.customers:
        lines.append("  #customers: customers.csv   # one row per account, for --by and --where")
    return "\n".join(lines)


def _inside(path: str, folder: Path) -> bool:
    root = Path(os.path.realpath(folder))
    local = path != "-" and "://" not in path
    return local and Path(os.path.realpath(path)).is_relative_to(root)


def _settled(rules: BookRules) -> str:
    """The reading rules that were given on the command line."""
    amounts, dates = rules.amounts, rules.dates
    parts: dict[str, dict[str, str | int | None]] = {
        "amounts": {
            "unit": amounts.unit,
            "decimal": amounts.decimal,
            "thousands": amounts.thousands,
            "periods": None if rules.periods == "ask" else rules.periods,
            "negative": "allow" if amounts.allow_negative else None,
        },
        "dates": {
            "format": dates.format,
            "timezone": dates.timezone,
            "year": dates.year,
        },
    }
    lines = ""
    for name, keys in parts.items():
        given = [f"{key}: {_quoted(value)}" for key, value in keys.items() if value is not None]
        lines += f"{name}: {{{', '.join(given)}}}\n" if given else ""
    return lines


def _quoted(text: str | int) -> str:
    if isinstance(text, int):
        return str(text)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = (c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped)
    return f'"{"".join(shown)}"'
