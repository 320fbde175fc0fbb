"""The models that survival fits: their parameters, the mean life they tell, and which is better."""

from __future__ import annotations

from retcalc.answers.base.rows import Settled, settle
from retcalc.core.result import Block, Column, Row, Value
from retcalc.kernels.lifetimes import Lifetimes, churned_of
from retcalc.metrics import Undefined
from retcalc.metrics.customers.lives.survival import kaplan_meier
from retcalc.metrics.discounting import Terms
from retcalc.metrics.value.lifespans import bdw, held_back_error, lifespan, sbg
from retcalc.metrics.value.lifespans.lifespan import Lifespan
from retcalc.metrics.value.lifespans.sbg import Fit

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


JUDGED = tuple(c for c in FITS if c.name not in ("alpha", "beta", "gamma", "delta", "c"))


def judged_fits(lives: Lifetimes, terms: Terms) -> Block:
    """Both models on lives by month: the mean life each tells, and which misses less."""
    simple = lifespan.fit_lives(lives)
    return Block(JUDGED, fits(simple, sbg_life(simple, lives, terms), lives, terms))


def sbg_life(fitted: Fit | Undefined, lives: Lifetimes, terms: Terms) -> Lifespan:
    """The mean life of the sBG fit, if enough accounts churned to tell one so long."""
    return lifespan.believed(lifespan.sbg(fitted, terms), churned_of(lives), terms)


def parameters(fitted: Fit | Undefined) -> dict[str, Settled]:
    """The columns of the sBG fit."""
    if isinstance(fitted, Undefined):
        return dict.fromkeys(("alpha", "beta", "log_likelihood"), fitted)
    limit = Undefined("geometric_limit")
    return {
        "alpha": limit if fitted.alpha is None else fitted.alpha,
        "beta": limit if fitted.beta is None else fitted.beta,
        "log_likelihood": fitted.log_likelihood,
    }


def fit(fitted: Fit | Undefined, expected: Lifespan, terms: Terms) -> dict[str, Value]:
    """The sBG fit with the life that is ``expected`` of it."""
    discounted: dict[str, Settled] = (
        {"discounted_months": expected.discounted} if terms.discount_rate else {}
    )
    values, reasons = settle(
        {**parameters(fitted), "expected_months": expected.months, **discounted}
    )
    reason = next(iter(reasons.values()), None)
    churn = {} if isinstance(fitted, Undefined) else {"mean_churn": fitted.mean}
    return {"model": "sbg", **values, **churn, **({"reason": reason} if reason else {})}


def fits(
    simple: Fit | Undefined, expected: Lifespan, lives: Lifetimes, terms: Terms
) -> tuple[Row, ...]:
    """A row a model, with the life that is ``expected`` of sBG; the better one misses less."""
    points = kaplan_meier(lives)
    weibull = lifespan.fit_lives_by_bdw(lives)
    names = ("gamma", "delta", "c", "log_likelihood")
    of_weibull: dict[str, Settled] = {
        name: weibull if isinstance(weibull, Undefined) else getattr(weibull, name)
        for name in names
    }
    life = lifespan.believed(lifespan.bdw(weibull, terms), churned_of(lives), terms)
    errors = [held_back_error.of_model(model.fit, points) for model in (sbg, bdw)]
    known = [error for error in errors if not isinstance(error, Undefined)]
    better: list[Settled] = [Undefined("too_few_ages")] * 2
    if len(known) == len(errors):
        better = [error == min(known) for error in errors]
    return (
        _row("sbg", parameters(simple), expected, errors[0], better[0], terms),
        _row("bdw", of_weibull, life, errors[1], better[1], terms),
    )


def _row(
    model: str,
    figures: dict[str, Settled],
    life: Lifespan,
    error: float | Undefined,
    better: Settled,
    terms: Terms,
) -> Row:
    values, reasons = settle(
        {
            **{c.name: None for c in FITS},
            "model": model,
            **figures,
            "expected_months": life.months,
            "horizon_months": life.horizon,
            "alive_at_horizon": life.alive,
            "held_back_error": error,
            "better": better,
        }
    )
    bounds = ("expected_months",) if life.at_least(terms) else ()
    return Row(values, {}, reasons, at_least=bounds)
