"""Makes account-months for the benchmarks: seeded, so that every machine measures the same rows.

Accounts come and go over 60 months, a few return after a break, amounts change now and then, and
so does the plan. Columns: account_id (text of 18 characters), month (first day), mrr (money with
two decimals), plan (one of five).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

MONTHS = 60
FIRST_YEAR = 2020
_MEAN_LIFE = 22.0  # rows an account has on average, given the data ends after MONTHS
_PLANS = ("Basic", "Enterprise", "Free plus", "Pro", "Team")
_CHUNK = 1 << 18  # accounts made at a time
_PILE = 10_000_000  # rows shuffled together
_MOST_CSV = 20_000_000  # rows


def account_months(rows: int, *, seed: int = 1) -> Iterator[pl.DataFrame]:
    """Exactly ``rows`` account-months by account and month, some accounts at a time."""
    rng = np.random.default_rng(seed)
    accounts = max(20, round(rows / _MEAN_LIFE))
    for start in range(0, accounts, _CHUNK):
        part = _some(rng, start, min(_CHUNK, accounts - start)).head(rows)
        rows -= part.height
        yield part


def _some(rng: np.random.Generator, offset: int, count: int) -> pl.DataFrame:
    month = np.arange(MONTHS)
    born = rng.integers(-24, MONTHS, count).clip(0)[:, None]
    life = (1 + rng.geometric(1 / 40, count))[:, None]
    active = (month >= born) & (month < born + life)
    pauses = rng.random(count) < 0.05
    pause = (born + rng.integers(1, 20, (count, 1))).astype(np.int64)
    active &= ~(pauses[:, None] & (month >= pause) & (month < pause + 3))
    base = np.exp(rng.normal(8.5, 1.1, count))[:, None]
    steps = rng.choice([0.0, 0.08, -0.06], (count, MONTHS), p=[0.9, 0.07, 0.03])
    cents = np.maximum(1, np.rint(base * np.exp(np.cumsum(steps, axis=1)))).astype(np.int64)
    moves = np.cumsum(rng.random((count, MONTHS)) < 0.004, axis=1)
    plan = (rng.integers(0, len(_PLANS), count)[:, None] + moves) % len(_PLANS)
    who, when = np.nonzero(active)
    ids = pl.Series("account_id", offset + np.arange(count, dtype=np.uint64))
    # an odd factor modulo 2**56 scatters the numbers and keeps them distinct
    names = pl.select(
        pl.format("cus_{}", (pl.lit(ids) * 0x9E3779B97F4A7B % 2**56).map_batches(_hex, pl.String))
    ).to_series()
    days = [f"{FIRST_YEAR + m // 12}-{m % 12 + 1:02}-01" for m in range(MONTHS)]
    return pl.DataFrame(
        {
            "account_id": names.gather(who),
            "month": pl.Series(days).str.to_date().gather(when),
            "mrr": pl.Series(cents[active]).cast(pl.Decimal(18, 0)),
            "plan": pl.Series(_PLANS).gather(plan[active]),
        }
    ).with_columns((pl.col("mrr") * pl.lit("0.01").cast(pl.Decimal(18, 2))).cast(pl.Decimal(18, 2)))


def _hex(numbers: pl.Series) -> pl.Series:
    return pl.Series([f"{n:014x}" for n in numbers.to_list()], dtype=pl.String)


def write(path: Path, rows: int, *, shuffled: bool = True) -> None:
    """Write the rows as Parquet to ``path``, and as CSV beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    piles = -(-rows // _PILE) if shuffled else 1
    with TemporaryDirectory(dir=path.parent) as folder:
        for number, part in enumerate(account_months(rows)):
            dealt = part.sample(fraction=1.0, shuffle=True, seed=number) if shuffled else part
            for pile in range(piles):
                dealt.gather_every(piles, pile).write_parquet(
                    f"{folder}/{pile}-{number:04}.parquet"
                )
        paths = []
        for pile in range(piles):
            frame = pl.read_parquet(f"{folder}/{pile}-*.parquet")
            paths.append(f"{folder}/whole-{pile:04}.parquet")
            mixed = frame.sample(fraction=1.0, shuffle=True, seed=pile) if shuffled else frame
            mixed.write_parquet(paths[-1])
        pl.scan_parquet(paths).sink_parquet(path, row_group_size=250_000, maintain_order=True)
    if rows <= _MOST_CSV:
        pl.read_parquet(path).write_csv(path.with_suffix(".csv"))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), shuffled=sys.argv[3] == "shuffled")
