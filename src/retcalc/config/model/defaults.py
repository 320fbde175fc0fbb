"""What holds without a retcalc.yaml: every default of ``Config``, at no cost.

Building the checked model takes longer than answering a small file, so it is built only when
there is a file to check.
"""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from retcalc.config.model.config import Config

_COLUMNS = (
    *("customer", "month", "mrr", "start", "end", "cancelled", "currency", "interval"),
    *("interval_count", "quantity", "status", "subscription", "term", "trial_end", "paid_from"),
    *("paid_until", "paused", "tax", "discount", "movement", "change", "running", "tenure"),
    *("churned", "signup"),
)


def _part(**values: object) -> SimpleNamespace:
    return SimpleNamespace(**values)


def default_config() -> Config:
    """Every key of a retcalc.yaml that says nothing, to be read like a ``Config``."""
    defaults = _part(
        sources=_part(mrr=(), customers=None, costs=None, fx=None),
        shape="auto",
        columns=_part(**dict.fromkeys(_COLUMNS)),
        account=_part(column=None, mergers=None),
        amounts=_part(unit=None, decimal=None, thousands=None, negative="refuse"),
        dates=_part(format="iso", timezone=None),
        billing=_part(
            churn_date="end",
            period_end="auto",
            paused="drop",
            past_due="keep",
            discounts="net",
            undated="refuse",
        ),
        currency=_part(report=None, policy="constant", at=None),
        calendar=_part(
            fiscal_year_start=1,
            pattern="none",
            year_end="last",
            week_end="saturday",
        ),
        segments=_part(as_of="opening", size=None),
        definition="default",
        basis=None,
        window=None,
        as_of=None,
        reactivation_gap=None,
        reactivation_in_nrr=None,
        left_out=Decimal("0.05"),
        missing_month="zero",
        min_group=10,
        tenure=_part(boundaries=(30, 90, 180)),
        clv=_part(gross_margin=None, lifespan="survival", discount_rate=None, horizon_months=None),
        cac=_part(lag=0),
        targets={},
        checks=(),
    )
    return cast("Config", defaults)
