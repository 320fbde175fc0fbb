"""The three factors of CLV per segment: ARPA, gross margin and lifespan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from retcalc.answers.base.prepare import Prepared
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import Settled
from retcalc.answers.base.sums import monthly_sums, months_of, order, segments_as_of
from retcalc.answers.customers.lifetimes import LifetimesOf, lifetimes_of
from retcalc.book import Book
from retcalc.core.choices import LifespanMethod
from retcalc.core.findings import Finding
from retcalc.core.months import Window
from retcalc.core.result import Column
from retcalc.kernels.bridge import Bridge
from retcalc.kernels.lifetimes import Lifetimes, churned_of
from retcalc.metrics import Undefined, lines_of
from retcalc.metrics.customers import logo_churn
from retcalc.metrics.customers.lives.survival import kaplan_meier
from retcalc.metrics.discounting import Terms
from retcalc.metrics.metric import Rate
from retcalc.metrics.revenue.averages import arpa
from retcalc.metrics.value import clv
from retcalc.metrics.value.lifespans import lifespan
from retcalc.metrics.value.lifespans.lifespan import Lifespan

Sums = Mapping[tuple[int, int], Bridge]
FITTED = ("sbg", "bdw")  # models of whole months


@dataclass(frozen=True, slots=True)
class Factors:
    """What makes up the CLV of one segment; ``accounts`` pay at the closing.

    ``method``: that of the life. ``few``: the churned accounts where they were too few to carry the
    life on beyond what was seen.
    """

    accounts: int
    arpa: Rate
    margin: Fraction
    life: Lifespan
    method: LifespanMethod
    few: int | None = None

    @property
    def clv(self) -> Rate:
        """Lifetime value, discounted where a rate is given."""
        return clv.compute(self.arpa, self.margin, self.life.discounted)

    def at_least(self, terms: Terms) -> tuple[str, ...]:
        """The columns that are lower bounds, as the life is one."""
        names = ("lifespan_months", "discounted_months", "clv", "clv_cac")
        return names if self.life.at_least(terms) else ()


def lives_asked(
    prepared: Prepared, request: Request
) -> tuple[LifetimesOf | None, tuple[Finding, ...]]:
    """The lives that the method looks at, None where it needs none; see ``lifetimes_of``."""
    return (
        (None, ()) if request.value.method == "inverse-churn" else lifetimes_of(prepared, request)
    )


def factors(
    book: Book,
    window: Window,
    request: Request,
    lives: LifetimesOf | None,
    sums: Sums,
    margin: Fraction,
) -> dict[int, Factors]:
    """Factors per segment and total; lives are all those up to the closing."""
    seen = _seen(lives, request, window.closing) if lives else {}
    return _factors(book, window, request, seen, sums, margin, {}, _per_month(lives, request))


def factors_by_period(
    book: Book,
    periods: list[Window],
    request: Request,
    lives: LifetimesOf | None,
    margins: tuple[Fraction, ...],
) -> list[dict[int, Factors]]:
    """Factors per period; a period's lives are what happens in its months alone.

    Kaplan-Meier means of a segment stop at the same age in every period, or they would grow with
    the data.
    """
    per_month = _per_month(lives, request)
    seen: list[dict[int, Lifetimes]] = [
        _seen(lives, request, window.closing, window.opening) if lives else {} for window in periods
    ]
    limits = {
        segment: min((of[segment][-1].age // per_month for of in seen if of[segment]), default=0)
        for segment in (order(book) if lives else ())
    }
    return [
        _factors(
            book,
            window,
            request,
            of,
            monthly_sums(book, window, request),
            margin,
            limits,
            per_month,
        )
        for window, of, margin in zip(periods, seen, margins, strict=True)
    ]


def _seen(
    lives: LifetimesOf, request: Request, closing: int, opening: int | None = None
) -> dict[int, Lifetimes]:
    """Lives by the finest age there is; a model by the month has them by the month."""
    observe = lives.observe if request.value.method in FITTED else lives.observe_ages
    return observe(closing, opening)


def _per_month(lives: LifetimesOf | None, request: Request) -> Fraction:
    """How many of the ages of the lives make a month."""
    return lives.per_month if lives and request.value.method not in FITTED else Fraction(1)


def _factors(
    book: Book,
    window: Window,
    request: Request,
    seen: Mapping[int, Lifetimes],
    sums: Sums,
    margin: Fraction,
    limits: Mapping[int, int],
    per_month: Fraction,
) -> dict[int, Factors]:
    found = {}
    for segment in order(book):
        closing = sums.get((segment, window.closing), Bridge())
        worth = arpa.METRIC.value(lines_of(closing), 1)
        accounts, method = closing.closing_accounts, request.value.method
        if method == "inverse-churn":
            life, few = _inverse_churn(segment, window, sums, request)
        else:
            lived, limit = seen[segment], limits.get(segment)
            life, few = _life(lived, request, limit, per_month), None
            churned = churned_of(lived)
            if method in FITTED and lifespan.is_too_long(life, churned, request.value.terms):
                life = lifespan.survival(kaplan_meier(lived), request.value.terms, limit)
                method, few = "survival", churned
        found[segment] = Factors(accounts, worth, margin, life, method, few)
    return found


def _inverse_churn(
    segment: int, window: Window, sums: Sums, request: Request
) -> tuple[Lifespan, int | None]:
    """The life; up to the length of the window, with who churned, where they were too few."""
    rates, terms = monthly_churn(segment, window, sums, request), request.value.terms
    life = lifespan.inverse_churn(rates, terms)
    churned = churned_accounts(segment, window, sums)
    if not lifespan.is_too_long(life, churned, terms):
        return life, None
    return lifespan.inverse_churn(rates, replace(terms, horizon=window.months)), churned


def churned_accounts(segment: int, window: Window, sums: Sums) -> int:
    """Accounts that left in the months of the window."""
    return sum(sums[segment, month].churned_accounts for month in months_of(window))


def _life(lives: Lifetimes, request: Request, limit: int | None, per_month: Fraction) -> Lifespan:
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


def describe(request: Request, lives: LifetimesOf | None) -> dict[str, str | int | bool | None]:
    """The switches that matter for a lifespan."""
    value = request.value
    rate = value.terms.discount_rate
    spans = {
        "inverse-churn": "1 / mean monthly logo churn of the window",
        "observed": "mean of completed lives; biased, too short: ignores lives still running",
        "survival": "Kaplan-Meier, restricted to the longest life observed or the horizon",
        "sbg": "shifted beta-geometric fit",
        "bdw": "beta-discrete-Weibull fit, up to the horizon or 1,200 months",
    }
    return {
        "profile": request.profile.name,
        "basis": None,
        "formula": clv.METRIC.formula,
        "lifespan_method": value.method,
        "lifespan": spans[value.method],
        "start": lives.starts if lives else None,
        "grain": lives.grain if lives and value.method not in FITTED else None,
        "discount_rate": None if rate is None else f"{float(rate):g}",
        "horizon_months": value.terms.horizon,
        "min_group": request.min_group,
    }


def columns(terms: Terms, found: Iterable[Factors]) -> tuple[Column, ...]:
    """Columns of the factors and the value; people see a horizon where one cut a life."""
    cut = any(factors.life.horizon is not None for factors in found)
    discounted = (
        (Column("discounted_months", "Discounted months", "number"),) if terms.discount_rate else ()
    )
    life = "discounted_months" if discounted else "lifespan_months"
    return (
        Column("closing_accounts", "Accounts", "count"),
        arpa.METRIC.column(),
        Column("gross_margin", "Gross margin", "rate"),
        Column("lifespan_months", "Lifespan in months", "number"),
        *discounted,
        Column("lifespan_method", "Lifespan method", "text"),
        Column("horizon_months", "Up to month", "count", screen=cut),
        Column("alive_at_horizon", "Alive then", "rate", screen=cut),
        replace(clv.METRIC.column(), made_of=clv.worth_of(life)),
    )


def values_of(found: Factors, request: Request) -> dict[str, Settled]:
    """Values of the columns of one row, undefined ones with their reason."""
    discounted: dict[str, Settled] = (
        {"discounted_months": found.life.discounted} if request.value.terms.discount_rate else {}
    )
    return {
        "closing_accounts": found.accounts,
        "arpa": found.arpa,
        "gross_margin": found.margin,
        "lifespan_months": found.life.months,
        **discounted,
        "lifespan_method": found.method,
        "horizon_months": found.life.horizon,
        "alive_at_horizon": found.life.alive,
        "clv": found.clv,
    }
