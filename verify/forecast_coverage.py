"""How often the intervals of ``forecast`` hold what came, on made and real panels.

    python verify/forecast_coverage.py [EXPORT.csv ...]

Every past month-end with enough history behind it is forecast from what was known then, with the
method chosen and the interval made there and then; what came is compared with it. Without files it
takes panels made with a seed, whose rates and pace stay as they are. Of an export every plan is
judged, and the total; one of less than 30 months up to three months ahead. Ends with 1 when made
panels are off their level by more than 5 points.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from retcalc.answers.base.prepare import prepare
from retcalc.answers.value.forecast import pasts
from retcalc.cli.options import Options
from retcalc.cli.request import make_request
from retcalc.metrics.metric import Undefined
from retcalc.metrics.value.forecasts import forecast as f
from retcalc.metrics.value.forecasts.intervals import conformal
from retcalc.metrics.value.forecasts.methods import Past

LEVELS = (0.8, 0.9)
HORIZONS = (1, 3, 6)
MONTHS, PANELS, WITHIN = 60, 40, 0.05
# accounts in the first month, and new ones a month
KINDS = {"grows": (150, 10), "steady": (300, 9), "grows fast": (40, 14)}


def made(seed: int, stock: int, pace: int) -> Past:
    """A panel of constant rates: each account has its own chance to leave, MRR wanders."""
    chance = random.Random(seed)
    mrr, accounts = ([[0.0] * (MONTHS - start) for start in range(MONTHS)] for _ in range(2))
    for start in range(MONTHS):
        for _ in range(stock if start == 0 else max(0, round(chance.gauss(pace, 3)))):
            paid, leaving = chance.uniform(20, 400), min(0.5, chance.betavariate(1, 25))
            for age in range(MONTHS - start):
                mrr[start][age] += paid
                accounts[start][age] += 1
                if chance.random() < leaving:
                    break
                if chance.random() < 0.05:
                    paid *= chance.uniform(0.8, 1.3)
    return Past(mrr, accounts)


def read(path: str) -> list[Past]:
    """The cohorts of an export, in total and of every plan where it has plans."""
    with Path(path).open(encoding="utf-8") as file:
        by = [name for name in file.readline().strip().split(",") if name.startswith("plan")][:1]
    prepared = prepare(make_request(Options(data=[path], by=by)))
    return list(pasts(prepared.book, prepared.window.closing).values())


def judged(
    errors: dict[f.Method, f.Errors], months: int, level: float
) -> Iterator[tuple[int, bool]]:
    """Horizon, and whether its interval held what came, at every past month-end.

    ``errors`` of a panel of so many ``months``: those of a month-end are the first ones of them.
    """
    most = _farthest(months)
    for seen in range(f.months_needed(most, level), months):
        known = {method: _known(found, seen) for method, found in errors.items()}
        method = f.best_method(known)
        for horizon in [h for h in HORIZONS if h <= most]:
            half = conformal(known[method].total[horizon - 1], level)
            if seen + horizon <= months and not isinstance(half, Undefined):
                came = errors[method].total[horizon - 1][seen - f.RECENT_MONTHS]
                yield horizon, abs(came) <= half


def _farthest(months: int) -> int:
    """The farthest horizon that is judged on so many months of history."""
    return max(HORIZONS) if months >= 30 else 3


def _known(errors: f.Errors, seen: int) -> f.Errors:
    """The errors that were known after so many months."""
    parts = (errors.shares, errors.existing, errors.total)
    ends = [max(0, seen - f.RECENT_MONTHS - h) for h in range(len(errors.shares))]
    return f.Errors(*([e[:end] for e, end in zip(part, ends, strict=True)] for part in parts))


def main(paths: list[str]) -> int:
    """Print a line a kind of panel, level and horizon."""
    panels = {Path(path).name: read(path) for path in paths} or {
        kind: [made(seed, *size) for seed in range(PANELS)] for kind, size in KINDS.items()
    }
    off = False
    print("| panels | level | months ahead | judged | held |\n| --- | --- | --- | --- | --- |")
    for kind, some in panels.items():
        tested = [(f.back_test(past, _farthest(past.months)), past.months) for past in some]
        for level in LEVELS:
            found: dict[int, list[bool]] = defaultdict(list)
            for errors, months in tested:
                for horizon, held in judged(errors, months, level):
                    found[horizon].append(held)
            for horizon, held in sorted(found.items()):
                share = sum(held) / len(held)
                off |= abs(share - level) > WITHIN
                print(f"| {kind} | {level:.0%} | {horizon} | {len(held)} | {share:.1%} |")
    return 1 if off and not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
