"""Lives by the day, from dated rows: the first unbroken run of days that an account pays on.

Days are numbers since 1970-01-01 (Int32). A row runs from its start up to the day before its end;
an account pays on a day when its rows of that day add up to more than nothing. Rows that overlap or
adjoin are one life; the life ends on the first day without MRR, and a return is no new one. A row
that ends on the day it starts is a life of no days, unless another row runs on from that day.

Gain: one sort of packed integers and three passes, no group an account: a million rows take 0.1 s.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from retcalc.core.speed.packed_sort import packed_sort
from retcalc.kernels.lifetimes import begun, known_start

RUNNING = 2**22 - 1  # a day after any calendar's: the end of what still runs
_DAY = pl.Int32
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """The number of a day."""
    return (day - _EPOCH).days


def day_lives(intervals: pl.DataFrame, *, latest_by: int | None = None) -> pl.DataFrame:
    """First life of every account that ever pays: account, seg, first, end; sorted by account.

    ``intervals``: account, start, end (Date, exclusive; null while running), amount, seg. ``end``
    is the first day without MRR, RUNNING where there is none. ``seg`` is that of the largest row
    on the account's first day, or with ``latest_by`` of the row that begins last up to that day.
    """
    amount, start, end = pl.col("amount"), pl.col("start"), pl.col("end")
    rows = intervals.select(
        "account",
        "amount",
        "seg",
        start=start.to_physical().cast(_DAY),
        end=end.to_physical().cast(_DAY).fill_null(RUNNING),
    )
    runs = _runs(rows.filter((end > start) & (amount != 0)))
    brief = rows.filter((end == start) & (amount > 0)).select("account", first=start, end=end)
    if not brief.is_empty():  # the longer of two that begin on one day comes first
        both = pl.concat([runs, brief]).with_columns(less=-end)
        runs = packed_sort(both, "account", "first", "less").drop("less")
    account = pl.col("account")
    first = runs.filter((account != account.shift(1)).fill_null(value=True))
    paid = rows.filter((end >= start) & (amount > 0))
    if latest_by is None:
        return _with_segments(first, paid.with_columns(turn=start))
    return _with_segments(first, paid.filter(start <= latest_by).with_columns(turn=-start))


def _runs(rows: pl.DataFrame) -> pl.DataFrame:
    """Every stretch of days on which an account pays: account, first, end.

    What begins and what ends adds up to nothing for every account, so one running sum over all of
    them is that of each, and what pays at the end of a day's changes pays until the next ones.
    """
    amount = pl.col("amount")
    if not rows.select((amount < 0).any()).item():  # then it matters only how many rows run
        rows = rows.with_columns(amount=pl.lit(1, pl.Int64))
    begins = rows.select("account", "amount", day="start")
    ceases = rows.select("account", amount=0 - amount, day="end")
    changes = pl.concat([begins, ceases])
    ordered = packed_sort(changes, "account", "day")
    same = pl.all_horizontal(
        *(pl.col(name) == pl.col(name).shift(-1) for name in ("account", "day"))
    ).fill_null(value=False)
    paying = amount.cum_sum() > 0
    days = ordered.lazy().select("account", "day", paying=paying, last=~same).filter("last")
    was = pl.col("paying").shift(1, fill_value=False)
    turns = days.filter(pl.col("paying") != was).collect()
    ends = turns.filter(~pl.col("paying"))["day"]
    return turns.filter("paying").select("account", first="day").with_columns(ends.alias("end"))


def _with_segments(lives: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """The segment of each life: of the row of its account with the least turn, then the largest."""
    columns, account = ("account", "seg", "first", "end"), pl.col("account")
    if paid["seg"].n_unique() < 2:
        return lives.with_columns(seg=pl.lit(paid["seg"].max() or 0, pl.Int32)).select(columns)
    rows = paid.select("account", "seg", "turn", less=0 - pl.col("amount"))
    ordered = packed_sort(rows, "account", "turn", "less")
    own = ordered.filter((account != account.shift(1)).fill_null(value=True))
    joined = lives.join(
        own.select("account", "seg"),
        on="account",
        how="left",
        validate="1:1",
        maintain_order="left",
    )
    return joined.select(columns)


def with_start_days(
    lives: pl.DataFrame,
    unsure: int | None = None,
    starts: pl.DataFrame | None = None,
    *,
    dates_first: bool = False,
) -> pl.DataFrame:
    """Add ``start_day`` to lives; as ``lifetimes.with_starts`` does for months.

    Accounts that pay by the day ``unsure`` may have started before the data. ``starts``: account
    and start_day, a day number or null.
    """
    if starts is not None:
        starts = starts.select("account", date="start_day")
        lives = lives.join(starts, on="account", how="left", validate="1:1", maintain_order="left")
    start = known_start(unsure, dated=starts is not None, dates_first=dates_first)
    return lives.with_columns(start.alias("start_day")).drop("date", strict=False)


def day_ages(lives: pl.DataFrame, closing: int, opening: int | None = None) -> pl.DataFrame:
    """Days of life at which each account comes under observation and leaves it.

    Gives seg, entry, exit and churned of the lives of known start, as seen at the end of the day
    ``closing``; ``opening``: watch only from the end of that day on. A row is at risk on the days
    of life entry + 1 to exit. ``entry_month`` and ``exit_month``: see ``in_months``.
    """
    end, start = pl.col("end"), pl.col("start_day")
    watched = pl.col("first") if opening is None else pl.col("first").clip(lower_bound=opening)
    inside = begun("start_day", closing) & start.is_not_null()
    if opening is not None:
        inside = inside & (end > opening)
    churned = end <= closing
    until = pl.min_horizontal(end, pl.lit(closing, _DAY))
    seen = lives.filter(inside).select("seg", start, entered=watched, left=until, churned=churned)
    entered, left = pl.col("entered"), pl.col("left")
    last_month = _months_begun(start, left).clip(lower_bound=1)
    months = pl.when("churned").then(last_month).otherwise(_full_months(start, left))
    return seen.select(
        "seg",
        "churned",
        entry=entered - start,
        exit=left - start,
        entry_month=_months_begun(start, entered),
        exit_month=months,
    )


def in_months(ages: pl.DataFrame) -> pl.DataFrame:
    """The same in each account's own calendar months: seg, entry, exit, churned.

    A life ends in the month of it that its last day lies in; a month that is not watched from its
    first day, or to its last without an end, does not count.
    """
    entry, left = pl.col("entry_month"), pl.col("exit_month")
    watched = ages.filter((entry < left) | (entry == 0))
    return watched.select("seg", "churned", entry=entry, exit=left)


def _months_begun(start: pl.Expr, until: pl.Expr) -> pl.Expr:
    """Calendar months from one day to another, the last one counted though it is not full."""
    more = until.cast(pl.Date).dt.day() > start.cast(pl.Date).dt.day()
    return _months_between(start, until) + more.cast(_DAY)


def _full_months(start: pl.Expr, until: pl.Expr) -> pl.Expr:
    """Full calendar months from one day to another: one from 31 January to 28 February."""
    day, month_end = until.cast(pl.Date).dt.day(), until.cast(pl.Date).dt.month_end().dt.day()
    less = day < pl.min_horizontal(start.cast(pl.Date).dt.day(), month_end)
    return _months_between(start, until) - less.cast(_DAY)


def _months_between(start: pl.Expr, until: pl.Expr) -> pl.Expr:
    a, b = start.cast(pl.Date).dt, until.cast(pl.Date).dt
    return (b.year() - a.year()) * 12 + b.month().cast(_DAY) - a.month().cast(_DAY)
