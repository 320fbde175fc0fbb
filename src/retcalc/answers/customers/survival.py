"""survival: Kaplan-Meier curves, what they say of a life, two fitted models and a projection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retcalc.answers.base.prepare import prepare
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import Settled, row_of, segment_of, settle
from retcalc.answers.base.sums import TOTAL, order
from retcalc.answers.customers.lifetimes import lifetimes_of
from retcalc.book import Book
from retcalc.core.months import Window
from retcalc.core.result import Block, Column, Result, Row, Value
from retcalc.kernels.lifetimes import Lifetimes, accounts_of
from retcalc.metrics.customers.lives.survival import METRIC, Point, kaplan_meier, median_life
from retcalc.metrics.discounting import Terms
from retcalc.metrics.logrank import log_rank
from retcalc.metrics.metric import Rate, Undefined
from retcalc.metrics.value import bdw, held_back_error, lifespan, sbg
from retcalc.metrics.value.sbg import Fit, expected_life, survival_curve

LEVEL = 0.95
PROJECTED_MONTHS = 12  # beyond the longest life observed
COLUMNS = (
    Column("age", "Age", "count"),
    Column("at_risk", "At risk", "count"),
    Column("events", "Churned", "count"),
    METRIC.column(),
    Column("lower", "Lower", "rate"),
    Column("upper", "Upper", "rate"),
)
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
FITS = (
    Column("model", "Model", "text"),
    *(
        Column(name, name, "number")
        for name in ("alpha", "beta", "gamma", "delta", "c", "log_likelihood")
    ),
    Column("expected_months", "Mean life", "number"),
    Column("horizon_months", "Up to month", "count"),
    Column("alive_at_horizon", "Alive then", "rate"),
    held_back_error.METRIC.column(),
    Column("better", "Better there", "flag"),
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


def survival_result(request: Request, *, windowed: bool = False) -> Result:
    """The answer of ``survival``: all months up to the as-of month, or those of the window.

    When ``windowed`` only its months count; an account that pays at its opening enters at its age.
    """
    prepared = prepare(request, revenue=False)
    book, closing = prepared.book, prepared.window.closing
    lives, noted = lifetimes_of(prepared, request)
    opening = prepared.window.opening if windowed else None
    level, terms = request.confidence or LEVEL, request.value.terms
    segments = {
        code: _Segment(found, kaplan_meier(found, level), lifespan.fit_lives(found))
        for code, found in lives.observe(closing, opening).items()
    }
    total = segments[TOTAL]
    extra: dict[str, Block | Mapping[str, Value]] = {
        "life": Block(LIFE, tuple(_life(book, s, segments[s], request) for s in order(book))),
        "fit": _fit(total.fit, terms),
        "fits": Block(FITS, _fits(total, terms)),
    }
    if not isinstance(total.fit, Undefined):
        extra["projection"] = _projection(total.fit, len(total.points), terms)
    if book.by:
        extra["logrank"] = _log_rank([s.points for code, s in segments.items() if code != TOTAL])
    return Result(
        metric="survival",
        title="Survival",
        definition=_definition(request, lives.starts, level),
        columns=COLUMNS,
        rows=tuple(row for s in order(book) for row in _rows(book, s, segments[s], request)),
        window=prepared.window if opening is not None else Window(book.first - 1, closing),
        currency=book.currency,
        notes=(*(n for n in prepared.notes if n.code != "RC894"), *noted),
        sources=book.sources,
        extra=extra,
        by=book.by,
        config_sha256=request.config_sha256,
    )


def _definition(request: Request, starts: str, level: float) -> dict[str, str | int | bool | None]:
    rate = request.value.terms.discount_rate
    return {
        "profile": request.profile.name,
        "basis": None,
        "formula": METRIC.formula,
        "interval": f"log-log {100 * level:g}%",
        "life": "first paid month to the first month without MRR; a return is no new life",
        "start": starts,
        "segment": "as of the account's first month" if request.question.by else None,
        "horizon_months": request.value.terms.horizon,
        "discount_rate": None if rate is None else f"{float(rate):g}",
        "min_group": request.min_group,
    }


def _rows(book: Book, code: int, found: _Segment, request: Request) -> list[Row]:
    small = accounts_of(found.lives) < request.min_group
    rows = []
    for point in found.points:
        values: dict[str, Value] = {c.name: getattr(point, c.name) for c in COLUMNS}
        unbound = {} if point.survival else dict.fromkeys(("lower", "upper"), "no_survivors")
        rows.append(Row(values, segment_of(book, code), unbound, small=small))
    return rows


def _life(book: Book, code: int, found: _Segment, request: Request) -> Row:
    terms, accounts = request.value.terms, accounts_of(found.lives)
    life = lifespan.survival(found.points, terms)
    values: dict[str, Settled] = {
        "accounts": accounts,
        "churned": sum(count.churned for count in found.lives),
        "median_months": median_life(found.points),
        "mean_months": life.months,
        "horizon_months": life.horizon,
        "alive_at_horizon": life.alive,
        **_parameters(found.fit),
        "sbg_months": lifespan.sbg(found.fit, terms).months,
    }
    bounds = ("mean_months",) if life.at_least(terms) else ()
    return row_of(values, book, code, small=accounts < request.min_group, at_least=bounds)


def _parameters(fitted: Fit | Undefined) -> dict[str, Settled]:
    if isinstance(fitted, Undefined):
        return dict.fromkeys(("alpha", "beta", "log_likelihood"), fitted)
    limit = Undefined("geometric_limit")
    return {
        "alpha": limit if fitted.alpha is None else fitted.alpha,
        "beta": limit if fitted.beta is None else fitted.beta,
        "log_likelihood": fitted.log_likelihood,
    }


def _fit(fitted: Fit | Undefined, terms: Terms) -> dict[str, Value]:
    expected = lifespan.sbg(fitted, terms)
    discounted: dict[str, Settled] = (
        {"discounted_months": expected.discounted} if terms.discount_rate else {}
    )
    values, reasons = settle(
        {**_parameters(fitted), "expected_months": expected.months, **discounted}
    )
    reason = next(iter(reasons.values()), None)
    churn = {} if isinstance(fitted, Undefined) else {"mean_churn": fitted.mean}
    return {"model": "sbg", **values, **churn, **({"reason": reason} if reason else {})}


def _fits(found: _Segment, terms: Terms) -> tuple[Row, ...]:
    """A row a model; the better one misses the ages held back by less."""
    weibull = lifespan.fit_lives_by_bdw(found.lives)
    names = ("gamma", "delta", "c", "log_likelihood")
    rows: list[tuple[str, dict[str, Settled], lifespan.Lifespan, float | Undefined]] = [
        (
            "sbg",
            _parameters(found.fit),
            lifespan.sbg(found.fit, terms),
            held_back_error.of_model(sbg.fit, found.points),
        ),
        (
            "bdw",
            {
                name: weibull if isinstance(weibull, Undefined) else getattr(weibull, name)
                for name in names
            },
            lifespan.bdw(weibull, terms),
            held_back_error.of_model(bdw.fit, found.points),
        ),
    ]
    errors = [error for *_, error in rows if not isinstance(error, Undefined)]
    made = []
    for model, parameters, life, error in rows:
        judged: Settled = Undefined("too_few_ages")
        if len(errors) == len(rows):
            judged = error == min(errors)
        values, reasons = settle(
            {
                **{c.name: None for c in FITS},
                "model": model,
                **parameters,
                "expected_months": life.months,
                "horizon_months": life.horizon,
                "alive_at_horizon": life.alive,
                "held_back_error": error,
                "better": judged,
            }
        )
        bounds = ("expected_months",) if life.at_least(terms) else ()
        made.append(Row(values, {}, reasons, at_least=bounds))
    return tuple(made)


def _projection(fitted: Fit, observed: int, terms: Terms) -> Block:
    ages = observed + PROJECTED_MONTHS
    curve = survival_curve(fitted, ages)
    rows = []
    for age, alive in enumerate(curve):
        left: Rate = expected_life(
            fitted, reached=age, discount=terms.monthly, horizon=terms.horizon
        )
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
