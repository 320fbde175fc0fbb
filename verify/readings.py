"""Kinds of export that are easily read wrongly, each with the right answer.

A reading is right when the run gives the known MRR and accounts of every month and says what must
be said about it; or when it is refused by the right code, at the right place, and the option named
beside it gives the known answer.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from dated import Term, cells, closings
from harness import Run, Runner
from openpyxl import Workbook

Closings = dict[str, tuple[str, int]]
CONTAINERS = ("csv", "xlsx", "parquet")
HEADER = ("account_id", "start_date", "end_date", "mrr", "plan")


@dataclass(frozen=True, slots=True)
class Reading:
    """A file, the right answer, and what must be said.

    ``codes`` is what a refusal or a note may be; ``refused`` tells which of the two is the
    contract, None when either is. ``line`` is where it must point to. ``settle`` are the options
    that give the right answer after a refusal; empty where only the export can settle it.
    """

    content: bytes
    right: Closings
    codes: frozenset[str] = frozenset()
    refused: bool | None = False
    line: int | None = None
    settle: tuple[str, ...] = ()
    name: str = "export.csv"


Maker = Callable[[random.Random], Reading]
READINGS: dict[str, Maker] = {}


def reading(function: Maker) -> Maker:
    """Register a kind of reading under its function's name."""
    READINGS[function.__name__] = function
    return function


def table(rows: Iterable[Sequence[str]], header: Sequence[str] = HEADER) -> bytes:
    """Write rows as a plain CSV, quoted where needed."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode()


def held(made: Reading, kind: str) -> Reading:
    """Hold the same texts in a workbook or a Parquet file; a workbook stays one."""
    if made.name != "export.csv" or kind == "csv":
        return made
    out = io.BytesIO()
    if kind == "parquet":  # its rows are counted without a header
        pl.read_csv(made.content, infer_schema=False).write_parquet(out)
        line = made.line and made.line - 1
        return replace(made, content=out.getvalue(), name="export.parquet", line=line)
    book = Workbook()
    for row in csv.reader(io.StringIO(made.content.decode())):
        book.active.append(row)
    book.save(out)
    return replace(made, content=out.getvalue(), name="export.xlsx")


def judge(run: Runner, folder: Path, made: Reading) -> str:
    """Run the file; says what is wrong, nothing when it is right."""
    (folder / made.name).write_bytes(made.content)
    done, said = _ask(run, folder, made)
    refused = done.code == 3
    if made.refused is (not refused) or done.code not in (0, 3):
        return f"exit {done.code}: {done.err.decode()[:300]} {_differs(done, made.right)}"
    if (refused or made.codes) and (unsaid := _unsaid(made, said)):
        return f"{unsaid} {_differs(done, made.right)}"
    if refused and b"\n  fix    " not in done.err:
        return "refused without a fix"
    if refused and not made.settle:
        return ""
    if refused:
        done, _ = _ask(run, folder, made, *made.settle)
    if done.code:
        return f"exit {done.code} with {made.settle}: {done.err.decode()[:300]}"
    return _differs(done, made.right)


def _unsaid(made: Reading, said: Sequence[dict[str, str]]) -> str:
    """Say which code, or which line, was not named."""
    named = [row for row in said if row["code"] in made.codes]
    if not named:
        return f"not said: {sorted({row['code'] for row in said})}"
    if made.line and not any(row["line"] == str(made.line) for row in named):
        return f"said of {[row['line'] for row in named]}, not {made.line}"
    return ""


def _ask(run: Runner, folder: Path, made: Reading, *more: str) -> tuple[Run, list[dict[str, str]]]:
    out = folder / "errors.csv"
    out.unlink(missing_ok=True)
    line = ("movements", made.name, "-f", "json", "--errors-out", out.name, *more)
    done = run(*line, cwd=folder)
    if not out.exists():
        return done, []
    with out.open(encoding="utf-8", newline="") as stream:
        return done, list(csv.DictReader(stream))


def _differs(done: Run, right: Closings) -> str:
    """Say which months are not as they should be; nothing where there is no answer."""
    if not done.out:
        return ""
    rows = json.loads(done.out)["rows"]
    got = {row["month"]: (row["closing_mrr"], row["closing_accounts"]) for row in rows}
    wrong = [month for month in sorted({*got, *right}) if got.get(month) != right.get(month)]
    if not wrong:
        return ""
    first = wrong[0]
    return f"{len(wrong)} months differ, {first}: {got.get(first)}, not {right.get(first)}"


def of_terms(
    rows: Sequence[Term],
    lines: Iterable[Sequence[str]] | None = None,
    header: Sequence[str] = HEADER,
    codes: str = "",
    **more: Any,
) -> Reading:
    """Make a reading whose right answer is that of ``rows``; codes stand apart with blanks."""
    content = table(map(cells, rows) if lines is None else lines, header)
    return Reading(content, closings(list(rows)), frozenset(codes.split()), **more)


def of_panel(
    rows: Sequence[Sequence[str]],
    lines: Iterable[Sequence[str]] | None = None,
    header: Sequence[str] = ("account_id", "month", "mrr"),
    codes: str = "",
    **more: Any,
) -> Reading:
    """Make a reading whose right answer is that of the rows of a panel."""
    months: dict[str, list[Decimal]] = {}
    for _, day, amount in rows:
        months.setdefault(day[:7], []).append(Decimal(amount))
    right = {month: (f"{sum(amounts):.2f}", len(amounts)) for month, amounts in months.items()}
    content = table(rows if lines is None else lines, header)
    return Reading(content, right, frozenset(codes.split()), **more)
