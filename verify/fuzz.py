"""Feed changed and random bytes to the readers: dialect and rows, money, dates, YAML.

Coverage guides the search where atheris is installed; else bytes are drawn and spliced from the
corpus by hand. An input that makes a reader fail otherwise than by a finding is kept in
tests/verify/corpus, where the test suite tries it for ever.
"""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
from harness import ROOT, arguments, finish, scratch

from retcalc.book.rules import AmountRules, DateRules
from retcalc.book.values.dates import parse_days
from retcalc.book.values.money import explain_amount, parse_amounts
from retcalc.config.load import parse
from retcalc.config.model.config import Config
from retcalc.core.findings import RetcalcError
from retcalc.read import ReadPlan, ReadRules, read_table
from retcalc.read.text.dialect import recognise
from retcalc.read.text.encoding import to_clean_utf8
from retcalc.read.text.rows import read_rows

MOST_FINDS = 20  # of a target
KEPT = ROOT / "tests" / "verify" / "corpus"
SEEDS = (
    b"account_id,month,mrr\na,2026-01,1.00\nb,2026-02,2.50\n",
    b'\xef\xbb\xbfid;"m ""q""";x\r\n"a\nb";2026-01;"1,5"\r\n',
    b"sep=|\na|b\n1|2\n\n||\n",
    "k\u00f6\tb\n1\t2\n".encode("utf-16"),
    b"amounts: {decimal: ',', unit: minor}\nchecks:\n  - {metric: nrr, min: 1.00}\n",
    b"sources: {mrr: a.csv}\nbasis: monthly\n# x\n'q': \"\\u0041\"\n",
    b"1,234.50\n-1.5\n(10)\n1e3\n$5\n99999999999999999999\n.5\n",
    b"2026-01-31\n202601\n31.01.2026\n2026-01-31T10:00:00+01:00\n45322\n",
)


def text_table(data: bytes) -> None:
    """Encoding, dialect, survey and rows."""
    clean, _ = to_clean_utf8(data, "fuzz", None)
    dialect = recognise(clean, "fuzz", lambda _: True, delimiter=None, skip_lines=0)
    read_rows(clean, "fuzz", dialect, dialect.header)


def amounts(data: bytes) -> None:
    """Amounts of every line, under each mark; what is bad must be explained."""
    values = data.decode("utf-8", "replace").split("\n")[:50]
    raw = pl.Series(values, dtype=pl.String)
    for rules in (AmountRules(), AmountRules(decimal=","), AmountRules("minor", ".", ",")):
        parsed = parse_amounts(raw, rules, 2)
        for value, bad in zip(values, parsed.bad.to_list(), strict=True):
            if bad:
                explain_amount(value, rules)


def days(data: bytes) -> None:
    """Dates of every line, together and alone."""
    values = data.decode("utf-8", "replace").split("\n")[:20]
    for chosen in (values, *([value] for value in values)):
        for rules in (DateRules(), DateRules("%d.%m.%Y"), DateRules("excel", "Asia/Tokyo")):
            parse_days(pl.Series(chosen, dtype=pl.String), rules)


def config(data: bytes) -> None:
    """The config, down to its types."""
    parse("retcalc.yaml", data, Config)


def whole(data: bytes) -> None:
    """A whole file through the door that all data takes."""
    path = Path(whole.folder) / "fuzz.csv"  # type: ignore[attr-defined]
    path.write_bytes(data)
    read_table([str(path)], ReadRules(max_bytes=1 << 24), lambda _: ReadPlan())


TARGETS: dict[str, Callable[[bytes], None]] = {
    "table": text_table,
    "amounts": amounts,
    "days": days,
    "config": config,
    "whole": whole,
}


def try_one(target: Callable[[bytes], None], data: bytes) -> str | None:
    """Run one input; gives what went wrong otherwise than by a finding."""
    started = time.process_time()  # the clock on the wall also counts a machine that stands still
    try:
        target(data)
    except RetcalcError:
        pass
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    took = time.process_time() - started
    return f"{took:.1f} s" if took > 10 else None


def keep(target: str, data: bytes) -> Path:
    """Keep an input for the test suite."""
    KEPT.mkdir(exist_ok=True)
    path = KEPT / f"{target}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return path


