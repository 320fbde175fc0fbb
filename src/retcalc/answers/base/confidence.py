"""Intervals beside the rates of a window, when ``--confidence`` asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from retcalc.answers.base.sums import TOTAL
from retcalc.book import Book, restated
from retcalc.core.months import Window
from retcalc.core.result import Value
from retcalc.kernels.bootstrap import Replicate, resample
from retcalc.kernels.bridge import total_panel
from retcalc.metrics import Facts
from retcalc.metrics.confidence import percentile_interval, wilson

COUNTED: dict[str, Callable[[Facts], int]] = {
    "logo_churn": lambda f: f.bridge.churned_accounts,
    "logo_retention": lambda f: f.opening_accounts - f.bridge.churned_accounts,
}
RESAMPLED: dict[str, Callable[[Replicate], Fraction]] = {
    "nrr": lambda r: Fraction(r.closing, r.opening),
    "grr": lambda r: Fraction(r.kept, r.opening),
    "gross_revenue_churn": lambda r: 1 - Fraction(r.kept, r.opening),
    "net_revenue_churn": lambda r: 1 - Fraction(r.closing, r.opening),
}
Bounds = dict[int, list[Replicate]]


def replicates(book: Book, window: Window) -> Bounds:
    """Bootstrap replicates of every segment and the total."""
    panel = restated(book, window.months)
    total = resample(total_panel(panel), window).get(0, [])
    return {**(resample(panel, window) if book.by else {}), TOTAL: total}


def has_interval(rate: str) -> bool:
    """Tell whether a rate can carry an interval."""
    return rate in COUNTED or rate in RESAMPLED


def bounds(
    rates: Sequence[str], facts: Facts, draws: Sequence[Replicate], level: float
) -> dict[str, Value]:
    """``NAME_lower`` and ``NAME_upper`` of every rate that has an interval; None when undefined."""
    values: dict[str, Value] = {}
    for name in rates:
        pair: tuple[Value, Value] = (None, None)
        if name in COUNTED and facts.opening_accounts > 0:
            pair = wilson(COUNTED[name](facts), facts.opening_accounts, level)
        if name in RESAMPLED and draws:
            pair = percentile_interval([RESAMPLED[name](d) for d in draws], level)
        if has_interval(name):
            values[f"{name}_lower"], values[f"{name}_upper"] = pair
    return values
