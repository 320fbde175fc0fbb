"""Change the code in small ways and see the tests notice: money, dates, book, kernels, metrics.

The mutations are those of cosmic-ray, a random sample of them, made in a copy of the project. The
suite runs once with coverage; then each mutant is judged by the tests that run its statement, those
of its own room and the quick ones first, up to ``--budget`` seconds of tests, and then by whole
rooms. What survives is listed; docs/reliability.md says why the accepted ones are equal.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from harness import ROOT, arguments, finish, scratch
from mutants import (
    LOG,
    Mutant,
    Speakers,
    Watch,
    difference,
    mutants,
    mutated,
    noticed,
    pytest_run,
    warm,
)

GOAL = 0.90
# modules by pattern, and the tests that are asked first
TARGETS = {
    "book/values/money/amounts.py": ("tests/book", "tests/errors"),
    "book/values/dates.py": ("tests/book", "tests/errors"),
    "book/*/billing_intervals.py book/shapes/*.py book/shapes/common/*.py": ("tests/book",),
    "book/*.py book/*/*.py book/*/*/*.py core/months.py": (
        "tests/book",
        "tests/core",
        "tests/errors",
    ),
    "kernels/*.py kernels/*/*.py core/panel.py core/speed/*.py": ("tests/kernels", "tests/core"),
    "metrics/*.py metrics/*/*.py": ("tests/metrics", "src/retcalc/metrics"),
}
# what a mutant is shown that those tests let pass: all rooms that say numbers
ROOMS = ("errors", "book", "kernels", "metrics", "verify/test_odd_inputs.py")
ROOMS += ("verify/test_verify_regressions.py", "answers", "acceptance")
SECOND = tuple(f"tests/{room}" for room in ROOMS)
SUITE = ("tests", "src/retcalc/metrics", "--ignore=tests/benchmarks")


def modules(source: Path, target: str, skip: str) -> list[str]:
    """The modules of a target that no target before it has."""
    taken = {
        path
        for other in list(TARGETS)[: list(TARGETS).index(target)]
        for pattern in other.split()
        for path in source.glob(pattern)
    }
    found = {path for pattern in target.split() for path in source.glob(pattern)} - taken
    names = sorted(str(path.relative_to(source)) for path in found)
    return [name for name in names if name not in skip.split()]


def copied(name: str) -> Path:
    """Copy the project, beside it a link to the shared files where they are."""
    copy = Path(name) / "project"
    ignore = shutil.ignore_patterns("__pycache__", ".venv")
    shutil.copytree(ROOT, copy, ignore=ignore)
    if (ROOT / ".." / "shared").is_dir():
        (Path(name) / "shared").symlink_to((ROOT / ".." / "shared").resolve())
    return copy


def watched(copy: Path, kept: str) -> Speakers:
    """Run the suite once and learn which tests run which lines; ``kept`` keeps the answer."""
    answer = Path(kept).resolve() if kept else copy.parent / "speakers.json"
    if not answer.exists():
        source = copy / "src" / "retcalc"
        if pytest_run(copy, SUITE, lambda: Watch(source, answer), 3600) != 0:
            said = (copy.parent / LOG).read_text("utf-8", "replace")[-2000:]
            raise SystemExit(f"the suite fails without any mutation:\n{said}")
    return Speakers(**json.loads(answer.read_text("utf-8")))


def judged(copy: Path, mutant: Mutant, text: str, tests: list[str], limit: float) -> bool:
    """Tell whether the tests notice a changed module."""
    path = copy / "src" / "retcalc" / mutant.module
    original = path.read_text("utf-8")
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()
    path.write_text(text, "utf-8")
    try:
        return noticed(copy, tests, limit) or pytest_run(copy, SECOND, object, 10 * limit) != 0
    finally:
        path.write_text(original, "utf-8")


def chosen(source: Path, options: object) -> Iterator[tuple[str, list[Mutant], int]]:
    """Draw a sample of each target; gives also from how many."""
    targets = [t for t in TARGETS if options.only in t]  # type: ignore[attr-defined]
    for target in targets:
        names = modules(source, target, options.skip)  # type: ignore[attr-defined]
        found = [mutant for name in names for mutant in mutants(source, name)]
        rng = random.Random(f"{options.seed} {target}")  # type: ignore[attr-defined]
        size = min(len(found), options.sample // len(targets))  # type: ignore[attr-defined]
        yield target, rng.sample(found, size), len(found)


def main() -> int:
    """Try a sample of mutants, as many of each target, as long as ``--minutes`` lets."""
    options = arguments(
        __doc__, sample=500, seed=1, minutes=0.0, budget=20.0, only="", skip="", speakers=""
    )
    warm()
    survivors: list[str] = []
    scores: dict[str, str] = {}
    total = 0
    with scratch() as name:
        copy = copied(name)
        source = copy / "src" / "retcalc"
        speakers = watched(copy, options.speakers)
        plan = list(chosen(source, options))
        end = time.monotonic() + (options.minutes or 1e9) * 60
        for place, (target, sample, size) in enumerate(plan):
            share = time.monotonic() + (end - time.monotonic()) / (len(plan) - place)
            tried, alive = 0, 0
            for mutant in sample:
                text = mutated(source, mutant)
                if text is None:
                    continue
                if time.monotonic() > share:
                    break
                tried += 1
                tests = speakers.of(mutant, TARGETS[target], options.budget)
                if not judged(copy, mutant, text, tests, 60 + 5 * options.budget):
                    alive += 1
                    survivors.append(difference(source, mutant, text))
                    print(survivors[-1], file=sys.stderr, flush=True)
            total += tried
            scores[target] = f"{tried - alive} of {tried} (from {size})"
            print(target, scores[target], file=sys.stderr, flush=True)
    score = 1 - len(survivors) / total if total else 0.0
    failures = survivors if score < GOAL else []
    return finish(total, failures, score=round(score, 3), noticed=scores, survivors=survivors)


if __name__ == "__main__":
    sys.exit(main())
