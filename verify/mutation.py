"""Change the code in small ways and see the tests notice: money, dates, book, kernels, metrics.

The mutations are those of cosmic-ray, a random sample of them, made in a copy of the project. What
survives is listed; docs/reliability.md says why the accepted ones are equal to the original.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness import ROOT, arguments, finish, scratch

GOAL = 0.90
# a module, or a folder of them, and the tests that speak for it
TARGETS = {
    "book/money.py": ("tests/book", "tests/errors"),
    "book/dates.py": ("tests/book", "tests/errors"),
    "book/intervals.py": ("tests/book", "tests/acceptance/test_worked_examples.py"),
    "kernels/bridge.py": ("tests/kernels", "tests/acceptance/test_worked_examples.py"),
    "metrics": ("src/retcalc/metrics", "tests/metrics"),
}
# Mutations that change no behaviour: of type unions, and of operators that only decorate.
IGNORED = ("BinaryOperator_BitOr", "RemoveDecorator")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the module, the operator and which of its places."""

    module: str
    operator: str
    occurrence: int


def mutants(source: Path, module: str) -> Iterator[Mutant]:
    """List every mutation of one module outside its docstrings."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names

    nodes = list(ast_nodes(get_ast((source / module).read_text("utf-8"))))
    for name in operator_names():
        if any(word in name for word in IGNORED):
            continue
        if get_operator(name).arguments():
            continue
        operator = get_operator(name)()
        places = [p for node in nodes for p in operator.mutation_positions(node)]
        for number in range(len(places)):
            yield Mutant(module, name, number)


def mutated(source: Path, mutant: Mutant) -> str | None:
    """Give the changed text of a module."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    text = (source / mutant.module).read_text("utf-8")
    return mutate_code(text, get_operator(mutant.operator)(), mutant.occurrence)


def survives(copy: Path, mutant: Mutant, text: str, tests: tuple[str, ...], limit: float) -> bool:
    """Tell whether the tests pass with the changed module; an endless run counts as noticed."""
    path = copy / "src" / "retcalc" / mutant.module
    original = path.read_text("utf-8")
    path.write_text(text, "utf-8")
    try:
        return passes(copy, tests, limit)
    finally:
        path.write_text(original, "utf-8")


def passes(copy: Path, tests: tuple[str, ...], limit: float) -> bool:
    """Run tests in the copy until one fails."""
    kept = [test for test in tests if (copy / test).exists()]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--doctest-modules", *kept]
    env = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    env["HYPOTHESIS_PROFILE"] = "ci"
    try:
        done = subprocess.run(
            [*command, "-p", "no:cacheprovider"],
            cwd=copy,
            env=env,
            capture_output=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def difference(source: Path, mutant: Mutant, text: str) -> str:
    """Show a change: the first line that differs."""
    old = (source / mutant.module).read_text("utf-8").splitlines()
    pairs = enumerate(zip(old, text.splitlines(), strict=False), 1)
    line, (was, now) = next((n, pair) for n, pair in pairs if pair[0] != pair[1])
    return f"{mutant.module}:{line} {was.strip()}  →  {now.strip()}"


def main() -> int:
    """Try a sample of mutants, as many of each target."""
    options = arguments(__doc__, sample=500, seed=1, limit=300.0, only="")
    survivors: list[str] = []
    tried = 0
    scores: dict[str, str] = {}
    with scratch() as name:
        copy = Path(name) / "project"
        ignore = shutil.ignore_patterns(".git", "__pycache__", ".venv")
        shutil.copytree(ROOT, copy, ignore=ignore)
        if (ROOT / ".." / "shared").is_dir():
            (Path(name) / "shared").symlink_to((ROOT / ".." / "shared").resolve())
        source = copy / "src" / "retcalc"
        targets = {t: tests for t, tests in TARGETS.items() if options.only in t}
        for target, tests in targets.items():
            here = source / target
            files = [here] if here.is_file() else sorted(here.glob("*.py"))
            found = [m for f in files for m in mutants(source, str(f.relative_to(source)))]
            rng = random.Random(f"{options.seed} {target}")
            chosen = rng.sample(found, min(len(found), options.sample // len(targets)))
            if not passes(copy, tests, options.limit):
                survivors.append(f"the tests of {target} fail without any mutation")
                continue
            alive = 0
            for mutant in chosen:
                text = mutated(source, mutant)
                if text is None or text == (source / mutant.module).read_text("utf-8"):
                    continue
                tried += 1
                if survives(copy, mutant, text, tests, options.limit):
                    alive += 1
                    survivors.append(difference(source, mutant, text))
            scores[target] = f"{len(chosen) - alive} of {len(chosen)} (from {len(found)})"
    score = 1 - len(survivors) / tried if tried else 0.0
    failures = survivors if score < GOAL else []
    return finish(tried, failures, score=round(score, 3), noticed=scores, survivors=survivors)


if __name__ == "__main__":
    sys.exit(main())
