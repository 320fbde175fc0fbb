"""The child of ``harness.Runner``: reads jobs on standard input, runs them, answers with JSON.

Standard output and error of a job are whole file descriptors, so that what a library writes below
Python is seen as well.
"""

from __future__ import annotations

import base64
import io
import json
import os
import sys
import tempfile
from functools import cache
from pathlib import Path

import typer.main

# Typer builds the whole command tree anew on every call, most of the time of a small run.
typer.main.get_command = cache(typer.main.get_command)  # type: ignore[assignment]

from retcalc.cli.main import main  # noqa: E402


def serve() -> None:
    """Answer jobs until standard input ends."""
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    answers.write(b"ready\n")
    answers.flush()
    home = str(Path.cwd())
    for line in jobs:
        job = json.loads(line)
        argv = [os.fsdecode(base64.b64decode(each)) for each in job["argv"]]
        os.chdir(job["cwd"] or home)
        code, out, err = _run(argv, base64.b64decode(job["stdin"]))
        texts = {"out": base64.b64encode(out).decode(), "err": base64.b64encode(err).decode()}
        answers.write(json.dumps({"code": code, **texts}).encode() + b"\n")
        answers.flush()


def _run(argv: list[str], stdin: bytes) -> tuple[int, bytes, bytes]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        sys.stdout = io.TextIOWrapper(os.fdopen(os.dup(1), "wb"), "utf-8", write_through=True)
        sys.stderr = io.TextIOWrapper(
            os.fdopen(os.dup(2), "wb"), "utf-8", "backslashreplace", write_through=True
        )
        sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
        try:
            code = main(argv)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        for stream in (sys.stdout, sys.stderr):
            if not stream.closed:
                stream.close()
        out.seek(0)
        err.seek(0)
        return code, out.read(), err.read()


if __name__ == "__main__":
    serve()
