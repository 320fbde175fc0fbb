"""Change an export in a way that must not change the answer, or must scale it, and compare.

Ten relations on random panels: row order, column order, renamed ids, containers (gz, zst,
Parquet), split files, scaling, added zero rows, delimiters, encodings, ways to write the month.
Eight of them on dated rows that overlap, with credits and plans that change, and three of their
own: rows in parts at the same time, rows in stages, and the months that the rows mean.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from dated import Term, busy_terms, cells, closing_month, day_in, paid, plans
from harness import Runner, arguments, clean_panel, finish, scratch

from oracle.panels import money_text, month_text

HEADERS = {
    4: ("account_id", "month", "mrr", "plan"),
    5: ("account_id", "start_date", "end_date", "mrr", "plan"),
}
DATED = ("--allow-negative", "--period-end", "exclusive")
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
OF_DATED: dict[str, Variant] = {}


def relation(function: Variant) -> Variant:
    """Register a relation of panels under its function's name."""
    RELATIONS[function.__name__] = function
    return function


def of_dated(function: Variant) -> Variant:
    """Register a relation of dated rows under its function's name."""
    OF_DATED[function.__name__] = function
    return function


def write(path: Path, rows: Rows, header: tuple[str, ...] = (), mark: str = ",") -> None:
    """Write a plain CSV; the header is that of as many columns where none is given."""
    header = header or HEADERS[len(rows[0])]
    path.write_text("".join(mark.join(row) + "\n" for row in [list(header), *rows]), "utf-8")


