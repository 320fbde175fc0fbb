"""Lives of accounts: from the first paid month to the first month without MRR, counted by age.

A life is the first unbroken run of paid months of an account; what an account pays after a break
is no new life. Ages are whole months since the start: paid from month 3 to month 7 and not in
month 8 is a life of 5 months. Counts by age are all that survival curves and their models need.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class AgeCount:
    """What happens at one age, in accounts.

    ``entered``: come under observation, at risk from the next age on (at age 0: from the start);
    ``churned``: lives that end; ``censored``: lives still running when the observation ends.
    """

    age: int
    entered: int = 0
    churned: int = 0
    censored: int = 0


Lives = tuple[AgeCount, ...]  # by age, ascending


@dataclass(frozen=True, slots=True)
class Observed:
    """Lives per segment, and the accounts left out because nothing tells their start."""

    by_segment: Mapping[int, Lives]
    unknown_starts: int = 0


def accounts_of(lives: Lives) -> int:
    """Accounts that were observed."""
    return sum(count.entered for count in lives)


def observe_lives(
    panel: pl.DataFrame,
    closing: int,
    *,
    opening: int | None = None,
    unsure: int | None = None,
    births: pl.DataFrame | None = None,
) -> Observed:
    """Count lives by segment and age up to the month-end ``closing``.

    ``panel``: account, month, mrr > 0, seg; sorted by account and month. An account belongs to
    the segment of its first month. ``opening``: watch only from this month-end on; who pays then
    enters late, at the age reached. ``unsure``: accounts that pay in this month (the first of the
    data) may have started before; ``births`` (account, born: month index) tells when some did.
    """
    lives = _born(first_lives(panel, closing).filter(pl.col("seg") >= 0), unsure, births)
    last = pl.col("last")
    if opening is not None:
        lives = lives.filter(last >= opening)
    known = lives.filter(pl.col("born").is_not_null())
    watched = pl.col("first") if opening is None else pl.col("first").clip(lower_bound=opening)
    ended = last < closing
    ages = known.select(
        "seg",
        (watched - pl.col("born")).alias("entry"),
        (pl.when(ended).then(last + 1).otherwise(closing) - pl.col("born")).alias("exit"),
        ended.alias("ended"),
    )
    return Observed(_count(ages), lives.height - known.height)


def first_lives(panel: pl.DataFrame, closing: int) -> pl.DataFrame:
    """First unbroken run of paid months per account: account, seg, first, last (month indexes)."""
    account, month = pl.col("account"), pl.col("month")
    begins = ((account != account.shift(1)) | (month != month.shift(1) + 1)).fill_null(value=True)
    rows = panel.filter(month <= closing).select("account", "seg", "month", begins.alias("begins"))
    rows = rows.with_columns(pl.col("begins").shift(-1, fill_value=True).alias("ends"))
    runs = rows.filter("begins").select("account", "seg", first="month")
    runs = runs.with_columns(rows.filter("ends")["month"].alias("last"))
    return runs.filter((account != account.shift(1)).fill_null(value=True))


def _born(lives: pl.DataFrame, unsure: int | None, births: pl.DataFrame | None) -> pl.DataFrame:
    """Add the month each life began, null where it may lie before the data."""
    first = pl.col("first")
    if unsure is None:
        return lives.with_columns(first.alias("born"))
    if births is None:
        return lives.with_columns(pl.when(first != unsure).then(first).alias("born"))
    told = lives.join(births, on="account", how="left", validate="1:1")
    # A sign-up after the first payment cannot be the start.
    earliest = pl.when(pl.col("born").is_not_null()).then(pl.min_horizontal(first, "born"))
    return told.with_columns(pl.when(first != unsure).then(first).otherwise(earliest).alias("born"))


def _count(ages: pl.DataFrame) -> dict[int, Lives]:
    entries = ages.group_by("seg", "entry").agg(pl.len().cast(pl.Int64))
    ended = pl.col("ended").cast(pl.Int64)
    exits = ages.group_by("seg", "exit").agg(
        ended.sum().alias("churned"), (1 - ended).sum().alias("censored")
    )
    found: defaultdict[int, defaultdict[int, list[int]]] = defaultdict(
        lambda: defaultdict(lambda: [0, 0, 0])
    )
    for seg, age, entered in entries.rows():
        found[seg][age][0] = entered
    for seg, age, churned, censored in exits.rows():
        found[seg][age][1:] = churned, censored
    return {
        seg: tuple(AgeCount(age, *found[seg][age]) for age in sorted(found[seg]))
        for seg in sorted(found)
    }
