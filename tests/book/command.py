"""Runs a command on small files and shows what it says."""

from __future__ import annotations

import json
from pathlib import Path

from helpers import Run, run


def write_lines(folder: Path, *lines: str, name: str = "data.csv") -> str:
    """Write a file of these lines; gives its name."""
    (folder / name).write_text("\n".join(lines) + "\n")
    return name


def answer(folder: Path, text: str, *args: str, command: str = "movements") -> Run:
    """What the command says of this file, as JSON."""
    (folder / "data.csv").write_text(text)
    return run(command, "data.csv", "-f", "json", *args, cwd=folder)


def closings(done: Run) -> list[str]:
    """The closing MRR of every row."""
    assert done.exit_code == 0, done.stderr
    return [row["closing_mrr"] for row in json.loads(done.stdout)["rows"]]
