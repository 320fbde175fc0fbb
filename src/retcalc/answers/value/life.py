"""The lifespan of accounts by the method asked for, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from retcalc.answers.base.prepare import Prepared, refuse_undated
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import months_of, segments_as_of
from retcalc.answers.customers.lifetimes import LifetimesOf, lifetimes_of
from retcalc.core.choices import LifespanMethod
from retcalc.core.findings import Finding
from retcalc.core.months import Window
from retcalc.kernels.bridge import Bridge
from retcalc.kernels.lifetimes import Lifetimes, churned_of
from retcalc.metrics import Undefined, lines_of
from retcalc.metrics.customers import logo_churn
from retcalc.metrics.customers.lives.survival import kaplan_meier
from retcalc.metrics.value.lifespans import lifespan
from retcalc.metrics.value.lifespans.lifespan import Lifespan

Sums = Mapping[tuple[int, int], Bridge]
FITTED = ("sbg", "bdw")  # models of whole months


@dataclass(frozen=True, slots=True)
class Life:
    """A lifespan and the method that gave it.

    ``few``: the churned accounts, where they were too few to carry it on beyond what was seen.
    """

    span: Lifespan
    method: LifespanMethod
    few: int | None = None


def lives_asked(
    prepared: Prepared, request: Request
) -> tuple[LifetimesOf | None, tuple[Finding, ...]]:
    """The lives that the method looks at, None where it needs none; see ``lifetimes_of``."""
    if request.value.method == "inverse-churn":
        refuse_undated(prepared.book, request, "a churn by the month")
        return None, ()
    return lifetimes_of(prepared, request)


def seen_lives(
    lives: LifetimesOf, request: Request, closing: int, opening: int | None = None
) -> dict[int, Lifetimes]:
    """Lives by the finest age there is; a model by the month has them by the month."""
    observe = lives.observe if request.value.method in FITTED else lives.observe_ages
    return observe(closing, opening)


def per_month_of(lives: LifetimesOf | None, request: Request) -> Fraction:
    """How many of the ages of the lives make a month."""
    return lives.per_month if lives and request.value.method not in FITTED else Fraction(1)


def shared_age(seen: Sequence[Lifetimes], per_month: Fraction) -> int:
    """The month of life that every one of several periods saw."""
    return min((lives[-1].age // per_month for lives in seen if lives), default=0)


def inverse_churn(segment: int, window: Window, sums: Sums, request: Request) -> Life:
    """1 / churn; where too few churned, that curve up to the length of the window."""
    rates, terms = monthly_churn(segment, window, sums, request), request.value.terms
    span = lifespan.inverse_churn(rates, terms)
    churned = sum(sums[segment, month].churned_accounts for month in months_of(window))
    if not lifespan.is_too_long(span, churned, terms):
        return Life(span, "inverse-churn")
    seen = lifespan.inverse_churn(rates, replace(terms, horizon=window.months))
    return Life(seen, "inverse-churn", churned)


def life_of(lives: Lifetimes, request: Request, limit: int | None, per_month: Fraction) -> Life:
    """The lifespan of lives; where too few churned for a fit, what was seen of them."""
    method, terms = request.value.method, request.value.terms
    span, churned = _span(lives, request, limit, per_month), churned_of(lives)
    if method in FITTED and lifespan.is_too_long(span, churned, terms):
        seen = lifespan.survival(kaplan_meier(lives), terms, limit)
        return Life(seen, "survival", churned)
    return Life(span, method)


def _span(lives: Lifetimes, request: Request, limit: int | None, per_month: Fraction) -> Lifespan:
    method, terms = request.value.method, request.value.terms
    if method == "observed":
        return lifespan.observed(lives, terms, per_month)
    if method == "sbg":
        return lifespan.sbg(lifespan.fit_lives(lives), terms)
    if method == "bdw":
        return lifespan.bdw(lifespan.fit_lives_by_bdw(lives), terms)
    return lifespan.survival(kaplan_meier(lives), terms, limit, per_month)


def monthly_churn(segment: int, window: Window, sums: Sums, request: Request) -> list[Fraction]:
    """Logo churn of the window's months that opened with accounts."""
    as_of_closing = segments_as_of(request) == "closing"
    known, form = logo_churn.METRIC, logo_churn.METRIC.rate
    if as_of_closing and form is not None:
        form = form.as_of_closing()
    rates = [known.value(lines_of(sums[segment, m]), 1, form) for m in months_of(window)]
    return [rate for rate in rates if not isinstance(rate, Undefined)]
