"""Headline figures with what stands beside them: what they are made of, and benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from retcalc.core.result import Band, Block, Column, Report, Result, Row
from retcalc.render.numbers import Number, exact, machine_value, screen_value
from retcalc.render.words import figure, safe_text, spoken, still_there


@dataclass(frozen=True, slots=True)
class Verdict:
    """One benchmark beside a figure."""

    mark: str
    words: str
    met: bool


@dataclass(frozen=True, slots=True)
class Tile:
    """One headline figure: ``value`` as JSON carries it, ``shown`` as people read it."""

    name: str
    label: str
    value: str
    shown: str
    unit: str
    beside: tuple[str, ...]
    bands: tuple[Verdict, ...]


def tiles(report: Report) -> Iterator[Tile]:
    """The headline figures of the parts there are."""
    found: dict[str, tuple[Result, Column, Row]] = {}
    for result in report.parts.values():
        for column, row in _headlines(result):
            found.setdefault(column.name, (result, column, row))
    for name in sorted(found, key=lambda name: found[name][1].headline or 0):
        yield _tile(report, *found[name])


def band_lines(report: Report) -> Iterator[str]:
    """Where the benchmarks come from."""
    for band in report.bands:
        yield f"{spoken(band.metric)}, {band.who}: {_limits(band)}. {band.source}"


def _headlines(result: Result) -> Iterator[tuple[Column, Row]]:
    """The columns of headline figures with the total row, of the rows and of the table of lives."""
    life = result.extra.get("life")
    tables = [(result.columns, result.rows)]
    if isinstance(life, Block):
        tables.append((life.columns, life.rows))
    for columns, rows in tables:
        yield from ((c, rows[-1]) for c in columns if rows and c.headline is not None)


def _tile(report: Report, result: Result, column: Column, row: Row) -> Tile:
    value = row.values.get(column.name)
    machine = machine_value(value, column.unit, result.currency)
    star = "*" if row.small and column.unit in ("rate", "ratio") else ""
    return Tile(
        column.name,
        column.label + star,
        "" if machine is None else str(machine),
        figure(row, column, result.currency),
        _unit(column, result) if value is not None else "",
        tuple(_beside(column, row, result)),
        tuple(_verdicts(report, column.name, value, result)),
    )


def _unit(column: Column, result: Result) -> str:
    if column.unit == "money":
        return safe_text(result.currency.code or "")
    months = column.name.endswith("_months") and "months" not in column.label
    return "months" if months else ""


def _beside(column: Column, row: Row, result: Result) -> Iterator[str]:
    if column.name in row.reasons:
        yield spoken(row.reasons[column.name])
    if column.name in row.at_least:
        yield still_there(row)
    ends = [row.values.get(f"{column.name}_{end}") for end in ("lower", "upper")]
    if None not in ends:
        low, high = (screen_value(end, column.unit, result.currency) for end in ends)
        yield f"interval {low} to {high}"
    values = row.values
    if column.name == "logo_churn":
        lost = screen_value(values["churned_accounts"], "count", result.currency)
        yield f"{lost} of {screen_value(values['opening_accounts'], 'count', result.currency)}"
    if column.name == "closing_mrr" and values.get("opening_mrr") is not None:
        yield f"from {screen_value(values['opening_mrr'], 'money', result.currency)}"
    if column.name == "closing_accounts":
        yield f"from {screen_value(values.get('opening_accounts'), 'count', result.currency)}"


def _verdicts(report: Report, name: str, value: object, result: Result) -> Iterator[Verdict]:
    months = result.window.months if result.window else None
    if not isinstance(value, int | float | Fraction):
        return
    for band in report.bands:
        if band.metric != name or band.months not in (None, months):
            continue
        met = _meets(value, band.good, band)
        mark = "● meets" if met else "▼ misses"
        if band.top is not None and _meets(value, band.top, band):
            mark = "▲ tops"
        who = "" if band.who == "all" else f", {band.who}"
        yield Verdict(mark, f"the benchmark{who}: {_limits(band)}", met)


def _meets(value: Number, limit: Fraction, band: Band) -> bool:
    return exact(value) <= limit if band.better == "less" else exact(value) >= limit


def _limits(band: Band) -> str:
    sign = "≤" if band.better == "less" else "≥"
    named = (("good", band.good), ("top", band.top))
    return ", ".join(f"{word} {sign} {_shown(v, band)}" for word, v in named if v is not None)


def _shown(limit: Fraction, band: Band) -> str:
    if band.unit == "rate":
        return f"{float(limit * 100):g}%"
    return f"{float(limit):g}{'x' if band.unit == 'ratio' else ''}"
