"""Kill writers, fill the disk, forbid the folder: the target is the whole old or the new file.

Kills hit a loop that writes two real answers in turn, and whole runs of the command line. The
helper that all writers share is the only one that writes; a test of the suite watches that.
"""

from __future__ import annotations

import ctypes
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from harness import Run, arguments, clean_panel, csv_lines, finish, process, scratch

TEMPORARY = ".retcalc-tmp"
STEP = 4096
_LOOP = """
import sys
from pathlib import Path
from retcalc.core.atomic_files import write_atomic
target, *texts = sys.argv[1:]
texts = [Path(t).read_bytes() for t in texts]
print("ready", flush=True)
while True:
    for text in texts:
        write_atomic(target, text)
"""
_LIMITED = """
import resource, sys
from pathlib import Path
from retcalc.core.findings import RetcalcError
from retcalc.core.atomic_files import write_atomic
target, text, step = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), int(sys.argv[3])
old = target.read_bytes()
for limit in range(0, len(text), step):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        write_atomic(target, text)
        fault = "was written"
    except RetcalcError as error:
        fault = "" if error.status == 4 else f"status {error.status}"
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    left = [p.name for p in target.parent.iterdir() if p.name.endswith(".retcalc-tmp")]
    changed = "old file changed" if target.read_bytes() != old else ""
    print(limit, fault, changed, *left, sep=",")
"""


def answers(folder: Path) -> dict[str, tuple[Path, Path]]:
    """Write two answers of different size in every format."""
    from retcalc.cli.output.writers import WRITERS

    found = {}
    for ending in sorted(WRITERS):
        pair = (folder / f"a{ending}", folder / f"b{ending}")
        for path, command in zip(pair, ("nrr", "cohort"), strict=True):
            done = process(command, folder / "panel.csv", "-o", path)
            assert done.code == 0, done.err.decode()
        found[ending] = pair
    return found


def kills(folder: Path, ending: str, pair: tuple[Path, Path], times: int) -> Iterator[str]:
    """Kill a loop of writes at random moments; yields what was broken."""
    rng = random.Random(ending)
    target = folder / f"target{ending}"
    texts = [path.read_bytes() for path in pair]
    target.write_bytes(texts[0])
    command = [sys.executable, "-c", _LOOP, str(target), *map(str, pair)]
    for number in range(times):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout
            child.stdout.readline()
            time.sleep(rng.random() * 0.02)
            child.kill()
        if target.read_bytes() not in texts:
            yield f"kill {number} left a broken {target.name}"
            target.write_bytes(texts[0])
    left = [path for path in folder.iterdir() if path.name.endswith(TEMPORARY)]
    process("nrr", folder / "panel.csv", "-o", target)
    yield from (f"{path.name} was not cleared away" for path in left if path.exists())


