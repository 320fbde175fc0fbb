"""Definition profiles: the switches in which retention figures differ, under one name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from retcalc.config.explain import profile_fix
from retcalc.config.load import parse, read_bytes
from retcalc.config.model import Basis, Gap
from retcalc.config.part import Part
from retcalc.config.scalars import (
    PROFILES,
    Flag,
    Number,
    WindowText,
    is_file_name,
    profile_names,
)
from retcalc.findings import Finding, RetcalcError

__all__ = ["Profile", "load_profile", "profile_names"]

ChurnNumerator = Literal["standard", "returns_count", "all_events"]
ChurnDenominator = Literal["opening", "opening_plus_new"]
GrrForm = Literal["account_minimum", "movements", "total_level"]
NrrForm = Literal[
    "bridge_cohort",
    "lazy",
    "cohort_12m_ago",
    "trailing_average",
    "compounded_monthly",
    "survivors_only",
]


class Profile(Part):
    """One definition. The defaults are those of the default profile."""

    name: str = Field("default", description="Name in outputs; the file's name by default.")
    title: str = Field("", description="What it measures, in one line.")
    source: str | None = Field(None, description="Where the definition is written down.")
    basis: Basis = Field("endpoints", description="Compare the ends, or sum the months.")
    window: WindowText | None = Field(None, description="Window that belongs to it.")
    churn_numerator: ChurnNumerator = Field(
        "standard",
        description="Opening accounts gone at the end; also those that returned; every event.",
    )
    churn_denominator: ChurnDenominator = Field(
        "opening", description="Opening accounts, or opening and new ones."
    )
    grr_form: GrrForm = Field(
        "account_minimum", description="Minimum per account, from movements, or of totals."
    )
    nrr_form: NrrForm = Field("bridge_cohort", description="Form of net revenue retention.")
    reactivation_in_nrr: Flag = Field(False, description="Returned accounts count in NRR.")
    reactivation_gap: Gap | None = Field(
        None, description="Months away after which an account is new again; unlimited by default."
    )
    min_mrr: Annotated[Number, Field(ge=0)] | None = Field(
        None, description="Accounts with less opening MRR do not count."
    )


def load_profile(name_or_path: str) -> Profile:
    """Read a profile that comes with retcalc, or a YAML file; raises RetcalcError.

    A name that ends in .yaml or holds a slash is a file. RC120: there is no such profile.
    """
    if is_file_name(name_or_path):
        path = Path(name_or_path)
    elif name_or_path in profile_names():
        path = PROFILES / f"{name_or_path}.yaml"
    else:
        fix = profile_fix(name_or_path)
        raise RetcalcError(
            Finding("RC120", f"there is no definition profile {name_or_path!r}", fix=fix)
        )
    profile = parse(str(path), read_bytes(str(path)), Profile)
    named = "name" in profile.model_fields_set
    return profile if named else profile.model_copy(update={"name": path.stem})
