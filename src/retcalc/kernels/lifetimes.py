"""Lifetimes of accounts counted by age: from the start to the first month without MRR.

A lifetime is the first unbroken run of paid months of an account; what it pays after a break is
not a new one. Ages are whole months since the start: paid from month 3 to month 7 and not in
month 8 is a lifetime of 5 months. Counts by age are all that survival curves and their models need.
Where rows are dated lives are counted by the day, see ``by_account.day_lives``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import polars as pl


@dataclass(frozen=True, slots=True)
class AgeCount:
    """What happens at one age, in accounts.

    ``entered``: come under observation, at risk from the next age on (at age 0: from the start);
    ``churned``: lifetimes that end; ``censored``: still running when the observation ends.
    """

    age: int
    entered: int = 0
    churned: int = 0
    censored: int = 0


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Accounts watched over the same months, or days, of life.

    ``entry`` and ``exit`` are ages: at risk in the months, or days, of life entry + 1 to exit.
    With ``churned`` the first one without MRR is at age ``exit``; else they still paid.
    """

    entry: int
    exit: int
    churned: bool
    accounts: int


Lifetimes = tuple[AgeCount, ...]  # by age, ascending


def accounts_of(lifetimes: Lifetimes) -> int:
    """Accounts that were observed."""
    return sum(count.entered for count in lifetimes)


def churned_of(lifetimes: Lifetimes) -> int:
    """Accounts that were observed to leave."""
    return sum(count.churned for count in lifetimes)


def merged(parts: Iterable[Lifetimes]) -> Lifetimes:
    """The lifetimes of several segments as one."""
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for count in chain.from_iterable(parts):
        own = (count.entered, count.churned, count.censored)
        sums[count.age] = [a + b for a, b in zip(sums[count.age], own, strict=True)]
    return tuple(AgeCount(age, *sums[age]) for age in sorted(sums))


def with_starts(
    lifetimes: pl.DataFrame,
    unsure: int | None = None,
    starts: pl.DataFrame | None = None,
    *,
    dates_first: bool = False,
) -> pl.DataFrame:
    """Add ``start_month`` to the lifetimes of a panel; null where it is unknown.

    It is the first paid month. Accounts that pay in ``unsure``, the first month of the data, may
    have started earlier: they need a date in ``starts`` (account, start_month: month index or
    null). With ``dates_first`` the date decides for every account that has one. A date after the
    first paid month cannot be the start, which is that month then.
    """
    if starts is not None:
        starts = starts.select("account", date="start_month")
        lifetimes = lifetimes.join(starts, on="account", how="left", validate="1:1")
    start = known_start(unsure, dated=starts is not None, dates_first=dates_first)
    return lifetimes.with_columns(start.alias("start_month")).drop("date", strict=False)


def known_start(unsure: int | None, *, dated: bool, dates_first: bool) -> pl.Expr:
    """When lives start by ``first`` and, if ``dated``, by ``date``; see ``with_starts``.

    In months or in days: who pays up to ``unsure`` may have started before.
    """
    first, date = pl.col("first"), pl.col("date")
    paid = first if unsure is None else pl.when(first > unsure).then(first)
    if not dated:
        return paid
    earliest = pl.when(date.is_not_null()).then(pl.min_horizontal(first, date))
    return pl.coalesce((earliest, paid) if dates_first else (paid, earliest))


def begun(start: str, closing: int, since: int | None = None) -> pl.Expr:
    """Lives inside the filter that are paid by ``closing`` and, if given, began after ``since``.

    ``start`` names the column of the starts; lives of unknown start are among them, if they are
    paid after ``since`` only.
    """
    first = pl.col("first")
    inside = (pl.col("seg") >= 0) & (first <= closing)
    if since is None:
        return inside
    known = pl.col(start)
    return inside & (first > since) & (known.is_null() | (known > since))


def by_age(
    lifetimes: pl.DataFrame, closing: int, opening: int | None = None
) -> dict[int, Lifetimes]:
    """Count lifetimes of known start by segment and age, as seen at the month-end ``closing``.

    ``opening``: watch only from this month-end on; who pays then enters late, at the age reached.
    Segments outside the filter are left out.
    """
    return counted_by_age(month_ages(lifetimes, closing, opening))


def counted_by_age(ages: pl.DataFrame) -> dict[int, Lifetimes]:
    """Count lifetimes by segment and age: rows of seg, entry and exit (ages), and churned."""
    accounts = pl.len().cast(pl.Int64)
    churned = pl.col("churned").cast(pl.Int64).sum()
    entries = ages.group_by("seg", age="entry").agg(accounts.alias("entered"))
    exits = ages.group_by("seg", age="exit").agg(
        churned.alias("churned"), (accounts - churned).alias("censored")
    )
    both = pl.concat([entries, exits], how="diagonal").group_by("seg", "age").agg(pl.all().sum())
    counts: defaultdict[int, list[AgeCount]] = defaultdict(list)
    for seg, *count in both.sort("seg", "age").rows():
        counts[seg].append(AgeCount(*count))
    return {seg: tuple(own) for seg, own in counts.items()}


def at_risk(ages: pl.DataFrame) -> dict[int, tuple[AtRisk, ...]]:
    """Accounts by segment and the ages they are at risk in: see ``counted_by_age``."""
    keys = ["seg", "entry", "exit", "churned"]
    counts = ages.group_by(keys).agg(pl.len().cast(pl.Int64)).sort(keys)
    spans: defaultdict[int, list[AtRisk]] = defaultdict(list)
    for seg, *span in counts.rows():
        spans[seg].append(AtRisk(*span))
    return {seg: tuple(own) for seg, own in spans.items()}


def month_ages(lifetimes: pl.DataFrame, closing: int, opening: int | None = None) -> pl.DataFrame:
    """Ages in months at which each account comes under observation and leaves it."""
    last, start, watched = pl.col("last"), pl.col("start_month"), pl.col("first")
    inside = (pl.col("seg") >= 0) & (watched <= closing) & start.is_not_null()
    if opening is not None:
        inside = inside & (last >= opening)
        watched = watched.clip(lower_bound=opening)
    churned = last < closing
    end = pl.when(churned).then(last + 1).otherwise(closing)
    return lifetimes.filter(inside).select(
        "seg",
        (watched - start).alias("entry"),
        (end - start).alias("exit"),
        churned.alias("churned"),
    )
