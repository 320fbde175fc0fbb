"""What retcalc is measured against, each a program of its own: ``python -m benchmarks.rivals``.

``NAME FILE`` runs one of RIVALS and prints its facts as JSON: a list of integers by key, or
nothing where it only reads. Imports stay inside, so that no rival pays for another.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks import sql

Facts = dict[str, list[int | float]]
THREADS = 2


def _source(path: str) -> str:
    if path.endswith(".parquet"):
        return f"read_parquet('{path}')"
    types = "{'account_id': 'VARCHAR', 'month': 'DATE', 'mrr': 'DECIMAL(18,2)', 'plan': 'VARCHAR'}"
    return f"read_csv('{path}', header = true, columns = {types})"


def _duckdb(path: str, *statements: str) -> Facts:
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    for statement in statements[:-1]:
        connection.execute(statement.format(source=_source(path)))
    return _facts(connection.execute(statements[-1].format(source=_source(path))).fetchall())


def _facts(rows: Iterable[tuple[object, ...]]) -> Facts:
    return {str(key): [int(value or 0) for value in values] for key, *values in rows}  # type: ignore[call-overload]


def duckdb_movements(path: str) -> Facts:
    """Window functions over one materialised pass, then one aggregate."""
    return _duckdb(path, sql.LAGGED, sql.MOVEMENTS)


def duckdb_hashed(path: str) -> Facts:
    """The same on ``hash(id)``: quicker, and silently wrong when two ids share a hash."""
    return _duckdb(
        path, sql.LAGGED.replace("account_id,", "hash(account_id) AS account_id,", 1), sql.MOVEMENTS
    )


def duckdb_trailing(path: str, account: str = "account_id") -> Facts:
    """The same with the retention of the twelve months up to each, by a frame over the months."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    lagged = sql.TRAILING_LAGGED.replace("account_id,", f"{account} AS account_id,", 1)
    connection.execute(lagged.format(source=_source(path)))
    facts = _facts(connection.execute(sql.MOVEMENTS).fetchall())
    for month, *sums in connection.execute(sql.TRAILING).fetchall():
        if str(month) in facts:
            facts[str(month)] += _retention(*sums)
    return facts


def duckdb_hashed_trailing(path: str) -> Facts:
    """The same on ``hash(id)``."""
    return duckdb_trailing(path, "hash(account_id)")


def _retention(opening: int, retained: int, gross: int) -> list[float]:
    """NRR and GRR."""
    return [int(retained or 0) / int(opening), int(gross or 0) / int(opening)]


def duckdb_by_plan(path: str) -> Facts:
    """Movements by plan; who changes the plan leaves one and enters the other."""
    return _duckdb(path, sql.LAGGED_PLAN, sql.MOVEMENTS_PLAN)


def duckdb_window(path: str) -> Facts:
    """The last twelve months: two months joined, and a test for having paid before."""
    return _duckdb(path, sql.WINDOW)


def duckdb_cohorts(path: str) -> Facts:
    """Accounts, MRR and MRR without what grew back, by cohort and age."""
    return _duckdb(path, sql.COHORTS)


def _pandas_rows(path: str) -> Any:
    import pandas as pd

    columns = ["account_id", "month", "mrr"]
    if path.endswith(".parquet"):
        frame = pd.read_parquet(path, columns=columns)
    else:
        frame = pd.read_csv(path, usecols=columns, parse_dates=["month"])
    frame["mrr"] = (frame["mrr"].astype(float) * 100).round().astype("int64")
    month = pd.to_datetime(frame["month"])
    frame["month"] = month.dt.year * 12 + month.dt.month - 1
    return frame


def pandas_movements(path: str) -> Facts:
    """As an analyst writes it: sort, shift within the account, group."""
    return _pandas_movements(_pandas_rows(path))


def _pandas_movements(frame: Any) -> Facts:
    frame = frame.sort_values(["account_id", "month"])
    groups = frame.groupby("account_id", sort=False)
    earlier, later = groups["month"].shift(1), groups["month"].shift(-1)
    last = frame["month"].max()
    frame["joined"] = earlier == frame["month"] - 1
    frame["opening"] = groups["mrr"].shift(1).where(frame["joined"], 0).astype("int64")
    new, back = earlier.isna(), earlier < frame["month"] - 1
    step = (frame["mrr"] - frame["opening"]).where(frame["joined"], 0)
    frame["new"], frame["back"] = frame["mrr"].where(new, 0), frame["mrr"].where(back, 0)
    frame["up"], frame["down"] = step.clip(lower=0), (-step).clip(lower=0)
    frame["new_n"], frame["back_n"], frame["one"] = new, back, 1
    names = ["opening", "new", "back", "up", "down", "mrr", "joined", "new_n", "back_n", "one"]
    sums = frame.groupby("month")[names].sum()
    gone = frame[(later != frame["month"] + 1) & (frame["month"] < last)]
    lost = gone.groupby(gone["month"] + 1)["mrr"].agg(["sum", "count"])
    sums = sums.join(lost).fillna(0).astype("int64")
    sums["opening"] += sums["sum"]
    sums["joined"] += sums["count"]
    order = ["opening", "new", "back", "up", "down", "sum", "mrr"]
    order += ["joined", "new_n", "back_n", "count", "one"]
    return _facts(sums[order].itertuples(name=None))


