"""The part of the config that says what the files mean."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from retcalc.config.model.key_group import Part, contradiction
from retcalc.config.model.scalars import (
    AS_WHOLE,
    CurrencyCode,
    DateFormat,
    FilePath,
    Files,
    Month,
    Number,
    Texts,
    Zone,
)
from retcalc.core.choices import (
    AmountStyle,
    ChurnDate,
    Discounts,
    FxPolicy,
    Negative,
    PeriodEnd,
    Periods,
    Quantity,
    SegmentBasis,
    Stopped,
    Undated,
    Unit,
    WeekPattern,
    YearEnd,
)


class Sources(Part):
    """The files, relative to the config and not outside its folder."""

    mrr: Files = Field((), description="MRR export, or a list.", examples=["exports/mrr.parquet"])
    customers: FilePath | None = Field(
        None, description="One row per account.", examples=["customers.csv"]
    )
    costs: FilePath | None = Field(
        None, description="Sales and marketing spend: month,spend.", examples=["spend.csv"]
    )
    fx: FilePath | None = Field(
        None, description="Exchange rates: month,currency,rate.", examples=["rates.csv"]
    )
    reasons: FilePath | None = Field(
        None, description="Why accounts left: account,date,reason.", examples=["churned.csv"]
    )


class Columns(Part):
    """Which header plays which part; a part that is not named here is told from the header."""

    customer: str | None = Field(None, description="Account id.", examples=["account_id"])
    month: str | None = Field(None, description="Month of the row.", examples=["period"])
    mrr: str | None = Field(
        None, description="Amount: MRR, or the price of an interval.", examples=["amount"]
    )
    start: str | None = Field(
        None, description="Start of a subscription or service period.", examples=["started_at"]
    )
    end: str | None = Field(
        None, description="End of a subscription or service period.", examples=["ended_at"]
    )
    cancelled: str | None = Field(
        None, description="Day a subscription was cancelled.", examples=["cancelled_at"]
    )
    signed: str | None = Field(
        None, description="Day a subscription was signed.", examples=["signed_at"]
    )
    currency: str | None = Field(None, description="Currency code.", examples=["ccy"])
    interval: str | None = Field(
        None, description="Billing interval such as month or year.", examples=["billing_period"]
    )
    interval_count: str | None = Field(
        None, description="Intervals per bill (3 months).", examples=["interval_count"]
    )
    quantity: str | None = Field(
        None, description="Seats or units that multiply the price.", examples=["seats"]
    )
    status: str | None = Field(None, description="Subscription status.", examples=["status"])
    subscription: str | None = Field(
        None, description="Subscription id: an account's lines add up.", examples=["sub_id"]
    )
    term: str | None = Field(
        None, description="Term of a contract in months.", examples=["contract_term"]
    )
    trial_end: str | None = Field(
        None, description="Day revenue begins after a trial.", examples=["trial_end"]
    )
    paid_from: str | None = Field(
        None, description="Start of the paid period.", examples=["current_period_start"]
    )
    paid_until: str | None = Field(
        None, description="End of the paid period.", examples=["current_period_end"]
    )
    paused: str | None = Field(
        None, description="Day a subscription was paused.", examples=["paused_at"]
    )
    tax: str | None = Field(
        None, description="Tax within an invoice's amount.", examples=["tax_amount"]
    )
    discount: str | None = Field(
        None, description="Discount taken off an invoice's amount.", examples=["discount"]
    )
    movement: str | None = Field(
        None, description="Kind of movement in a movement log.", examples=["type"]
    )
    change: str | None = Field(
        None, description="Change of MRR in a movement log.", examples=["mrr_change"]
    )
    running: str | None = Field(
        None, description="MRR after the movement, to check the log.", examples=["mrr_after"]
    )
    tenure: str | None = Field(
        None, description="Months as a customer, in a snapshot.", examples=["tenure"]
    )
    churned: str | None = Field(None, description="Churn flag, in a snapshot.", examples=["churn"])
    signup: str | None = Field(
        None, description="Sign-up date in the customers file.", examples=["signup_date"]
    )


class Account(Part):
    """What is retained: the customer itself, or what it rolls up to."""

    column: str | None = Field(
        None, description="Column of the parent account.", examples=["parent_id"]
    )
    mergers: FilePath | None = Field(
        None, description="File of renamed accounts: from,to[,date].", examples=["renames.csv"]
    )


class Amounts(Part):
    """How amounts are written."""

    unit: Unit | None = Field(
        None, description="minor for cents; major when not declared.", examples=["minor"]
    )
    decimal: Literal[".", ","] | None = Field(
        None, description="Decimal mark; a point when not declared.", examples=[","]
    )
    thousands: Literal[",", ".", " ", "'", "’", "_", "\u00a0", "\u202f"] | None = Field(
        None, description="Mark between thousands; none by default.", examples=["."]
    )
    negative: Negative = Field(
        "refuse", description="Whether a negative amount is an error.", examples=["allow"]
    )

    style: AmountStyle = Field(
        "plain",
        description="accounting takes currency signs, (50.00) and dashes for zero.",
        examples=["accounting"],
    )
    periods: Periods = Field(
        "ask",
        description="What amounts of quarters and years are: the MRR in them, or their total.",
        examples=["mrr"],
    )

    @model_validator(mode="after")
    def _marks_differ(self) -> Amounts:
        if self.thousands == (self.decimal or "."):
            raise contradiction("uses one mark for decimals and thousands; declare both")
        return self


class Dates(Part):
    """How dates are written."""

    format: DateFormat = Field(
        "iso", description="iso, excel or a strftime pattern.", examples=["%d/%m/%Y"]
    )
    year: int | None = Field(
        None,
        ge=1990,
        le=2099,
        description="Year of months without one; of the first of a sheet.",
        examples=[2025],
    )
    timezone: Zone | None = Field(
        None, description="Zone whose days count for timestamps.", examples=["Europe/Berlin"]
    )


class CurrencyRules(Part):
    """The reporting currency and how others are converted."""

    report: CurrencyCode | None = Field(None, description="Reporting currency.", examples=["USD"])
    policy: FxPolicy = Field(
        "constant",
        description="All months at one rate, or each at its own with an fx line.",
        examples=["monthly"],
    )
    at: Month | None = Field(None, description="Month of the constant rate.", examples=["2026-10"])

    @model_validator(mode="after")
    def _at_is_constant(self) -> CurrencyRules:
        if self.policy == "monthly" and self.at is not None:
            raise contradiction("has a month of the constant rate, but the policy is monthly")
        return self


class Calendar(Part):
    """Fiscal years, of calendar months or of weeks."""

    fiscal_year_start: Annotated[int, Field(ge=1, le=12), AS_WHOLE] = Field(
        1, description="First month of the fiscal year, 1 to 12.", examples=["2"]
    )
    pattern: WeekPattern = Field(
        "none", description="Weeks in the periods of a quarter.", examples=["4-4-5"]
    )
    year_end: YearEnd = Field(
        "last",
        description="A year of weeks ends on the last week_end of its month, or the nearest.",
        examples=["nearest"],
    )
    week_end: Literal[
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
    ] = Field("saturday", description="Last day of a fiscal week.", examples=["sunday"])


class Billing(Part):
    """What counts as recurring revenue, and when it ends."""

    churn_date: ChurnDate = Field(
        "end", description="Date that ends a subscription.", examples=["cancelled"]
    )
    period_end: PeriodEnd = Field(
        "auto",
        description="Whether the last day of a period belongs to it.",
        examples=["inclusive"],
    )
    paused: Stopped = Field(
        "drop", description="Whether paused subscriptions still count.", examples=["keep"]
    )
    past_due: Stopped = Field(
        "keep", description="Whether unpaid subscriptions still count.", examples=["drop"]
    )
    discounts: Discounts = Field(
        "net", description="Invoices after or before discounts.", examples=["gross"]
    )
    undated: Undated = Field(
        "refuse",
        description="Lines without a service period: one-off, of the month of their invoice, "
        "or refused where they are many.",
        examples=["month"],
    )
    quantity: Quantity = Field(
        "ask",
        description="Whether a quantity multiplies an amount that may be for one unit.",
        examples=["multiply"],
    )


class ChurnReasons(Part):
    """Why accounts left; the words of the billing systems are known."""

    column: str | None = Field(
        None, description="Column of the reason.", examples=["why_they_left"]
    )
    involuntary: Texts = Field(
        (), description="Reasons such as a failed payment.", examples=[["payment_failed"]]
    )
    voluntary: Texts = Field(
        (), description="Reasons of a decision to leave.", examples=[["went_elsewhere"]]
    )

    @model_validator(mode="after")
    def _one_kind(self) -> ChurnReasons:
        both = {w.casefold() for w in self.voluntary} & {w.casefold() for w in self.involuntary}
        if both:
            raise contradiction(f"has {min(both)!r} as voluntary and as involuntary")
        return self


class Size(Part):
    """Bands of size as a segment named ``size``."""

    from_: str = Field(
        alias="from",
        description="opening_mrr, or a column of numbers.",
        examples=["opening_mrr"],
    )
    bands: tuple[Number, ...] = Field(
        min_length=1,
        description="Lower bounds of the bands, ascending.",
        examples=[["0", "500", "5000"]],
    )

    @model_validator(mode="after")
    def _ascending(self) -> Size:
        if any(low >= high for low, high in pairwise(self.bands)):
            raise contradiction("has bands that do not ascend")
        return self


class Segments(Part):
    """When an account's segment is taken, and segments by size."""

    as_of: SegmentBasis = Field(
        "opening", description="Which value of a changing segment counts.", examples=["closing"]
    )
    size: Size | None = Field(
        None,
        description="A segment made of an amount.",
        examples=[{"from": "opening_mrr", "bands": ["0", "500", "5000"]}],
    )
