"""The three factors of CLV per segment: ARPA, gross margin and lifespan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from retcalc.book import Book
from retcalc.kernels.bridge import Bridge
from retcalc.metrics import Facts, Undefined, arpa, clv, lifespan, logo_churn
from retcalc.metrics.lifespan import Lifespan, Terms
from retcalc.metrics.metric import Rate
from retcalc.metrics.survival import kaplan_meier
from retcalc.months import Window
from retcalc.pipeline.lives import LivesOf
from retcalc.pipeline.prepare import Request
from retcalc.pipeline.rows import Settled
from retcalc.pipeline.sums import monthly_sums, months_of, order, segments_as_of
from retcalc.result import Column

Sums = Mapping[tuple[int, int], Bridge]


@dataclass(frozen=True, slots=True)
class Factors:
    """What makes up the CLV of one segment; ``accounts`` pay at the closing."""

    accounts: int
    arpa: Rate
    margin: Fraction
    life: Lifespan

    @property
    def clv(self) -> Rate:
        """Lifetime value, discounted where a rate is given."""
        return clv.compute(self.arpa, self.margin, self.life.discounted)


def factors(
    book: Book, window: Window, request: Request, lives: LivesOf, sums: Sums, margin: Fraction
) -> dict[int, Factors]:
    """Factors per segment and total; lives are all those up to the closing."""
    found = lifespans(book, window, request, lives, sums)
    return {s: _factors(sums[s, window.closing], margin, found[s]) for s in order(book)}


def factors_by_period(
    book: Book,
    periods: list[Window],
    request: Request,
    lives: LivesOf,
    margins: tuple[Fraction, ...],
) -> list[dict[int, Factors]]:
    """Factors per period; a period's lives are what happens in its months alone.

    Kaplan-Meier means of a segment stop at the same age in every period, or they would grow with
    the data.
    """
    sums = [monthly_sums(book, window, request) for window in periods]
    horizons = _common_horizons(book, periods, lives) if request.value.method == "survival" else {}
    found = []
    for window, margin, bridges in zip(periods, margins, sums, strict=True):
        spans = lifespans(book, window, request, lives, bridges, within=True, horizons=horizons)
        found.append(
            {s: _factors(bridges[s, window.closing], margin, spans[s]) for s in order(book)}
        )
    return found


def lifespans(
    book: Book,
    window: Window,
    request: Request,
    lives: LivesOf,
    sums: Sums,
    *,
    within: bool = False,
    horizons: Mapping[int, int] | None = None,
) -> dict[int, Lifespan]:
    """Lifespan per segment and total, by the method asked for."""
    method, terms = request.value.method, request.value.terms
    if method == "inverse-churn":
        return {
            s: lifespan.inverse_churn(monthly_churn(s, window, sums, request), terms)
            for s in order(book)
        }
    found = {}
    for segment, seen in lives.observe(window.closing, window.opening if within else None).items():
        if method == "observed":
            found[segment] = lifespan.observed(seen, terms)
        elif method == "sbg":
            found[segment] = lifespan.sbg(lifespan.fit_lives(seen), terms)
        else:
            limit = (horizons or {}).get(segment)
            found[segment] = lifespan.survival(kaplan_meier(seen), terms, limit)
    return found


def monthly_churn(segment: int, window: Window, sums: Sums, request: Request) -> list[Fraction]:
    """Logo churn of the window's months that opened with accounts."""
    as_of_closing = segments_as_of(request) == "closing"
    facts = (
        Facts(sums[segment, month], segment_as_of_closing=as_of_closing)
        for month in months_of(window)
    )
    rates = map(logo_churn.compute, facts)
    return [rate for rate in rates if not isinstance(rate, Undefined)]


def describe(request: Request, lives: LivesOf | None) -> dict[str, str | int | bool | None]:
    """The switches that matter for a lifespan."""
    value = request.value
    rate = value.terms.discount_rate
    spans = {
        "inverse-churn": "1 / mean monthly logo churn of the window",
        "observed": "mean of completed lives; biased, too short: ignores lives still running",
        "survival": "Kaplan-Meier, restricted to the longest life observed or the horizon",
        "sbg": "shifted beta-geometric fit",
    }
    return {
        "profile": request.profile.name,
        "basis": None,
        "formula": clv.METRIC.formula,
        "lifespan_method": value.method,
        "lifespan": spans[value.method],
        "start": lives.starts if lives and value.method != "inverse-churn" else None,
        "discount_rate": None if rate is None else f"{float(rate):g}",
        "horizon_months": value.terms.horizon,
        "min_group": request.min_group,
    }


def columns(terms: Terms) -> tuple[Column, ...]:
    """Columns of the factors and the value."""
    discounted = (
        (Column("discounted_months", "Discounted months", "number"),) if terms.discount_rate else ()
    )
    return (
        Column("closing_accounts", "Accounts", "count"),
        Column("arpa", "ARPA", "money"),
        Column("gross_margin", "Gross margin", "rate"),
        Column("lifespan_months", "Lifespan in months", "number"),
        *discounted,
        Column("lifespan_method", "Lifespan method", "text"),
        Column("horizon_months", "Up to month", "count"),
        Column("alive_at_horizon", "Alive then", "rate"),
        Column("clv", "CLV", "money"),
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
        "lifespan_method": request.value.method,
        "horizon_months": found.life.horizon,
        "alive_at_horizon": found.life.alive,
        "clv": found.clv,
    }


def _factors(closing: Bridge, margin: Fraction, life: Lifespan) -> Factors:
    return Factors(closing.closing_accounts, arpa.compute(Facts(closing)), margin, life)


def _common_horizons(book: Book, periods: list[Window], lives: LivesOf) -> dict[int, int]:
    longest: dict[int, int] = {}
    for window in periods:
        for segment, seen in lives.observe(window.closing, window.opening).items():
            if seen:
                last = seen[-1].age
                longest[segment] = min(longest.get(segment, last), last)
    return longest
