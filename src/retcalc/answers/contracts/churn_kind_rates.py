"""Voluntary, involuntary and unknown churn as rates of the opening: what check judges of kinds."""

from __future__ import annotations

import polars as pl

from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import row_of
from retcalc.answers.base.sums import TOTAL, order, window_sums
from retcalc.answers.contracts.churn_reasons import KINDS, told_reasons
from retcalc.book.panel.contracts.churn_kinds import kind_of
from retcalc.core.result import Column, Result
from retcalc.metrics.rate_formula import share

RATES = {
    f"{kind}_{name}": (kind, lost, opening)
    for name, lost, opening in (
        ("logo_churn", "accounts", "opening_accounts"),
        ("revenue_churn", "mrr", "opening_mrr"),
    )
    for kind in KINDS
}


def churn_kind_rates(request: Request) -> Result:
    """A row per segment and the total with RATES: accounts and MRR lost, of the opening."""
    told = told_reasons(request)
    prepared, gone, rules = told.prepared, told.gone, request.sources.rules.reasons
    book = prepared.book
    kinds = {word: kind_of(word, rules) for word in gone["reason"].unique()}
    gone = gone.with_columns(pl.col("reason").replace_strict(kinds, return_dtype=pl.String))
    sums = window_sums(book, prepared.window, request)
    rows = []
    for segment in order(book):
        own = gone if segment == TOTAL else gone.filter(pl.col("seg") == segment)
        values = {}
        for name, (kind, lost, opening) in RATES.items():
            left = own.filter(pl.col("reason") == kind)
            count = left.height if lost == "accounts" else int(left["mrr"].cast(pl.Int128).sum())
            values[name] = share(count, getattr(sums[segment], opening), f"no_{opening}")
        rows.append(row_of(values, book, segment))
    return Result(
        metric="churn",
        title="Kinds of churn",
        definition={"profile": request.profile.name, "basis": request.profile.basis},
        columns=tuple(Column(name, name.replace("_", " "), "rate") for name in RATES),
        rows=tuple(rows),
        window=prepared.window,
        currency=book.currency,
        notes=told.notes,
        sources=told.sources,
        by=book.by,
    )
