"""Notes and sources of all parts of a report, each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from retcalc.core.result import Report, Result, Source


def notes_of(report: Report) -> Iterable[Any]:
    """The notes of all parts, each once, in order."""
    return dict.fromkeys(note for result in report.parts.values() for note in result.notes)


def with_all_sources(report: Report) -> Result:
    """The head of a report with the sources of all parts, each once."""
    found: dict[Source, None] = dict.fromkeys(
        source for result in report.parts.values() for source in result.sources
    )
    return replace(report.head, sources=tuple(found))
