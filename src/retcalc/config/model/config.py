"""What a retcalc.yaml may say: every key, its type, its default and one line about it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from retcalc.config.model.inputs import (
    Account,
    Amounts,
    Billing,
    Calendar,
    ChurnReasons,
    Columns,
    CurrencyRules,
    Dates,
    Segments,
    Size,
    Sources,
)
from retcalc.config.model.key_group import Part
from retcalc.config.model.metrics import Cac, Check, Clv, Renewal, Target, Tenure
from retcalc.config.model.scalars import (
    AS_WHOLE,
    Definition,
    Flag,
    LeftOutShare,
    Month,
    MonthCount,
    Number,
    WindowText,
)
from retcalc.core.choices import Basis, Meaning, MissingMonth, Shape

__all__ = [
    "Account",
    "Amounts",
    "Cac",
    "Calendar",
    "Check",
    "ChurnReasons",
    "Clv",
    "Columns",
    "Config",
    "CurrencyRules",
    "Dates",
    "Renewal",
    "Segments",
    "Size",
    "Sources",
    "Target",
    "Tenure",
]


def _column(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _level(value: object) -> object:
    return {"to": value} if isinstance(value, str | int | Decimal) else value


class Config(Part):
    """Everything a retcalc.yaml may say. Every key is optional."""

    sources: Sources = Field(
        Sources(), description="The files.", examples=[{"mrr": "exports/mrr.parquet"}]
    )
    shape: Shape = Field(
        "auto", description="What a row of the MRR export is.", examples=["intervals"]
    )
    columns: Columns = Field(
        Columns(), description="Headers by role.", examples=[{"customer": "account_id"}]
    )
    account: Annotated[Account, BeforeValidator(_column, json_schema_input_type=str | Account)] = (
        Field(Account(), description="What is retained.", examples=["parent_id"])
    )
    amounts: Amounts = Field(
        Amounts(), description="Unit, marks and sign of amounts.", examples=[{"decimal": ","}]
    )
    dates: Dates = Field(
        Dates(), description="Format and time zone of dates.", examples=[{"timezone": "UTC"}]
    )
    billing: Billing = Field(
        Billing(), description="What counts as revenue.", examples=[{"churn_date": "cancelled"}]
    )
    currency: CurrencyRules = Field(
        CurrencyRules(), description="Reporting currency.", examples=[{"report": "USD"}]
    )
    calendar: Calendar = Field(
        Calendar(), description="Fiscal calendar.", examples=[{"fiscal_year_start": "2"}]
    )
    segments: Segments = Field(
        Segments(), description="Rules of segments.", examples=[{"as_of": "opening"}]
    )
    churn_reasons: ChurnReasons = Field(
        ChurnReasons(), description="Why accounts left.", examples=[{"column": "why_they_left"}]
    )
    definition: Definition = Field(
        "default", description="Definition profile: a name or a file.", examples=["default"]
    )
    basis: Basis | None = Field(
        None, description="Overrides the definition's basis.", examples=["monthly"]
    )
    window: WindowText | None = Field(
        None, description="Window when none is asked for.", examples=["12m"]
    )
    as_of: Month | None = Field(
        None, description="Closing month; the last complete one by default.", examples=["2026-10"]
    )
    reactivation_gap: MonthCount | None = Field(
        None, description="Months away after which an account is new again.", examples=["12"]
    )
    reactivation_in_nrr: Flag | None = Field(
        None, description="Overrides the definition: returns count in NRR.", examples=["true"]
    )
    left_out: LeftOutShare = Field(
        Decimal("0.05"),
        description="Share of money or accounts that may be left out for want of knowledge.",
        examples=["5%"],
    )
    words: Mapping[str, Meaning] = Field(
        {}, description="Meaning of unknown statuses and kinds.", examples=[{"Dormant": "ended"}]
    )
    ignore: tuple[str, ...] = Field(
        (), description="Columns that play no part.", examples=[["is_current"]]
    )
    missing_month: MissingMonth = Field(
        "zero", description="An account's month without a row.", examples=["refuse"]
    )
    min_group: Annotated[int, Field(ge=0, le=1_000_000), AS_WHOLE] = Field(
        10, description="Rows of fewer accounts are marked small.", examples=["20"]
    )
    min_cohorts: Annotated[int, Field(ge=0, le=1_000_000), AS_WHOLE] = Field(
        3, description="Averages of fewer cohorts are drawn pale.", examples=["5"]
    )
    tenure: Tenure = Field(
        Tenure(), description="Phases of life.", examples=[{"boundaries": ["30", "90", "180"]}]
    )
    clv: Clv = Field(Clv(), description="Lifetime value.", examples=[{"gross_margin": "0.78"}])
    renewal: Renewal = Field(
        Renewal(), description="Renewals of contracts.", examples=[{"late": "30d"}]
    )
    cac: Cac = Field(Cac(), description="Acquisition cost.", examples=[{"lag": "2"}])
    targets: Mapping[
        str, Annotated[Target, BeforeValidator(_level, json_schema_input_type=Number | Target)]
    ] = Field({}, description="Goals by name.", examples=[{"clv_cac": "3.0"}])
    checks: tuple[Check, ...] = Field(
        (),
        description="Assertions of retcalc check.",
        examples=[[{"metric": "nrr", "window": "12m", "min": "1.00"}]],
    )
