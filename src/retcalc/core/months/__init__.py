"""Calendar months as plain integers (year * 12 + month - 1), and windows of them.

A leaf: imports nothing of retcalc. An MRR "at t" is the MRR in force at the end of month t, so
a month index names a month-end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from retcalc.core.findings import Finding, RetcalcError

_YYYY_MM = re.compile(r"(\d{4})-(\d{2})\Z", re.ASCII)


def month_index(year: int, month: int) -> int:
    """Give the integer index of a calendar month."""
    return year * 12 + month - 1


def parse_month(text: str) -> int:
    """Read ``YYYY-MM``; raises ValueError for anything else."""
    match = _YYYY_MM.match(text)
    if match is None or not 1 <= int(match[2]) <= 12:
        raise ValueError(f"{text!r} is not a month like 2026-10")
    return month_index(int(match[1]), int(match[2]))


def format_month(index: int) -> str:
    """Write a month index as ``YYYY-MM``."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def first_day(index: int) -> date:
    """Give the first day of a month."""
    return date(index // 12, index % 12 + 1, 1)


def last_day(index: int) -> date:
    """Give the last day of a month."""
    return first_day(index + 1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The months after ``opening`` up to and including ``closing``, both month-end indexes."""

    opening: int
    closing: int

    @property
    def months(self) -> int:
        """Length in months."""
        return self.closing - self.opening

    def __str__(self) -> str:
        return f"{format_month(self.opening)} to {format_month(self.closing)}"


DEFAULT_MONTHS = 12


_TO_DATE = {"ytd": 12, "qtd": 3}


_LENGTH = {"m": 1, "q": 3, "y": 12}


@dataclass(frozen=True, slots=True)
class WindowRule:
    """What was asked: ``12m``, ``1q``, ``1y``, ``ytd``, ``qtd`` or None for the default.

    ``fytd`` and ``fqtd`` are to date of the fiscal year and quarter.

    ``fiscal_start`` is the first month of the fiscal year, 1 to 12.
    """

    text: str | None = None
    fiscal_start: int = 1


def resolve_window(
    rule: WindowRule,
    first: int,
    last: int,
    as_of: int | None,
    *,
    open_ended: bool,
    usual: int = DEFAULT_MONTHS,
) -> tuple[Window, list[Finding]]:
    """Settle the window over data that covers ``first`` to ``last`` (month indexes).

    ``open_ended`` data (subscriptions still running) can be read at a later month too; ``usual``
    is the length in months when none is asked for. Raises RC151 or RC152 when the data cannot
    fill what was asked.
    """
    closing = last if as_of is None else as_of
    covered = f"the data covers {format_month(first)} to {format_month(last)}"
    if closing < first or (closing > last and not open_ended):
        fix = f"--as-of {format_month(last)}"
        message = f"there is no month {format_month(closing)} in the data"
        raise RetcalcError(Finding("RC151", message, value=covered, fix=fix))
    if rule.text is None:
        return _default(first, closing, usual)
    opening = _opening(rule, closing)
    if opening < first:
        longest = closing - first
        fix = f"--window {longest}m" if longest else "leave --window out"
        message = f"the window {rule.text} opens at {format_month(opening)}, before the data"
        raise RetcalcError(Finding("RC152", message, value=covered, fix=fix))
    return Window(opening, closing), []


def _default(first: int, closing: int, usual: int) -> tuple[Window, list[Finding]]:
    if closing - first >= usual:
        return Window(closing - usual, closing), []
    covered = f"the data covers {format_month(first)} to {format_month(closing)}"
    if closing == first:
        text = f"{covered}: the window opens before it, at zero"
        return Window(first - 1, closing), [Finding("RC894", text)]
    months = closing - first
    text = f"{covered}: the window is {months} month{'s' * (months > 1)}, not {usual}"
    return Window(first, closing), [Finding("RC894", text)]


def _opening(rule: WindowRule, closing: int) -> int:
    text = (rule.text or "").strip().lower()
    if text.removeprefix("f") in _TO_DATE:
        start = rule.fiscal_start if text.startswith("f") else 1
        return closing - (closing % 12 - (start - 1)) % _TO_DATE[text.removeprefix("f")] - 1
    fix = "--window 1m   (also 3m, 12m, 1q, 1y, ytd, fytd, qtd, fqtd)"
    return closing - months_of_length(text, fix)


def months_of_length(text: str, fix: str) -> int:
    """Months of a length such as ``12m``, ``1q`` or ``1y``; raises RC153 for anything else."""
    match = re.fullmatch(r"(\d{1,3})([mqy])", text.strip().lower())
    months = int(match[1]) * _LENGTH[match[2]] if match else 0
    if months < 1:
        value = "a window is months, quarters or years"
        raise RetcalcError(Finding("RC153", f"{text!r} is not a window", value=value, fix=fix))
    return months
