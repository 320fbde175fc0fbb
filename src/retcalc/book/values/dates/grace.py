"""Grace: a short gap between two terms of an account is a late renewal, no churn and return."""

from __future__ import annotations

import polars as pl

from retcalc.book.rules import DateRules
from retcalc.book.values.dates.months import closing_months
from retcalc.book.values.dates.parse import Days
from retcalc.core.findings import Finding
from retcalc.core.speed.packed_sort import packed_sort
from retcalc.read.wording import counted

TERM_END = "__term_end"  # no header of an export's
_RUNNING = 2**22 - 1  # a day after any calendar's


def with_grace(
    spans: pl.DataFrame, codes: pl.Series, grace: int, last: int, rules: DateRules
) -> tuple[pl.DataFrame, list[Finding]]:
    """Let terms run on to the next one of their account where that begins within the grace.

    ``spans``: row, first, last, amount, start, end, as shapes give them; ``codes``: the account of
    each row of the table. A term runs on at its own amount, up to the month ``last``; TERM_END
    keeps the end that is written. Without a grace, or without days, the spans as they are.
    """
    if not grace:
        return spans, []
    if "end" not in spans.columns:
        text = f"a grace of {counted(grace, 'day')} cannot act: rows have no days"
        return spans, [Finding("RC899", text)]
    frame = spans.with_columns(codes.gather(spans["row"]).alias("member"))
    gaps = _gaps(frame, grace)
    text = f"{counted(gaps.height, 'gap')} of at most {counted(grace, 'day')} between two terms of"
    text += f" an account: late renewals, no churn and return (--grace {grace}d)"
    return _bridged(frame, gaps, last, rules), [Finding("RC899", text)]


def _gaps(frame: pl.DataFrame, grace: int) -> pl.DataFrame:
    """Every gap that is short enough: member, end, and until, the start of the next term.

    What goes on after a pause (the second span of a row) is no next term.
    """
    start, end = (pl.col(name).to_physical().alias(name) for name in ("start", "end"))
    spans = frame.select(
        "member",
        "amount",
        start.cast(pl.Int32),
        end.cast(pl.Int32).fill_null(_RUNNING),
        term=pl.col("row").is_first_distinct().cast(pl.UInt8),
    )
    paid = spans.filter((pl.col("amount") > 0) & (pl.col("end") > pl.col("start")))
    ordered = packed_sort(paid.drop("amount"), "member", "start")
    before = pl.col("end").cum_max().over("member").shift(1)
    same = pl.col("member") == pl.col("member").shift(1)
    gap = pl.col("start") - pl.col("before")
    short = same & (gap > 0) & (gap <= grace) & (pl.col("term") == 1)
    gaps = ordered.with_columns(before=before).filter(short)
    days = (pl.col(name).cast(pl.Date) for name in ("before", "start"))
    return gaps.select("member", *days).rename({"before": "end", "start": "until"}).unique()


def _bridged(frame: pl.DataFrame, gaps: pl.DataFrame, last: int, rules: DateRules) -> pl.DataFrame:
    """The spans, of which those that end where a gap begins run on until it is over."""
    both = frame.join(gaps, on=["member", "end"], how="left", validate="m:1", maintain_order="left")
    until = pl.col("until")
    bridged = until.is_not_null() & (pl.col("amount") > 0) & (pl.col("end") > pl.col("start"))
    months = closing_months(Days(both["until"], both["until"], {}), rules) - 1
    later = pl.min_horizontal(pl.lit(months), pl.lit(last, pl.Int32))
    return both.with_columns(
        pl.when(bridged).then(later).otherwise("last").cast(pl.Int32).alias("last"),
        pl.when(bridged).then(until).otherwise("end").alias("end"),
        pl.col("end").alias(TERM_END),
    ).drop("until", "member")
