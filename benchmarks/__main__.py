"""``python -m benchmarks``: measure everything in turn and write docs/benchmarks.md.

``--rows 1m,10m`` and ``--repeat 3`` say how much, ``--times 3`` how often all of it; ``--larger
50m,100m`` runs retcalc alone on more, once, for its memory; ``--check`` compares results only and
writes nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.util import find_spec
from itertools import product
from pathlib import Path

from benchmarks.measure import Figures, in_turn, run_once
from benchmarks.report import Measured, chart, page
from benchmarks.tasks import STARTS, TASKS, Task, own_command, rival_command

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = {"saas": "saas_metrics", **{p: p for p in ("duckdb", "pandas", "polars", "retcalc")}}
_UNITS = {"k": 1_000, "m": 1_000_000}


def number(text: str) -> int:
    """``10m`` as 10000000."""
    unit = _UNITS.get(text[-1].lower())
    return int(float(text[:-1]) * unit) if unit else int(text)


def main(argv: list[str] | None = None) -> int:
    """Run the benchmarks; 1 when results differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", default="1m,10m", help="account-months, such as 1m,10m,50m")
    parser.add_argument("--repeat", type=int, default=3, help="counted runs of each program")
    parser.add_argument("--times", type=int, default=1, help="how often the whole table is run")
    parser.add_argument("--order", choices=("shuffled", "sorted", "both"), default="shuffled")
    parser.add_argument("--only", help="tasks whose title contains this")
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "benchmarks")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    parser.add_argument("--larger", default="", help="rows of which only the memory is measured")
    parser.add_argument("--check", action="store_true", help="compare results only")
    asked = parser.parse_args(argv)
    tasks = [t for t in TASKS if not asked.only or asked.only.lower() in t.title.lower()]
    orders = ("shuffled", "sorted") if asked.order == "both" else (asked.order,)
    turns: dict[tuple[int, str, str], list[dict[str, Figures]]] = {}
    sizes = [number(rows) for rows in asked.rows.split(",")]
    for _, rows, order, task in product(range(asked.times), sizes, orders, tasks):
        file = data_file(asked.data, rows, order)
        figures = answers_agree(task, file, rows, 0 if asked.check else asked.repeat)
        turns.setdefault((rows, order, task.title), []).append(figures)
        _say(Measured(task, rows, order, [figures]))
    measured = [
        Measured(task, rows, order, turns[rows, order, task.title])
        for task, rows, order in product(tasks, sizes, orders)
    ]
    if asked.check:
        return 0
    alone = []
    for rows in map(number, filter(None, asked.larger.split(","))):
        command = own_command(TASKS[0].command, data_file(asked.data, rows, "shuffled"))
        figures, _ = in_turn({"retcalc": command}, 0)
        alone.append(Measured(TASKS[0], rows, "shuffled", [figures]))
    starts = [] if asked.only else _starts(asked.data, max(asked.repeat, 5))
    arguments = " ".join(sys.argv[1:] if argv is None else argv)
    asked.out.write_text(page(measured, alone, starts, f"python -m benchmarks {arguments}".strip()))
    asked.out.with_suffix(".svg").write_text(chart(measured))
    return 0


def data_file(folder: Path, rows: int, order: str) -> Path:
    """The Parquet file of so many rows, made if it is not there yet.

    By a process of its own: a large parent would show up in the memory of the programs it starts.
    """
    file = folder / f"{rows}-{order}.parquet"
    if not file.exists():
        run_once([sys.executable, "-m", "benchmarks.generate", str(file), str(rows), order])
    return file


def answers_agree(task: Task, parquet: Path, rows: int, repeat: int) -> dict[str, Figures]:
    """Measure one task; raises ValueError when two programs give different integers."""
    file = parquet.with_suffix(".csv") if task.csv else parquet
    spared = {name for name, most in task.most_rows if rows > most}
    present = [name for name in task.rivals if name not in spared and _installed(name)]
    commands = {name: rival_command(name, file) for name in present}
    if task.command:
        commands = {"retcalc": own_command(task.command, file), **commands}
    if task.beside:
        commands["retcalc-beside"] = own_command(task.beside, file)
    figures, outputs = in_turn(commands, repeat)
    if task.facts is None:
        return figures
    own = task.facts(outputs["retcalc"])
    if not own:
        raise ValueError(f"{task.title}, {rows} rows: retcalc gives nothing")
    for name, output in outputs.items():
        if not name.startswith("retcalc") and output and json.loads(output) != own:
            raise ValueError(f"{task.title}, {rows} rows: {name} gives other numbers than retcalc")
    return figures


def _installed(rival: str) -> bool:
    return find_spec(PACKAGE[rival.split("-", maxsplit=1)[0]]) is not None


def _starts(folder: Path, repeat: int) -> list[tuple[str, Figures, str, Figures]]:
    small = folder / "small.csv"
    small.write_text("account_id,month,mrr\na,2024-01,10.00\na,2024-02,12.00\nb,2024-01,5.00\n")
    found = []
    for title, arguments, imports in STARTS:
        own = [sys.executable, "-m", "retcalc", *(a.format(small=small) for a in arguments)]
        figures, _ = in_turn({"own": own, "base": [sys.executable, "-c", imports]}, repeat)
        found.append((title, figures["own"], imports, figures["base"]))
    return found


def _say(done: Measured) -> None:
    parts = (f"{name} {f.seconds:.2f} s {f.peak / 1e6:.0f} MB" for name, f in done.figures.items())
    print(f"{done.rows:,} {done.order} · {done.task.title}: {', '.join(parts)}", flush=True)  # noqa: T201


if __name__ == "__main__":
    run_once([sys.executable, "-c", "import retcalc"])
    sys.exit(main())
