"""Definition profiles: those that come with retcalc, and files of one's own."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from helpers import ROOT
from retcalc.config.definition_file import ProfileFile, read_profile
from retcalc.config.definitions import profile
from retcalc.config.definitions.names import profile_names
from retcalc.config.definitions.profile import Profile
from retcalc.config.load_definition import load_profile
from retcalc.core.findings import RetcalcError

FOLDER = Path(profile.__file__).parent / "profiles"

# Each known form is the default but for these switches.
FORMS = {
    "default": {},
    "monthly": {"basis": "monthly"},
    "one-period-bridge": {"window": "1m"},
    "cohort-12-months-ago": {"window": "12m", "nrr_form": "cohort_12m_ago"},
    "lazy-nrr": {"basis": "monthly", "nrr_form": "lazy", "grr_form": "movements"},
    "trailing-average": {"window": "12m", "nrr_form": "trailing_average"},
    "compounded-monthly": {"basis": "monthly", "nrr_form": "compounded_monthly"},
    "monthly-average": {"nrr_form": "monthly_average"},
    "monthly-average-annualised": {"nrr_form": "monthly_average_annualised"},
    "survivors-only": {"nrr_form": "survivors_only"},
    "reactivation-included": {"reactivation_in_nrr": True},
    "movements-grr": {"grr_form": "movements"},
    "total-level-grr": {"grr_form": "total_level"},
    "returns-count": {"churn_numerator": "returns_count"},
    "all-events": {"churn_numerator": "all_events"},
    "all-events-opening-plus-new": {
        "churn_numerator": "all_events",
        "churn_denominator": "opening_plus_new",
    },
}


def test_the_names_start_with_the_default() -> None:
    names = profile_names()
    assert names[0] == "default"
    assert list(names[1:]) == sorted(names[1:])
    assert set(names) == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_the_known_forms(name: str) -> None:
    profile = load_profile(name)
    switches = dataclasses.asdict(dataclasses.replace(profile, name="", title=""))
    usual = dataclasses.asdict(dataclasses.replace(Profile(), name="", title=""))
    assert {k: v for k, v in switches.items() if v != usual[k]} == FORMS[name]
    assert profile.name == name
    assert profile.title
    assert profile == read_profile(str(FOLDER / f"{name}.yaml"))  # with every check


def test_the_default_file_says_what_the_code_says() -> None:
    assert read_profile(str(FOLDER / "default.yaml")) == Profile() == load_profile()


def test_a_profile_file_has_the_switches_of_a_profile() -> None:
    plain = {f.name: f.default for f in dataclasses.fields(Profile)}
    written = {name: f.default for name, f in ProfileFile.model_fields.items()}
    assert written == {**plain, "name": None, "title": ""}
    assert all(f.description and f.examples for f in ProfileFile.model_fields.values())


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "board.yml"
    file.write_text("reactivation_in_nrr: true\nreactivation_gap: 6\nmin_mrr: 0.10\n")
    profile = load_profile(str(file))
    assert (profile.name, profile.reactivation_in_nrr, profile.reactivation_gap) == (
        "board",
        True,
        6,
    )
    assert profile.min_mrr == Decimal("0.10")
    file.write_text("name: Board pack\n")
    assert load_profile(str(file)).name == "Board pack"


def test_the_example_loads() -> None:
    example = ROOT / "configs" / "definition.example.yaml"
    assert load_profile(str(example)).name == "board-pack"


def test_an_unknown_name_lists_the_names() -> None:
    with pytest.raises(RetcalcError) as caught:
        load_profile("survivor-only")
    (finding,) = caught.value.findings
    assert (finding.code, caught.value.status) == ("RC120", 2)
    assert (finding.fix or "").startswith(
        "did you mean survivors-only?  the profiles are default, "
    )


def test_a_missing_file() -> None:
    with pytest.raises(RetcalcError) as caught:
        load_profile("nowhere/x.yaml")
    assert (caught.value.findings[0].code, caught.value.status) == ("RC460", 4)


def test_wrong_files_are_refused_with_the_place(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "basis: month\nreactivation_gap: 0\nnrr_from: lazy\nmin_mrr: -1\nbasis: monthly\n"
    )
    with pytest.raises(RetcalcError) as caught:
        load_profile(str(file))
    found = [(f.code, f.spots[0].line, f.header) for f in caught.value.findings]
    assert found == [
        ("RC111", 1, "basis"),
        ("RC111", 2, "reactivation_gap"),
        ("RC110", 3, "nrr_from"),
        ("RC111", 4, "min_mrr"),
        ("RC102", 5, "basis"),
    ]
    assert caught.value.findings[2].fix == "did you mean nrr_form?"


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("retcalc.config.definitions.profile", ("pydantic", "yaml", "polars", "rich")),
        ("retcalc.config.model.config", ("yaml", "polars", "rich")),
        ("retcalc.config.load", ("polars", "rich")),
    ],
)
def test_importing_is_cheap(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; sys.exit(' '.join(set({absent}) & set(sys.modules)) or 0)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr.strip()) == (0, "")
