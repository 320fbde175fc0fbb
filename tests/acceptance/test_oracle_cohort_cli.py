"""The cohort triangle of the command line against the walked one, to the last digit."""

import os
import random
from pathlib import Path
from typing import Literal

import pytest

from helpers import run
from oracle import cohorts
from oracle.panels import month_text, random_panel, write_panel
from oracle.rows import money

PANELS = int(os.environ.get("RETCALC_PANELS", "60"))
SEEDS = [seed for seed in range(1000, 1000 + PANELS) if random_panel(seed).mrr][: PANELS // 3]


@pytest.mark.parametrize("seed", SEEDS)
def test_triangle(seed: int, tmp_path: Path) -> None:
    """Cohorts of the first paid month: every cell up to the as-of month, and the average row."""
    rng, panel = random.Random(seed), random_panel(seed)
    born = min(month for _, month in panel.mrr)
    last = rng.randint(max(born, panel.first + 1), panel.last) if rng.random() < 0.3 else panel.last
    how: Literal["weighted", "simple"] = rng.choice(("weighted", "simple"))
    path = write_panel(panel, tmp_path / "mrr.csv")
    options = [f"--as-of={month_text(last)}", f"--average={how}", "--format=json"]
    answer = run("cohort", path, *options).json
    cells = cohorts.triangle(panel.mrr, last)
    for cell, row in zip(cells, answer["rows"], strict=True):
        assert (row["cohort"], row["age"]) == (month_text(cell.cohort), cell.age)
        assert (row["accounts"], row["initial_accounts"]) == (cell.accounts, cell.initial_accounts)
        assert (row["mrr"], row["gross_mrr"]) == (money(cell.mrr), money(cell.gross_mrr))
        assert row["initial_mrr"] == money(cell.initial_mrr)
        assert {n: row[n] for n in cohorts.SHARES} == {
            n: float(cell.share(n)) for n in cohorts.SHARES
        }
    for name in cohorts.SHARES:
        expected = {age: float(v) for age, v in cohorts.average(cells, name, how).items()}
        assert {row["age"]: row[name] for row in answer["average"]} == expected
