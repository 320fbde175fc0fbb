"""Intervals beside the rates of a window, when ``--confidence`` asks for them.

A share of counted accounts has Wilson's interval; a rate over what became of the opening MRR has
that of a bootstrap over the opening accounts. Other figures have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from retcalc.answers.base.rate_plans import rate_of
from retcalc.answers.base.sums import TOTAL
from retcalc.book import Book, constant_currency
from retcalc.core.months import Window
from retcalc.core.result import Value
from retcalc.kernels.panel_facts import opening_ends
from retcalc.metrics import Undefined, metric
from retcalc.metrics.rate_formula import Lines, RateFormula

if TYPE_CHECKING:
    from retcalc.kernels.by_account.bootstrap import Replicate

_COUNTED = {"opening_accounts", "churned_accounts"}
_RESAMPLED = {"opening_mrr", "expansion_mrr", "contraction_mrr", "churn_mrr"}


def replicates(book: Book, window: Window) -> dict[int, list[Replicate]]:
    """Bootstrap replicates of every segment and the total."""
    from retcalc.kernels.by_account.bootstrap import resample

    panel = constant_currency(book, window.months)
    total = resample(opening_ends(panel, window, one_segment=True)).get(0, [])
    return {**(resample(opening_ends(panel, window)) if book.by else {}), TOTAL: total}


def interval_of(name: str) -> Literal["wilson", "bootstrap"] | None:
    """The kind of interval that a metric can carry, by the lines it is made of."""
    if metric(name).made_from or metric(name).unit != "rate":
        return None
    lines = set(rate_of(name).lines)
    if lines <= _COUNTED:
        return "wilson"
    return "bootstrap" if lines <= _RESAMPLED else None


def bounds(
    forms: Mapping[str, RateFormula], bridge: Lines, draws: Sequence[Replicate], level: float
) -> dict[str, Value]:
    """``NAME_lower`` and ``NAME_upper`` of every rate that has an interval; None when undefined."""
    values: dict[str, Value] = {}
    for name, form in forms.items():
        kind: str | None = interval_of(name)
        pair: tuple[Value, Value] = None, None
        if kind is None:
            continue
        if kind == "wilson":
            pair = _wilson(form, bridge, level)
        elif draws:
            pair = _percentiles(rate_of(name), draws, level)
        values[f"{name}_lower"], values[f"{name}_upper"] = pair
    return values


def _wilson(form: RateFormula, bridge: Lines, level: float) -> tuple[Value, Value]:
    from retcalc.metrics.confidence import wilson

    counted, trials = form.parts(bridge)
    if trials <= 0:
        return None, None
    return wilson(trials - counted if form.complement else counted, trials, level)


def _percentiles(
    form: RateFormula, draws: Sequence[Replicate], level: float
) -> tuple[Value, Value]:
    from retcalc.metrics.confidence import percentile_interval

    rates = [form.rate(_lines(draw)) for draw in draws]
    return percentile_interval([r for r in rates if not isinstance(r, Undefined)], level)


def _lines(draw: Replicate) -> Lines:
    """A resample as lines of a bridge; its losses are one sum, all of it contraction."""
    lost, grown = draw.opening - draw.kept, draw.closing - draw.kept
    return {
        "opening_mrr": draw.opening,
        "expansion_mrr": grown,
        "contraction_mrr": lost,
        "churn_mrr": 0,
    }
