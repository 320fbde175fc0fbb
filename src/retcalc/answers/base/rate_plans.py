"""What the switches of a profile mean for a metric: which form of rate, over which spans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from retcalc.config.definitions.profile import Profile
from retcalc.core.months import Window
from retcalc.kernels.bridge import AsOf
from retcalc.kernels.by_account.churn_events import JOINED, LATE, RETURNED
from retcalc.metrics import metric
from retcalc.metrics.rate_formula import Combination, Form, Lines

NET, GROSS, LOGO = "nrr", "grr", "logo_churn"
KINDS: Mapping[str, str] = {
    "nrr": NET,
    "net_revenue_churn": NET,
    "grr": GROSS,
    "gross_revenue_churn": GROSS,
    "logo_churn": LOGO,
    "logo_retention": LOGO,
}
GENERAL = ("window", "min_mrr", "reactivation_gap", "basis")
OWN: Mapping[str, tuple[str, ...]] = {
    NET: ("nrr_form", "reactivation_in_nrr"),
    GROSS: ("grr_form",),
    LOGO: ("churn_numerator", "churn_denominator"),
}
YEAR = 12
_SAME_AS_BRIDGE = {  # values that the metric's own formula over the bridge covers
    "nrr_form": ("bridge_cohort",),
    "reactivation_in_nrr": (False, True),
    "grr_form": ("account_minimum",),
    "churn_numerator": ("standard",),
    "churn_denominator": ("opening",),
}

_OF_MONTHS: Mapping[str, tuple[Combination, str]] = {
    "monthly_average": ("mean", "mean of the one-month rates"),
    "monthly_average_annualised": ("mean_to_the_12th", "mean of the one-month rates, ^ 12"),
    "compounded_monthly": ("product", "product of the one-month rates"),
}

Span = tuple[Window, ...]  # windows that follow each other and chain to one bridge


@dataclass(frozen=True, slots=True)
class Plan:
    """How a number is made: the rate of every span, and what is made of the rates.

    ``formula`` says it in words; ``by_day`` means that it counts churn events by the day.
    """

    form: Form
    spans: tuple[Span, ...]
    how: Combination
    formula: str
    by_day: bool = False


def switches(metric: str) -> tuple[str, ...]:
    """Switches that can move a metric, in the order in which a walk turns them."""
    return (*GENERAL, *OWN[KINDS[metric]])


def concerns(profile: Profile, metric: str) -> bool:
    """Tell whether a profile says something about a metric, or about metrics in general."""
    usual = Profile()
    touched = {
        f.name for f in fields(Profile) if getattr(profile, f.name) != getattr(usual, f.name)
    }
    special = touched & {name for names in OWN.values() for name in names}
    return not special or bool(special & set(OWN[KINDS[metric]]))


def covered(metric: str, profile: Profile) -> bool:
    """Tell whether the metric's own formula over the window's bridge gives the profile's value."""
    if metric not in KINDS:
        return True
    own = OWN[KINDS[metric]]
    return profile.min_mrr is None and all(
        getattr(profile, name) in _SAME_AS_BRIDGE[name] for name in own
    )


def special_switches(profile: Profile) -> dict[str, str]:
    """Switches that differ from the default and that no field of every definition shows."""
    usual, names = Profile(), ("nrr_form", "grr_form", "churn_numerator", "churn_denominator")
    found = {name: getattr(profile, name) for name in (*names, "min_mrr")}
    return {n: str(value) for n, value in found.items() if value != getattr(usual, n)}


def formula_of(metric: str, profile: Profile) -> str:
    """The formula of a metric of KINDS under a profile, in words."""
    return plan(metric, profile, Window(0, YEAR), "opening").formula


def plan(metric: str, profile: Profile, window: Window, as_of: AsOf) -> Plan:
    """Settle form and spans of a metric of KINDS; ``window`` is the one that was asked about."""
    kind = KINDS[metric]
    made = {NET: _net, GROSS: _gross, LOGO: _logo}[kind](profile, window)
    below = "opening_accounts" if kind == LOGO else "opening_mrr"
    # over several months those who pass through a segment belong to no opening set of it
    compared = all(len(span) == 1 for span in made.spans)
    form = _moved(made.form, below) if as_of == "closing" and compared else made.form
    if metric == kind:
        return replace(made, form=form)
    return replace(made, form=replace(form, complement=True), formula=f"1 - ({made.formula})")


