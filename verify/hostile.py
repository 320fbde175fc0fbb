"""Open files that are made to hurt, each in a process of its own with its time and memory watched.

Compressed bombs, damaged Parquet, hostile YAML, endless fields: an answer or a refusal within
five seconds and 500 MB, never a signal or a panic.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from harness import CORPUS, Run, arguments, corpus_files, finish, scratch

SECONDS, MEGABYTES = 5.0, 500
HEADER = b"account_id,month,mrr\n"
PANEL = HEADER + b"a,2026-01,1.00\na,2026-02,2.00\nb,2026-01,3.00\n"


def bombs(folder: Path, size: int) -> Iterator[tuple[str, Path, list[str]]]:
    """Small files that hold, or claim to hold, far too much; ``size`` in megabytes."""

    def made(name: str, content: bytes, *options: str) -> tuple[str, Path, list[str]]:
        path = folder / name
        path.write_bytes(content)
        return name, path, list(options)

    row = b"a,2026-01,1.00\n"
    packed = gzip.compress(row * (size * 2**20 // len(row)), 6)
    yield made("bomb.csv.gz", packed)
    yield made("twice.csv.gz", gzip.compress(packed))
    yield made("garbage-behind.csv.gz", gzip.compress(PANEL) + b"garbage")
    yield made("cut.csv.gz", gzip.compress(PANEL * 500)[:-20])
    flipped = bytearray(gzip.compress(PANEL * 500))
    flipped[60] ^= 255
    yield made("flipped.csv.gz", bytes(flipped))
    out = io.BytesIO()
    pl.DataFrame({"account_id": ["a"] * 10**6}).write_csv(out, compression="zstd")
    frame = out.getvalue()
    yield made("bomb.csv.zst", frame * size)
    yield made("cut.csv.zst", frame[:-30])
    yield made("long-field.csv", HEADER + b"x" * (size << 20) + b",2026-01,1\n")
    yield made("long-quote.csv", HEADER + b'"' + b"x,\n" * (size << 18))
    yield made("wide.csv", b",".join(b"c%d" % n for n in range(200_000)) + b"\n" + b",1" * 200_000)
    yield made("long-line.csv", b"x" * (size << 20))
    yield made("quotes.csv", HEADER + b'"' * (size << 18))
    yield made("blank.csv", HEADER + b"\n" * (size << 18))
    yield made("blank-inside.csv", PANEL + b"\n" * (size << 18) + b"c,2026-02,1.00\n")
    yield made("returns.csv", HEADER + b"\r" * (size << 18) + b"\n")
    yield made("nul.csv", b"\0" * (size << 20))
    yield made("digits.csv", HEADER + b"a,2026-01," + b"9" * 10**6 + b"\n")
    ids = b"".join(b"acc%d,2026-01,1\n" % n for n in range(200_000))
    yield made(
        "typo-years.csv", HEADER + ids + b"x,1990-01,1\ny,2099-12,1\n", "--allow-empty-months"
    )
    yield made("regex.csv", PANEL + b"c," + b"1-" * 5000 + b"," + b"1," * 3 + b"\n")
    yield made("zip.csv", b"PK\x03\x04" + os.urandom(1000))
    spans = b"".join(b"s%d,1990-01-01,2099-12-31,1\n" % n for n in range(20_000))
    yield made("long-spans.csv", b"account_id,start_date,end_date,mrr\n" + spans)


def yamls(folder: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """Configs that explode, execute, nest or lie."""
    laugh = "a: &a [x]\n" + "".join(
        f"{n}: &{n} [{', '.join('*' + m for _ in range(9))}]\n"
        for m, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    cases = {
        "laughs": laugh,
        "anchors": "".join(f"k{n}: &a{n} x\n" for n in range(50_000)),
        "merge": "a: &a {x: 1}\nb: {<<: *a}\n",
        "deep-flow": "[" * 100_000,
        "deep-map": "{a: " * 50_000,
        "deep-block": "".join("  " * n + "a:\n" for n in range(600)),
        "deep-dashes": "- " * 50_000,
        "tag-python": "a: !!python/object/apply:os.system ['touch hurt']\n",
        "tag-name": "a: !!python/name:os.system\n",
        "tag-new": "!<tag:yaml.org,2002:python/object/new:os.system> [x]\n",
        "tag-own": "a: !x y\n",
        "duplicate": "basis: monthly\nbasis: endpoints\n",
        "duplicate-deep": "amounts: {decimal: '.', decimal: ','}\n",
        "documents": "a: 1\n---\nb: 2\n",
        "big": "a: " + "x" * (2 << 20),
        "many": "".join(f"k{n}: 1\n" for n in range(30_000)),
        "long-key": "x" * 100_000 + ": 1\n",
        "complex-key": "? [a, b]\n: c\n",
        "binary": "a: !!binary aGVsbG8=\n",
        "control": "a: \x01\n",
        "escape": 'a: "\\ud800"\n',
        "huge-escape": 'a: "\\UFFFFFFFF"\n',
        "directive": "%YAML 99999999999999999999.1\n---\na: 1\n",
        "norway": "basis: NO\n",
        "sexagesimal": "min_group: 1:30\n",
        "octal": "min_group: 0123\n",
        "exponent": "min_group: 1e3\n",
        "huge-number": "min_group: " + "9" * 5000 + "\n",
        "not-a-number": "clv: {gross_margin: .nan}\n",
        "infinite": "clv: {gross_margin: .inf}\n",
        "fraction-bomb": "clv: {gross_margin: 1e-999999999}\n",
        "decimal-bomb": "clv: {gross_margin: 1e999999999}\n",
        "date": "as_of: 2026-99-99\n",
        "outside": "sources: {mrr: ../../../../etc/passwd}\n",
        "absolute": "sources: {mrr: /etc/passwd}\n",
        "home": "sources: {mrr: ~/x.csv}\n",
        "address": "sources: {mrr: 'http://x.example/x.csv'}\n",
        "unknown": "sorces: {}\n",
        "list": "- a\n",
        "scalar": "just text\n",
        "tab": "a:\n\tb: 1\n",
    }
    for name, text in cases.items():
        path = folder / f"{name}.yaml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        yield f"yaml {name}", folder / "panel.csv", ["--config", str(path)]


def parquets(folder: Path, flips: int, corpus: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """Cut and bit-flipped Parquet, and what the corpus has of it."""
    rng = random.Random(3)
    frame = pl.DataFrame(
        {
            "account_id": [f"acc-{n % 50}" for n in range(600)],
            "month": [f"{2025 + n // 50 // 12}-{n // 50 % 12 + 1:02d}" for n in range(600)],
            "mrr": [100 + n for n in range(600)],
        }
    )
    for kind in ("zstd", "uncompressed"):
        out = io.BytesIO()
        frame.write_parquet(out, compression=kind)  # type: ignore[arg-type]
        whole = out.getvalue()
        for number in range(flips):
            content = bytearray(whole)
            at = rng.randrange(len(content))
            content[at] ^= 1 << rng.randrange(8)
            if number % 4 == 0:  # the footer is where the claims are
                at = len(content) - 1 - rng.randrange(600)
                content[at] = rng.randrange(256)
            if number % 10 == 0:
                content = content[: rng.randrange(4, len(content))]
            path = folder / f"{kind}-{number}.parquet"
            path.write_bytes(bytes(content))
            yield f"parquet {kind} {number}", path, []
    for path in corpus_files(corpus):
        if path.read_bytes()[:4] in (b"PAR1", b"PARE"):
            yield f"corpus {path.name}", path, []


def watch(line: list[str], limit: int) -> tuple[Run, float]:
    """Run a command line in a process with ``limit`` MB of address space; gives its peak in MB."""

    def cap() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit << 20, limit << 20))

    command = [sys.executable, "-m", "retcalc", *line]
    env = {**os.environ, "POLARS_MAX_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.monotonic()
        child = subprocess.Popen(command, stdout=out, stderr=err, env=env, preexec_fn=cap)
        while (ended := os.wait4(child.pid, os.WNOHANG))[0] == 0:
            if time.monotonic() - started > 60:
                child.kill()
            time.sleep(0.02)
        _, status, usage = ended
        child.returncode = code = os.waitstatus_to_exitcode(status)
        took = usage.ru_utime + usage.ru_stime  # what it took by itself: the machine may be busy
        out.seek(0)
        err.seek(0)
        signal = -code if code < 0 else 0
        run = Run(code, out.read(), err.read(), took, signal=signal)
    return run, usage.ru_maxrss / 1024


def main() -> int:
    """Open everything."""
    options = arguments(__doc__, corpus=CORPUS, size=300, flips=100, limit=3000, every=1)
    failures: list[str] = []
    slowest = ("", 0.0)
    largest = ("", 0.0)
    tried = 0
    with scratch() as name:
        folder = Path(name)
        (folder / "panel.csv").write_bytes(PANEL)
        cases = [
            *bombs(folder, options.size),
            *yamls(folder),
            *parquets(folder, options.flips, options.corpus),
        ]
        for what, path, more in cases[:: options.every]:
            done, peak = watch(["nrr", str(path), *more], options.limit)
            tried += 1
            slowest = max(slowest, (what, round(done.seconds, 2)), key=lambda each: each[1])
            largest = max(largest, (what, round(peak)), key=lambda each: each[1])
            if fault := done.fault({0, 2, 3, 4}):
                failures.append(f"{what}: {fault}")
            if done.seconds > SECONDS or peak > MEGABYTES:
                failures.append(f"{what}: {done.seconds:.1f} s of processor, {peak:.0f} MB")
            if Path("hurt").exists():
                failures.append(f"{what}: code was executed")
    return finish(tried, failures, slowest_seconds=slowest, largest_megabytes=largest)


if __name__ == "__main__":
    sys.exit(main())
