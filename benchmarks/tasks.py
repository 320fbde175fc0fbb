"""What is measured: the questions, who answers them, and how retcalc's answer becomes facts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Facts = dict[str, list[int | float]]

MONEY = ("opening", "new", "reactivation", "expansion", "contraction", "churn", "closing")
COUNTS = ("opening", "new", "reactivated", "churned", "closing")
MOVED = (*MONEY[:-1], "segment_in", "segment_out", "closing")


@dataclass(frozen=True, slots=True)
class Task:
    """A question: retcalc's command line, the rivals, and the reader of retcalc's JSON.

    ``base`` is the rival that ratios refer to. ``most_rows`` spares a rival what it cannot bear.
    ``beside`` is another command line of retcalc, which answers something else in the same turn.
    """

    title: str
    command: Sequence[str]
    rivals: Sequence[str]
    base: str
    facts: Callable[[bytes], Facts] | None = None
    csv: bool = False
    most_rows: tuple[tuple[str, int], ...] = ()
    beside: Sequence[str] = ()


def month_number(text: str) -> int:
    """``2024-03`` as months since year 0."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def cents(text: str) -> int:
    """Money with two decimals as an integer."""
    return int(text.replace(".", ""))


def _movements(output: bytes) -> Facts:
    return {
        str(month_number(row["month"])): [
            *(cents(row[f"{name}_mrr"]) for name in MONEY),
            *(row[f"{name}_accounts"] for name in COUNTS),
        ]
        for row in json.loads(output)["rows"]
    }


def _trailing(output: bytes) -> Facts:
    facts = _movements(output)
    for row in json.loads(output)["rows"]:
        if row["trailing_nrr"] is not None:
            rates = [row["trailing_nrr"], row["trailing_grr"]]
            facts[str(month_number(row["month"]))] += rates
    return facts


def _by_plan(output: bytes) -> Facts:
    rows = (row for row in json.loads(output)["rows"] if row["segment"])
    return {
        f"{month_number(row['month'])} {row['segment']['plan']}": [
            cents(row[f"{name}_mrr"]) for name in MOVED
        ]
        for row in rows
    }


def _window(output: bytes) -> Facts:
    row = json.loads(output)["rows"][0]
    return {"window": [cents(row[f"{name}_mrr"]) for name in MONEY]}


def _cohorts(output: bytes) -> Facts:
    return {
        f"{month_number(row['cohort'])} {row['age']}": [
            row["accounts"],
            cents(row["mrr"]),
            cents(row["gross_mrr"]),
        ]
        for row in json.loads(output)["rows"]
        if row["accounts"]
    }


_JSON = ("-f", "json", "--quiet")
TRAILING = Task(
    "Movements of every month, with the NRR and GRR of the twelve months up to it",
    ("movements", "{file}", "--trailing", "12m", *_JSON),
    ("duckdb-trailing", "duckdb-hashed-trailing", "pandas-trailing", "polars-scan"),
    "duckdb-trailing",
    _trailing,
    most_rows=(("pandas-trailing", 10_000_000),),
)
TASKS = (
    TRAILING,
    Task(
        "Movements of every month alone",
        ("movements", "{file}", *_JSON),
        ("duckdb-movements", "duckdb-hashed", "pandas-movements", "saas-metrics-movements"),
        "duckdb-movements",
        _movements,
        most_rows=(("saas-metrics-movements", 10_000_000), ("pandas-movements", 10_000_000)),
    ),
    Task(
        "The same by plan",
        ("movements", "{file}", "--by", "plan", *_JSON),
        ("duckdb-by-plan",),
        "duckdb-by-plan",
        _by_plan,
        beside=("movements", "{file}", *_JSON),
    ),
    Task(
        "One window of twelve months",
        ("nrr", "{file}", "--as-of", "2024-12", *_JSON),
        ("polars-scan-two-months", "duckdb-window"),
        "polars-scan-two-months",
        _window,
    ),
    Task(
        "Cohort triangle",
        ("cohort", "{file}", *_JSON),
        ("duckdb-cohorts",),
        "duckdb-cohorts",
        _cohorts,
    ),
    Task(
        "Movements from CSV",
        ("movements", "{file}", *_JSON),
        ("duckdb-movements",),
        "duckdb-movements",
        _movements,
        csv=True,
    ),
    Task("Reading CSV", (), ("polars-read-csv", "retcalc-read-csv"), "polars-read-csv", csv=True),
)
_IMPORTS = "import polars, typer, rich.table, yaml"
STARTS = (  # title, retcalc's arguments, what it is compared with
    ("--version", ("--version",), "import typer"),
    ("--help", ("--help",), "import typer"),
    ("nrr small.csv", ("nrr", "{small}"), _IMPORTS),
)


def own_command(command: Sequence[str], file: Path) -> list[str]:
    """The command line of retcalc."""
    return [sys.executable, "-m", "retcalc", *(part.format(file=file) for part in command)]


def rival_command(name: str, file: Path) -> list[str]:
    """The command line of a rival."""
    return [sys.executable, "-m", "benchmarks.rivals", name, str(file)]
