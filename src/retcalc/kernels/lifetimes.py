"""Lives of accounts: from the first paid month to the first month without MRR, counted by age.

A life is the first unbroken run of paid months of an account; what an account pays after a break
is no new life. Ages are whole months since the start: paid from month 3 to month 7 and not in
month 8 is a life of 5 months. Counts by age are all that survival curves and their models need.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

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


def accounts_of(lives: Lives) -> int:
    """Accounts that were observed."""
    return sum(count.entered for count in lives)


def merged(parts: Iterable[Lives]) -> Lives:
    """The lives of several segments as one."""
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for count in chain.from_iterable(parts):
        own = (count.entered, count.churned, count.censored)
        sums[count.age] = [a + b for a, b in zip(sums[count.age], own, strict=True)]
    return tuple(AgeCount(age, *sums[age]) for age in sorted(sums))


def first_lives(
    panel: pl.DataFrame, *, unsure: int | None = None, births: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The life of every account: account, seg of its first month, first, last, born (months).

    ``panel``: account, month, mrr > 0, seg; sorted by account and month. ``last`` is the last
    month of the first unbroken run. ``born`` is the start: the first month, but for accounts whose
    first month is ``unsure`` (the first of the data) the month that ``births`` (account, born)
    tells; null where nothing does.
    """
    account, month = pl.col("account"), pl.col("month")
    begins = ((account != account.shift(1)) | (month != month.shift(1) + 1)).fill_null(value=True)
    rows = panel.select("account", "seg", "month", begins.alias("begins"))
    rows = rows.with_columns(pl.col("begins").shift(-1, fill_value=True).alias("ends"))
    runs = rows.filter("begins").select("account", "seg", first="month")
    runs = runs.with_columns(rows.filter("ends")["month"].alias("last"))
    lives = runs.filter((account != account.shift(1)).fill_null(value=True))
    first = pl.col("first")
    if unsure is None:
        return lives.with_columns(first.alias("born"))
    if births is None:
        return lives.with_columns(pl.when(first != unsure).then(first).alias("born"))
    told = lives.join(births, on="account", how="left", validate="1:1").sort("account")
    # A sign-up after the first payment cannot be the start.
    earliest = pl.when(pl.col("born").is_not_null()).then(pl.min_horizontal(first, "born"))
    return told.with_columns(pl.when(first != unsure).then(first).otherwise(earliest).alias("born"))


def count_lives(lives: pl.DataFrame, closing: int, opening: int | None = None) -> dict[int, Lives]:
    """Count lives of known start by segment and age, as seen at the month-end ``closing``.

    ``opening``: watch only from this month-end on; who pays then enters late, at the age reached.
    Segments outside the filter are left out.
    """
    last, born, watched = pl.col("last"), pl.col("born"), pl.col("first")
    inside = (pl.col("seg") >= 0) & (pl.col("first") <= closing) & born.is_not_null()
    if opening is not None:
        inside = inside & (last >= opening)
        watched = watched.clip(lower_bound=opening)
    ended = last < closing
    ages = lives.filter(inside).select(
        "seg",
        (watched - born).alias("entry"),
        (pl.when(ended).then(last + 1).otherwise(closing) - born).alias("exit"),
        ended.cast(pl.Int64).alias("ended"),
    )
    churned = pl.col("ended").sum().alias("churned")
    entries = ages.group_by("seg", age="entry").agg(pl.len().cast(pl.Int64).alias("entered"))
    exits = ages.group_by("seg", age="exit").agg(
        churned, (pl.len().cast(pl.Int64) - pl.col("ended").sum()).alias("censored")
    )
    both = pl.concat([entries, exits], how="diagonal").group_by("seg", "age").agg(pl.all().sum())
    found: defaultdict[int, list[AgeCount]] = defaultdict(list)
    for seg, *count in both.sort("seg", "age").rows():
        found[seg].append(AgeCount(*count))
    return {seg: tuple(counts) for seg, counts in found.items()}


@dataclass(frozen=True, slots=True)
class Spell:
    """Accounts watched over the same months of life.

    ``entry`` and ``exit`` are ages in whole months: at risk in the months of life entry + 1 to
    exit. With ``churned`` the first month without MRR is at age ``exit``; else they still paid.
    """

    entry: int
    exit: int
    churned: bool
    accounts: int


@dataclass(frozen=True, slots=True)
class Spells:
    """Spells per segment; ``unknown`` accounts are left out because nothing tells their start."""

    by_segment: Mapping[int, tuple[Spell, ...]]
    unknown: int = 0


def spells(
    panel: pl.DataFrame,
    first: int,
    last: int,
    *,
    births: pl.DataFrame | None = None,
    since: int | None = None,
) -> Spells:
    """Spells of the first lives of accounts, up to the month-end ``last``.

    ``panel``: account, month, mrr > 0, seg; sorted by account and month. A life starts with the
    first paid month, or with the earlier month that ``births`` (account, born: month index or
    null) tells. Who pays in ``first``, the first month of the data, may have started before, so
    needs a birth. With ``since`` only lives that started after that month-end count.
    """
    lives = first_lives(panel.filter(pl.col("month") <= last), unsure=first)
    lives = lives.filter(pl.col("seg") >= 0)
    paid = pl.col("first")
    if since is not None:
        lives = lives.filter(paid > since)
    if births is not None:
        told = births.select("account", told="born")
        lives = lives.join(told, on="account", how="left", validate="1:1")
        earliest = (
            pl.when(pl.col("told").is_null())
            .then("born")
            .otherwise(pl.min_horizontal("told", paid))
        )
        lives = lives.with_columns(earliest.alias("born"))
    known = lives.filter(pl.col("born").is_not_null())
    unknown = lives.height - known.height
    if since is not None:
        known = known.filter(pl.col("born") > since)
    churned = pl.col("last") < last
    ages = known.select(
        "seg",
        (paid - pl.col("born")).alias("entry"),
        (pl.col("last") + churned.cast(pl.Int32) - pl.col("born")).alias("exit"),
        churned.alias("churned"),
    )
    keys = ["seg", "entry", "exit", "churned"]
    counts = ages.group_by(keys).agg(pl.len().cast(pl.Int64)).sort(keys)
    found: dict[int, list[Spell]] = {}
    for segment, *spell in counts.rows():
        found.setdefault(segment, []).append(Spell(*spell))
    return Spells({segment: tuple(s) for segment, s in found.items()}, unknown)
