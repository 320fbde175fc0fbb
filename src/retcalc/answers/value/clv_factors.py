"""The three factors of CLV per segment: ARPA, gross margin and lifespan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from retcalc.answers.base.prepare import Prepared
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import Settled
from retcalc.answers.base.sums import monthly_sums, order
from retcalc.answers.customers.lifetimes import LifetimesOf
from retcalc.answers.value.life import (
    FITTED,
    Life,
    Sums,
    inverse_churn,
    life_of,
    per_month_of,
    seen_lives,
    shared_age,
)
from retcalc.book import Book
from retcalc.core.months import Window
from retcalc.core.result import Column
from retcalc.kernels.bridge import Bridge
from retcalc.kernels.lifetimes import Lifetimes
from retcalc.metrics import lines_of
from retcalc.metrics.discounting import Terms
from retcalc.metrics.metric import Rate
from retcalc.metrics.revenue.averages import arpa
from retcalc.metrics.value import clv
from retcalc.metrics.value.lifespans.lifespan import Lifespan

LENGTHS = (12, 6, 3, 1)  # months a period has when no window is named: the longest that fits twice


@dataclass(frozen=True, slots=True)
class Factors:
    """What makes up the CLV of one segment; ``accounts`` pay at the closing."""

    accounts: int
    arpa: Rate
    margin: Fraction
    told: Life

    @property
    def life(self) -> Lifespan:
        """Months that an account stays."""
        return self.told.span

    @property
    def clv(self) -> Rate:
        """Lifetime value, discounted where a rate is given."""
        return clv.compute(self.arpa, self.margin, self.life.discounted)

    def at_least(self, terms: Terms) -> tuple[str, ...]:
        """The columns that are lower bounds, as the life is one."""
        names = ("lifespan_months", "discounted_months", "clv", "clv_cac")
        return names if self.life.at_least(terms) else ()


def factors(
    book: Book,
    window: Window,
    request: Request,
    lives: LifetimesOf | None,
    sums: Sums,
    margin: Fraction,
) -> dict[int, Factors]:
    """Factors per segment and total; lives are all those up to the closing."""
    seen = seen_lives(lives, request, window.closing) if lives else {}
    return _factors(book, window, request, seen, sums, margin, {}, per_month_of(lives, request))


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
    per_month = per_month_of(lives, request)
    seen: list[dict[int, Lifetimes]] = [
        seen_lives(lives, request, window.closing, window.opening) if lives else {}
        for window in periods
    ]
    limits = {
        segment: shared_age([of[segment] for of in seen], per_month)
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
        if request.value.method == "inverse-churn":
            told = inverse_churn(segment, window, sums, request)
        else:
            told = life_of(seen[segment], request, limits.get(segment), per_month)
        found[segment] = Factors(closing.closing_accounts, worth, margin, told)
    return found


def trend_periods(prepared: Prepared, request: Request) -> list[Window]:
    """Windows of one length that follow each other up to the closing, oldest first."""
    closing, months = prepared.window.closing, prepared.window.closing - prepared.book.first
    length = prepared.window.months
    if request.window.text is None:
        length = longest_period(months) or 1
    ends = (closing - n * length for n in range(months // length if length else 0))
    return [Window(end - length, end) for end in ends][::-1]


def longest_period(months: int) -> int | None:
    """The longest period that so many months hold twice."""
    return next((length for length in LENGTHS if 2 * length <= months), None)


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
        "lifespan_method": found.told.method,
        "horizon_months": found.life.horizon,
        "alive_at_horizon": found.life.alive,
        "clv": found.clv,
    }
