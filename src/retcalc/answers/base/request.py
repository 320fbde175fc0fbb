"""What a run was asked for, settled from command line and config."""

from __future__ import annotations

from dataclasses import dataclass, replace

from retcalc.answers.base.assumptions import ValueRules
from retcalc.answers.base.sources import Opened, Sources
from retcalc.book import Question
from retcalc.book.rules import KindColumns
from retcalc.config.definitions.profile import Profile
from retcalc.core.months import WindowRule


@dataclass(frozen=True, slots=True)
class RenewalRules:
    """Days before and after the end of a term in which the next one must begin to renew it."""

    early: int = 90
    late: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to open, what is asked of it, and what the answer goes by.

    ``zone_must_act``: a time zone was named for these very files, so that it must change something.
    ``opened`` are the sources where they are open already: answers that share them read them once.
    """

    sources: Sources
    question: Question = Question()
    profile: Profile
    window: WindowRule = WindowRule()
    expect_total: str | None = None
    zone_must_act: bool = False
    value: ValueRules = ValueRules()
    renewal: RenewalRules = RenewalRules()
    phases: tuple[int, ...] = (30, 90, 180)
    min_group: int = 10
    min_cohorts: int = 3
    confidence: float | None = None
    strict: bool = False
    config_sha256: str | None = None
    opened: Opened | None = None

    def with_reasons(self, file: str | None, column: str | None) -> Request:
        """The same with another file of reasons for leaving, and another column of them."""
        sources = self.sources
        reasons = sources.rules.reasons
        reasons = replace(reasons, asked=True, column=column or reasons.column)
        rules = replace(sources.rules, reasons=reasons)
        changed = replace(sources, reasons=file or sources.reasons, rules=rules)
        return replace(self, sources=changed)

    def with_kinds(self, product: str | None, quantity: str | None) -> Request:
        """The same for kinds of expansion, told from these columns or those of such names."""
        rules = replace(self.sources.rules, kinds=KindColumns(product, quantity))
        return replace(self, sources=replace(self.sources, rules=rules))
