"""What is signed and has not begun, and what is cancelled and has not ended, on one day."""

from __future__ import annotations

from datetime import date

import polars as pl

SIGNED, CANCELLING = "signed_mrr", "cancelling_mrr"


def contracted(rows: pl.DataFrame, day: date, *, ends_tell: bool) -> pl.DataFrame:
    """The subscriptions that will change MRR after ``day``, with SIGNED and CANCELLING.

    ``rows``: account, seg, amount, start, end, begun, signed_on, cancelled_on (days, null where
    not known), all columns of which are kept. Signed: begins after the day, signed by then if that
    is known, and not cancelled. Cancelling: in force on the day, cancelled by then and ending
    later; with ``ends_tell`` an end after the day is a cancelling.
    """
    amount, start, end = pl.col("amount"), pl.col("start"), pl.col("end")
    later = (end > day).fill_null(value=True)
    cancelled = (pl.col("cancelled_on") <= day).fill_null(value=False)
    known = (pl.col("signed_on") <= day).fill_null(value=True)
    runs = (end > start).fill_null(value=True)
    signed = (pl.col("begun") > day) & known & runs & ~cancelled
    ending = later & end.is_not_null() if ends_tell else later & cancelled
    leaving = (start <= day) & ending
    marked = rows.filter((amount > 0) & pl.col("seg").ge(0)).with_columns(
        pl.when(signed).then(amount).otherwise(0).alias(SIGNED),
        pl.when(leaving).then(amount).otherwise(0).alias(CANCELLING),
    )
    return marked.filter((pl.col(SIGNED) > 0) | (pl.col(CANCELLING) > 0))