@of_dated
@relation
def row_order(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Shuffle the rows."""
    write(folder / "v.csv", rng.sample(rows, len(rows)))
    return ["v.csv"]


@of_dated
@relation
def column_order(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Shuffle the columns."""
    header = HEADERS[len(rows[0])]
    order = rng.sample(range(len(header)), len(header))
    shuffled = [[row[i] for i in order] for row in rows]
    write(folder / "v.csv", shuffled, tuple(header[i] for i in order))
    return ["v.csv"]


@of_dated
@relation
def renamed_ids(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Give every account another name that sorts in the same place."""
    write(folder / "v.csv", [[f"z {row[0]} \u00e9", *row[1:]] for row in rows])
    return ["v.csv"]


@of_dated
@relation
def containers(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Hold the same table in gzip, zstd or Parquet."""
    kind = rng.choice(("gz", "zst", "parquet", "typed parquet"))
    if kind == "gz":
        text = (folder / "base.csv").read_bytes()
        (folder / "v.csv.gz").write_bytes(gzip.compress(text))
        return ["v.csv.gz"]
    header = HEADERS[len(rows[0])]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row")
    if kind == "zst":
        with (folder / "v.csv.zst").open("wb") as file:
            frame.write_csv(file, compression="zstd")
        return ["v.csv.zst"]
    if kind == "typed parquet":
        days = pl.col([c for c in header if c == "month" or c.endswith("_date")])
        frame = frame.with_columns(
            days.str.to_date("%Y-%m-%d", strict=False), pl.col("mrr").cast(pl.Decimal(18, 2))
        )
    frame.write_parquet(folder / "v.parquet")
    return ["v.parquet"]


@of_dated
@relation
def split_files(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Cut the table into files, given in any order."""
    parts = min(len(rows), rng.randint(2, 4))
    names = []
    for part in range(parts):
        write(folder / f"v{part}.csv", rows[part::parts])
        names.append(f"v{part}.csv")
    return rng.sample(names, parts)


@of_dated
@relation
def scaling(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Multiply every amount by 100: money scales, rates and counts stay."""
    write(folder / "v.csv", [[*r[:-2], str(Decimal(r[-2]) * 100), r[-1]] for r in rows])
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


@of_dated
@relation
def delimiters(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Separate by semicolon, tab or pipe; decimal commas with semicolons at times."""
    mark = rng.choice((";", "\t", "|"))
    comma = rng.random() < 0.5
    shown = [[*r[:-2], r[-2].replace(".", ",") if comma else r[-2], r[-1]] for r in rows]
    write(folder / "v.csv", shown, mark=mark)
    return ["v.csv", *(("--decimal", ",") if comma else ())]


@of_dated
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


@of_dated
def parts(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Write a row as two of the same time that add up to it."""
    shown = []
    for row in rows:
        one = Decimal(rng.randint(1, 999)) / 100
        two = Decimal(row[3]) - one
        halves = (one, two) if two and one != two else (row[3],)  # equal rows would stand twice
        shown += [[*row[:3], str(each), row[4]] for each in halves]
    write(folder / "v.csv", shown)
    return ["v.csv"]


@of_dated
def stages(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Write a row as two of which the second starts on the day the first ends."""
    last, shown = max(row[1] for row in rows), []
    for row in rows:
        year, month = int(row[1][:4]), int(row[1][5:7])
        cut = str(day_in(rng, 12 * year + month - 1 + rng.randint(1, 9)))
        if cut < (row[2] or last) and rng.random() < 0.5:
            shown += [[*row[:2], cut, *row[3:]], [row[0], cut, *row[2:]]]
        else:
            shown.append(row)
    write(folder / "v.csv", shown)
    return ["v.csv"]


@of_dated
def as_panel(folder: Path, rows: Rows, rng: random.Random) -> list[str]:
    """Write what every account pays in every month, as the oracle has it."""
    made = [Term.of(row) for row in rows]
    last = closing_month(made)
    held = plans(made, last)
    money = paid(made, last)
    shown = [
        [name, month_text(month), money_text(money.get((name, month), 0)), plan]
        for (name, month), plan in sorted(held.items())
    ]
    write(folder / "v.csv", rng.sample(shown, len(shown)))
    return ["v.csv"]


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
    """Run every relation on every panel and on dated rows, with the commands in turn."""
    options = arguments(__doc__, panels=1000, dated=500, seed=1)
    failures: list[str] = []
    tried = 0
    with scratch() as name, Runner() as run:
        folder = Path(name)
        for number in range(options.panels + options.dated):
            dated = number >= options.panels
            rng = random.Random(f"{options.seed} {number}")
            rows = [cells(term) for term in busy_terms(rng)] if dated else random_rows(rng)
            command = COMMANDS[number % len(COMMANDS)]
            for title, line, problem in compared(run, folder, rows, rng, command):
                tried += 1
                if problem:
                    failures.append(f"panel {number} {title} {' '.join(line)}: {problem}")
    sizes = {"panels": options.panels, "relations": len(RELATIONS)}
    return finish(tried, failures, **sizes, dated=options.dated, of_dated=len(OF_DATED))


def compared(
    run: Runner, folder: Path, rows: Rows, rng: random.Random, command: tuple[str, ...]
) -> Iterator[tuple[str, list[str], str]]:
    """Ask a command of the rows and of every variant; gives what differs, empty if nothing."""
    dated = len(rows[0]) == len(HEADERS[5])
    # where the data closes goes by how many rows start when, which parts and stages change
    more = (*DATED, "--as-of", max(row[1] for row in rows)[:7]) if dated else ()
    write(folder / "base.csv", rows)
    base = run(*command, "-f", "json", "base.csv", *more, cwd=folder)
    for title, make in (OF_DATED if dated else RELATIONS).items():
        if title == "as_panel" and command == ("survival",):
            continue  # lives of dated rows are of days
        for old in folder.glob("v*"):
            old.unlink()
        line = [*command, "-f", "json", *make(folder, rows, rng)]
        line += () if title == "as_panel" else more
        other = run(*line, cwd=folder)
        problem = differs(base.out, other.out, base.code, other.code, title)
        if problem and other.code:
            problem += other.err.decode()[:200]
        yield title, line, problem


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
