"""Bands that others publish of a metric, each with its source; users can replace the table."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from retcalc.config.load import parse, read_bytes
from retcalc.config.model.key_group import Part
from retcalc.config.model.scalars import MonthCount, Number
from retcalc.core.result import Band
from retcalc.metrics import metrics

_OWN = Path(__file__).parent / "published_bands.yaml"


class _Entry(Part):
    metric: str
    who: str
    source: str
    good: Number
    low: Number | None = None
    top: Number | None = None
    months: MonthCount | None = None


class _Table(Part):
    bands: tuple[_Entry, ...]


def bands(path: str | None = None) -> tuple[Band, ...]:
    """Read the table that comes with retcalc, or one of the same form; raises RetcalcError."""
    file = path or str(_OWN)
    table, known = parse(file, read_bytes(file), _Table), metrics()
    return tuple(
        Band(
            metric=entry.metric,
            who=entry.who,
            source=entry.source,
            good=Fraction(entry.good),
            low=None if entry.low is None else Fraction(entry.low),
            top=None if entry.top is None else Fraction(entry.top),
            months=entry.months,
            better=(known[entry.metric].better or "more") if entry.metric in known else "more",
            unit=known[entry.metric].unit if entry.metric in known else "rate",
        )
        for entry in table.bands
    )
