"""Runs programs in turn and takes their wall time and peak memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# byte code is kept between runs, as it is on any user's machine
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a program: seconds, peak resident memory in bytes, and what it printed."""

    seconds: float
    peak: int
    output: bytes


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians over the runs of one program."""

    seconds: float
    peak: int


def over(turns: Sequence[Mapping[str, Figures]]) -> dict[str, Figures]:
    """Medians over several turns of the same programs, and the highest memory."""
    return {
        name: Figures(
            statistics.median(t[name].seconds for t in turns), max(t[name].peak for t in turns)
        )
        for name in turns[0]
    }


def run_once(command: Sequence[str]) -> Run:
    """Run a program to its end; raises RuntimeError when it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=_ENVIRONMENT)  # noqa: S603
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            text = err.read().decode("utf-8", "replace")
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}\n{text}")
        return Run(seconds, usage.ru_maxrss * 1024, out.read())


def in_turn(
    commands: Mapping[str, Sequence[str]], repeat: int
) -> tuple[dict[str, Figures], dict[str, bytes]]:
    """Run all programs one after the other, ``repeat`` times; medians and the last outputs.

    A first round, not counted, warms the page cache and the byte code.
    """
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(repeat + 1):
        for name, command in commands.items():
            done = run_once(command)
            if turn or repeat == 0:
                runs[name].append(done)
    figures = {
        name: Figures(statistics.median(r.seconds for r in done), max(r.peak for r in done))
        for name, done in runs.items()
    }
    return figures, {name: done[-1].output for name, done in runs.items()}
