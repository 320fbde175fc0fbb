"""The command line against the walked oracle on random panels: equal to the last digit.

`RETCALC_PANELS=2000` tries more panels than the default run.
"""

import os
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from acceptance.inline import write
from helpers import run
from oracle import intervals, walk
from oracle.panels import (
    Panel,
    month_text,
    random_panel,
    subscriptions,
    write_panel,
    write_subscriptions,
)
from oracle.rows import MONTH_RATES, check_row, check_segments

PANELS = int(os.environ.get("RETCALC_PANELS", "60"))
SEEDS = [seed for seed in range(2 * PANELS) if random_panel(seed).mrr][:PANELS]
COMMANDS = ("nrr", "grr", "churn", "retention", "summary")
BY = ((), ("plan",), ("region",), ("plan", "region"))


@dataclass(frozen=True, slots=True)
class Case:
    """A panel, the options asked of it and the window they mean."""

    panel: Panel
    by: tuple[str, ...]
    rules: walk.Rules
    window: str | None
    as_of: int | None

    @property
    def last(self) -> int:
        return self.panel.last if self.as_of is None else self.as_of

    @property
    def ends(self) -> tuple[int, int]:
        if self.window is None:
            return walk.default_window(self.panel.first, self.last)
        months = int(self.window[:-1]) * (12 if self.window.endswith("y") else 1)
        return self.last - months, self.last

    @property
    def options(self) -> list[str]:
        options = [f"--by={name}" for name in self.by]
        options += [f"--basis={self.rules.basis}"] if self.rules.basis != "endpoints" else []
        options += [f"--window={self.window}"] if self.window else []
        return options + ([f"--as-of={month_text(self.as_of)}"] if self.as_of else [])

    def configured(self, folder: Path) -> list[str]:
        """The options, with the switches that only files can set written into the folder."""
        gap = self.rules.reactivation_gap
        profile = ["name: tried", f"reactivation_gap: {'null' if gap is None else gap}"]
        profile += [f"reactivation_in_nrr: {str(self.rules.reactivation_in_nrr).lower()}"]
        write(folder / "tried.yaml", profile)
        config = [f"segments: {{as_of: {self.rules.as_of}}}", "definition: tried.yaml"]
        return [*self.options, "-c", str(write(folder / "retcalc.yaml", config))]

    @property
    def segments(self) -> walk.Segments | None:
        return self.panel.segments(self.by) if self.by else None


def case_of(seed: int) -> Case:
    """The options of a seed: any mix of segments, basis, window and as-of."""
    rng, panel = random.Random(~seed), random_panel(seed)
    as_of = rng.randint(panel.first + 1, panel.last) if rng.random() < 0.3 else None
    reach = (panel.last if as_of is None else as_of) - panel.first
    windows = [None, "1m", f"{rng.randint(1, reach)}m", f"{reach}m"]
    windows += ["1y"] if reach >= 12 else []
    rules = walk.Rules(
        rng.choice(("endpoints", "monthly")),
        rng.choice(("opening", "closing")),
        rng.choice((None, 1, 2, 4)),
        rng.random() < 0.5,
    )
    return Case(panel, rng.choice(BY), rules, rng.choice(windows), as_of)


def ask(command: str, path: Path, *options: str) -> Any:
    done = run(command, path, "--format", "json", *options)
    assert done.exit_code == 0, done.stderr
    return done.json


def check_window(answer: Any, s: int, e: int) -> None:
    assert answer["window"] == {
        "opening": month_text(s),
        "closing": month_text(e),
        "months": e - s,
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_window(seed: int, tmp_path: Path) -> None:
    """`nrr`, and for every sixth panel its sisters, in any window and basis, by any segment."""
    case = case_of(seed)
    path = write_panel(case.panel, tmp_path / "mrr.csv", random.Random(seed).choice(("", "-01")))
    rules = walk.Rules(case.rules.basis)
    facts = walk.window(case.panel.mrr, *case.ends, rules, case.segments)
    for command in COMMANDS if seed % 6 == 0 else ("nrr",):
        answer = ask(command, path, *case.options)
        check_window(answer, *case.ends)
        assert answer["definition"]["basis"] == rules.basis
        check_segments(answer["rows"], facts, case.by, rules=rules)


@pytest.mark.parametrize("seed", SEEDS[: len(SEEDS) // 2])
def test_window_under_other_rules(seed: int, tmp_path: Path) -> None:
    """Reactivation gap, returning accounts in NRR, segments as of the closing: from the config."""
    case = case_of(seed)
    path = write_panel(case.panel, tmp_path / "mrr.csv")
    facts = walk.window(case.panel.mrr, *case.ends, case.rules, case.segments)
    answer = ask("nrr", path, *case.configured(tmp_path))
    check_window(answer, *case.ends)
    check_segments(answer["rows"], facts, case.by, rules=case.rules)


@pytest.mark.parametrize("seed", SEEDS)
def test_movements(seed: int, tmp_path: Path) -> None:
    """Every month of the data, by any segment; the first month opens at zero."""
    case = case_of(seed)
    path = write_panel(case.panel, tmp_path / "mrr.csv")
    rows = ask("movements", path, *(f"--by={name}" for name in case.by))["rows"]
    check_months(rows, case, range(case.panel.first, case.panel.last + 1))


@pytest.mark.parametrize("seed", SEEDS)
def test_churn_monthly(seed: int, tmp_path: Path) -> None:
    """One row a month of the window; the months do not depend on the basis."""
    case = case_of(seed)
    path = write_panel(case.panel, tmp_path / "mrr.csv")
    rows = ask("churn", path, "--monthly", *case.options)["rows"]
    check_months(rows, case, range(case.ends[0] + 1, case.ends[1] + 1))


def check_months(rows: list[Any], case: Case, months: range) -> None:
    by_month = defaultdict(list)
    for row in rows:
        by_month[row["month"]].append(row)
    assert sorted(by_month) == [month_text(month) for month in months]
    for month in months:
        facts = walk.window(case.panel.mrr, month - 1, month, segments=case.segments)
        group = sorted(by_month[month_text(month)], key=lambda row: row["segment"] == {})
        check_segments(group, facts, case.by, MONTH_RATES)


@pytest.mark.parametrize("seed", SEEDS[: len(SEEDS) // 2])
def test_subscription_intervals(seed: int, tmp_path: Path) -> None:
    """Subscriptions made from a panel give the panel's numbers, over the complete months."""
    made = subscriptions(random_panel(seed), seed)
    first = intervals.month_of(min(sub.start for sub in made))
    last = intervals.last_complete_month(sub.start for sub in made)
    if last <= first:
        pytest.skip("no window of complete months")
    mrr = intervals.monthly(made, last)
    path = write_subscriptions(made, tmp_path / "subs.csv")
    answer = ask("nrr", path)
    ends = walk.default_window(first, last)
    check_window(answer, *ends)
    check_row(answer["rows"][-1], walk.window(mrr, *ends)[walk.TOTAL], unit=1)
    for row in ask("movements", path)["rows"]:
        month = 12 * int(row["month"][:4]) + int(row["month"][5:]) - 1
        facts = walk.window(mrr, month - 1, month)[walk.TOTAL]
        check_row(row, facts, MONTH_RATES, unit=1)
