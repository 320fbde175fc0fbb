"""movements --kinds: of expansion and contraction what is quantity, price, cross-sell and ramp."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from retcalc.answers.base.prepare import Prepared, prepare
from retcalc.answers.base.request import Request
from retcalc.answers.base.sources import open_sources
from retcalc.answers.base.sums import TOTAL, order, segments_as_of
from retcalc.answers.revenue.rollforward import prepared_result
from retcalc.book.panel.contracts.product_changes import product_changes
from retcalc.core.findings import own_fault, raise_errors
from retcalc.core.months import Window
from retcalc.core.result import Column, Result, Row
from retcalc.kernels.by_account.contracts.change_kinds import (
    CONTRACTION,
    EXPANSION,
    account_kinds,
    change_kinds,
)
from retcalc.kernels.panel_facts import month_rows

_WORDS = ("quantity", "price", "cross-sell", "ramp")
COLUMNS = (
    *(Column(n, f"Expansion: {w}", "money") for n, w in zip(EXPANSION, _WORDS, strict=True)),
    *(Column(n, f"Contraction: {w}", "money") for n, w in zip(CONTRACTION, _WORDS, strict=True)),
)
SHOWN = ("month", "opening_mrr", "expansion_mrr", "contraction_mrr", "closing_mrr")


@dataclass(frozen=True, slots=True)
class Kinds:
    """The roll-forward with its kinds, and the parts of every account: see ``account_kinds``."""

    result: Result
    accounts: pl.DataFrame
    prepared: Prepared


def kinds_result(request: Request, *, trailing: int | None = None) -> Result:
    """The roll-forward month by month, with its expansion and contraction by kind."""
    return kinds_of(request, trailing=trailing).result


def kinds_of(request: Request, *, trailing: int | None = None) -> Kinds:
    """The roll-forward with its kinds and the accounts behind them; raises RC702."""
    opened = request.opened or open_sources(request.sources, request.question.columns)
    request = replace(request, opened=opened)
    prepared = prepare(request)
    result = prepared_result("movements", request, prepared, monthly=True, trailing=trailing)
    if not result.rows:
        return Kinds(replace(result, columns=_columns(result)), pl.DataFrame(), prepared)
    book = prepared.book
    closings = sorted({int(str(row.values["month"])) for row in result.rows})
    window = Window(closings[0] - 1, closings[-1])
    found = product_changes(prepared.export, book.ledger, book.exchange, window)
    raise_errors(found.findings, strict=request.strict)
    panel = month_rows(book.panel, window.opening, window.closing)
    accounts = account_kinds(found.rows, panel, segments_as_of(request))
    cells = [(s, m) for s in order(book) for m in closings]
    rows = tuple(_with_kinds(result.rows, cells, change_kinds(accounts)))
    notes = (*result.notes, *found.findings)
    result = replace(result, columns=_columns(result), rows=rows, notes=notes)
    return Kinds(result, accounts, prepared)


def _columns(result: Result) -> tuple[Column, ...]:
    """All columns of the roll-forward, of which a screen shows what the kinds are parts of."""
    shown = (replace(c, screen=c.screen and c.name in SHOWN) for c in result.columns)
    return (*shown, *COLUMNS)


def _with_kinds(
    rows: Sequence[Row], cells: Sequence[tuple[int, int]], kinds: pl.DataFrame
) -> Iterator[Row]:
    """The rows, one for each segment and month of ``cells``, with their kinds of change."""
    names = [c.name for c in COLUMNS]
    whole = kinds.group_by("month").agg(pl.col(names).sum()).with_columns(seg=pl.lit(TOTAL))
    parts = [frame.select("seg", "month", *names) for frame in (kinds, whole)]
    sums = {(s, m): figures for part in parts for s, m, *figures in part.iter_rows()}
    for row, cell in zip(rows, cells, strict=True):
        told = map(int, sums.get(cell, [0] * len(names)))
        yield _with(row, dict(zip(names, told, strict=True)))


def _with(row: Row, kinds: Mapping[str, int]) -> Row:
    """A row with its kinds; raises RC702 where they are not its expansion and contraction."""
    for line, names in (("expansion_mrr", EXPANSION), ("contraction_mrr", CONTRACTION)):
        if sum(kinds[name] for name in names) != row.values[line]:
            raise own_fault("RC702", f"the kinds do not add up to the {line}")
    return replace(row, values={**row.values, **kinds})
