"""Give every file of a corpus of bad files to every command, in every part a file can play.

No run may print a traceback or a panic, end by a signal, take longer than ten seconds or give an
undocumented exit status. ``--every N`` takes each Nth run, spread over files, parts and commands.
"""

from __future__ import annotations

import csv
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from harness import CORPUS, Runner, arguments, clean_panel, corpus_files, csv_lines, finish, scratch

OWN = {
    "explain": ("explain", "nrr"),
    "compare": ("compare", "nrr"),
    "clv": ("clv", "--margin", "0.8"),
    "whatif": ("whatif", "--churn", "-1pt", "--margin", "0.8"),
    "report": ("report", "-o", "out.html"),
}
SPLIT = {"close": (("close", "lock", "2022-06"), ("close", "verify"), ("close", "diff"))}
NO_DATA = frozenset({"demo", "metrics"})
PARTS = ("data", "mapped", "customers", "config", "profile", "costs", "fx", "stdin")


def command_lines() -> list[tuple[str, ...]]:
    """Give the beginning of a command line for every command that reads data."""
    from retcalc.cli.lazy_typer import MODULES

    lines: list[tuple[str, ...]] = []
    for name in sorted(set(MODULES) - NO_DATA):
        lines += SPLIT.get(name, (OWN.get(name, (name,)),))
    return lines


def with_file(command: tuple[str, ...], part: str, file: Path, clean: Path) -> list[str] | None:
    """Complete a command line so that a file plays a part; None where it cannot."""
    match part:
        case "data":
            return [*command, str(file)]
        case "stdin":
            return [*command, "-"]
        case "mapped":
            titles = _titles(file)
            if titles is None:
                return None
            roles = ("--customer-column", "--month-column", "--mrr-column")
            named = [word for pair in zip(roles, titles, strict=True) for word in pair]
            return [*command, str(file), *named, "--by", titles[0]]
        case "config":
            return [*command, str(clean), "--config", str(file)]
        case "profile":
            return [*command, str(clean), "--definition", str(file)]
        case _:
            titles = _titles(file) or ["plan"]
            return [*command, str(clean), f"--{part}", str(file), "--by", titles[-1]]


def in_place(line: list[str], part: str, file: Path, place: Path) -> list[str]:
    """Copy a config to where the run may write: locks are kept beside it."""
    if part != "config":
        return line
    copy = shutil.copyfile(file, place / file.name)
    return [str(copy) if word == str(file) else word for word in line]


def _titles(file: Path) -> list[str] | None:
    """Give the first three names of a header, so that a run gets as far as the cells."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            titles = next(csv.reader(text), [])
    except (UnicodeDecodeError, csv.Error):
        return None
    return titles[:3] if len(titles) >= 3 else None


def jobs(files: list[Path], clean: Path, every: int) -> Iterator[tuple[Path, str, list[str]]]:
    """List the runs: each file in each part with each command, or each Nth of them."""
    commands, number = command_lines(), 0
    for file in files:
        for part in PARTS:
            for command in commands:
                number += 1
                if (number + number // every) % every:
                    continue
                line = with_file(command, part, file, clean)
                if line is not None:
                    yield file, part, line


def main() -> int:
    """Run the sweep."""
    options = arguments(__doc__, corpus=CORPUS, every=1)
    files = corpus_files(options.corpus)
    failures: list[str] = []
    statuses: Counter[int] = Counter()
    slowest, seen, tried = 0.0, set(), 0
    with scratch() as folder, Runner() as run:
        clean = Path(folder) / "clean.csv"
        clean.write_text("\n".join(csv_lines(clean_panel(random.Random(1), months=20))) + "\n")
        for file, part, line in jobs(files, clean, options.every):
            place = Path(tempfile.mkdtemp(dir=folder))
            words = in_place(line, part, file, place)
            done = run(*words, cwd=place, stdin=file.read_bytes() if part == "stdin" else b"")
            shutil.rmtree(place, ignore_errors=True)
            tried += 1
            seen.add(file)
            statuses[done.code] += 1
            slowest = max(slowest, done.seconds)
            if fault := done.fault():
                failures.append(f"{' '.join(line)}: {fault}")
    return finish(
        tried,
        failures,
        files=len(seen),
        statuses=dict(sorted(statuses.items())),
        slowest_seconds=round(slowest, 2),
    )


if __name__ == "__main__":
    sys.exit(main())
