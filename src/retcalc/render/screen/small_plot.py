"""The small plot under a table for people: which answers have one, and its heights."""

from __future__ import annotations

from fractions import Fraction

from retcalc.core.result import Result
from retcalc.render.numbers import exact, money_on_screen, screen_value

Shares = list[Fraction | None]


def small_plot(result: Result) -> tuple[str, Shares] | None:
    """Title and shares of the total's curve; None for an answer without one or of one point."""
    total = [row for row in result.rows if not row.segment]
    if len(total) < 2:
        return None
    if result.metric == "survival":
        values = [row.values.get("survival") for row in total]
        kept = [exact(v) if isinstance(v, Fraction | int | float) else None for v in values]
        return "Share still there, by age in months", kept
    if result.metric == "movements":
        closing = [row.values.get("closing_mrr") for row in total]
        amounts = [Fraction(v) if isinstance(v, int | Fraction) else Fraction(0) for v in closing]
        top = max(amounts)
        if top <= 0:
            return None
        shown = money_on_screen(top, result.currency)
        first = screen_value(total[0].values.get("month"), "month", result.currency)
        title = f"Closing MRR, months from {first}; 100% is {shown}"
        return title, [amount / top for amount in amounts]
    return None
