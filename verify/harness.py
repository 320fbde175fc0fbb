"""What the verify commands share: running the command line fast and safely, and the report.

``Runner`` keeps a child process that calls the entry point again and again, so that a crash, a
signal or a hang ends the child and is seen, while a run costs no new interpreter.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / ".." / "shared" / "badinput"
HANG = 10.0  # seconds
STATUSES = frozenset({0, 1, 2, 3, 4})
LEAKS = (b"Traceback", b"panicked at", b"stack backtrace", b"polars.exceptions", b"RUST_BACKTRACE")
SHOWN_FAILURES = 20


@dataclass(frozen=True, slots=True)
class Run:
    """What one command line gave. ``signal`` and ``hung`` tell of a child that had to be buried."""

    code: int
    out: bytes
    err: bytes
    seconds: float = 0.0
    signal: int = 0
    hung: bool = False

    def fault(self, statuses: Iterable[int] = STATUSES) -> str | None:
        """Say what no run may do, None when it did none of it."""
        if self.hung:
            return f"no answer within {HANG:.0f} s"
        if self.signal:
            return f"killed by signal {self.signal}"
        if self.code not in statuses:
            return f"exit {self.code}: {self.err.decode(errors='replace')[:300]}"
        leak = next((w.decode() for w in LEAKS if w in self.out or w in self.err), None)
        return f"{leak} in the output" if leak else None


class Runner:
    """A child process that runs command lines one after the other; use as a context manager."""

    def __init__(self, *, env: dict[str, str] | None = None, hang: float = HANG) -> None:
        self.hang = hang
        self.env = {**os.environ, "POLARS_MAX_THREADS": "1", "COLUMNS": "120", **(env or {})}
        self.child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *_: object) -> None:
        self._bury()

    def __call__(self, *argv: object, cwd: Path | None = None, stdin: bytes = b"") -> Run:
        """Run ``retcalc ARGV`` and give its status and streams."""
        child = self._child()
        assert child.stdin and child.stdout
        arguments = [os.fsencode(str(each)) for each in argv]
        job = {
            "argv": [base64.b64encode(each).decode() for each in arguments],
            "cwd": str(cwd or ""),
            "stdin": base64.b64encode(stdin).decode(),
        }
        child.stdin.write(json.dumps(job).encode() + b"\n")
        child.stdin.flush()
        started = time.monotonic()
        line = self._line(child)
        took = time.monotonic() - started
        if line is None:
            self._bury()
            return Run(-1, b"", b"", took, hung=True)
        if not line:
            code = child.wait()
            self._bury()
            return Run(code, b"", b"", took, signal=-code if code < 0 else 255)
        answer = json.loads(line)
        out, err = (base64.b64decode(answer[name]) for name in ("out", "err"))
        return Run(answer["code"], out, err, took)

    def _line(self, child: subprocess.Popen[bytes]) -> bytes | None:
        """Read the answer; None when none comes in time, empty when the child is gone."""
        assert child.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            before = _processor_seconds(child.pid)
            ready = selector.select(self.hang)
            if not ready and _processor_seconds(child.pid) - before < self.hang / 2:
                ready = selector.select(3 * self.hang)  # the machine stood still, or it sleeps
            if not ready:
                return None
        return child.stdout.readline()

    def _child(self) -> subprocess.Popen[bytes]:
        if self.child is None:
            command = [sys.executable, str(Path(__file__).with_name("child.py"))]
            self.child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self.env, cwd=ROOT
            )
            assert self.child.stdout
            self.child.stdout.readline()  # it says when it is ready
        return self.child

    def _bury(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            for stream in (self.child.stdin, self.child.stdout):
                if stream:
                    try:
                        stream.close()
                    except BrokenPipeError:
                        continue
            self.child = None


def _processor_seconds(pid: int) -> float:
    """Time a process has worked, where the system tells it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def process(
    *argv: object, env: dict[str, str] | None = None, timeout: float = 60, **more: Any
) -> Run:
    """Run ``python -m retcalc ARGV`` as a process of its own."""
    command = [sys.executable, "-m", "retcalc", *map(str, argv)]
    started = time.monotonic()
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            timeout=timeout,
            env={**os.environ, **(env or {})},
            **more,
        )
    except subprocess.TimeoutExpired:
        return Run(-1, b"", b"", timeout, hung=True)
    took = time.monotonic() - started
    code = done.returncode
    return Run(code, done.stdout, done.stderr, took, signal=-code if code < 0 else 0)


def arguments(doc: str | None, **sizes: Any) -> argparse.Namespace:
    """Read the options of a verify command; each keyword is one, with its default."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    for name, default in sizes.items():
        kind = Path if isinstance(default, Path) else type(default)
        text = "default: %(default)s"
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=default, help=text)
    return parser.parse_args()


def finish(tried: int, failures: Sequence[object], **more: object) -> int:
    """Print the report as JSON; gives the exit status."""
    shown = [str(each) for each in failures[:SHOWN_FAILURES]]
    report = {"tried": tried, "failed": len(failures), **more, "failures": shown}
    print(json.dumps(report, indent=1, ensure_ascii=False, default=str))
    return 1 if failures or not tried else 0


def corpus_files(corpus: Path) -> list[Path]:
    """List the files of the corpus; empty where there is none."""
    return sorted(path for path in corpus.rglob("*") if path.is_file())


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes away with the run."""
    return tempfile.TemporaryDirectory(prefix="retcalc-verify-")


def clean_panel(rng: random.Random, accounts: int = 12, months: int = 8) -> list[list[str]]:
    """Make rows of account, month and amount that nothing can be said against.

    Ids of different letters, ISO month ends, two decimals, no gap inside a life, somebody in every
    month, nobody who leaves in the last, which would look cut off; sorted by month, then account.
    """
    names = rng.sample(range(100, 1000), accounts)
    start = rng.randint(2018, 2024) * 12 + rng.randint(0, 11)
    rows: list[tuple[int, str, str]] = []
    for place, number in enumerate(names):
        born = 0 if place < 2 else rng.randrange(months)
        dead = months if place < 2 else rng.randint(born + 1, months)
        dead = months if dead == months - 1 else dead
        price = rng.randint(10_00, 900_00)
        for month in range(born, dead):
            price = max(1_00, price + rng.choice((0, 0, 0, 5_50, -3_25)))
            rows.append((month, f"acc-{number}", f"{price // 100}.{price % 100:02d}"))
    days = {m: month_end(start + m) for m in range(months)}
    return [[name, days[month], amount] for month, name, amount in sorted(rows)]


def month_end(index: int) -> str:
    """The last day of a month (year times twelve plus month from 0), as ISO text."""
    year, month = divmod(index, 12)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    last = 29 if month == 1 and leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month]
    return f"{year}-{month + 1:02d}-{last:02d}"


def csv_lines(rows: Iterable[Sequence[str]], header: str = "account_id,month,mrr") -> list[str]:
    """Give the lines of a plain CSV."""
    return [header, *(",".join(row) for row in rows)]
