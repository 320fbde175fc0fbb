"""One judged limit of ``check``: the figure, its limit, and whether it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from retcalc.answers.base.request import Request
from retcalc.answers.revenue.rollforward import MONEY
from retcalc.core.result import Column, Row, Value

COLUMNS = (
    Column("check", "Check", "text"),
    Column("value", "Value", "any"),
    Column("rule", "Rule", "text"),
    Column("limit", "Limit", "any"),
    Column("severity", "Severity", "text"),
    Column("status", "Status", "text"),
)


class Figure(NamedTuple):
    """A figure of one segment, why it is None, and whether it is a lower bound."""

    value: Fraction | None
    reason: str | None = None
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: ``kind`` is min, max, equals, max_drop or max_rise; in major units of money."""

    kind: str
    bound: Fraction
    tolerance: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judged limit of a figure; of a move between two months ``figure`` is the move."""

    name: str
    metric: str
    figure: Figure
    limit: Limit
    severity: str
    segment: Mapping[str, str]
    request: Request

    @property
    def status(self) -> str:
        """``ok``, ``failed``, or ``undecided`` of a lower bound on the wrong side of its limit."""
        if self.figure.value is None:
            return "failed"
        distance = self.figure.value - self.limit.bound
        match self.limit.kind:
            case "min":
                holds = distance >= 0
            case "equals":
                holds = abs(distance) <= self.limit.tolerance
            case _:
                holds = distance <= 0
        if not self.figure.at_least:
            return "ok" if holds else "failed"
        if self.limit.kind == "min":
            return "ok" if holds else "undecided"
        return "undecided" if holds or distance < 0 else "failed"

    @property
    def holds(self) -> bool:
        """True when the figure is inside its limit for certain."""
        return self.status == "ok"


def verdict_row(verdict: Verdict) -> Row:
    """A verdict as a row of the answer."""
    value, reason, at_least = verdict.figure
    values: dict[str, Value] = {
        "check": verdict.name,
        "value": _plain(value, verdict.metric),
        "rule": verdict.limit.kind,
        "limit": _plain(verdict.limit.bound, verdict.metric),
        "severity": verdict.severity,
        "status": verdict.status,
    }
    reasons = {"value": reason} if value is None and reason else {}
    return Row(values, reasons=reasons, at_least=("value",) if at_least else ())


def _plain(value: Fraction | None, metric: str) -> Value:
    """Money as an exact decimal text, anything else as the number it is."""
    if value is None or metric not in MONEY:
        return value
    return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