def _net(profile: Profile, window: Window) -> Plan:
    lazy, survivors = profile.nrr_form == "lazy", profile.nrr_form == "survivors_only"
    above = {"opening_mrr": 1, "expansion_mrr": 1, "contraction_mrr": -1, "churn_mrr": -1}
    kept = "opening + expansion - contraction - churn"
    if lazy or profile.reactivation_in_nrr:
        above, kept = {**above, "reactivation_mrr": 1}, f"{kept} + reactivation"
    over = "opening - churn" if survivors else "opening"
    below = {"opening_mrr": 1, **({"churn_mrr": -1} if survivors else {})}
    form = Form(above, below, "no_survivors" if survivors else "no_opening_mrr")
    usual = f"({kept}) / ({over})" if survivors else f"({kept}) / {over}"
    match profile.nrr_form:
        case "bridge_cohort":
            return Plan(form, (chain(profile, window),), "product", usual)
        case "lazy":
            return Plan(form, (months(window),), "product", f"{usual}, month by month")
        case "survivors_only":
            return Plan(form, ((window,),), "product", usual)
        case "cohort_12m_ago":
            spans = _trailing(profile, window.closing, 1)
            return Plan(form, spans, "product", f"{usual}, over 12 months")
        case "trailing_average":
            spans = _trailing(profile, window.closing, YEAR)
            return Plan(form, spans, "mean", f"{usual}, mean of 12 month-ends over 12 months each")
        case name:
            how, words = _OF_MONTHS[name]
            spans = tuple((month,) for month in months(window))
            return Plan(form, spans, how, f"{usual}, {words}")


def _gross(profile: Profile, window: Window) -> Plan:
    below, reason = {"opening_mrr": 1}, "no_opening_mrr"
    lost = {"opening_mrr": 1, "contraction_mrr": -1, "churn_mrr": -1}
    match profile.grr_form:
        case "total_level":
            form = Form({**lost, "expansion_mrr": 1}, below, reason, capped=True)
            formula = "min(opening, opening + expansion - contraction - churn) / opening"
            return Plan(form, (chain(profile, window),), "product", formula)
        case "movements":
            formula = "(opening - contraction - churn) / opening, month by month"
            return Plan(Form(lost, below, reason), (months(window),), "product", formula)
        case _:
            formula = metric(GROSS).formula
            return Plan(Form(lost, below, reason), (chain(profile, window),), "product", formula)


def _logo(profile: Profile, window: Window) -> Plan:
    above, below = {"churned_accounts": 1}, {"opening_accounts": 1}
    words, over = "churned accounts", "opening accounts"
    by_day = profile.churn_numerator != "standard"
    if by_day:
        above, words = {**above, RETURNED: 1}, f"{words} + left and returned"
    if profile.churn_numerator == "all_events":
        above, words = {**above, LATE: 1}, f"{words} + joined and left"
    if profile.churn_denominator == "opening_plus_new":
        below = {**below, (JOINED if by_day else "new_accounts"): 1}
        over = "(opening accounts + new accounts)"
    words = f"({words})" if by_day else words
    span = (window,) if by_day else chain(profile, window)
    form = Form(above, below, "no_opening_accounts")
    return Plan(form, (span,), "product", f"{words} / {over}", by_day)


def _moved(form: Form, opening: str) -> Form:
    """Count accounts that changed their segment in the one they came to."""
    unit = opening.removeprefix("opening_")
    moves = {f"segment_in_{unit}": 1, f"segment_out_{unit}": -1}

    def lines(signs: Lines) -> Lines:
        return {**signs, **(moves if opening in signs else {})}

    return replace(form, numerator=lines(form.numerator), denominator=lines(form.denominator))


def months(window: Window) -> Span:
    """The months of a window, each a window of its own."""
    return tuple(Window(m - 1, m) for m in range(window.opening + 1, window.closing + 1))


def chain(profile: Profile, window: Window) -> Span:
    """The windows that the profile's basis compares: the whole, or its months."""
    return months(window) if profile.basis == "monthly" else (window,)


def _trailing(profile: Profile, closing: int, count: int) -> tuple[Span, ...]:
    ends = range(closing - count + 1, closing + 1)
    return tuple(chain(profile, Window(end - YEAR, end)) for end in ends)
