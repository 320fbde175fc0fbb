"""Cohort sums of a dense panel, from what each month changes."""

from __future__ import annotations

from functools import partial

import polars as pl

from retcalc.core.speed.dense_panel import MAX_SEGMENTS, DensePanel
from retcalc.core.speed.packed_key import packed_key
from retcalc.core.speed.threads import map_in_order
from retcalc.kernels.cohort import CELL, STARTED, CohortSums

_CHANGES = ("key", *CELL)
_NOT_STARTED = -1
_SEGMENT_BITS, _MONTH_BITS = MAX_SEGMENTS.bit_length(), 15
# a cohort as a number of 32 bits, for each account; segments as the cells hold them
_COHORT = packed_key(pl.Int32, ("home", 0, _SEGMENT_BITS), ("start", 0, _MONTH_BITS))
_KEY = packed_key(pl.Int64, ("cohort", _NOT_STARTED, 32), ("month", 0, _MONTH_BITS))


def cohort_sums(panel: DensePanel, last: int) -> CohortSums:
    """Sums of cohorts up to the month-end ``last``; an account starts in its first paid month.

    Only cells that differ from those of the month before are looked at one by one: what a month
    changes is added to the sums of the month before.
    """
    panel.load(range(panel.first, last + 1))
    half = panel.accounts // 2
    parts = map_in_order(partial(_changes, panel, last), (0, half), (half, panel.accounts))
    key = _KEY.unpack(pl.col("key"))
    cohort = _COHORT.unpack(key["cohort"])
    columns = {
        "home": panel.seg(cohort["home"]),
        "start_month": cohort["start"] + panel.first,
        "month": key["month"] + panel.first,
    }
    summed = pl.concat(parts).group_by("key").agg(pl.col(CELL).sum())
    summed = summed.filter(key["cohort"] != _NOT_STARTED)
    named = [column.cast(pl.Int32).alias(name) for name, column in columns.items()]
    cells = _added_up(summed.select(*named, *CELL).filter(pl.col("home") >= 0), last)
    first = pl.when(pl.col("month") == pl.col("start_month"))
    sums = zip(STARTED, ("accounts", "mrr"), strict=True)
    return CohortSums(
        cells.with_columns(first.then(own).otherwise(0).alias(name) for name, own in sums)
    )


def _changes(panel: DensePanel, last: int, start: int, end: int) -> pl.DataFrame:
    """What every month up to ``last`` changes in the sums of cohorts: key and CELL.

    For the accounts with codes ``start`` to ``end - 1``. Each account has the number of its cohort,
    _NOT_STARTED before its first paid month, and its lowest MRR since.
    """
    accounts = end - start
    number = pl.int_range(accounts, dtype=pl.UInt32, eager=True)
    cohort = pl.repeat(_NOT_STARTED, accounts, dtype=pl.Int32, eager=True)
    lowest = pl.repeat(0, accounts, dtype=pl.Int64, eager=True)
    parts = [pl.DataFrame(schema=dict.fromkeys(_CHANGES, pl.Int64))]
    for month in range(panel.first, last + 1):
        was, now = (panel.cells_of(m).slice(start, accounts) for m in (month - 1, month))
        differ = was != now
        who, known, low = (c.filter(differ) for c in (number, cohort, lowest))
        now = now.filter(differ)
        before, after = panel.mrr(was.filter(differ)), panel.mrr(now)
        begins = (known == _NOT_STARTED) & (after > 0)
        mine = _cohort_of(panel, now, month).zip_with(begins, known)
        least = after.zip_with(begins | (after < low), low)
        cohort, lowest = cohort.scatter(who, mine), lowest.scatter(who, least)
        paying = (after > 0).cast(pl.Int64) - (before > 0).cast(pl.Int64)
        key = _KEY.pack({"cohort": pl.lit(mine), "month": pl.lit(month - panel.first)})
        changes = (pl.select(key).to_series(), paying, after - before, least - low)
        parts.append(pl.DataFrame(dict(zip(_CHANGES, changes, strict=True))))
    return pl.concat(parts).group_by("key").agg(pl.col(CELL).sum())


def _cohort_of(panel: DensePanel, cells: pl.Series, month: int) -> pl.Series:
    """The cohorts that accounts with these cells start in a month."""
    parts = {"home": panel.stored_seg(pl.lit(cells)), "start": pl.lit(month - panel.first)}
    return pl.select(_COHORT.pack(parts)).to_series()


def _added_up(changes: pl.DataFrame, last: int) -> pl.DataFrame:
    """The sums of every cohort and month up to ``last``, from what each month changes."""
    of_cohort = ["home", "start_month"]
    keys = [*of_cohort, "month"]
    ages = pl.int_ranges("start_month", last + 1, dtype=pl.Int32).alias("month")
    every = changes.select(of_cohort).unique().with_columns(ages).explode("month")
    dense = every.join(changes, on=keys, how="left", validate="1:1").sort(keys)
    dense = dense.with_columns(pl.col(CELL).fill_null(0))
    return dense.with_columns(pl.col(CELL).cum_sum().over(of_cohort))
