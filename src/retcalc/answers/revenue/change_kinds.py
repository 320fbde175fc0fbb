"""movements --kinds: of expansion and contraction what is quantity, price, cross-sell and ramp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from retcalc.answers.base.prepare import Prepared, prepare
from retcalc.answers.base.request import Request
from retcalc.answers.base.sources import open_sources
from retcalc.answers.base.sums import TOTAL, order, segments_as_of
from retcalc.answers.revenue.rollforward import prepared_result
from retcalc.book.panel.contracts.product_changes import product_changes
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.months import Window
from retcalc.core.result import Column, Result, Row
from retcalc.kernels.by_account.contracts.change_kinds import (
    CONTRACTION,
    EXPANSION,
    change_kinds,
)
from retcalc.kernels.panel_facts import month_rows

_WORDS = ("quantity", "price", "cross-sell", "ramp")
COLUMNS = (
    *(Column(n, f"Expansion: {w}", "money") for n, w in zip(EXPANSION, _WORDS, strict=True)),
    *(Column(n, f"Contraction: {w}", "money") for n, w in zip(CONTRACTION, _WORDS, strict=True)),
)
SHOWN = ("month", "opening_mrr", "expansion_mrr", "contraction_mrr", "closing_mrr")


def kinds_result(request: Request, *, trailing: int | None = None) -> Result:
    """The roll-forward month by month, with its expansion and contraction by kind."""
    opened = request.opened or open_sources(request.sources, request.question.columns)
    request = replace(request, opened=opened)
    prepared = prepare(request)
    result = prepared_result("movements", request, prepared, monthly=True, trailing=trailing)
    if not result.rows:
        return replace(result, columns=_columns(result))
    rows, notes = _with_kinds(result.rows, prepared, request)
    raise_errors(notes, strict=request.strict)
    return replace(result, columns=_columns(result), rows=rows, notes=(*result.notes, *notes))


def _columns(result: Result) -> tuple[Column, ...]:
    """All columns of the roll-forward, of which a screen shows what the kinds are parts of."""
    shown = (replace(c, screen=c.screen and c.name in SHOWN) for c in result.columns)
    return (*shown, *COLUMNS)


def _with_kinds(
    rows: Sequence[Row], prepared: Prepared, request: Request
) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """The rows of each segment and month with their kinds of change, and notes on the reading."""
    book = prepared.book
    closings = sorted({int(str(row.values["month"])) for row in rows})
    window = Window(closings[0] - 1, closings[-1])
    found = product_changes(prepared.export, book.ledger, book.exchange, window)
    panel = month_rows(book.panel, window.opening, window.closing)
    kinds = change_kinds(found.rows, panel, segments_as_of(request))
    names = [c.name for c in COLUMNS]
    whole = kinds.group_by("month").agg(pl.col(names).sum()).with_columns(seg=pl.lit(TOTAL))
    keys = ("seg", "month")
    parts = [frame.select(*keys, *names) for frame in (kinds, whole)]
    sums = {(s, m): figures for part in parts for s, m, *figures in part.iter_rows()}
    cells = [(s, m) for s in order(book) for m in closings]
    told = (map(int, sums.get(cell, [0] * len(names))) for cell in cells)
    kept = (_with(r, dict(zip(names, t, strict=True))) for r, t in zip(rows, told, strict=True))
    return tuple(kept), found.findings


def _with(row: Row, kinds: Mapping[str, int]) -> Row:
    """A row with its kinds; raises RC702 where they are not its expansion and contraction."""
    for line, names in (("expansion_mrr", EXPANSION), ("contraction_mrr", CONTRACTION)):
        if sum(kinds[name] for name in names) != row.values[line]:
            fix = "this is a bug in retcalc: report it with the command and its --debug output"
            text = f"the kinds do not add up to the {line}"
            raise RetcalcError(Finding("RC702", text, fix=fix))
    return replace(row, values={**row.values, **kinds})
