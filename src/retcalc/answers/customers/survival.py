"""survival: Kaplan-Meier curves, what they say of a life, two fitted models and a projection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

from retcalc.answers.base.prepare import prepare, told_window
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import Settled, row_of, segment_of, settle
from retcalc.answers.base.sums import TOTAL, order
from retcalc.answers.customers.lifetimes import LifetimesOf, few_churned, lifetimes_of, notes_on
from retcalc.answers.customers.survival_fits import FITS, fit, fits, parameters, sbg_life
from retcalc.core.choices import AgeUnit
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import Window
from retcalc.core.result import Block, Column, Result, Row, Value
from retcalc.kernels.lifetimes import Lifetimes, accounts_of, churned_of
from retcalc.metrics.customers.lives.age import at_ages
from retcalc.metrics.customers.lives.survival import METRIC, Point, kaplan_meier, median_life
from retcalc.metrics.discounting import Terms
from retcalc.metrics.logrank import log_rank
from retcalc.metrics.metric import Rate, Undefined
from retcalc.metrics.value.lifespans import lifespan
from retcalc.metrics.value.lifespans.lifespan import Lifespan
from retcalc.metrics.value.lifespans.sbg import Fit, expected_life, survival_curve

LEVEL = 0.95
PROJECTED_MONTHS = 12  # beyond the longest life observed
FIGURES = ("age", "at_risk", "events", "survival", "lower", "upper")
LIFE = (
    Column("accounts", "Accounts", "count"),
    Column("churned", "Churned", "count"),
    Column("median_months", "Median life", "number", headline=70),
    Column("mean_months", "Mean life", "number"),
    Column("horizon_months", "Up to month", "count"),
    Column("alive_at_horizon", "Alive then", "rate"),
    Column("alpha", "alpha", "number"),
    Column("beta", "beta", "number"),
    Column("log_likelihood", "Log-likelihood", "number"),
    Column("sbg_months", "sBG mean life", "number"),
)
PROJECTION = (
    Column("age", "Age", "count"),
    Column("survival", "Survival", "rate"),
    Column("retention", "Stay next month", "rate"),
    Column("residual_months", "Months to come", "number"),
)


@dataclass(frozen=True, slots=True)
class _Segment:
    """Everything about the lives of one segment."""

    lives: Lifetimes
    points: tuple[Point, ...]
    fit: Fit | Undefined
    sbg: Lifespan

    @property
    def few(self) -> int | None:
        """The churned accounts where they are too few to tell so long a life."""
        reason = self.sbg.months.reason if isinstance(self.sbg.months, Undefined) else ""
        return churned_of(self.lives) if reason == "too_few_churned" else None


def survival_result(
    request: Request, *, windowed: bool = False, age_unit: AgeUnit = "months"
) -> Result:
    """The answer of ``survival``: all months up to the as-of month, or those of the window.

    When ``windowed`` only its months count; an account that pays at its opening enters at its age.
    ``age_unit`` is that of the rows; raises RC188 for another than months where no day is known.
    """
    prepared = prepare(request, revenue=False)
    closing = prepared.window.closing
    lives, noted = lifetimes_of(prepared, request)
    book = lives.book
    _check_unit(age_unit, lives)
    opening = prepared.window.opening if windowed else None
    level, terms = request.confidence or LEVEL, request.value.terms
    by_month = lives.observe(closing, opening)
    segments = {
        code: _segment(found, by_month[code], level, terms)
        for code, found in lives.observe_ages(closing, opening).items()
    }
    span = prepared.window if windowed else Window(book.first - 1, closing)
    told = (note for note in prepared.notes if note.code != "RC894")
    return Result(
        metric="survival",
        title="Survival",
        definition=_definition(request, lives, level, age_unit),
        columns=columns(age_unit, exact=lives.grain == "month" or age_unit == "days"),
        rows=tuple(
            row for s in order(book) for row in _rows(lives, s, segments[s], request, age_unit)
        ),
        window=told_window(book, span, request),
        currency=book.currency,
        notes=(
            *notes_on(lives.lives, told, "the data tells no days"),
            *noted,
            *few_churned((s.few for s in segments.values()), request),
        ),
        sources=book.sources,
        extra=_extra(lives, segments, by_month[TOTAL], request),
        by=book.by,
        config_sha256=request.config_sha256,
    )


def _extra(
    lives: LifetimesOf, segments: Mapping[int, _Segment], by_month: Lifetimes, request: Request
) -> dict[str, Block | Mapping[str, Value]]:
    """What stands beside the curves; ``by_month`` are the lives of the total."""
    book, terms, total = lives.book, request.value.terms, segments[TOTAL]
    extra: dict[str, Block | Mapping[str, Value]] = {
        "life": Block(LIFE, tuple(_life(lives, s, segments[s], request) for s in order(book))),
        "fit": fit(total.fit, total.sbg, terms),
        "fits": Block(FITS, fits(total.fit, total.sbg, by_month, terms)),
    }
    if not isinstance(total.fit, Undefined):
        observed = ceil(len(total.points) / lives.per_month)
        extra["projection"] = _projection(total.fit, observed, terms, long=total.few is None)
    if book.by:
        extra["logrank"] = _log_rank([s.points for code, s in segments.items() if code != TOTAL])
    return extra


def _segment(lives: Lifetimes, by_month: Lifetimes, level: float, terms: Terms) -> _Segment:
    fitted = lifespan.fit_lives(by_month)
    life = sbg_life(fitted, lives, terms)
    return _Segment(lives, kaplan_meier(lives, level), fitted, life)


def _check_unit(unit: AgeUnit, lives: LifetimesOf) -> None:
    if unit != "months" and lives.grain == "month":
        value = "the data tells months and no days, so ages are whole months"
        message, fix = f"ages cannot be in {unit}", "--age-unit months"
        raise RetcalcError(Finding("RC188", message, value=value, fix=fix))


def _definition(
    request: Request, lives: LifetimesOf, level: float, unit: AgeUnit
) -> dict[str, str | int | bool | None]:
    rate, grain = request.value.terms.discount_rate, lives.grain
    return {
        "profile": request.profile.name,
        "basis": None,
        "formula": METRIC.formula,
        "interval": f"log-log {100 * level:g}%",
        "life": f"first paid {grain} to the first {grain} without MRR; a return is no new life",
        "grain": grain,
        "age_unit": unit,
        "start": lives.starts,
        "segment": f"as of the account's first {grain}" if request.question.by else None,
        "horizon_months": request.value.terms.horizon,
        "discount_rate": None if rate is None else f"{float(rate):g}",
        "min_group": request.min_group,
    }


def columns(unit: AgeUnit, *, exact: bool) -> tuple[Column, ...]:
    """The columns of the curve; an ``exact`` one follows from its own rows, age by age."""
    label = "Age" if unit == "months" else f"Age in {unit}"
    survival = METRIC.column()
    return (
        Column("age", label, "count"),
        Column("at_risk", "At risk", "count"),
        Column("events", "Churned", "count"),
        survival if exact else replace(survival, made_of=None),
        Column("lower", "Lower", "rate"),
        Column("upper", "Upper", "rate"),
    )


def _rows(
    lives: LifetimesOf, code: int, found: _Segment, request: Request, unit: AgeUnit
) -> list[Row]:
    points = found.points if lives.grain == "month" else at_ages(found.points, unit)
    small = accounts_of(found.lives) < request.min_group
    rows = []
    for point in points:
        values: dict[str, Value] = {name: getattr(point, name) for name in FIGURES}
        unbound = {} if point.survival else dict.fromkeys(("lower", "upper"), "no_survivors")
        rows.append(Row(values, segment_of(lives.book, code), unbound, small=small))
    return rows


def _life(lives: LifetimesOf, code: int, found: _Segment, request: Request) -> Row:
    terms, accounts = request.value.terms, accounts_of(found.lives)
    life = lifespan.survival(found.points, terms, per_month=lives.per_month)
    median = median_life(found.points)
    values: dict[str, Settled] = {
        "accounts": accounts,
        "churned": churned_of(found.lives),
        "median_months": median if isinstance(median, Undefined) else median / lives.per_month,
        "mean_months": life.months,
        "horizon_months": life.horizon,
        "alive_at_horizon": life.alive,
        **parameters(found.fit),
        "sbg_months": found.sbg.months,
    }
    bounds = ("mean_months",) if life.at_least(terms) else ()
    small = accounts < request.min_group
    return row_of(values, lives.book, code, small=small, at_least=bounds)


def _projection(fitted: Fit, observed: int, terms: Terms, *, long: bool) -> Block:
    """The fitted curve past the ages observed, and the months to come where it is for ``long``."""
    ages = observed + PROJECTED_MONTHS
    curve = survival_curve(fitted, ages)
    rows = []
    for age, alive in enumerate(curve):
        left: Rate = Undefined("too_few_churned")
        if long:
            left = expected_life(fitted, reached=age, discount=terms.monthly, horizon=terms.horizon)
        values, reasons = settle(
            {
                "age": age,
                "survival": alive,
                "retention": fitted.retention(age + 1),
                "residual_months": left,
            }
        )
        rows.append(Row(values, {}, reasons))
    return Block(PROJECTION, tuple(rows))


def _log_rank(curves: list[tuple[Point, ...]]) -> dict[str, Value]:
    found = log_rank(curves)
    names = ("chi_square", "degrees_of_freedom", "p_value")
    if isinstance(found, Undefined):
        return {**dict.fromkeys(names), "reason": found.reason}
    return {name: getattr(found, name) for name in names}
