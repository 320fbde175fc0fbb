"""Retention of the months up to every month-end, beside that of the month alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retcalc.answers.base.rate_plans import covered
from retcalc.answers.base.rates import formulas, profiled
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import months_of, order, rolling_sums
from retcalc.book import Book
from retcalc.core.months import Window
from retcalc.core.result import Column, Row
from retcalc.metrics import Rate, Undefined, lines_of, metric, shown_in


def trailing_columns(months: int) -> list[Column]:
    """The columns trailing_nrr and trailing_grr."""
    known = [metric(name) for name in shown_in("trailing")]
    return [Column(f"trailing_{m.name}", f"{m.label} {months}m", m.unit) for m in known]


def with_trailing(
    rows: Sequence[Row], book: Book, window: Window, request: Request, months: int
) -> tuple[Row, ...]:
    """Give the rows of each segment and month the retention of so many months up to its end."""
    sums = rolling_sums(book, window, months, request)
    names = shown_in("trailing")
    forms = formulas(request, names, months)
    own = [name for name in names if not covered(name, request.profile)]
    told = {}
    for month in months_of(window) if own else ():
        told[month] = profiled(book, Window(month - months, month), request, own)
    cells = [(s, m) for s in order(book) for m in months_of(window)]
    return tuple(
        _with_rates(
            row,
            {
                name: told[m][s][name]
                if name in own
                else metric(name).value(lines_of(sums[s, m]), months, forms[name])
                for name in names
            },
        )
        for (s, m), row in zip(cells, rows, strict=True)
    )


def _with_rates(row: Row, rates: dict[str, Rate]) -> Row:
    values, reasons = dict(row.values), dict(row.reasons)
    for name, rate in rates.items():
        if isinstance(rate, Undefined):
            values[f"trailing_{name}"], reasons[f"trailing_{name}"] = None, rate.reason
        else:
            values[f"trailing_{name}"] = rate
    return replace(row, values=values, reasons=reasons)
