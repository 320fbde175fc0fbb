"""Definition profiles: the switches in which retention figures differ, under one name.

Imports nothing heavy: every run has a profile, most of them the default one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from retcalc.core.choices import Basis

ChurnNumerator = Literal["standard", "returns_count", "all_events"]
ChurnDenominator = Literal["opening", "opening_plus_new"]
GrrForm = Literal["account_minimum", "movements", "total_level"]
NrrForm = Literal[
    "bridge_cohort",
    "lazy",
    "cohort_12m_ago",
    "trailing_average",
    "monthly_average",
    "monthly_average_annualised",
    "compounded_monthly",
    "survivors_only",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One definition; profile_file.py says what each switch means.

    ``window`` is a text such as ``12m``, ``reactivation_gap`` months, ``min_mrr`` major units.
    """

    name: str = "default"
    title: str = "Opening accounts compared with themselves at the end of the window"
    source: str | None = None
    basis: Basis = "endpoints"
    window: str | None = None
    churn_numerator: ChurnNumerator = "standard"
    churn_denominator: ChurnDenominator = "opening"
    grr_form: GrrForm = "account_minimum"
    nrr_form: NrrForm = "bridge_cohort"
    reactivation_in_nrr: bool = False
    reactivation_gap: int | None = None
    min_mrr: Decimal | None = None
