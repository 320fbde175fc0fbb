"""The part of the config that says how figures are formed and judged."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from retcalc.config.model.key_group import Part, contradiction
from retcalc.config.model.scalars import (
    AS_WHOLE,
    DayCount,
    Month,
    MonthCount,
    NotNegative,
    Number,
    Share,
    Texts,
    Where,
    WindowText,
)
from retcalc.core.choices import LifespanMethod, Severity


class Tenure(Part):
    """The phases of an account's life."""

    boundaries: tuple[Annotated[int, Field(ge=1, le=36500), AS_WHOLE], ...] = Field(
        (30, 90, 180),
        min_length=1,
        description="Days since sign-up at which a phase ends, ascending.",
        examples=[["30", "90", "180"]],
    )

    @model_validator(mode="after")
    def _ascending(self) -> Tenure:
        if any(low >= high for low, high in pairwise(self.boundaries)):
            raise contradiction("has boundaries that do not ascend")
        return self


class Clv(Part):
    """Customer lifetime value."""

    gross_margin: Share | None = Field(
        None, description="Gross margin as a fraction.", examples=["0.78"]
    )
    lifespan: LifespanMethod = Field(
        "survival", description="How the lifespan is estimated.", examples=["sbg"]
    )
    discount_rate: Share | None = Field(
        None, description="Yearly discount rate; none by default.", examples=["0.10"]
    )
    horizon_months: MonthCount | None = Field(
        None, description="Longest life that is counted.", examples=["60"]
    )


class Cac(Part):
    """Customer acquisition cost."""

    lag: Annotated[int, Field(ge=0, le=60), AS_WHOLE] = Field(
        0, description="Months from spend to the accounts it wins.", examples=["2"]
    )


class Renewal(Part):
    """When a term of a contract counts as renewed."""

    early: DayCount = Field(
        90,
        description="Days before the end of a term from which the next one renews it.",
        examples=["90d"],
    )
    late: DayCount = Field(
        30,
        description="Days after the end of a term up to which the next one renews it.",
        examples=["30d"],
    )
    grace: DayCount = Field(
        0,
        description="Longest gap in days between two terms that is a late renewal, no churn.",
        examples=["30d"],
    )


class Target(Part):
    """A level to reach; with from, start and by it is a straight glide path to it."""

    metric: str | None = Field(
        None, description="Metric; the target's name by default.", examples=["logo_churn"]
    )
    where: Where = Field(
        {}, description="Only accounts with these values.", examples=[{"segment": "SMB"}]
    )
    from_: Number | None = Field(
        None, alias="from", description="Level at the start.", examples=["0.18"]
    )
    to: Number = Field(description="Level to reach.", examples=["0.12"])
    start: Month | None = Field(None, description="Month of the start.", examples=["2026-04"])
    by: Month | None = Field(None, description="Month of the goal.", examples=["2026-10"])
    severity: Severity = Field(
        "warn", description="What check says when it is missed.", examples=["error"]
    )

    @model_validator(mode="after")
    def _whole_path(self) -> Target:
        given = [value is not None for value in (self.from_, self.start, self.by)]
        if any(given) and not all(given):
            raise contradiction("is a glide path, which needs from, to, start and by")
        if self.start is not None and self.by is not None and self.start >= self.by:
            raise contradiction("starts after it should be reached")
        return self


class Check(Part):
    """One assertion of ``retcalc check``: a figure and its limits."""

    metric: str = Field(description="Metric or amount.", examples=["nrr"])
    name: str | None = Field(None, description="Name in reports.", examples=["Pro churn"])
    window: WindowText | None = Field(
        None, description="Window; the usual one by default.", examples=["12m"]
    )
    month: Month | None = Field(
        None, description="Closing month; the usual one by default.", examples=["2026-10"]
    )
    where: Where = Field(
        {}, description="Only accounts with these values.", examples=[{"plan": "Pro"}]
    )
    by: Texts = Field((), description="Check every segment of a column.", examples=["plan"])
    min: Number | None = Field(None, description="Least allowed value.", examples=["1.00"])
    max: Number | None = Field(None, description="Greatest allowed value.", examples=["0.02"])
    equals: Number | None = Field(None, description="The exact value.", examples=["123456.78"])
    tolerance: NotNegative | None = Field(
        None, description="Allowed distance from equals.", examples=["0.01"]
    )
    max_drop: NotNegative | None = Field(
        None, description="Most it may fall against one month earlier.", examples=["0.02"]
    )
    max_rise: NotNegative | None = Field(
        None, description="Most it may rise against one month earlier.", examples=["0.01"]
    )
    severity: Severity = Field(
        "error", description="error fails the run, warn only tells.", examples=["warn"]
    )

    @model_validator(mode="after")
    def _has_limits(self) -> Check:
        limits = (self.min, self.max, self.equals, self.max_drop, self.max_rise)
        if all(limit is None for limit in limits):
            raise contradiction("has no limit: min, max, equals, max_drop or max_rise")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise contradiction("has a min above its max")
        if self.tolerance is not None and self.equals is None:
            raise contradiction("has a tolerance, but no equals")
        return self
