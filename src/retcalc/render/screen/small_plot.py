"""The small plot under a table for people: its title and its heights."""

from __future__ import annotations

from fractions import Fraction

from retcalc.core.result import Result
from retcalc.render.numbers import exact, money_on_screen, screen_value
from retcalc.render.presentation import age_unit, shown_as

Shares = list[Fraction | None]


def small_plot(result: Result) -> tuple[str, Shares] | None:
    """Title and shares of the total's curve; None for an answer without one or of one point."""
    curve = shown_as(result.metric).curve
    total = [row for row in result.rows if not row.segment]
    column = next((column for column in result.columns if column.name == curve), None)
    if column is None or len(total) < 2:  # an answer in accounts has no money to draw
        return None
    values = [row.values.get(curve) for row in total]
    if column.unit != "money":
        kept = [exact(v) if isinstance(v, Fraction | int | float) else None for v in values]
        return f"Share still there, by age in {age_unit(result)}", kept
    amounts = [Fraction(v) if isinstance(v, int | Fraction) else Fraction(0) for v in values]
    top = max(amounts)
    if top <= 0:
        return None
    shown = money_on_screen(top, result.currency)
    first = screen_value(total[0].values.get("month"), "month", result.currency)
    title = f"{column.label}, months from {first}; 100% is {shown}"
    return title, [amount / top for amount in amounts]
