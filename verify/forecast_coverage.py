"""How often the intervals of ``forecast`` hold what came, on made and real panels.

    python verify/forecast_coverage.py [PANEL.csv ...]

Every past month-end with enough history behind it is forecast from what was known then, with the
method chosen and the interval made there and then; what came is compared with it. Without files it
takes panels made with a seed, whose rates and pace stay as they are. A panel file has the columns
account, month and mrr. Ends with 1 when made panels are off their level by more than 5 points.
"""

from __future__ import annotations

import csv
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from math import sqrt
from pathlib import Path

from retcalc.core.months import parse_month
from retcalc.metrics.metric import Undefined
from retcalc.metrics.value.forecasts import forecast as f

LEVELS = (0.8, 0.9)
HORIZONS = (1, 3, 6)
MONTHS, PANELS, WITHIN = 60, 25, 0.05
# accounts in the first month, and new ones a month
KINDS = {"grows": (150, 10), "steady": (300, 9), "grows fast": (40, 14)}


def made(seed: int, stock: int, pace: int) -> list[list[float]]:
    """A panel of constant rates: each account has its own chance to leave, MRR wanders."""
    chance = random.Random(seed)
    rows = []
    for start in range(MONTHS):
        row = [0.0] * (MONTHS - start)
        for _ in range(stock if start == 0 else max(0, round(chance.gauss(pace, 3)))):
            mrr, leaving = chance.uniform(20, 400), min(0.5, chance.betavariate(1, 25))
            for age in range(len(row)):
                row[age] += mrr
                if chance.random() < leaving:
                    break
                if chance.random() < 0.05:
                    mrr *= chance.uniform(0.8, 1.3)
        rows.append(row)
    return rows


def read(path: str) -> list[list[float]]:
    """The cohorts of a panel file."""
    by_account: dict[str, dict[int, float]] = defaultdict(dict)
    with Path(path).open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            account, month, mrr, *_ = line.values()
            if float(mrr) > 0:
                by_account[account][parse_month(month[:7])] = float(mrr)
    first = min(min(months) for months in by_account.values())
    last = max(max(months) for months in by_account.values())
    rows = [[0.0] * (last - first + 1 - start) for start in range(last - first + 1)]
    for months in by_account.values():
        start = min(months)
        for month, mrr in months.items():
            rows[start - first][month - start] += mrr
    return rows


def judged(rows: list[list[float]], level: float) -> Iterator[tuple[int, bool]]:
    """Horizon, and whether its interval held what came, at every past month-end."""
    most = max(HORIZONS)
    for seen in range(f.months_needed(most, level), len(rows)):
        past, now = f.as_of(rows, seen), f.total_at(rows, seen - 1)
        errors = f.back_test(past, most)
        method = f.best_method(errors)
        ahead = f.forecast(method, past, most)
        new = ahead.new(f.new_pace(past))
        for horizon in HORIZONS:
            half = f.conformal(errors[method].total[horizon - 1], level)
            if seen + horizon > len(rows) or isinstance(half, Undefined):
                continue
            middle = ahead.existing[horizon - 1] + new[horizon - 1]
            came = f.total_at(rows, seen + horizon - 1)
            yield horizon, abs(came - middle) <= half * sqrt(now)


def main(paths: list[str]) -> int:
    """Print a line a kind of panel, level and horizon."""
    panels = {path: [read(path)] for path in paths} or {
        kind: [made(seed, *size) for seed in range(PANELS)] for kind, size in KINDS.items()
    }
    off = False
    print("| panels | level | months ahead | judged | held |\n| --- | --- | --- | --- | --- |")
    for kind, some in panels.items():
        for level in LEVELS:
            found: dict[int, list[bool]] = defaultdict(list)
            for rows in some:
                for horizon, held in judged(rows, level):
                    found[horizon].append(held)
            for horizon, held in sorted(found.items()):
                share = sum(held) / len(held)
                off |= abs(share - level) > WITHIN
                print(f"| {kind} | {level:.0%} | {horizon} | {len(held)} | {share:.1%} |")
    return 1 if off and not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
