"""How a definition profile is written in YAML: the same strict reading as the config."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from retcalc.config.definitions.profile import (
    ChurnDenominator,
    ChurnNumerator,
    GrrForm,
    NrrForm,
    Profile,
)
from retcalc.config.load import parse, read_bytes
from retcalc.config.model.key_group import Part
from retcalc.config.model.scalars import Flag, MonthCount, NotNegative, WindowText
from retcalc.core.choices import Basis


class ProfileFile(Part):
    """The keys of a profile file; those left out are as in the default profile."""

    name: str | None = Field(
        None, description="Name in outputs; the file's name by default.", examples=["board-pack"]
    )
    title: str = Field("", description="What it measures, in one line.", examples=["Board NRR"])
    source: str | None = Field(
        None, description="Where the definition is written down.", examples=["Board pack, p. 3"]
    )
    basis: Basis = Field(
        "endpoints",
        description="Compare the ends of the window, or add up its months.",
        examples=["monthly"],
    )
    window: WindowText | None = Field(
        None, description="The window that belongs to the definition.", examples=["12m"]
    )
    churn_numerator: ChurnNumerator = Field(
        "standard",
        description="standard: opening accounts that are gone at the end. returns_count: those "
        "that left and came back too. all_events: every churn event, also of accounts that "
        "joined in the window.",
        examples=["all_events"],
    )
    churn_denominator: ChurnDenominator = Field(
        "opening",
        description="Opening accounts, or opening and new accounts.",
        examples=["opening_plus_new"],
    )
    grr_form: GrrForm = Field(
        "account_minimum",
        description="account_minimum: the lower of opening and closing MRR, account by account. "
        "movements: opening less contraction and churn. total_level: the lower of the totals.",
        examples=["movements"],
    )
    nrr_form: NrrForm = Field(
        "bridge_cohort",
        description="bridge_cohort: the opening accounts at both ends. lazy: the monthly bridge, "
        "accounts won inside the window too. cohort_12m_ago: the accounts of twelve months ago. "
        "trailing_average: mean of the twelve-month rates at twelve month-ends. monthly_average: "
        "mean of the one-month rates of the window; _annualised: to the 12th. "
        "compounded_monthly: product of the one-month rates. survivors_only: without the "
        "accounts that left.",
        examples=["lazy"],
    )
    reactivation_in_nrr: Flag = Field(
        False, description="Returned accounts count in NRR.", examples=["true"]
    )
    reactivation_gap: MonthCount | None = Field(
        None,
        description="Months away after which an account is new again; unlimited by default.",
        examples=["12"],
    )
    min_mrr: NotNegative | None = Field(
        None, description="Accounts with less opening MRR do not count.", examples=["100"]
    )


def read_profile(path: str) -> Profile:
    """Read a profile file; raises RetcalcError with everything that is wrong in it."""
    switches = parse(path, read_bytes(path), ProfileFile).model_dump()
    return Profile(**{**switches, "name": switches["name"] or Path(path).stem})
