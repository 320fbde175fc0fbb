"""The retention numbers in SQL over a dense grid of accounts and months, on DuckDB.

An oracle of another style than `walk`: whole tables, window functions and grouped sums, many panels
in one go. Amounts arrive as typed integers and are summed in 128 bits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from oracle.walk import FIELDS, BySegment, Rules, Segment

Row = tuple[int, str, int, int, str]
"""Panel number, account, month, amount in minor units, segment (parts joined by SEPARATOR)."""

SEPARATOR = "\x1f"
TOTAL = "\x1e"

GRID = """
CREATE TABLE grid AS
WITH accounts AS (SELECT DISTINCT panel, account FROM rows),
     span AS (SELECT panel, unnest(range(min(month) - 1, max(month) + 1)) AS month
              FROM rows GROUP BY panel)
SELECT panel, account, month, coalesce(mrr, 0)::HUGEINT AS mrr, segment
FROM accounts JOIN span USING (panel) LEFT JOIN rows USING (panel, account, month)
"""

STEPS = """
CREATE TABLE steps AS
SELECT panel, account, month, mrr AS after, segment AS entered,
       lag(mrr, 1, 0) OVER history AS before, lag(segment) OVER history AS leaving,
       max(CASE WHEN mrr > 0 THEN month END)
         OVER (history ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_paid
FROM grid WINDOW history AS (PARTITION BY panel, account ORDER BY month)
"""

PAIRS = """
CREATE TABLE pairs AS
SELECT w.*, true AS opens, true AS closes, account,
       coalesce(sum(mrr) FILTER (month = s), 0) AS before,
       coalesce(sum(mrr) FILTER (month = e), 0) AS after,
       any_value(segment) FILTER (month = s) AS leaving,
       any_value(segment) FILTER (month = e) AS entered,
       min(month) FILTER (month > s AND month <= e AND mrr > 0) AS returned,
       max(month) FILTER (month < s AND mrr > 0) AS last_paid
FROM windows w JOIN grid USING (panel) WHERE w.basis = 'endpoints'
GROUP BY ALL
UNION ALL BY NAME
SELECT w.*, month = s + 1 AS opens, month = e AS closes, account, before, after, leaving, entered,
       month AS returned, last_paid
FROM windows w JOIN steps ON w.panel = steps.panel AND month > s AND month <= e
WHERE w.basis = 'monthly'
"""

MOVES = """
CREATE TABLE moves AS
WITH doubled AS (
  SELECT * FROM pairs
  UNION ALL BY NAME
  SELECT * REPLACE ('{total}' AS leaving, '{total}' AS entered) FROM pairs
)
SELECT *, before > 0 AND after > 0 AS stays, before > 0 AND after = 0 AS churns,
       before = 0 AND after > 0 AS arrives,
       last_paid IS NOT NULL AND (gap IS NULL OR returned - last_paid - 1 <= gap) AS known,
       CASE as_of WHEN 'opening' THEN leaving ELSE entered END AS home,
       CASE as_of WHEN 'opening' THEN after ELSE before END AS moved
FROM doubled WHERE before > 0 OR after > 0
"""

# field stem, account field, segment, amount, condition
LINES = (
    ("opening_mrr", "opening_accounts", "leaving", "before", "opens AND before > 0"),
    ("new_mrr", "new_accounts", "entered", "after", "arrives AND NOT known"),
    ("reactivation_mrr", "reactivated_accounts", "entered", "after", "arrives AND known"),
    ("expansion_mrr", None, "home", "after - before", "stays AND after > before"),
    ("contraction_mrr", None, "home", "before - after", "stays AND after < before"),
    ("churn_mrr", "churned_accounts", "leaving", "before", "churns"),
    ("segment_in_mrr", "segment_in_accounts", "entered", "moved", "stays AND leaving <> entered"),
    ("segment_out_mrr", "segment_out_accounts", "leaving", "moved", "stays AND leaving <> entered"),
    ("closing_mrr", "closing_accounts", "entered", "after", "closes AND after > 0"),
    ("base_mrr", "base_accounts", "home", "before", "opens AND stays"),
    ("base_mrr", "base_accounts", "leaving", "before", "opens AND churns"),
    ("kept_mrr", None, "home", "least(before, after)", "stays"),
)

TRIANGLE = """
WITH born AS (
  SELECT panel, account, min(month) AS cohort FROM grid WHERE mrr > 0 GROUP BY ALL
), aged AS (
  SELECT panel, cohort, month - cohort AS age, mrr,
         min(mrr) OVER (PARTITION BY panel, account ORDER BY month) AS lowest,
         first_value(mrr) OVER (PARTITION BY panel, account ORDER BY month) AS initial
  FROM grid JOIN born USING (panel, account) WHERE month >= cohort
)
SELECT panel, cohort, age, count(*) FILTER (mrr > 0), sum(mrr)::HUGEINT, sum(lowest)::HUGEINT,
       count(*), sum(initial)::HUGEINT
FROM aged GROUP BY panel, cohort, age ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Window:
    """One question: the window (s, e] of a panel under some rules."""

    panel: int
    s: int
    e: int
    rules: Rules = Rules()


class Book:
    """Many panels in one database; answers windows and cohort triangles over all of them."""

    def __init__(self, rows: Iterable[Row]) -> None:
        names = ("panel", "account", "month", "mrr", "segment")
        types = (pa.int32(), pa.string(), pa.int32(), pa.int64(), pa.string())
        columns = list(zip(*rows, strict=True))
        table = pa.table({n: pa.array(c, t) for n, t, c in zip(names, types, columns, strict=True)})
        self._db = duckdb.connect()
        self._db.execute("SET threads = 1")
        self._db.register("rows", table)
        self._db.execute(GRID)
        self._db.execute(STEPS)

    def windows(self, windows: list[Window]) -> list[BySegment]:
        """The facts of every window, in order, by segment and in total."""
        columns: Mapping[str, tuple[pa.DataType, list[object]]] = {
            "window": (pa.int32(), list(range(len(windows)))),
            "panel": (pa.int32(), [w.panel for w in windows]),
            "s": (pa.int32(), [w.s for w in windows]),
            "e": (pa.int32(), [w.e for w in windows]),
            "basis": (pa.string(), [w.rules.basis for w in windows]),
            "as_of": (pa.string(), [w.rules.as_of for w in windows]),
            "gap": (pa.int32(), [w.rules.reactivation_gap for w in windows]),
        }
        self._db.register("windows", pa.table({n: pa.array(c, t) for n, (t, c) in columns.items()}))
        self._db.execute("DROP TABLE IF EXISTS pairs; DROP TABLE IF EXISTS moves")
        self._db.execute(PAIRS)
        self._db.execute(MOVES.format(total=TOTAL))
        answers: list[BySegment] = [{None: dict.fromkeys(FIELDS, 0)} for _ in windows]
        for number, joined, field, value in self._db.execute(_lines()).fetchall():
            segment: Segment | None = None if joined == TOTAL else tuple(joined.split(SEPARATOR))
            answers[number].setdefault(segment, dict.fromkeys(FIELDS, 0))[field] = value
        return answers

    def triangle(self) -> list[tuple[int, ...]]:
        """Panel, cohort, age, accounts, MRR, gross MRR, initial accounts, initial MRR."""
        return self._db.execute(TRIANGLE).fetchall()


def _lines() -> str:
    """One long table of everything booked, grouped into window, segment, field and sum."""
    parts = []
    for money, count, segment, amount, condition in LINES:
        parts.append(f"SELECT win, {segment} g, '{money}' f, {amount} v FROM m WHERE {condition}")
        if count is not None:
            parts.append(f"SELECT win, {segment} g, '{count}' f, 1 v FROM m WHERE {condition}")
    union = " UNION ALL ".join(parts)
    return (
        'WITH m AS (SELECT *, "window" AS win FROM moves) '
        f"SELECT win, g, f, sum(v)::HUGEINT FROM ({union}) GROUP BY ALL"
    )
