"""The command line against the walked oracle on random panels: equal to the last digit.

`RETCALC_PANELS=2000` tries more panels than the default run.
"""

import os
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
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
from oracle.rows import MONEY, MONTH_RATES, check_annualised, check_row, check_segments

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
        if command == "summary":
            months = case.ends[1] - case.ends[0]
            check_annualised(answer["rows"][-1], facts[walk.TOTAL], months, rules)


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
    walked = walk.roll_forward(case.panel.mrr, months[0], months[-1], segments=case.segments)
    for month, facts in walked.items():
        group = sorted(by_month[month_text(month)], key=lambda row: row["segment"] == {})
        check_segments(group, facts, case.by, MONTH_RATES)


def complete_months(made: Sequence[intervals.Subscription]) -> tuple[int, int]:
    """The first month of subscriptions and the last one that is complete."""
    first = intervals.month_of(min(sub.start for sub in made))
    return first, intervals.last_complete_month(sub.start for sub in made)


INTERVAL_SEEDS = [
    seed
    for seed in SEEDS
    for first, last in [complete_months(subscriptions(random_panel(seed), seed))]
    if first < last
]


@pytest.mark.parametrize("seed", INTERVAL_SEEDS[: PANELS // 2])
def test_subscription_intervals(seed: int, tmp_path: Path) -> None:
    """Subscriptions made from a panel give the panel's numbers, over the complete months."""
    made = subscriptions(random_panel(seed), seed)
    first, last = complete_months(made)
    mrr = intervals.monthly(made, last)
    path = write_subscriptions(made, tmp_path / "subs.csv")
    exclusive = ("--period-end", "exclusive")  # ends of random rows may read either way
    answer = ask("nrr", path, *exclusive)
    ends = walk.default_window(first, last)
    check_window(answer, *ends)
    check_row(answer["rows"][-1], walk.window(mrr, *ends)[walk.TOTAL], unit=1)
    rows = ask("movements", path, *exclusive)["rows"]
    assert [row["month"] for row in rows] == [month_text(t) for t in range(first, last + 1)]
    for row, facts in zip(rows, walk.roll_forward(mrr, first, last).values(), strict=True):
        check_row(row, facts[walk.TOTAL], MONTH_RATES, unit=1)


def test_amounts_without_a_finite_decimal(tmp_path: Path) -> None:
    """100.00 a year and 52 x 1.00 in weeks: twelve months add up, the bridge digit for digit."""
    lines = ["customer_id,start_date,end_date,amount,interval"]
    lines += ["a,2024-01-01,2024-02-01,100,year", "a,2024-02-01,,200,year"]
    lines += ["b,2024-01-09,2024-02-10,1,week", "c,2024-02-29,,35,quarter"]
    path = write(tmp_path / "subs.csv", lines)
    january, february = ask("movements", path)["rows"]
    amounts = {name: Decimal(february[name]) for name in MONEY}
    exact = {"opening_mrr": Fraction(152, 12), "new_mrr": Fraction(35, 3)}
    exact |= {"expansion_mrr": Fraction(100, 12), "churn_mrr": Fraction(52, 12)}
    exact |= {"closing_mrr": Fraction(200, 12) + Fraction(35, 3)}
    for name, amount in amounts.items():
        assert abs(12 * Fraction(amount) - 12 * exact.get(name, Fraction(0))) < Fraction(5, 1000)
    gained = amounts["new_mrr"] + amounts["expansion_mrr"] - amounts["churn_mrr"]
    assert amounts["opening_mrr"] + gained == amounts["closing_mrr"]
    assert january["closing_mrr"] == february["opening_mrr"]