def whole_runs(folder: Path, ending: str, pair: tuple[Path, Path], times: int) -> Iterator[str]:
    """Kill whole runs at random moments of their life."""
    rng = random.Random(f"whole {ending}")
    target = folder / f"whole{ending}"
    texts = [path.read_bytes() for path in pair]
    target.write_bytes(texts[0])
    command = [sys.executable, "-m", "retcalc", "cohort", str(folder / "panel.csv")]
    started = time.monotonic()
    done = process("cohort", folder / "panel.csv", "-o", target)
    life = time.monotonic() - started
    if done.code or target.read_bytes() != texts[1]:
        yield f"a whole run gave {done.code}"
    for number in range(times):
        target.write_bytes(texts[0])
        with subprocess.Popen(
            [*command, "-o", str(target)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as child:
            time.sleep(life * (0.5 + 0.6 * rng.random()))
            child.kill()
        if target.read_bytes() not in texts:
            yield f"whole run {number} left a broken {target.name}"


def full_disk(folder: Path, pair: tuple[Path, Path]) -> tuple[int, list[str]]:
    """Let the file grow to every 4 KiB and no further."""
    target = folder / "limited.out"
    target.write_bytes(b"old")
    big = folder / "big"
    big.write_bytes(pair[1].read_bytes() * (1 + (STEP * 40) // pair[1].stat().st_size))
    command = [sys.executable, "-c", _LIMITED, str(target), str(big), str(STEP)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    faults = [f"at {line}" for line in lines if line.split(",", 1)[1].strip(",")]
    if done.returncode or not lines:
        faults.append(done.stderr[-300:])
    return len(lines), faults


def _limit_size() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, resource.RLIM_INFINITY))


def _obey_modes() -> None:
    """Let root be bound by the modes of files like everybody (PR_CAPBSET_DROP)."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


def places(folder: Path) -> Iterator[tuple[str, str | None]]:
    """Every place that must refuse, or must be replaced whole; yields it and what went wrong."""
    data, old = folder / "panel.csv", b"old\n"
    content = data.read_bytes()

    def refused(name: str, target: Path, status: int, **more: object) -> tuple[str, str | None]:
        done = process("nrr", data, "-o", target, **more)  # type: ignore[arg-type]
        return name, _refusal(done, status) or _changed(target, old, data, content)

    kept = folder / "kept.json"
    kept.write_bytes(old)
    yield refused("no room", kept, 4, preexec_fn=_limit_size)
    sealed = folder / "sealed"
    sealed.mkdir()
    (sealed / "old.json").write_bytes(old)
    sealed.chmod(0o555)
    yield refused("read-only folder", sealed / "old.json", 4, preexec_fn=_obey_modes)
    yield refused("new file in a read-only folder", sealed / "new.json", 4, preexec_fn=_obey_modes)
    kept.chmod(0o444)
    yield refused("read-only file", kept, 4, preexec_fn=_obey_modes)
    kept.chmod(0o644)
    yield refused("no folder", folder / "none" / "x.json", 4)
    for device in ("/dev/full",):
        with Path(device).open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "retcalc", "nrr", str(data), "-f", "json"],
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
            )
            run = Run(done.returncode, b"", done.stderr)
            yield f"standard output to {device}", _refusal(run, 4)
    link = folder / "full.json"
    link.symlink_to("/dev/full")
    yield "a link to /dev/full", _refusal(process("nrr", data, "-o", link), 4)
    yield from _inputs(folder, data, content)
    yield from _links(folder, data)


def _inputs(folder: Path, data: Path, content: bytes) -> Iterator[tuple[str, str | None]]:
    """Every input, named as output as well."""
    customers = folder / "customers.csv"
    customers.write_text("account_id,plan\nacc-1,Pro\n")
    config = folder / "settings.json"  # YAML by content; a name that retcalc would write
    config.write_text("sources: {mrr: panel.csv, customers: customers.csv}\n")
    (folder / "soft.csv").symlink_to(data)
    (folder / "hard.csv").hardlink_to(data)
    cases = {
        "output = data": (data, (data,), "-o"),
        "output = data by a link": (folder / "soft.csv", (data,), "-o"),
        "output = data by a hard link": (folder / "hard.csv", (data,), "-o"),
        "errors = data": (data, (data,), "--errors-out"),
        "output = customers": (customers, (data, "--customers", customers), "-o"),
        "output = config": (config, (data, "-c", config), "-o"),
        "output = data of the config": (data, ("-c", config), "-o"),
        "output = customers of the config": (customers, ("-c", config), "-o"),
    }
    for name, (target, line, option) in cases.items():
        before = target.read_bytes()
        done = process("nrr", *line, option, target)
        kept = None if target.read_bytes() == before else "the input was overwritten"
        target.write_bytes(before)
        yield name, kept or _refusal(done, 2)


def _links(folder: Path, data: Path) -> Iterator[tuple[str, str | None]]:
    """A link as output stays a link, and its target is replaced whole."""
    real = folder / "real.json"
    real.write_bytes(b"old")
    link = folder / "link.json"
    link.symlink_to(real)
    done = process("nrr", data, "-o", link)
    fine = done.code == 0 and link.is_symlink() and real.read_bytes().startswith(b"{")
    yield "a link as output", None if fine else f"exit {done.code}"
    loop = folder / "loop.json"
    loop.symlink_to(loop)
    yield "a link to itself", _refusal(process("nrr", data, "-o", loop), 4)


def _refusal(done: Run, status: int) -> str | None:
    fault = done.fault({status})
    return fault or (None if b"retcalc: error RC" in done.err else "no error was printed")


def _changed(target: Path, old: bytes, data: Path, content: bytes) -> str | None:
    if data.read_bytes() != content:
        return "the data changed"
    if target.exists() and target.read_bytes() != old:
        return "the old file changed"
    left = [p.name for p in data.parent.rglob(f"*{TEMPORARY}")]
    return f"left behind: {left}" if left else None


def torn_reads(folder: Path, pair: tuple[Path, Path], writers: int, reads: int) -> list[str]:
    """Read a file again and again while several processes write it."""
    target = folder / "shared.out"
    texts = [path.read_bytes() for path in pair]
    target.write_bytes(texts[0])
    command = [sys.executable, "-c", _LOOP, str(target), *map(str, pair)]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(writers)]
    for child in children:
        assert child.stdout
        child.stdout.readline()
    torn = [
        f"read {number} was torn" for number in range(reads) if target.read_bytes() not in texts
    ]
    dead = [f"a writer ended: {child.poll()}" for child in children if child.poll() is not None]
    for child in children:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    return torn + dead


def main() -> int:
    """Run all of it."""
    options = arguments(__doc__, kills=1000, whole=20, writers=4, reads=5000)
    failures: list[str] = []
    counts: dict[str, int] = {}

    def count(what: str, tried: int, found: list[str]) -> None:
        counts[what] = tried
        failures.extend(f"{what}: {each}" for each in found)

    with scratch() as name:
        folder = Path(name)
        folder.chmod(0o755)
        rows = clean_panel(random.Random(7), 300, 24)
        (folder / "panel.csv").write_text("\n".join(csv_lines(rows)) + "\n", "utf-8")
        pairs = answers(folder)
        trials: tuple[tuple[str, Callable[..., Iterator[str]], int], ...] = (
            ("kills", kills, options.kills),
            ("kills of whole runs", whole_runs, options.whole),
        )
        for ending, pair in pairs.items():
            for title, trial, times in trials:
                count(f"{title} {ending}", times, list(trial(folder, ending, pair, times)))
        pair = next(iter(pairs.values()))
        count("full disk", *full_disk(folder, pair))
        count("reads", options.reads, torn_reads(folder, pair, options.writers, options.reads))
        whole = folder / "places"
        whole.mkdir(0o755)
        (whole / "panel.csv").write_bytes((folder / "panel.csv").read_bytes())
        found = list(places(whole))
        count("places", len(found), [f"{place}: {what}" for place, what in found if what])
    return finish(sum(counts.values()), failures, counts=counts)


if __name__ == "__main__":
    sys.exit(main())
