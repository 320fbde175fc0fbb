"""Which accounts made a figure fall short: the largest losses of its opening set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from retcalc.answers.base.prepare import prepare
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import segments_as_of
from retcalc.book import constant_currency
from retcalc.book.rules import Condition
from retcalc.core.result import Block, Column, Row
from retcalc.kernels.by_account.account_bridge import account_window, movement
from retcalc.kernels.panel_facts import account_lines
from retcalc.metrics import bridge_metrics

SHOWN = 10
COLUMNS = (
    Column("check", "Check", "text"),
    Column("account", "Account", "text"),
    Column("movement", "Movement", "text"),
    Column("opening_mrr", "Opening MRR", "money"),
    Column("closing_mrr", "Closing MRR", "money"),
    Column("lost_mrr", "Lost", "money"),
)


def culprits(check: str, metric: str, segment: Mapping[str, str], request: Request) -> Block | None:
    """The accounts of the opening set that lost most, at most SHOWN; None where none could be."""
    if metric not in bridge_metrics() or not bridge_metrics()[metric].of_opening:
        return None
    where = tuple(Condition(column, "=", (value,)) for column, value in segment.items())
    question = replace(request.question, where=(*request.question.where, *where), by=())
    prepared = prepare(replace(request, question=question), split=True)
    panel, spans = constant_currency(prepared.book, prepared.window.months), [prepared.window]
    gap, as_of = request.profile.reactivation_gap, segments_as_of(request)
    lines = account_window(account_lines(panel, spans, gap, as_of), spans)
    lost = (pl.col("churn_mrr") + pl.col("contraction_mrr")).alias("lost_mrr")
    worst = (
        lines.with_columns(lost, movement())
        .filter(pl.col("lost_mrr") > 0)
        .sort("lost_mrr", "account", descending=[True, False])
        .head(SHOWN)
    )
    ids = prepared.book.accounts
    names = [c.name for c in COLUMNS[2:]]
    rows = worst.select("account", *names).rows()
    return Block(
        COLUMNS,
        tuple(
            Row({"check": check, "account": ids[row[0]], **dict(zip(names, row[1:], strict=True))})
            for row in rows
        ),
    )
