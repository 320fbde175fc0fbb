"""What a run was asked for, settled from command line and config."""

from __future__ import annotations

from dataclasses import dataclass

from retcalc.answers.base.assumptions import ValueRules
from retcalc.book import Book, BookRules
from retcalc.config.definitions.profile import Profile
from retcalc.core.findings import Finding
from retcalc.core.months import WindowRule
from retcalc.read import ReadRules, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Everything a run was asked for, settled from command line and config."""

    data: tuple[str, ...]
    customers: str | None = None
    reading: ReadRules = ReadRules()
    book: BookRules = BookRules()
    profile: Profile
    window: WindowRule = WindowRule()
    expect_total: str | None = None
    costs: str | None = None
    fx: str | None = None
    mergers: str | None = None
    value: ValueRules = ValueRules()
    phases: tuple[int, ...] = (30, 90, 180)
    min_group: int = 10
    confidence: float | None = None
    strict: bool = False
    config_sha256: str | None = None
    opened: Opened | None = None  # sources that are read already, for answers that share them


@dataclass(frozen=True, slots=True)
class Opened:
    """Sources as read, before any window: see ``Prepared``; ``empty`` without a single row."""

    book: Book
    notes: tuple[Finding, ...]
    header: tuple[str, ...]
    customers: Table | None
    empty: bool = False
