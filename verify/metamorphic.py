"""Change an export in a way that must not change the answer, or must scale it, and compare.

Ten relations on random panels: row order, column order, renamed ids, containers (gz, zst,
Parquet), split files, scaling, added zero rows, delimiters, encodings, ways to write the month.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from harness import Runner, arguments, clean_panel, finish, scratch

HEADER = ("account_id", "month", "mrr", "plan")
COMMANDS = (
    ("nrr", "--by", "plan"),
    ("movements",),
    ("cohort",),
    ("churn", "--monthly"),
    ("survival",),
    ("concentration",),
)
Rows = list[list[str]]
Variant = Callable[[Path, Rows, random.Random], list[str]]  # writes files, gives the arguments
RELATIONS: dict[str, Variant] = {}


def relation(function: Variant) -> Variant:
    """Register a relation under its function's name."""
    RELATIONS[function.__name__] = function
    return function


def write(path: Path, rows: Rows, header: tuple[str, ...] = HEADER, mark: str = ",") -> None:
    """Write a plain CSV."""
    path.write_text("".join(mark.join(row) + "\n" for row in [list(header), *rows]), "utf-8")


@relation
def row_order(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Shuffle the rows."""
    write(folder / "v.csv", rng.sample(rows, len(rows)))
    return ["v.csv"]


@relation
def column_order(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Shuffle the columns."""
    order = rng.sample(range(len(HEADER)), len(HEADER))
    shuffled = [[row[i] for i in order] for row in rows]
    write(folder / "v.csv", shuffled, tuple(HEADER[i] for i in order))
    return ["v.csv"]


@relation
def renamed_ids(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Give every account another name that sorts in the same place."""
    write(folder / "v.csv", [[f"z {row[0]} \u00e9", *row[1:]] for row in rows])
    return ["v.csv"]


@relation
def containers(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Hold the same table in gzip, zstd or Parquet."""
    kind = rng.choice(("gz", "zst", "parquet", "typed parquet"))
    if kind == "gz":
        text = (folder / "base.csv").read_bytes()
        (folder / "v.csv.gz").write_bytes(gzip.compress(text))
        return ["v.csv.gz"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(HEADER, pl.String), orient="row")
    if kind == "zst":
        with (folder / "v.csv.zst").open("wb") as file:
            frame.write_csv(file, compression="zstd")
        return ["v.csv.zst"]
    if kind == "typed parquet":
        frame = frame.with_columns(
            pl.col("month").str.to_date(), pl.col("mrr").cast(pl.Decimal(18, 2))
        )
    frame.write_parquet(folder / "v.parquet")
    return ["v.parquet"]


@relation
def split_files(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Cut the table into files, given in any order."""
    parts = min(len(rows), rng.randint(2, 4))
    names = []
    for part in range(parts):
        write(folder / f"v{part}.csv", rows[part::parts])
        names.append(f"v{part}.csv")
    return rng.sample(names, parts)


@relation
def scaling(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Multiply every amount by 100: money scales, rates and counts stay."""
    write(folder / "v.csv", [[r[0], r[1], str(Decimal(r[2]) * 100), r[3]] for r in rows])
    return ["v.csv"]


@relation
def zero_rows(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Say zero where the table says nothing."""
    months = sorted({row[1] for row in rows})
    plans = {row[0]: row[3] for row in rows}
    held = {(row[0], row[1]) for row in rows}
    zeros = [[a, m, "0.00", p] for a, p in plans.items() for m in months if (a, m) not in held]
    write(folder / "v.csv", rows + rng.sample(zeros, len(zeros) // 2))
    return ["v.csv"]


@relation
def delimiters(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Separate by semicolon, tab or pipe; decimal commas with semicolons at times."""
    mark = rng.choice((";", "\t", "|"))
    comma = rng.random() < 0.5
    shown = [[r[0], r[1], r[2].replace(".", ",") if comma else r[2], r[3]] for r in rows]
    write(folder / "v.csv", shown, mark=mark)
    return ["v.csv", *(("--decimal", ",") if comma else ())]


@relation
def encodings(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Write other encodings, byte order marks, line ends and needless quotes."""
    text = (folder / "base.csv").read_text("utf-8")
    if rng.random() < 0.5:
        lines = text.splitlines()
        text = "".join(",".join(f'"{c}"' for c in line.split(",")) + "\n" for line in lines)
    if rng.random() < 0.5:
        text = text.replace("\n", "\r\n")
    encoding = rng.choice(("utf-8-sig", "utf-16", "utf-32", "utf-8", "cp1252"))
    (folder / "v.csv").write_bytes(text.encode(encoding))
    return ["v.csv", *(("--encoding", "cp1252") if encoding == "cp1252" else ())]


@relation
def months(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Write the month another way."""
    ways: tuple[tuple[Callable[[str], str], str | None], ...] = (
        (lambda d: d[:7], None),
        (lambda d: d[:4] + d[5:7], None),
        (lambda d: d.replace("-", ""), None),
        (lambda d: d[:8] + "01", None),
        (lambda d: d + " 12:30:00", None),
        (lambda d: f"{d[8:]}.{d[5:7]}.{d[:4]}", "%d.%m.%Y"),
        (lambda d: f"{d[5:7]}/{d[8:]}/{d[:4]}", "%m/%d/%Y"),
    )
    way, pattern = rng.choice(ways)
    write(folder / "v.csv", [[r[0], way(r[1]), *r[2:]] for r in rows])
    return ["v.csv", *(("--date-format", pattern) if pattern else ())]


def random_rows(rng: random.Random) -> Rows:
    """Make a panel with gaps, returns and a plan an account."""
    rows = clean_panel(rng, rng.randint(3, 15), rng.randint(2, 18))
    anchors = {rows[0][0], rows[-1][0]}
    days = {row[1] for row in rows}
    kept = [r for r in rows if r[0] in anchors or rng.random() > 0.1]
    kept += [r for r in rows if r not in kept and r[1] in days - {k[1] for k in kept}]
    plans = {r[0]: rng.choice(("Basic", "Pro", "Caf\u00e9")) for r in kept}
    return [[*r, plans[r[0]]] for r in sorted(kept, key=lambda r: (r[1], r[0]))]


def normal(answer: bytes) -> Any:
    """Take out of an answer what any relation may change: the sources and how they were read."""
    data = json.loads(answer)
    for key in ("sources", "notes"):
        data.pop(key, None)
    return data


def each_text(value: Any, change: Callable[[str], Any]) -> Any:
    """Change every text in an answer."""
    if isinstance(value, dict):
        return {key: each_text(part, change) for key, part in value.items()}
    if isinstance(value, list):
        return [each_text(part, change) for part in value]
    return change(value) if isinstance(value, str) else value


def money(text: str) -> Decimal | str:
    """Read money as a number; other text stays."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def hundredth(text: str) -> Decimal | str:
    """Undo the scaling of money."""
    amount = money(text)
    return amount / 100 if isinstance(amount, Decimal) else amount


def old_name(text: str) -> str:
    """Undo the renaming of ids."""
    return text.removeprefix("z ").removesuffix(" \u00e9")


def main() -> int:
    """Run every relation on every panel, with the commands in turn."""
    options = arguments(__doc__, panels=1000, seed=1)
    failures: list[str] = []
    tried = 0
    with scratch() as name, Runner() as run:
        folder = Path(name)
        for number in range(options.panels):
            rng = random.Random(f"{options.seed} {number}")
            rows = random_rows(rng)
            write(folder / "base.csv", rows)
            command = [*COMMANDS[number % len(COMMANDS)], "-f", "json"]
            base = run(*command, "base.csv", cwd=folder)
            for title, make in RELATIONS.items():
                for old in folder.glob("v*"):
                    old.unlink()
                line = [*command, *make(folder, rows, rng)]
                other = run(*line, cwd=folder)
                tried += 1
                if problem := differs(base.out, other.out, base.code, other.code, title):
                    failures.append(f"panel {number} {title} {' '.join(line)}: {problem}")
                    failures[-1] += other.err.decode()[:200] if other.code else ""
    return finish(tried, failures, panels=options.panels, relations=len(RELATIONS))


def differs(base: bytes, other: bytes, status: int, other_status: int, title: str) -> str:
    """Say what differs between two answers; empty when nothing does."""
    if status or other_status:
        return f"exit {status} and {other_status} "
    one, two = normal(base), normal(other)
    if title == "scaling":
        one, two = each_text(one, money), each_text(two, hundredth)
    elif title == "renamed_ids":
        two = each_text(two, old_name)
    return "" if one == two else _first(one, two)


def _first(one: Any, two: Any, path: str = "") -> str:
    if isinstance(one, dict) and isinstance(two, dict) and one.keys() == two.keys():
        return next(_first(one[k], two[k], f"{path}.{k}") for k in one if one[k] != two[k])
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        pairs = enumerate(zip(one, two, strict=True))
        return next(_first(a, b, f"{path}[{i}]") for i, (a, b) in pairs if a != b)
    return f"{path}: {one} and {two}"


if __name__ == "__main__":
    sys.exit(main())
