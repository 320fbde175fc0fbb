"""What tests share: running the command line, and where the shared exports lie.

`run` calls the entry point in this process and is fast; `run_process` starts a real one and is for
what only a process shows (exit status, closed pipes, environment at start-up).
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import typer.main

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

# Typer builds the whole command tree anew on every call, most of the time of a small run.
_command_tree = cache(typer.main.get_command)

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared exports are not here")


@dataclass(frozen=True, slots=True)
class Run:
    """What one command line gave: exit status and both streams."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Standard output as JSON; shows standard error when the command did not succeed."""
        assert self.exit_code == 0, f"exit {self.exit_code}\n{self.stderr}"
        return json.loads(self.stdout)

    @property
    def total(self) -> Any:
        """The total row of the JSON: no segment, and the last one."""
        row = self.json["rows"][-1]
        assert row["segment"] == {}
        return row


def run(
    *args: object,
    stdin: str | bytes | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Run:
    """Run `retcalc ARGS` in this process; `env` adds to the environment."""
    from retcalc.cli.main import main

    place = nullcontext() if cwd is None else chdir(cwd)
    with (
        place,
        mock.patch.dict(os.environ, env or {}),
        mock.patch.object(typer.main, "get_command", _command_tree),
        _streams(stdin) as (out, err),
    ):
        try:
            code = main([str(arg) for arg in args])
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return Run(code, _text(out), _text(err))


def run_process(
    *args: object,
    stdin: str | bytes | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> Run:
    """Run `python -m retcalc ARGS` as its own process; `env` adds to the environment."""
    done = subprocess.run(  # noqa: PLW1510 - the status is what is tested
        [sys.executable, "-m", "retcalc", *map(str, args)],
        input=_bytes(stdin),
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        timeout=timeout,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


@contextmanager
def _streams(stdin: str | bytes | None) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    """Put text streams over byte buffers in place of the three standard streams."""
    out, err = io.BytesIO(), io.BytesIO()
    texts = [io.TextIOWrapper(raw, "utf-8", write_through=True) for raw in (out, err)]
    reader = io.TextIOWrapper(io.BytesIO(_bytes(stdin)), "utf-8")
    with (
        mock.patch.object(sys, "stdin", reader),
        mock.patch.object(sys, "stdout", texts[0]),
        mock.patch.object(sys, "stderr", texts[1]),
    ):
        yield out, err
        for text in texts:
            if not text.closed:
                text.flush()
                text.detach()


def _bytes(stdin: str | bytes | None) -> bytes:
    return stdin if isinstance(stdin, bytes) else (stdin or "").encode()


def _text(stream: io.BytesIO) -> str:
    return stream.getvalue().decode()
