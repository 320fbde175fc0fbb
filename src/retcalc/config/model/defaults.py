"""What holds without a retcalc.yaml: every default of ``Config``, at no cost.

Building the checked model takes longer than answering a small file, so it is built only when
there is a file to check. Made from the model by ``make docs``; do not edit.
"""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from retcalc.config.model.config import Config


def default_config() -> Config:
    """Every key of a retcalc.yaml that says nothing, to be read like a ``Config``."""
    return cast("Config", _DEFAULTS)


_DEFAULTS = SimpleNamespace(
    sources=SimpleNamespace(
        mrr=(),
        customers=None,
        costs=None,
        fx=None,
        reasons=None,
    ),
    shape="auto",
    columns=SimpleNamespace(
        customer=None,
        month=None,
        mrr=None,
        start=None,
        end=None,
        cancelled=None,
        signed=None,
        currency=None,
        interval=None,
        interval_count=None,
        quantity=None,
        status=None,
        subscription=None,
        term=None,
        trial_end=None,
        paid_from=None,
        paid_until=None,
        paused=None,
        tax=None,
        discount=None,
        movement=None,
        change=None,
        running=None,
        tenure=None,
        churned=None,
        signup=None,
    ),
    account=SimpleNamespace(
        column=None,
        mergers=None,
    ),
    amounts=SimpleNamespace(
        unit=None,
        decimal=None,
        thousands=None,
        negative="refuse",
        style="plain",
        periods="ask",
    ),
    dates=SimpleNamespace(
        format="iso",
        year=None,
        timezone=None,
    ),
    billing=SimpleNamespace(
        churn_date="end",
        period_end="auto",
        paused="drop",
        past_due="keep",
        discounts="net",
        undated="refuse",
        quantity="ask",
    ),
    currency=SimpleNamespace(
        report=None,
        policy="constant",
        at=None,
    ),
    calendar=SimpleNamespace(
        fiscal_year_start=1,
        pattern="none",
        year_end="last",
        week_end="saturday",
    ),
    segments=SimpleNamespace(
        as_of="opening",
        size=None,
    ),
    churn_reasons=SimpleNamespace(
        column=None,
        involuntary=(),
        voluntary=(),
    ),
    definition="default",
    basis=None,
    window=None,
    as_of=None,
    reactivation_gap=None,
    reactivation_in_nrr=None,
    left_out=Decimal("0.05"),
    words={},
    ignore=(),
    missing_month="zero",
    min_group=10,
    min_cohorts=3,
    tenure=SimpleNamespace(
        boundaries=(30, 90, 180),
    ),
    clv=SimpleNamespace(
        gross_margin=None,
        lifespan="survival",
        discount_rate=None,
        horizon_months=None,
    ),
    renewal=SimpleNamespace(
        early=90,
        late=30,
        grace=0,
    ),
    cac=SimpleNamespace(
        lag=0,
    ),
    targets={},
    checks=(),
)
