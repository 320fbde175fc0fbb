"""Definition profiles: the switches in which retention figures differ, under one name.

Imports nothing heavy: every run has a profile, most of them the default one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from retcalc.findings import Finding, RetcalcError

_FOLDER = Path(__file__).parent / "profiles"

Basis = Literal["endpoints", "monthly"]
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


def profile_names() -> tuple[str, ...]:
    """Names of the profiles that come with retcalc, ``default`` first."""
    names = (file.stem for file in _FOLDER.glob("*.yaml"))
    return tuple(sorted(names, key=lambda name: (name != "default", name)))


def is_file_name(text: str) -> bool:
    """Tell a profile's file from its name."""
    return "/" in text or os.sep in text or text.endswith((".yaml", ".yml"))


def load_profile(name_or_path: str = "default") -> Profile:
    """Give a profile that comes with retcalc, or read one from a YAML file.

    A name that ends in .yaml or holds a slash is a file. Raises RetcalcError: RC120 for an
    unknown name, RC101-RC114 for a wrong file, RC460 or RC461 for one that cannot be read.
    """
    if name_or_path == "default":
        return Profile()
    from retcalc.config.profile_file import read_profile

    if is_file_name(name_or_path):
        return read_profile(name_or_path)
    if name_or_path in profile_names():
        return read_profile(str(_FOLDER / f"{name_or_path}.yaml"))
    message = f"there is no definition profile {name_or_path!r}"
    raise RetcalcError(Finding("RC120", message, fix=profile_fix(name_or_path)))


def profile_fix(name: str) -> str:
    """Give the remedy for a profile that does not exist."""
    names = profile_names()
    hint = did_you_mean(name, names)
    return f"{hint + '  ' if hint else ''}the profiles are {', '.join(names)}, or name a file"


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Give ``did you mean …?`` for the nearest name, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(name[:100].casefold(), known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else ""
