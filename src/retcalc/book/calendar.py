"""Windows: which months a figure speaks of, from what was asked and what the data covers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retcalc.findings import Finding, RetcalcError
from retcalc.months import Window, format_month

DEFAULT_MONTHS = 12


@dataclass(frozen=True, slots=True)
class WindowRule:
    """What was asked: ``12m``, ``1y``, ``ytd``, ``fytd`` or None for the default.

    ``fiscal_start`` is the first month of the fiscal year, 1 to 12.
    """

    text: str | None = None
    fiscal_start: int = 1


def resolve_window(
    rule: WindowRule, first: int, last: int, as_of: int | None, *, open_ended: bool
) -> tuple[Window, list[Finding]]:
    """Settle the window over data that covers ``first`` to ``last`` (month indexes).

    ``open_ended`` data (subscriptions still running) can be read at a later month too. Raises
    RC151 or RC152 when the data cannot fill what was asked.
    """
    closing = last if as_of is None else as_of
    covered = f"the data covers {format_month(first)} to {format_month(last)}"
    if closing < first or (closing > last and not open_ended):
        fix = f"--as-of {format_month(last)}"
        message = f"there is no month {format_month(closing)} in the data"
        raise RetcalcError(Finding("RC151", message, value=covered, fix=fix))
    if rule.text is None:
        return _default(first, closing)
    opening = _opening(rule, closing)
    if opening < first:
        longest = closing - first
        fix = f"--window {longest}m" if longest else "leave --window out"
        message = f"the window {rule.text} opens at {format_month(opening)}, before the data"
        raise RetcalcError(Finding("RC152", message, value=covered, fix=fix))
    return Window(opening, closing), []


def _default(first: int, closing: int) -> tuple[Window, list[Finding]]:
    if closing - first >= DEFAULT_MONTHS:
        return Window(closing - DEFAULT_MONTHS, closing), []
    if closing == first:
        text = f"the data holds one month, {format_month(first)}: it opens at zero"
        return Window(first - 1, closing), [Finding("RC894", text)]
    text = f"the data holds {closing - first} months before its end, not {DEFAULT_MONTHS}"
    return Window(first, closing), [Finding("RC894", f"{text}: the window is as long as it can be")]


def _opening(rule: WindowRule, closing: int) -> int:
    text = (rule.text or "").strip().lower()
    if text in ("ytd", "fytd"):
        start = rule.fiscal_start if text == "fytd" else 1
        return closing - (closing % 12 - (start - 1)) % 12 - 1
    match = re.fullmatch(r"(\d{1,3})(m|y)", text)
    months = int(match[1]) * (12 if match[2] == "y" else 1) if match else 0
    if months < 1:
        fix = "--window 12m   (also 1m, 3m, 1y, ytd, fytd)"
        raise RetcalcError(
            Finding(
                "RC153",
                f"{rule.text!r} is not a window",
                value="a window is months or years",
                fix=fix,
            )
        )
    return closing - months