def pandas_trailing(path: str) -> Facts:
    """The same, merged with the rows of a year before."""
    frame = _pandas_rows(path)
    facts = _pandas_movements(frame)
    year = frame.assign(month=frame["month"] + 12)
    both = year.merge(frame, on=["account_id", "month"], how="left", suffixes=("_year", ""))
    both["mrr"] = both["mrr"].fillna(0).astype("int64")
    both["gross"] = both[["mrr", "mrr_year"]].min(axis=1)
    sums = both.groupby("month")[["mrr_year", "mrr", "gross"]].sum()
    for month, *row in sums.itertuples():
        if str(month) in facts:
            facts[str(month)] += _retention(*row)
    return facts


def saas_metrics_movements(path: str) -> Facts:
    """The peer package from PyPI; it makes more tables than asked, and cannot be told not to."""
    import saas_metrics

    names = {"customer_id": "account_id", "period": "month", "revenue": "mrr"}
    report = saas_metrics.analyze(path, mapping=names, allow_warnings=True)
    table = report.waterfall
    money = ("beginning", "new_logo", "reactivation", "expansion", "contraction", "churn", "ending")
    counts = ("new_logos", "reactivated_logos", "churned_logos", "active_logos")
    facts: Facts = {}
    opening = 0
    for row in table.to_dict("records"):
        end = row["period_end"]
        amounts = [round(float(row[name]) * 100) for name in money]
        facts[str(end.year * 12 + end.month - 1)] = [
            *amounts,
            opening,
            *(int(row[n]) for n in counts),
        ]
        opening = int(row["active_logos"])
    return facts


def polars_scan(path: str) -> None:
    """The three columns into memory and nothing else: what no answer can be quicker than."""
    import polars as pl

    pl.scan_parquet(path).select("account_id", "month", "mrr").collect()


def polars_scan_two_months(path: str) -> None:
    """The rows of the opening and the closing month and nothing else."""
    from datetime import date

    import polars as pl

    rows = pl.scan_parquet(path).filter(
        pl.col("month").is_in([date(2023, 12, 1), date(2024, 12, 1)])
    )
    rows.select("account_id", "month", "mrr").collect()


def polars_read_csv(path: str) -> None:
    """Polars' own typed read of the three columns."""
    import polars as pl

    types: pl.Schema = pl.Schema(
        {"account_id": pl.String(), "month": pl.Date(), "mrr": pl.Decimal(18, 2)}
    )
    pl.read_csv(path, columns=types.names(), schema_overrides=types)


def retcalc_read_csv(path: str) -> None:
    """The same columns as checked texts with their line numbers, by retcalc's own door."""
    from retcalc.read import ReadPlan, ReadRules, read_table

    columns = ["account_id", "month", "mrr"]
    read_table([path], ReadRules(), lambda _: ReadPlan(columns=columns))


RIVALS: dict[str, Callable[[str], Facts | None]] = {
    "duckdb-movements": duckdb_movements,
    "duckdb-hashed": duckdb_hashed,
    "duckdb-trailing": duckdb_trailing,
    "duckdb-hashed-trailing": duckdb_hashed_trailing,
    "duckdb-by-plan": duckdb_by_plan,
    "duckdb-window": duckdb_window,
    "duckdb-cohorts": duckdb_cohorts,
    "pandas-movements": pandas_movements,
    "pandas-trailing": pandas_trailing,
    "saas-metrics-movements": saas_metrics_movements,
    "polars-scan": polars_scan,
    "polars-scan-two-months": polars_scan_two_months,
    "polars-read-csv": polars_read_csv,
    "retcalc-read-csv": retcalc_read_csv,
}


if __name__ == "__main__":
    found = RIVALS[sys.argv[1]](str(Path(sys.argv[2])))
    if found is not None:
        json.dump(found, sys.stdout)
