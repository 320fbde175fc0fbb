"""What the switches of a profile mean for a metric: which lines, over which spans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from retcalc.config.definitions.profile import Profile
from retcalc.core.months import Window
from retcalc.kernels.bridge import AsOf
from retcalc.metrics import Metric, bridge_metrics, metric
from retcalc.metrics.rate_formula import Combination, RateFormula, Spans

GENERAL = ("window", "min_mrr", "reactivation_gap", "basis")
YEAR = 12

Span = tuple[Window, ...]  # windows that follow each other and chain to one bridge


@dataclass(frozen=True, slots=True)
class Plan:
    """How a number is made: the rate of every span, and what is made of the rates.

    ``formula`` says it in words; ``by_day`` means that it counts churn events by the day.
    """

    form: RateFormula
    spans: tuple[Span, ...]
    how: Combination
    formula: str
    by_day: bool = False


def rate_of(name: str) -> RateFormula:
    """The description of a metric over a bridge."""
    described = metric(name).described
    assert described is not None  # noqa: S101  names of other metrics do not come here
    return described


def switches(name: str) -> tuple[str, ...]:
    """Switches that can move a metric, in the order in which a walk turns them."""
    return (*GENERAL, *rate_of(name).changes)


def concerns(profile: Profile, name: str) -> bool:
    """Tell whether a profile says something about a metric, or about metrics in general."""
    usual = Profile()
    touched = {
        f.name for f in fields(Profile) if getattr(profile, f.name) != getattr(usual, f.name)
    }
    special = touched & {switch for m in bridge_metrics() for switch in rate_of(m).changes}
    return not special or bool(special & set(rate_of(name).changes))


def covered(name: str, profile: Profile) -> bool:
    """Tell whether the metric over the bridge of the window alone has the profile's value."""
    rate = rate_of(name)
    if not rate.changes:
        return True
    return profile.min_mrr is None and all(c.only_adds for c in rate.changed_by(profile))


def special_switches(profile: Profile) -> dict[str, str]:
    """Switches that differ from the default and that no field of every definition shows."""
    usual, names = Profile(), ("nrr_form", "grr_form", "churn_numerator", "churn_denominator")
    found = {name: getattr(profile, name) for name in (*names, "min_mrr")}
    return {n: str(value) for n, value in found.items() if value != getattr(usual, n)}


def formula_of(name: str, profile: Profile) -> str:
    """The formula of a metric under a profile, in words."""
    known, formula = metric(name), metric(name).rate
    if formula is None or (covered(name, profile) and not formula.changed_by(profile)):
        return known.formula
    if covered(name, profile):
        return formula.under(profile).words
    return _in_words(known, profile)


def _in_words(known: Metric, profile: Profile) -> str:
    if known.complement_of is not None:
        return f"1 - ({_in_words(known.complement_of, profile)})"
    rate = rate_of(known.name)
    changes = rate.changed_by(profile)
    words = rate.under(profile).words if changes else known.formula
    return ", ".join([words, *(change.words for change in changes if change.words)])


def plan(name: str, profile: Profile, window: Window, as_of: AsOf) -> Plan:
    """Settle lines and spans of a metric; ``window`` is the one that was asked about."""
    rate = rate_of(name)
    changes = rate.changed_by(profile)
    change = next((c for c in changes if c.spans), None)
    over: Spans = change.spans if change and change.spans else "basis"
    spans = _SPANS[over](profile, window)
    form = rate.under(profile)
    # accounts that enter and leave a segment inside the span are not in its opening set
    if as_of == "closing" and all(len(span) == 1 for span in spans):
        form = form.as_of_closing()
    how: Combination = change.how if change else "product"
    by_day = any(c.by_day for c in changes)
    return Plan(form, spans, how, formula_of(name, profile), by_day)


def months(window: Window) -> Span:
    """The months of a window, each a window of its own."""
    return tuple(Window(m - 1, m) for m in range(window.opening + 1, window.closing + 1))


def chain(profile: Profile, window: Window) -> Span:
    """The windows that the profile's basis compares: the whole, or its months."""
    return months(window) if profile.basis == "monthly" else (window,)


def _trailing(profile: Profile, closing: int, count: int) -> tuple[Span, ...]:
    ends = range(closing - count + 1, closing + 1)
    return tuple(chain(profile, Window(end - YEAR, end)) for end in ends)


_SPANS: Mapping[Spans, Callable[[Profile, Window], tuple[Span, ...]]] = {
    "basis": lambda profile, window: (chain(profile, window),),
    "ends": lambda _, window: ((window,),),
    "months": lambda _, window: (months(window),),
    "each_month": lambda _, window: tuple((month,) for month in months(window)),
    "year": lambda profile, window: _trailing(profile, window.closing, 1),
    "twelve_years": lambda profile, window: _trailing(profile, window.closing, YEAR),
}
