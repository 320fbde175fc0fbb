"""Mutants of a module, which tests run each line, and a quick way of asking those tests.

A run forks a process in which Polars is imported and has not computed anything yet: its threads
start with the first computation, so that such a fork is sound and saves the start of each run.
"""

from __future__ import annotations

import ast
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

# Mutations that change no behaviour: of type unions, and of decorators and their options.
IGNORED = ("BinaryOperator_BitOr", "RemoveDecorator")
MEMORY = 8 << 30  # of data; a mutant must not take the machine down
LOG = "run.log"  # what the last run said
FIRST = 40  # tests that are asked before all others


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the module, the operator, which of its places, the lines of its statement.

    ``inside`` tells that the statement runs when a function is called, not at import.
    """

    module: str
    operator: str
    occurrence: int
    first: int
    last: int
    inside: bool


def mutants(source: Path, module: str) -> Iterator[Mutant]:
    """List every mutation of one module outside its docstrings."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names

    text = (source / module).read_text("utf-8")
    nodes = list(ast_nodes(get_ast(text)))
    lines, rows = statement_lines(text), text.splitlines()
    for name in operator_names():
        if any(word in name for word in IGNORED) or get_operator(name).arguments():
            continue
        operator = get_operator(name)()
        places = [p for node in nodes for p in operator.mutation_positions(node)]
        for number, ((line, _), _end) in enumerate(places):
            if rows[line - 1].lstrip().startswith("@"):
                continue
            yield Mutant(module, name, number, *lines.get(line, (line, line, False)))


def statement_lines(text: str) -> dict[int, tuple[int, int, bool]]:
    """Give for each line the first and last of its innermost statement, and if a call runs it."""
    found: dict[int, tuple[int, int, bool]] = {}

    def visit(node: ast.AST, *, inside: bool) -> None:
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if body else node.end_lineno
            span = node.lineno, max(end or 0, node.lineno), inside
            found.update((line, span) for line in range(span[0], span[1] + 1))
        inside = inside or isinstance(node, ast.FunctionDef)
        for child in ast.iter_child_nodes(node):
            visit(child, inside=inside)

    visit(ast.parse(text), inside=False)
    return found


def mutated(source: Path, mutant: Mutant) -> str | None:
    """Give the changed text of a module; None where nothing changes."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    text = (source / mutant.module).read_text("utf-8")
    new = mutate_code(text, get_operator(mutant.operator)(), mutant.occurrence)
    return None if new == text else new


def difference(source: Path, mutant: Mutant, text: str) -> str:
    """Show a change: the first line that differs."""
    old = (source / mutant.module).read_text("utf-8").splitlines()
    pairs = enumerate(zip(old, text.splitlines(), strict=False), 1)
    line, (was, now) = next((n, pair) for n, pair in pairs if pair[0] != pair[1])
    return f"{mutant.module}:{line} {was.strip()}  →  {now.strip()}"


class Chosen:
    """A pytest plugin that keeps the wanted tests, in the order wanted."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.place = {name: number for number, name in enumerate(wanted)}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Drop what is not wanted."""
        items[:] = [item for item in items if item.nodeid in self.place]
        items.sort(key=lambda item: self.place[item.nodeid])


class Watch:
    """A pytest plugin that writes which tests run which lines, and how long each takes."""

    def __init__(self, source: Path, answer: Path) -> None:
        import coverage

        names = ("book", "kernels", "metrics", "months.py")
        include = [f"{source / name}{'' if '.' in name else '/*'}" for name in names]
        self.coverage = coverage.Coverage(data_file=None, include=include, config_file=False)
        self.source, self.answer = source, answer
        self.seconds: dict[str, float] = {}
        self.coverage.start()

    def pytest_runtest_setup(self, item: Any) -> None:
        """Count what follows for this test."""
        self.coverage.switch_context(item.nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Add up set-up, call and clean-up; a test that does not pass speaks for nothing."""
        if report.outcome == "passed":
            taken = self.seconds.get(report.nodeid, 0.0) + report.duration
            self.seconds[report.nodeid] = taken

    def pytest_sessionfinish(self) -> None:
        """Write the answer."""
        self.coverage.stop()
        data = self.coverage.get_data()
        lines = {
            str(Path(name).relative_to(self.source)): {
                str(line): [test for test in tests if test in self.seconds]
                for line, tests in data.contexts_by_lineno(name).items()
            }
            for name in data.measured_files()
        }
        self.answer.write_text(json.dumps({"lines": lines, "seconds": self.seconds}))


@dataclass(frozen=True, slots=True)
class Speakers:
    """Which tests run each line, and their times."""

    lines: dict[str, dict[str, list[str]]]
    seconds: dict[str, float]

    def of(self, mutant: Mutant, rooms: Sequence[str], budget: float) -> list[str]:
        """Tests that run a mutant's statement, those of its own rooms and the quick ones first.

        A statement that runs when the module is imported concerns every test of the module.
        """
        lines = self.lines.get(mutant.module, {})
        found = {t for n in range(mutant.first, mutant.last + 1) for t in lines.get(str(n), ())}
        if not mutant.inside:
            found = {test for tests in lines.values() for test in tests}
        near = {test: not test.startswith(tuple(rooms)) for test in found}
        ordered = sorted(found, key=lambda test: (near[test], self.seconds[test], test))
        kept, total = [], 0.0
        for test in ordered:
            total += self.seconds[test]
            if kept and total > budget:
                break
            kept.append(test)
        return kept


def forked(copy: Path, work: Callable[[], int], limit: float) -> int | None:
    """Do work in a fork with the copy's code on the path; None when it takes too long."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            _settle(copy)
            code = work()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _settle(copy: Path) -> None:
    """Make the forked process one of the copy: path, folder, streams, limits."""
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    for name in ("harness", "mutants"):
        sys.modules.pop(name, None)
    sys.path[:] = [str(copy / "src"), *sys.path[1:]]
    os.environ["PYTHONPATH"] = str(copy / "src")
    os.chdir(copy)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    log = os.open(copy.parent / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(log, stream)


def pytest_run(
    copy: Path, tests: Sequence[str], plugin: Callable[[], object], limit: float
) -> int | None:
    """Run pytest in a fork until a test fails; gives its status."""

    def work() -> int:
        import pytest

        flags = ["-x", "-q", "--doctest-modules", "-p", "no:cacheprovider"]
        flags += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of what warm() imported
        return int(pytest.main([*flags, *tests], plugins=[plugin()]))

    return forked(copy, work, limit)


def noticed(copy: Path, tests: Sequence[str], limit: float) -> bool:
    """Tell whether a test fails, or the run does not end; the first few tests are asked first."""
    for part in (tests[:FIRST], tests[FIRST:]):
        if not part:
            continue
        files = list(dict.fromkeys(test.split("::")[0] for test in part))
        if pytest_run(copy, files, partial(Chosen, part), limit) != 0:
            return True
    return False


def warm() -> None:
    """Import what every run needs and computes nothing by itself."""
    import hypothesis  # noqa: F401
    import jinja2  # noqa: F401
    import pydantic  # noqa: F401
    import pytest  # noqa: F401
    import yaml  # noqa: F401
