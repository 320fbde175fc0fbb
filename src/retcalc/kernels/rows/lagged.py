"""What the account of a row of a panel had so many months before, and whether it is there after.

In a panel sorted by account and month the row of ``lag`` months before is at most ``lag`` rows
above, and exactly there for an account that never paused; so nothing is joined.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

_ROOM = 2**20  # for months in a place; accounts above them
STAYS, RETURNED = "stays", "returned"


def before(name: str) -> str:
    """Name of a column that holds another one's value of ``lag`` months before."""
    return f"{name} before"


def link(rows: pl.DataFrame, columns: Sequence[str], lag: int, gap: int | None) -> pl.DataFrame:
    """Look ``lag`` months back and ahead from every row of a panel: account and month, sorted.

    Gives ``columns`` as they were ``lag`` months before, null where the account had no row then;
    STAYS, whether it has one ``lag`` months after; and RETURNED, whether, without one before, it
    had paid earlier than that and was away ``gap`` months at the most (None: any). Right for every
    row with at least ``lag + 1`` rows above and ``lag`` rows below, or all there are of its
    account.
    """
    at = rows.select(pl.col("account").cast(pl.Int64) * _ROOM + pl.col("month")).to_series()
    place, wanted = pl.lit(at), pl.lit(at - lag)
    first = _first_seen(at, lag)
    above = (place.shift(lag) == wanted).fill_null(value=False)
    linked = (
        rows.lazy()
        .select(
            *(pl.when(above).then(pl.col(c).shift(lag)).alias(before(c)) for c in columns),
            (place.shift(-lag) == pl.lit(at + lag)).fill_null(value=False).alias(STAYS),
            (first < wanted).alias(RETURNED),
            ((first <= wanted) & ~above if lag > 1 else pl.lit(value=False)).alias("paused"),
        )
        .collect()
    )
    paused = linked["paused"].arg_true()
    if len(paused):
        of, places = _behind_pauses(at, paused, lag)
        told = (linked[before(c)].scatter(of, rows[c].gather(places)) for c in columns)
        linked = linked.with_columns(*told, linked[STAYS].scatter(places, True))
    if gap is not None:
        came = linked.select(pl.col(before(columns[0])).is_null() & pl.col(RETURNED)).to_series()
        came = came.arg_true()
        within = linked[RETURNED].scatter(came, _within(at, came, lag, gap))
        linked = linked.with_columns(within)
    return linked.drop("paused")


def _first_seen(at: pl.Series, lag: int) -> pl.Expr:
    """The earliest place of the row's account in sight; the row above says enough for one month."""
    place, account = pl.lit(at), pl.lit(at // _ROOM)
    begins = (account != account.shift(1)).fill_null(value=True)
    if lag == 1:
        return pl.when(begins).then(place).otherwise(place.shift(1))
    return pl.when(begins).then(place).forward_fill()


def _behind_pauses(at: pl.Series, rows: pl.Series, lag: int) -> tuple[pl.Series, pl.Series]:
    """Those ``rows`` whose wanted row is closer than ``lag`` rows, and that row."""
    rows = rows.cast(pl.Int64)
    of, places = [rows.clear()], [rows.clear()]
    for step in range(1, lag):
        rows = rows.filter(rows >= step)
        above = at.gather(rows - step)
        wanted = at.gather(rows) - lag
        hit = above == wanted
        of.append(rows.filter(hit))
        places.append(rows.filter(hit) - step)
        rows = rows.filter(above > wanted)  # else the month wanted was one of the pause
    return pl.concat(of), pl.concat(places)


def _within(at: pl.Series, rows: pl.Series, lag: int, gap: int) -> pl.Series:
    """Whether the absence that began ``lag`` months before these rows or earlier was short enough.

    It ended with the first month paid since; the row above that one is the last before.
    """
    rows = rows.cast(pl.Int64)
    wanted, back = at.gather(rows) - lag, rows
    for _ in range(lag - 1):
        above = at.gather(back - 1)
        back = back - (above > wanted).cast(pl.Int64)
    absent = at.gather(back) - at.gather(back - 1) - 1
    return absent <= gap
