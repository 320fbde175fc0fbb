"""How long a price is for: billing intervals, service periods and terms, as exact fractions.

A share is (times, over): the month's part of an amount is amount x times / over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from retcalc.core.choices import PeriodEnd
from retcalc.core.findings import Finding

# a mean month has 30.4375 = 487/16 days
DAYS_TIMES, DAYS_OVER = 487, 16
_UNITS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("month", "months", "monthly", "m", "mo"), (1, 1)),
    **dict.fromkeys(("year", "years", "yearly", "annual", "annually", "y", "yr"), (1, 12)),
    **dict.fromkeys(("quarter", "quarters", "quarterly", "q"), (1, 3)),
    **dict.fromkeys(("semiannual", "semi annual", "semiannually", "half year"), (1, 6)),
    **dict.fromkeys(("biannual", "half yearly"), (1, 6)),
    **dict.fromkeys(("week", "weeks", "weekly", "w"), (52, 12)),
    **dict.fromkeys(("day", "days", "daily"), (365, 12)),
    "biennial": (1, 24),
}
_SPELLING = re.compile(r"(?:every |per |each )?(?:(\d{1,3}) )?([a-z]+(?: [a-z]+)?)", re.ASCII)


def interval_share(word: str) -> tuple[int, int] | None:
    """Share of a billing interval in words: ``year``, ``every 3 months``; None if not known."""
    text = re.sub(r"[\s_\-]+", " ", word.strip().lower())
    match = _SPELLING.fullmatch(text)
    unit = _UNITS.get(match[2]) if match else None
    if match is None or unit is None or match[1] == "0":
        return None
    return unit[0], unit[1] * int(match[1] or 1)


def interval_shares(raw: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """Shares (times, over) per row from billing-interval words, and a mask of unknown ones."""
    words = raw.cast(pl.String).fill_null("")
    known = {word: interval_share(word) for word in words.unique().sort()}
    table = pl.DataFrame(
        {
            "word": list(known),
            "times": [share[0] if share else None for share in known.values()],
            "over": [share[1] if share else None for share in known.values()],
        },
        schema={"word": pl.String, "times": pl.Int64, "over": pl.Int64},
    )
    joined = words.to_frame("word").join(
        table, on="word", how="left", validate="m:1", maintain_order="left"
    )
    return joined.select("times", "over").fill_null(1), joined["times"].is_null()


def unknown_interval(value: str) -> Finding:
    """Say that a billing interval is not known."""
    return Finding(
        "RC231",
        "billing interval is not known",
        value=f'"{value}" is none of month, quarter, year, week, day',
        fix="spell the interval in the export as month, quarter, year, week or day",
    )


def whole_months(start: pl.Series, end: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Whole months from start to the exclusive end of each period, 0 where they do not fit.

    A period fits when it ends on the day of the month it started on, or on the last day of a
    shorter month. The second series also takes a period from last day to last day.
    """
    days = pl.DataFrame({"start": start, "end": end})
    first, until = pl.col("start"), pl.col("end")
    apart = (until.dt.year() - first.dt.year()) * 12
    apart = apart + until.dt.month().cast(pl.Int32) - first.dt.month().cast(pl.Int32)
    last = until.dt.month_end().dt.day()
    exact = until.dt.day() == pl.min_horizontal(first.dt.day(), last)
    both_last = (first == first.dt.month_end()) & (until == until.dt.month_end())
    fits = {"exact": exact, "near": exact | both_last}
    months = days.select(
        pl.when(fit & (apart > 0)).then(apart).otherwise(0).fill_null(0).cast(pl.Int64).alias(name)
        for name, fit in fits.items()
    )
    return months["exact"], months["near"]


@dataclass(frozen=True, slots=True)
class Periods:
    """Service periods: exclusive end (null where null), share of a month, and how it was told.

    ``share`` has times and over; over is 0 for a period without length. ``inclusive`` and
    ``exclusive`` count the periods that fit whole months one way, ``odd`` those that do not. The
    mask ``parts`` marks periods that are the last days of one billing month.
    """

    end: pl.Series
    share: pl.DataFrame
    inclusive: int
    exclusive: int
    odd: int
    parts: pl.Series


def read_periods(start: pl.Series, end: pl.Series, rule: PeriodEnd) -> Periods:
    """Settle which day ends each period: the one that makes whole months of it.

    A period that fits neither way ends as most of the others do; exclusive in doubt.
    """
    after = end.dt.offset_by("1d")
    exact, near = whole_months(start, end)
    exact_after, near_after = whole_months(start, after)
    table = pl.DataFrame(
        {"start": start, "end": end, "after": after, "x": exact, "i": exact_after}
    ).with_columns(near_x=near, near_i=near_after)
    exclusive = (pl.col("x") > 0) | ((pl.col("i") == 0) & (pl.col("near_x") > 0))
    inclusive = ~exclusive & (pl.col("near_i") > 0)  # whole months one way are near ones too
    counts = table.select(
        inclusive.sum().cast(pl.Int64).alias("i"), exclusive.sum().cast(pl.Int64).alias("x")
    )
    ins, outs = counts.row(0)
    ends_in = pl.lit(rule == "inclusive")
    if rule == "auto":
        ends_in = inclusive | (~exclusive & pl.lit(ins > outs))
    settled = table.select("start", until=pl.when(ends_in).then("after").otherwise("end"))
    months = whole_months(settled["start"], settled["until"])[1]
    days = (pl.col("until") - pl.col("start")).dt.total_days().fill_null(0)
    whole = pl.col("months") > 0
    month = (pl.col("until") - pl.col("until").dt.offset_by("-1mo")).dt.total_days()
    part = ~whole & (days > 0) & (days < month).fill_null(value=False)
    times = pl.when(whole).then(1).when(part).then(month).otherwise(DAYS_TIMES)
    over = pl.when(whole).then("months").when(part).then(days).otherwise(days * DAYS_OVER)
    counted = settled.with_columns(months=months)
    share = counted.select(times.cast(pl.Int64).alias("times"), over.cast(pl.Int64).alias("over"))
    odd = int((start.is_not_null() & end.is_not_null()).sum()) - ins - outs
    parts = counted.select(part.alias("part"))["part"].fill_null(value=False)
    return Periods(settled["until"], share, ins, outs, odd, parts)
