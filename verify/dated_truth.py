"""Both oracles of the tests, one walked, one in SQL, as the truth of random dated rows.

Every other file has rows that overlap, with credits; in all of them plans change. Each is asked in
total, where rows are held as cells, and by plan.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dated import Term, busy_terms, cells, closing_month, paid, plans, terms
from harness import Runner, csv_lines, scratch

from oracle import sql, walk
from oracle.intervals import month_of
from oracle.panels import month_text
from oracle.rows import MONTH_RATES, check_segments

Answer = tuple[str, str]
HEADER = "account_id,start_date,end_date,mrr,plan"
OPTIONS = ("--allow-negative", "--period-end", "exclusive")


def dated(size: int) -> Iterator[tuple[str, Answer]]:
    """Ask the movements of each file and compare every month, by plan and in total."""
    with scratch() as name, Runner() as run:
        folder = Path(name)
        for seed in range(size):
            rng = random.Random(f"dated {seed}")
            rows = busy_terms(rng) if seed % 2 else terms(rng)
            lines = csv_lines([cells(term) for term in rows], HEADER)
            (folder / "rows.csv").write_text("\n".join(lines) + "\n", "utf-8")
            for by in ((), ("plan",)):
                asked = ["movements", "rows.csv", "-f", "json", *(f"--by={each}" for each in by)]
                done = run(*asked, *OPTIONS, cwd=folder)
                answer = ("WRONG", done.err.decode()[:300])
                if done.code == 0:
                    answer = _judged(rows, json.loads(done.out)["rows"], by)
                yield f"dated {seed} by {by}", answer


def _judged(rows: list[Term], answer: list[dict[str, Any]], by: Sequence[str]) -> Answer:
    first, last = min(month_of(term.start) for term in rows), closing_month(rows)
    mrr, found = paid(rows, last), plans(rows, last)
    held = {key: (found[key],) if by else () for key in mrr}
    months = range(first, last + 1)
    walked = walk.roll_forward(mrr, first, last, segments=held if by else None)
    windows = [sql.Window(0, month - 1, month, walk.Rules("monthly")) for month in months]
    marked = [(0, *key, minor, sql.SEPARATOR.join(held[key])) for key, minor in mrr.items()]
    answers = sql.Book(marked).windows(windows)
    shown: dict[str, list[dict[str, Any]]] = {}
    for row in answer:
        shown.setdefault(row["month"], []).append(row)
    if list(shown) != [month_text(month) for month in months]:
        return "WRONG", f"months {list(shown)}"
    for month, facts in zip(months, answers, strict=True):
        told = facts if by else {walk.TOTAL: facts[walk.TOTAL]}
        if walked[month] != told:
            return "no truth", f"the oracles differ in {month_text(month)}"
        ordered = sorted(shown[month_text(month)], key=lambda row: not row["segment"])
        try:
            check_segments(ordered, told, by, MONTH_RATES)
        except AssertionError as error:
            return "WRONG", f"{month_text(month)}: {error}"
    return "equal", ""
