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
    rows: list[tuple[str, dict[str, Settled], Lifespan, float | Undefined]] = [
        (
            "sbg",
            parameters(simple),
            expected,
            held_back_error.of_model(sbg.fit, points),
        ),
        (
            "bdw",
            {
                name: weibull if isinstance(weibull, Undefined) else getattr(weibull, name)
                for name in names
            },
            lifespan.believed(lifespan.bdw(weibull, terms), churned_of(lives), terms),
            held_back_error.of_model(bdw.fit, points),
        ),
    ]
    errors = [error for *_, error in rows if not isinstance(error, Undefined)]
    made = []
    for model, figures, life, error in rows:
        judged: Settled = Undefined("too_few_ages")
        if len(errors) == len(rows):
            judged = error == min(errors)
        values, reasons = settle(
            {
                **{c.name: None for c in FITS},
                "model": model,
                **figures,
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