def changed(rng: random.Random, pool: list[bytes]) -> bytes:
    """Splice, flip, repeat and cut inputs of the pool."""
    data = bytearray(rng.choice(pool))
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(5):
            case 0 if data:
                data[at % len(data)] = rng.choice(b'\x00\r\n\t ",;|=-+.0129aZ\x1a\x80\xc3\xff\xef')
            case 1:
                data[at:at] = rng.choice(pool)[: rng.randrange(1, 30)]
            case 2:
                del data[at : at + rng.randrange(1, 12)]
            case 3:
                data[at:at] = bytes(data[at : at + 8]) * rng.randrange(1, 40)
            case _:
                data[at:at] = rng.choice(
                    ("\u0661", "\u2212", "\u200b", "\u00a0", "\ufeff")
                ).encode()
    return bytes(data[:20_000])


def by_hand(name: str, seconds: float, seed: int) -> tuple[int, list[str]]:
    """Draw inputs until the time is up."""
    rng, pool = random.Random(f"{name} {seed}"), list(SEEDS)
    pool += [path.read_bytes() for path in sorted(KEPT.glob("*"))]
    tried, failures, end = 0, [], time.monotonic() + seconds
    while time.monotonic() < end:
        data = changed(rng, pool)
        tried += 1
        if fault := try_one(TARGETS[name], data):
            failures.append(f"{name}: {fault}, kept as {keep(name, data).name}")
        elif rng.random() < 0.02:
            pool.append(data)
            del pool[200:]
    return tried, failures


def by_coverage(name: str, seconds: float, folder: Path) -> tuple[int, list[str]]:
    """Let atheris search in processes of their own; each ends at its first find."""
    seeds = folder / f"seeds-{name}"
    seeds.mkdir()
    for number, data in enumerate((*SEEDS, *(p.read_bytes() for p in sorted(KEPT.glob("*"))))):
        (seeds / str(number)).write_bytes(data)
    tried, failures, end = 0, [], time.monotonic() + seconds
    while (left := int(end - time.monotonic())) > 0:
        command = [sys.executable, __file__, "--guided", name, str(seeds), str(left)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        lines = (done.stdout + done.stderr).splitlines()
        counts = [line for line in lines if line.startswith("stat::number_of_executed")]
        said = [line for line in lines if "Error" in line or "ERROR" in line]
        tried += int(counts[-1].split()[-1]) if counts else 0
        found = [path for pattern in ("crash-*", "timeout-*") for path in folder.glob(pattern)]
        for path in found:
            failures.append(f"{name}: {keep(name, path.read_bytes()).name} {said[-3:]}")
            path.unlink()
        if not counts and not found:
            failures.append(f"{name}: {done.stderr[-300:]}")
        if not found or len(failures) > MOST_FINDS:
            break
    return tried, failures


def guided(name: str, seeds: str, seconds: str) -> None:
    """The child of ``by_coverage``."""
    import atheris

    whole.folder = seeds + "-whole"  # type: ignore[attr-defined]
    Path(seeds + "-whole").mkdir(exist_ok=True)
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith(("retcalc.read", "retcalc.book")):
            for attribute, value in list(vars(module).items()):
                if getattr(value, "__module__", None) == module.__name__ and hasattr(
                    value, "__code__"
                ):
                    setattr(module, attribute, atheris.instrument_func(value))

    def once(data: bytes) -> None:
        if fault := try_one(TARGETS[name], data):
            raise RuntimeError(fault)

    flags = [f"-max_total_time={seconds}", "-max_len=4096", "-print_final_stats=1", "-timeout=20"]
    atheris.Setup([sys.argv[0], seeds, *flags], once)
    atheris.Fuzz()


def main() -> int:
    """Fuzz every target for an equal share of the time."""
    options = arguments(__doc__, minutes=10.0, seed=1, engine="auto")
    engine = options.engine
    if engine == "auto":
        try:
            import atheris  # noqa: F401

            engine = "atheris"
        except ImportError:
            engine = "by hand"
    share = options.minutes * 60 / len(TARGETS)
    failures: list[str] = []
    counts: dict[str, int] = {}
    with scratch() as folder:
        whole.folder = folder  # type: ignore[attr-defined]
        for name in TARGETS:
            if engine == "atheris":
                tried, found = by_coverage(name, share, Path(folder))
            else:
                tried, found = by_hand(name, share, options.seed)
            counts[name] = tried
            failures += found
    return finish(sum(counts.values()), failures, engine=engine, counts=counts)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--guided"]:
        guided(*sys.argv[2:5])
    sys.exit(main())
