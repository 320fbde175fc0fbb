"""A Result as one JSON object, the form that scripts rely on."""

from __future__ import annotations

import json
from typing import Any

from retcalc import __version__
from retcalc.core.findings import Finding
from retcalc.core.months import format_month
from retcalc.core.result import Block, Column, Currency, Result, Row, Source
from retcalc.render.machine.rounded_sums import rounded_sums
from retcalc.render.numbers import machine_value, plain_value, written
from retcalc.render.words import UNSEEN

SCHEMA = 1


def to_json(result: Result) -> str:
    """Write a result as indented JSON with a final newline, byte for byte repeatable.

    Money is a string, counts are integers, rates doubles, months ``YYYY-MM``. Characters that
    cannot be seen or encoded are written as JSON escapes, so they come back as they were.
    """
    text = json.dumps(_object(result), ensure_ascii=False, allow_nan=False, indent=2)
    if UNSEEN.search(text.replace("\n", "")):  # line breaks are the indentation's own
        text = "\n".join(UNSEEN.sub(_escape, line) for line in text.split("\n"))
    return text + "\n"


def _escape(match: Any) -> str:
    return json.dumps(match[0])[1:-1]


def _object(result: Result) -> dict[str, Any]:
    window, currency = result.window, result.currency
    months = window and {
        "opening": format_month(window.opening),
        "closing": format_month(window.closing),
        "months": window.months,
    }
    config = {"config": {"sha256": result.config_sha256}} if result.config_sha256 else {}
    extra = {
        name: _block(part, currency)
        if isinstance(part, Block)
        else {key: plain_value(value) for key, value in part.items()}
        for name, part in result.extra.items()
    }
    return {
        "retcalc": __version__,
        "schema": SCHEMA,
        "metric": result.metric,
        "definition": dict(result.definition),
        "window": months,
        "currency": currency.code,
        **config,
        "rows": [
            _row(row, result.columns, currency, segment=True)
            for row in rounded_sums(result.rows, result.columns, currency)
        ],
        **extra,
        **({"verdict": result.verdict} if result.verdict else {}),
        "notes": [_note(note) for note in result.notes],
        "sources": [_source(source, currency) for source in result.sources],
    }


def _row(
    row: Row, columns: tuple[Column, ...], currency: Currency, *, segment: bool
) -> dict[str, Any]:
    fields: dict[str, Any] = {"segment": dict(row.segment)} if segment else {}
    for column in columns:
        value = row.values.get(column.name)
        fields[column.name] = (
            _block(value, currency)
            if isinstance(value, Block)
            else machine_value(value, column.unit, currency)
        )
    if row.reasons:
        fields["reasons"] = dict(row.reasons)
    if row.small:
        fields["small"] = True
    if row.at_least:
        fields["at_least"] = list(row.at_least)
    return fields


def _block(block: Block, currency: Currency) -> list[dict[str, Any]]:
    segmented = any(row.segment for row in block.rows)
    rows = rounded_sums(block.rows, block.columns, currency)
    return [_row(row, block.columns, currency, segment=segmented) for row in rows]


def _note(note: Finding) -> dict[str, Any]:
    fields: dict[str, Any] = {"code": note.code, "message": note.message}
    if note.spots:
        first = note.spots[0]
        fields["file"] = first.file
        if first.line is not None:
            fields["line"] = first.line
        fields["count"] = len(note.spots)
    return fields


def _source(source: Source, currency: Currency) -> dict[str, Any]:
    total = source.total_mrr
    return {
        "path": source.path,
        "sha256": source.sha256,
        "rows": source.rows,
        "total_mrr": None if total is None else written(total, currency.digits),
    }
